"""Sample mail pieces in the negotiation's room: attached to messages, and what each list's owner approved of them."""

from typing import Any

from flask import abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.intake.proofs import media_type_of
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import CommentForm, ReasonForm, UploadForm, uploaded
from app.portals.manager.rooms import Here, act, reading
from app.portals.shared.samples import SeenSamplesField
from app.queries.campaign import find_campaign
from app.queries.samples import ListSamples, SampleVersion, list_list_samples, list_samples
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.samples.showing import AttachSample, KeepApproval
from workflows.parties.roles import Role

SAMPLES = "samples"
"""Where on the page they stand."""


class ConsentForm(CommentForm):
    """The owner's consent, to the samples that the page shows."""

    samples = SeenSamplesField()


def samples_view(here: Here, facts: CampaignFacts) -> dict[str, Any]:
    """What the negotiation's room shows of samples: by message, and by list."""
    versions = list_samples(here.session, here.campaign.id)
    return {
        "messages": [_message_view(here, message.code, message.label, versions) for message in facts.used_messages],
        "lists": {code: _list_view(here, line) for code, line in list_list_samples(facts, now=here.now).items()},
        "any": bool(versions),
    }


def _message_view(here: Here, code: str, label: str, versions: tuple[SampleVersion, ...]) -> dict[str, Any]:
    return {
        "code": code,
        "label": label,
        "versions": [one for one in versions if one.message == code],
        "attach": here.form(UploadForm, f"sample-{code}") if here.head.is_open("attach_sample") else None,
    }


def _list_view(here: Here, line: ListSamples) -> dict[str, Any]:
    may_keep = line.may_pass and line.state != "refused"
    keep = here.form(ReasonForm, f"keep-{line.list_code}") if may_keep and here.head.is_open("keep_approval") else None
    return {"line": line, "keep": keep}


@blueprint.post("/campaigns/<code>/negotiation/samples/<message>")
@audience(Role.PROJECT_MANAGER)
def attach_sample(code: str, message: str) -> Response:
    """Attach the next version of a message's sample."""
    with reading() as session:
        campaign = find_campaign(session, code)
        campaign_id = campaign.id
        found = next((row.id for row in CampaignFacts(session, campaign).used_messages if row.code == message), None) or abort(404)
    form = UploadForm.received(f"sample-{message}")
    media_type = media_type_of(uploaded(form.file).stream) if form.file.data else ""

    def command(kept: KeptFile) -> AttachSample:
        return AttachSample(subject_id=campaign_id, message_id=found, file=kept, media_type=media_type)

    done = _("The sample of message %(message)s is attached: owners whose terms are agreed are asked about it.", message=message)
    return act("negotiation", code, form, command, done=done, key=SAMPLES, upload=form.file.data or None)


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/samples/keep")
@audience(Role.PROJECT_MANAGER)
def keep_approval(code: str, list_code: str) -> Response:
    """Say why what changed does not touch what the owner of a list approved."""
    with reading() as session:
        campaign = find_campaign(session, code)
        campaign_id = campaign.id
        list_id = next((row.id for row in CampaignFacts(session, campaign).lists if row.code == list_code), None) or abort(404)
    form = ReasonForm.received(f"keep-{list_code}")
    command = form.asking(KeepApproval, campaign_id, list_id=list_id)
    done = _("The owner’s approval of %(list)s goes on. An approver reads why.", list=list_code)
    return act("negotiation", code, form, command, done=done, key=f"list-{list_code}")
