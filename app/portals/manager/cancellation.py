"""Giving a campaign up: what it costs, order by order, who asked and what was decided. Not for the way back: the campaign's page has it."""

from typing import Any

from flask import Response
from wtforms import SelectChoice

from app.portals.manager.blueprint import blueprint
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, clock_now, room, show
from app.queries.cancellation import CancellationPage, get_cancellation
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role


@room("cancellation")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows: the cost, the way to end the campaign that is open now, and what was asked before."""
    alone = here.head.is_open("cancel_campaign")
    page = get_cancellation(here.session, here.campaign.code, current_actor(), now=clock_now())
    return {
        "page": page,
        "stating": _stating(here, page),
        "ending": move_view(here, "cancel_campaign" if alone else "request_cancellation"),
    }


def _stating(here: Here, page: CancellationPage) -> dict[str, Any] | None:
    """Stating what an order for services owes, where one is out and nothing is posted."""
    services = [one for one in page.orders if one.done_amount is not None]
    view = move_view(here, "state_owed") if services else None
    if view is None or not view["is_open"]:
        return None
    view["form"].order_number.choices = [SelectChoice(one.number, f"{one.number} — {one.supplier_name}") for one in services]
    return view


@blueprint.get("/campaigns/<code>/cancellation")
@audience(Role.PROJECT_MANAGER)
def cancellation(code: str) -> Response:
    """The cancellation of one campaign."""
    return show("cancellation", code)
