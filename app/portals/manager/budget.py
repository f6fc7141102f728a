"""The budget's room: what was submitted and decided, for its preparer to read. Deciding is the approver's portal's business."""

from decimal import Decimal
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l

from app.portals.manager.blueprint import blueprint
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, room, show
from app.portals.manager.words import label
from app.portals.shared.signing_words import signing_words
from app.queries.budget_versions import Submitted, list_approvers, list_budgets
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

DECISIONS = {"approved": _l("approved"), "endorsed": _l("supported"), "refused": _l("refused")}
BADGES = {"waiting": "waiting", "approved": "passed", "refused": "refused", "superseded": "superseded"}
PARTS_SHOWN = 6
"""How many parts one bar can tell apart."""


@room("budget")
def fill(here: Here) -> dict[str, Any]:
    """What the budget's room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    papers = {paper.subject_id: paper for paper in reversed(list_documents(here.session, here.campaign.id, kinds=("budget_file",)))}
    return {
        "versions": [
            {
                "version": version,
                "badge": BADGES[version.state],
                "bar": bar(version),
                "paper": papers.get(version.id),
                "signing": signing_words(version.signing) if version.signing else [],
            }
            for version in list_budgets(facts)
        ],
        "approvers": list_approvers(facts),
        "decision_words": DECISIONS,
        "forward": move_view(here, "approve_budget"),
    }


def bar(version: Submitted) -> list[dict[str, Any]]:
    """The parts of the one bar, the largest first; what is too small to tell apart stands together at the end."""
    parts = [(label("nature", part.nature, capital=True), part.amount) for part in version.parts]
    if len(parts) > PARTS_SHOWN:
        rest = parts[PARTS_SHOWN - 1 :]
        together = sum((amount for _word, amount in rest), Decimal(0))
        parts = [*parts[: PARTS_SHOWN - 1], (", ".join(word for word, _amount in rest), together)]
    return [{"label": word, "value": amount} for word, amount in parts]


@blueprint.get("/campaigns/<code>/budget")
@audience(Role.PROJECT_MANAGER)
def budget(code: str) -> Response:
    """The budget's room."""
    return show("budget", code)
