"""Proofs in the sending's room: each message's versions to look at, to sign off with its notice or to return, and a deposit on behalf."""

from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.intake.proofs import media_type_of
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, UploadForm, needed, uploaded
from app.portals.manager.rooms import Here, act, reading, show
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.notice_words import ELEMENTS
from app.queries.campaign import find_campaign
from app.queries.proofs import ProofVersion
from app.queries.send import MessageRow, SendPage, get_send
from app.security.audience import audience
from workflows.campaign.data_protection.notice import check_notice
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.proofs import DepositProof, ReturnProof, SignProof
from workflows.parties.roles import Role


class SignForm(Form):
    """A message as it will be printed: the version that was looked at, by its hash, and its notice. No version is its notice alone."""

    proof_version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    proof_sha256 = HiddenField(validators=[Optional(), Length(max=64)])
    notice = TextAreaField(
        _l("Data protection notice"),
        [InputRequired(), Length(max=LONGEST_WORDS)],
        description=_l("As it is printed on each piece. What the law asks for is listed below."),
    )
    read = BooleanField(
        _l("I have checked the proof on real extreme records: the longest names and lines, and each lot."),
        [InputRequired(_l("Check the proof first, then say so."))],
    )

    def sees(self, proof: ProofVersion | None) -> None:
        """Be about the version that the page shows now; what was ticked about another one is to be ticked anew."""
        if self.proof_version.data != (proof.version if proof else None):
            self.read.data = False
        self.proof_version.raw_data, self.proof_version.data = None, proof.version if proof else None
        self.proof_sha256.data = proof.sha256 if proof else ""


class ReturnForm(Form):
    """What is to be corrected in one version."""

    proof_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    remarks = TextAreaField(
        _l("What is to be corrected"),
        [InputRequired(_l("Write what is to be corrected: whoever makes the proof reads it.")), Length(max=LONGEST_WORDS)],
    )


def message_view(here: Here, facts: CampaignFacts, page: SendPage, message: MessageRow) -> dict[str, Any]:
    """A message with its forms: those that its state leaves open."""
    newest, open_now = message.newest, here.head.is_open("sign_proof") and not page.is_posted
    to_look_at = newest if newest and newest.state != "returned" else None
    sign = None
    if open_now and message.signed_at is None and (to_look_at or not page.proof_required):
        sign = here.form(SignForm, f"proof-{message.code}", notice=message.notice)
        sign.sees(to_look_at)
    back = None
    if open_now and to_look_at:
        back = here.form(ReturnForm, f"return-{message.code}", proof_version=to_look_at.version)
        back.proof_version.raw_data, back.proof_version.data = None, to_look_at.version
    check = check_notice(facts, message.code, (sign.notice.data if sign else message.notice) or "")
    return {
        "message": message,
        "to_look_at": to_look_at,
        "sign": sign,
        "back": back,
        "deposit": here.form(UploadForm, f"deposit-{message.code}") if open_now else None,
        "elements": [(word, code in check.present, check.unnamed if code == "source" else ()) for code, word in ELEMENTS.items()],
        "lacks": len(check.missing),
    }


def page_of(code: str) -> tuple[UUID, SendPage]:
    """The campaign a form is about, and its sending."""
    with reading() as session:
        campaign = find_campaign(session, code)
        return campaign.id, get_send(CampaignFacts(session, campaign))


def _message(code: str, message: str) -> tuple[UUID, MessageRow]:
    campaign_id, page = page_of(code)
    return campaign_id, next((one for one in page.messages if one.code == message), None) or abort(404)


@blueprint.post("/campaigns/<code>/send/<message>/proof")
@audience(Role.PROJECT_MANAGER)
def sign_proof(code: str, message: str) -> AnyResponse:
    """Sign off the version of a message's proof that was looked at, with its notice. Nothing else that happened meanwhile matters."""
    campaign_id, row = _message(code, message)
    form = SignForm.received(f"proof-{message}")

    def command() -> SignProof:
        return SignProof(
            subject_id=campaign_id,
            message_id=row.id,
            notice=form.notice.data,
            proof_version=form.proof_version.data,
            proof_sha256=form.proof_sha256.data or "",
        )

    done = _("The proof of message %(message)s is signed off.", message=message)
    return act("send", code, form, command, done=done, key=f"message-{message}")


@blueprint.post("/campaigns/<code>/send/<message>/notice")
@audience(Role.PROJECT_MANAGER)
def read_notice(code: str, message: str) -> Response:
    """The room again, with what a notice says and lacks; nothing is kept of it."""
    _message(code, message)
    form = SignForm.received(f"proof-{message}")
    return show("send", code, {form.key: form})


@blueprint.post("/campaigns/<code>/send/<message>/return")
@audience(Role.PROJECT_MANAGER)
def return_proof(code: str, message: str) -> AnyResponse:
    """Return a version with what is to be corrected."""
    campaign_id, row = _message(code, message)
    form = ReturnForm.received(f"return-{message}")

    def command() -> ReturnProof:
        version = needed(form.proof_version.data)
        return ReturnProof(subject_id=campaign_id, message_id=row.id, proof_version=version, remarks=form.remarks.data)

    done = _("The proof of message %(message)s is returned with your remarks: another version is waited for.", message=message)
    return act("send", code, form, command, done=done, key=f"message-{message}")


@blueprint.post("/campaigns/<code>/send/<message>/deposit")
@audience(Role.PROJECT_MANAGER)
def deposit_proof(code: str, message: str) -> AnyResponse:
    """Deposit a version that its maker sent by other means."""
    campaign_id, row = _message(code, message)
    form = UploadForm.received(f"deposit-{message}")

    def command(kept: KeptFile) -> DepositProof:
        return DepositProof(subject_id=campaign_id, message_id=row.id, file=kept, media_type=media_type)

    media_type = media_type_of(uploaded(form.file).stream) if form.file.data else ""
    done = _("The proof of message %(message)s is here, to be looked at and signed off.", message=message)
    return act("send", code, form, command, done=done, key=f"message-{message}", upload=form.file.data or None)
