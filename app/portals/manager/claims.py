"""The room of refund claims: what may be claimed of each list until when, what was, how each stands, and what closes one."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import InputRequired, NumberRange

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import PressForm, ReasonForm
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.shared.claim_words import STATES
from app.portals.shared.fields import AmountField
from app.portals.shared.objections import reason_rows
from app.queries.claims import ClaimLine, get_claims
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.claims.claiming import AcceptClaim, ClaimRefund, ContestClaim, DropClaim, SettleClaim
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


class SettleForm(ReasonForm):
    """What the two agreed on."""

    settled_amount = AmountField(
        _l("Refund that was agreed, without VAT"),
        [InputRequired(), NumberRange(min=0)],
        description=_l("Up to what was claimed: it comes off what is due for the list; 0 where nothing does."),
    )


@room("claims")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    page = get_claims(CampaignFacts(here.session, here.campaign))
    may_claim = here.head.is_open("claim_refund")
    return {
        "page": page,
        "claims": [_view(here, one) for one in page.claims],
        "claimable": [
            {
                "list": one,
                "counts": reason_rows(one.counts),
                "form": here.form(PressForm, f"claim-{one.row.id}") if may_claim else None,
            }
            for one in page.claimable
        ],
        "is_over": page.until_on is not None and here.head.today > page.until_on,
        "badges": STATES,
        "documents": list_documents(here.session, here.campaign.id, kinds=("refund_claim",)),
    }


def _view(here: Here, one: ClaimLine) -> dict[str, Any]:
    may = {name: one.is_open and here.head.is_open(name) for name in ("settle_claim", "drop_claim", "accept_claim", "contest_claim")}
    return {
        "claim": one,
        "counts": reason_rows(one.counts),
        "accept": here.form(PressForm, f"accept-{one.id}") if may["accept_claim"] and one.state == "sent" else None,
        "contest": here.form(ReasonForm, f"contest-{one.id}") if may["contest_claim"] and one.state == "sent" else None,
        "settle": here.form(SettleForm, f"settle-{one.id}", settled_amount=one.refund_amount or None) if may["settle_claim"] else None,
        "drop": here.form(ReasonForm, f"drop-{one.id}") if may["drop_claim"] else None,
    }


@blueprint.get("/campaigns/<code>/claims")
@audience(Role.PROJECT_MANAGER)
def claims(code: str) -> Response:
    """The refund claims of one campaign."""
    return show("claims", code)


@blueprint.post("/campaigns/<code>/claims/lists/<uuid:list_id>")
@audience(Role.PROJECT_MANAGER)
def claim_refund(code: str, list_id: UUID) -> AnyResponse:
    """Claim what came back of a list beyond its warranty."""
    form = PressForm.received(f"claim-{list_id}")
    command = form.asking(ClaimRefund, campaign_of(code).id, list_id=list_id)
    return act("claims", code, form, command, done=_("The refund is claimed: its supplier gets the claim and is asked for an answer."))


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/accept")
@audience(Role.PROJECT_MANAGER)
def accept_claim(code: str, claim_id: UUID) -> AnyResponse:
    """Write down that the supplier accepted by other means."""
    form = PressForm.received(f"accept-{claim_id}")
    command = form.asking(AcceptClaim, campaign_of(code).id, claim_id=claim_id)
    return act("claims", code, form, command, done=_("The claim is accepted: that much less is due for the list."))


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/contest")
@audience(Role.PROJECT_MANAGER)
def contest_claim(code: str, claim_id: UUID) -> AnyResponse:
    """Write down that the supplier contested by other means, and why."""
    form = ReasonForm.received(f"contest-{claim_id}")
    command = form.asking(ContestClaim, campaign_of(code).id, claim_id=claim_id)
    return act("claims", code, form, command, done=_("The claim is contested: settle or drop it."))


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/settle")
@audience(Role.PROJECT_MANAGER)
def settle_claim(code: str, claim_id: UUID) -> AnyResponse:
    """Close a claim as settled, for what was agreed."""
    form = SettleForm.received(f"settle-{claim_id}")
    command = form.asking(SettleClaim, campaign_of(code).id, claim_id=claim_id)
    return act("claims", code, form, command, done=_("The claim is settled."))


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/drop")
@audience(Role.PROJECT_MANAGER)
def drop_claim(code: str, claim_id: UUID) -> AnyResponse:
    """Claim nothing any more."""
    form = ReasonForm.received(f"drop-{claim_id}")
    command = form.asking(DropClaim, campaign_of(code).id, claim_id=claim_id)
    return act("claims", code, form, command, done=_("The claim is dropped: the whole bill of the list is due."))
