"""The controls that were passed over in a campaign, and what their reviewers said. Read only: an approver reviews."""

from typing import Any

from flask import Response

from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import Here, room, show
from app.portals.shared.words import CONTROLS
from app.queries.overrides import list_overrides
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role


@room("overrides")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    return {"overrides": list_overrides(here.session, here.campaign.code, current_actor()), "controls": CONTROLS}


@blueprint.get("/campaigns/<code>/overrides")
@audience(Role.PROJECT_MANAGER)
def overrides(code: str) -> Response:
    """The overrides of one campaign."""
    return show("overrides", code)
