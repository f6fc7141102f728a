"""The overruns of the budget that counts, for whoever froze the lots: what is forecast and why, who decides by when, what was decided."""

from typing import Any

from flask import Response

from app.portals.manager.blueprint import blueprint
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, room, show
from app.portals.shared.budget_words import DECISIONS
from app.portals.shared.overrun_words import difference_rows, tolerance_words
from app.portals.shared.signing_words import signing_words
from app.queries.overrun import get_overruns
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@room("overrun")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows: each overrun with its differences, and the mailing order that waits for the newest."""
    page = get_overruns(CampaignFacts(here.session, here.campaign))
    return {
        "page": page,
        "overruns": [
            {"overrun": one, "rows": difference_rows(one, page.names), "tolerance": tolerance_words(one)} for one in page.overruns
        ],
        "signing": signing_words(page.signing, page.names) if page.signing else [],
        "order": move_view(here, "order_mailing") if page.signing else None,
        "decision_words": DECISIONS,
    }


@blueprint.get("/campaigns/<code>/overrun")
@audience(Role.PROJECT_MANAGER)
def overrun(code: str) -> Response:
    """The overruns of one campaign."""
    return show("overrun", code)
