"""The orders' room: each order with its supplier, its paper and its answer; an answer that came by telephone or letter is recorded here."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import CommentForm, ReasonForm
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, reading, room, show
from app.queries.campaign import find_campaign
from app.queries.orders import OrderRow, list_order_rows
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.order.process import AcknowledgeOrder, CancelOrder, DeclineOrder
from workflows.parties.roles import Role


@room("order")
def fill(here: Here) -> dict[str, Any]:
    """What the orders' room shows."""
    rows = list_order_rows(CampaignFacts(here.session, here.campaign))
    answering = here.campaign.state == "order"
    return {
        "orders": [
            {
                "row": row,
                "accept": here.form(CommentForm, f"accept-{row.number}", seen_version=row.version) if row.waits and answering else None,
                "withdraw": here.form(ReasonForm, f"withdraw-{row.number}", seen_version=row.version)
                if row.state in ("issued", "accepted") and answering
                else None,
                "decline": here.form(ReasonForm, f"decline-{row.number}", seen_version=row.version) if row.waits and answering else None,
            }
            for row in rows
        ],
        "total": sum((row.total_amount for row in rows if row.state in ("issued", "accepted")), start=Decimal(0)),
        "waiting": sum(row.waits for row in rows),
        "confirm": move_view(here, "confirm_orders"),
        "back": move_view(here, "return_to_negotiation"),
    }


@blueprint.get("/campaigns/<code>/order")
@audience(Role.PROJECT_MANAGER)
def order(code: str) -> Response:
    """The orders' room."""
    return show("order", code)


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

    def command() -> AcknowledgeOrder:
        return AcknowledgeOrder(
            subject_id=row.id, seen_version=form.version, content_sha256=row.content_sha256, comment=form.comment.data or ""
        )

    done = _("%(number)s is recorded as accepted by %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/decline")
@audience(Role.PROJECT_MANAGER)
def decline_order(code: str, order_id: UUID) -> AnyResponse:
    """Record that a supplier refuses the order."""
    row = _order_of(code, order_id)
    form = ReasonForm.received(f"decline-{row.number}")

    def command() -> DeclineOrder:
        return DeclineOrder(subject_id=row.id, seen_version=form.version, reason=form.reason.data)

    done = _("%(number)s is recorded as refused by %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")


@blueprint.post("/campaigns/<code>/order/<uuid:order_id>/withdraw")
@audience(Role.PROJECT_MANAGER)
def withdraw_order(code: str, order_id: UUID) -> AnyResponse:
    """Withdraw an order that is out."""
    row = _order_of(code, order_id)
    form = ReasonForm.received(f"withdraw-{row.number}")

    def command() -> CancelOrder:
        return CancelOrder(subject_id=row.id, seen_version=form.version, reason=form.reason.data)

    done = _("%(number)s is withdrawn from %(supplier)s.", number=row.number, supplier=row.supplier_name)
    return act("order", code, form, command, done=done, key=f"order-{row.number}")
