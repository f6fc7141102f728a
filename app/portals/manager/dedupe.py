"""The dedupe's room: what each list lost and to what, which lists share their people, and the decision about the report."""

from typing import Any

from flask import Response

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, room, show
from app.queries.dedupe import get_dedupe
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

RUN_STATES = {"requested": "running", "done": "checked", "approved": "passed", "void": "superseded"}


@room("dedupe")
def fill(here: Here) -> dict[str, Any]:
    """What the dedupe's room shows."""
    return {
        "page": get_dedupe(CampaignFacts(here.session, here.campaign)),
        "run_states": RUN_STATES,
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("dedupe_brief", "dedupe_report", "net_statement")),
        "approve": move_view(here, "approve_dedupe"),
        "redo": move_view(here, "redo_dedupe") if here.campaign.state == "dedupe" else None,
    }


@blueprint.get("/campaigns/<code>/dedupe")
@audience(Role.PROJECT_MANAGER)
def dedupe(code: str) -> Response:
    """The dedupe's room."""
    return show("dedupe", code)
