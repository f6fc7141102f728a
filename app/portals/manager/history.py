"""A campaign's history: its checkpoints in words, the newest first. Not for verifying them: the auditor's portal does."""

from typing import Any

from flask import Response, request

from app.portals.manager.blueprint import blueprint
from app.portals.manager.events import timeline_entry
from app.portals.manager.rooms import Here, room, show
from app.portals.shared.controls import control_value, control_word
from app.queries.entries import list_entries
from app.security.audience import audience
from workflows.parties.roles import Role


@room("history")
def fill(here: Here) -> dict[str, Any]:
    """What the history shows."""
    all_events = request.args.get("all") == "1"
    page = list_entries(here.session, here.campaign, page=request.args.get("page", 1, type=int), all_events=all_events)
    return {
        "page": page,
        "entries": [timeline_entry(entry) for entry in page.entries],
        "all_events": all_events,
        "control_word": control_word,
        "control_value": control_value,
    }


@blueprint.get("/campaigns/<code>/history")
@audience(Role.PROJECT_MANAGER)
def history(code: str) -> Response:
    """The history of a campaign."""
    return show("history", code)
