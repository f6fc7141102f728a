"""The orders' room: each order with its supplier, its paper and its answer; an answer that came by telephone or letter is recorded here."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import returning
from app.portals.manager.forms import CommentForm, ReasonForm
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, reading, room, show
from app.portals.shared.proposal_words import proposal_rows
from app.portals.shared.signing_words import condition_words
from app.queries.campaign import find_campaign
from app.queries.orders import OrderRow, list_order_rows
from app.queries.withheld import WithheldList, get_withheld
from app.security.audience import audience
from workflows.campaign.budget.conditions import LeaveOutList
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.holding import processors, without_contract
from workflows.campaign.states import ORDERS_ARE_OUT, CampaignState
from workflows.order.process import AcknowledgeOrder, CancelOrder, DeclineOrder
from workflows.order.proposing import AcceptProposal, DeclineProposal
from workflows.parties.roles import Role


@room("order")
def fill(here: Here) -> dict[str, Any]:
    """What the orders' room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    rows, names = list_order_rows(facts), {row.code: row.name for row in facts.lists}
    answering = here.campaign.state == CampaignState.ORDER
    waited_for = here.campaign.state in ORDERS_ARE_OUT
    kept_back = get_withheld(facts) if answering else None
    return {
        "withheld": kept_back,
        "bound": partial(condition_words, names=names),
        "leaving": {row.code: _leaving(here, row) for row in kept_back.lists if row.is_excluded or kept_back.may_leave_out_any}
        if kept_back
        else {},
        "issue": _issuing(here, facts),
        "has_processors": bool(processors(facts)),
        "replan": returning(here),
        "orders": [
            {
                "row": row,
                "accept": here.form(CommentForm, f"accept-{row.number}", seen_version=row.version) if row.waits and waited_for else None,
                "withdraw": here.form(ReasonForm, f"withdraw-{row.number}", seen_version=row.version)
                if row.state in ("issued", "accepted") and answering
                else None,
                "decline": here.form(ReasonForm, f"decline-{row.number}", seen_version=row.version) if row.waits and waited_for else None,
                "proposed": list(proposal_rows(row.proposal, here.campaign.currency)) if row.proposal else [],
                "take_up": here.form(CommentForm, f"take-up-{row.number}", seen_version=row.version) if _is_proposed(row) else None,
                "let_stand": here.form(ReasonForm, f"let-stand-{row.number}", seen_version=row.version) if _is_proposed(row) else None,
            }
            for row in rows
        ],
        "total": sum((row.total_amount for row in rows if row.state in ("issued", "accepted")), start=Decimal(0)),
        "waiting": sum(row.waits for row in rows),
        "confirm": move_view(here, "confirm_orders"),
        "back": move_view(here, "return_to_negotiation"),
    }


def _issuing(here: Here, facts: CampaignFacts) -> dict[str, Any] | None:
    """The move that sends the orders; a reason is asked for only while a contract is missing."""
    view = move_view(here, "issue_orders")
    return view and {**view, "fields": view["fields"] if without_contract(facts) else ()}


def _is_proposed(row: OrderRow) -> bool:
    return row.waits and row.proposal is not None and row.proposal.waits


def _leaving(here: Here, row: WithheldList) -> ReasonForm:
    """The form that lets a list go; an exclusion is a reason by itself."""
    reason = str(_("The approval excludes this list.")) if row.is_excluded else ""
    form: ReasonForm = here.form(ReasonForm, f"leave-{row.code}", reason=reason)
    return form


@blueprint.get("/campaigns/<code>/order")
@audience(Role.PROJECT_MANAGER)
def order(code: str) -> Response:
    """The orders' room."""
    return show("order", code)


@blueprint.post("/campaigns/<code>/order/lists/<list_code>/leave-out")
@audience(Role.PROJECT_MANAGER)
def leave_out_list(code: str, list_code: str) -> AnyResponse:
    """Do without a list, so that the conditions of the approval are met."""
    with reading() as session:
        campaign = find_campaign(session, code)
        lists = {row.code: row.id for row in CampaignFacts(session, campaign).lists}
        campaign_id, list_id = campaign.id, lists.get(list_code) or abort(404)
    form = ReasonForm.received(f"leave-{list_code}")
    command = form.asking(LeaveOutList, campaign_id, list_id=list_id)
    return act("order", code, form, command, done=_("%(list)s is left out of the campaign.", list=list_code), key="next")


def _order_of(code: str, order_id: UUID) -> OrderRow:
    with reading() as session:
        rows = list_order_rows(CampaignFacts(session, find_campaign(session, code)))
        return next((row for row in rows if row.id == order_id), None) or abort(404)


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/accept")
@audience(Role.PROJECT_MANAGER)
def accept_order(code: str, order_id: UUID) -> AnyResponse:
    """Record that a supplier accepts the order as it was issued."""
    row = _order_of(code, order_id)
    form = CommentForm.received(f"accept-{row.number}")
    command = form.asking(AcknowledgeOrder, row.id, content_sha256=row.content_sha256)
    done = _("%(number)s is recorded as accepted by %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/decline")
@audience(Role.PROJECT_MANAGER)
def decline_order(code: str, order_id: UUID) -> AnyResponse:
    """Record that a supplier refuses the order."""
    row = _order_of(code, order_id)
    form = ReasonForm.received(f"decline-{row.number}")
    command = form.asking(DeclineOrder, row.id)
    done = _("%(number)s is recorded as refused by %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/proposal/accept")
@audience(Role.PROJECT_MANAGER)
def accept_proposal(code: str, order_id: UUID) -> AnyResponse:
    """Take up the change that a supplier proposes."""
    row = _order_of(code, order_id)
    form = CommentForm.received(f"take-up-{row.number}")
    command = form.asking(AcceptProposal, row.id)
    done = _("The proposal is taken up and %(number)s withdrawn: go back to the negotiation to agree it.", number=row.number)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/proposal/decline")
@audience(Role.PROJECT_MANAGER)
def decline_proposal(code: str, order_id: UUID) -> AnyResponse:
    """Let the order stand as it was issued."""
    row = _order_of(code, order_id)
    form = ReasonForm.received(f"let-stand-{row.number}")
    command = form.asking(DeclineProposal, row.id)
    done = _("%(number)s stands as issued; %(supplier)s is told.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/withdraw")
@audience(Role.PROJECT_MANAGER)
def withdraw_order(code: str, order_id: UUID) -> AnyResponse:
    """Withdraw an order that is out."""
    row = _order_of(code, order_id)
    form = ReasonForm.received(f"withdraw-{row.number}")
    command = form.asking(CancelOrder, row.id)
    done = _("%(number)s is withdrawn from %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")
