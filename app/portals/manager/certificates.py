"""Certificates of destruction: whose are missing and until when, what was certified, one that came by post, one that is let be."""

from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.intake.proofs import media_type_of
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm, uploaded
from app.portals.manager.rooms import Here, act, clock_now, reading, room, show
from app.portals.shared.certificates import METHODS, CertificateFields
from app.queries.campaign import find_campaign
from app.queries.certificates import CertificateLine, list_certificates
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.data_protection.certificates import CERTIFICATE, CertifyDestruction, WaiveCertificate
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.handing_over import NoteHandOver, mailing_files, receivers
from workflows.parties.roles import Role


class RecordForm(CertificateFields, Form):
    """A certificate that came by other means, with its signed paper."""

    file = FileField(_l("The signed certificate"), [FileRequired(_l("Choose the signed certificate, scanned as a PDF."))])


class HandOverForm(Form):
    """Which file went to whom."""

    supplier_id = SelectField(_l("Supplier"), [InputRequired()])
    file = SelectField(_l("File"), [InputRequired()])

    def offer(self, facts: CampaignFacts) -> "HandOverForm":
        """Let one of the campaign's suppliers and files be chosen."""
        self.supplier_id.choices = [SelectChoice(str(one.id), one.name) for one in receivers(facts)]
        self.file.choices = [SelectChoice(name, name) for name in sorted(mailing_files(facts))]
        return self


@room("certificates")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    lines = list_certificates(here.session, here.campaign, now=here.now)
    hand_over = here.form(HandOverForm, "hand-over") if here.head.is_open("note_hand_over") else None
    return {
        "handed": [{"supplier": facts.suppliers[one.supplier_id].name, **vars(one)} for one in facts.handed_files] if not lines else [],
        "hand_over": hand_over.offer(facts) if isinstance(hand_over, HandOverForm) else None,
        "lines": [_view(here, line) for line in lines],
        "required": here.campaign.policy.certificates_required,
        "methods": METHODS,
        "documents": list_documents(here.session, here.campaign.id, kinds=(CERTIFICATE,)),
    }


def _view(here: Here, line: CertificateLine) -> dict[str, Any]:
    may_record = line.is_awaited and here.head.is_open("certify_destruction")
    return {
        "line": line,
        "record": here.form(RecordForm, f"record-{line.supplier_code}") if may_record else None,
        "waive": here.form(ReasonForm, f"waive-{line.supplier_code}")
        if line.is_awaited and here.head.is_open("waive_certificate")
        else None,
    }


def _line(code: str, certificate_id: UUID) -> tuple[UUID, CertificateLine]:
    with reading() as session:
        campaign = find_campaign(session, code)
        lines = list_certificates(session, campaign, now=clock_now())
        return campaign.id, next((one for one in lines if one.id == certificate_id), None) or abort(404)


@blueprint.get("/campaigns/<code>/certificates")
@audience(Role.PROJECT_MANAGER)
def certificates(code: str) -> Response:
    """The certificates of one campaign."""
    return show("certificates", code)


@blueprint.post("/campaigns/<code>/certificates/handed")
@audience(Role.PROJECT_MANAGER)
def note_hand_over(code: str) -> AnyResponse:
    """Note that a file went to a supplier by other means."""
    with reading() as session:
        campaign = find_campaign(session, code)
        form = HandOverForm.received("hand-over").offer(CampaignFacts(session, campaign))
        campaign_id = campaign.id

    def command() -> NoteHandOver:
        return NoteHandOver(subject_id=campaign_id, supplier_id=UUID(form.supplier_id.data), file=form.file.data)

    return act("certificates", code, form, command, done=_("It is written down who has %(file)s.", file=form.file.data), key="handed")


@blueprint.post("/campaigns/<code>/certificates/<uuid:certificate_id>")
@audience(Role.PROJECT_MANAGER)
def record_certificate(code: str, certificate_id: UUID) -> AnyResponse:
    """Record a certificate that its supplier sent by other means."""
    campaign_id, line = _line(code, certificate_id)
    form = RecordForm.received(f"record-{line.supplier_code}")
    media_type = media_type_of(uploaded(form.file).stream) if form.file.data else ""

    def command(file: KeptFile) -> CertifyDestruction:
        return CertifyDestruction(
            subject_id=campaign_id, certificate_id=certificate_id, file=file, media_type=media_type, **form.certified()
        )

    done = _("The certificate of %(supplier)s is recorded.", supplier=line.supplier_name)
    return act("certificates", code, form, command, done=done, key=line.supplier_code, upload=form.file.data or None)


@blueprint.post("/campaigns/<code>/certificates/<uuid:certificate_id>/waive")
@audience(Role.PROJECT_MANAGER)
def waive_certificate(code: str, certificate_id: UUID) -> AnyResponse:
    """Wait no more for a certificate."""
    campaign_id, line = _line(code, certificate_id)
    form = ReasonForm.received(f"waive-{line.supplier_code}")
    command = form.asking(WaiveCertificate, campaign_id, certificate_id=certificate_id)
    done = _("The certificate of %(supplier)s is waited for no more. An auditor sees why.", supplier=line.supplier_name)
    return act("certificates", code, form, command, done=done, key=line.supplier_code)
