"""The words and icons for roles, stages and states, the same on every page. Not for sentences: `app.messages` has those."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from workflows.parties.roles import Role


@dataclass(frozen=True)
class StateWord:
    """How a state is shown: its word, an icon of the sprite and a tone (`done`, `now`, `wait`, `stop` or `calm`)."""

    word: LazyString
    tone: str = "calm"
    icon: str = "circle"


ROLES: dict[Role, LazyString] = {
    Role.PROJECT_MANAGER: _l("Project manager"),
    Role.BUDGET_APPROVER: _l("Approver"),
    Role.SUPPLIER: _l("Supplier"),
    Role.AUDITOR: _l("Auditor"),
    Role.DPO: _l("Data protection officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.SYSTEM: _l("Jalon itself"),
}

STAGES: dict[str, LazyString] = {
    "plan": _lp("stage", "Plan"),
    "negotiation": _lp("stage", "Negotiation"),
    "budget": _lp("stage", "Budget"),
    "order": _lp("stage", "Orders"),
    "delivery": _lp("stage", "Deliveries"),
    "dedupe": _lp("stage", "Dedupe"),
    "lots": _lp("stage", "Lots"),
    "send": _lp("stage", "Send"),
    "responses": _lp("stage", "Responses"),
    "analysis": _lp("stage", "Analysis"),
}
"""The ten stages in their order."""

STATES: dict[str, StateWord] = {
    **{stage: StateWord(word, "now", "arrow") for stage, word in STAGES.items()},
    "on_hold": StateWord(_l("On hold"), "wait", "pause"),
    "cancelled": StateWord(_l("Cancelled"), "stop", "cross"),
    "closed": StateWord(_l("Closed"), "done", "check"),
    # health of a campaign
    "on_time": StateWord(_l("On time"), "done", "check"),
    "at_risk": StateWord(_l("At risk"), "wait", "warning"),
    "late": StateWord(_l("Late"), "stop", "clock"),
    "blocked": StateWord(_l("Blocked"), "stop", "stop"),
    # user tasks and jobs
    "open": StateWord(_l("Open"), "now", "circle"),
    "done": StateWord(_l("Done"), "done", "check"),
    "waiting": StateWord(_l("Waiting"), "wait", "hourglass"),
    "running": StateWord(_l("Running"), "now", "hourglass"),
    "failed": StateWord(_l("Failed"), "stop", "cross"),
    # a plan line
    "candidate": StateWord(_l("Candidate")),
    "counted": StateWord(_l("Counted")),
    "reserved": StateWord(_l("Reserved"), "now", "circle"),
    "agreed": StateWord(_l("Agreed"), "done", "check"),
    "owner_approved": StateWord(_l("Approved by the owner"), "done", "check"),
    "ordered": StateWord(_l("Ordered"), "now", "arrow"),
    "confirmed": StateWord(_l("Confirmed"), "done", "check"),
    "delivered": StateWord(_l("Delivered"), "now", "file"),
    "accepted": StateWord(_l("Accepted"), "done", "check"),
    "processed": StateWord(_l("Processed"), "done", "check"),
    "invoiced": StateWord(_l("Invoiced"), "done", "euro"),
    "purged": StateWord(_l("Purged"), "calm", "check"),
    "refused": StateWord(_l("Refused"), "stop", "cross"),
    "rejected": StateWord(_l("Rejected"), "stop", "cross"),
    # a purchase order, a document
    "draft": StateWord(_l("Draft"), "calm", "pen"),
    "issued": StateWord(_l("Issued"), "now", "file"),
    "sent": StateWord(_l("Sent"), "now", "mail"),
    "acknowledged": StateWord(_l("Acknowledged"), "done", "check"),
    "superseded": StateWord(_l("Superseded"), "calm", "history"),
    # a delivered file
    "expected": StateWord(_l("Expected"), "wait", "hourglass"),
    "received": StateWord(_l("Received"), "now", "file"),
    "checking": StateWord(_l("Being checked"), "now", "hourglass"),
    "checked": StateWord(_l("Checked"), "now", "check"),
    "partial": StateWord(_l("Accepted in part"), "wait", "warning"),
    # a control
    "passed": StateWord(_l("Passed"), "done", "check"),
    "warning": StateWord(_l("Warning"), "wait", "warning"),
    "overridden": StateWord(_l("Overridden"), "wait", "warning"),
}


def state_word(state: str) -> StateWord:
    """How to show a state; a state without its word shows its own name, calmly."""
    known = STATES.get(str(state))
    return known or StateWord(_l("%(state)s", state=str(state).replace("_", " ")))
