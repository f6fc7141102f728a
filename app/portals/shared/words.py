"""The words and icons for roles, stages and states, the same on every page. Not for sentences: `app.messages` has those."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from app import i18n
from app.documents.catalogue import catalogue
from workflows.parties.roles import Role
from workflows.trade.working_days import NOT_WORKED, NoDropWindow


@dataclass(frozen=True)
class StateWord:
    """How a state is shown: its word, an icon of the sprite and a tone (`done`, `now`, `wait`, `stop` or `calm`)."""

    word: LazyString | str
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
    "on_hold": StateWord(_lp("state", "On hold"), "wait", "pause"),
    "cancelled": StateWord(_lp("state", "Cancelled"), "stop", "cross"),
    "closed": StateWord(_lp("state", "Closed"), "done", "check"),
    # health of a campaign
    "on_time": StateWord(_lp("state", "On time"), "done", "check"),
    "at_risk": StateWord(_lp("state", "At risk"), "wait", "warning"),
    "late": StateWord(_lp("state", "Late"), "stop", "clock"),
    "blocked": StateWord(_lp("state", "Blocked"), "stop", "stop"),
    # user tasks and jobs
    "open": StateWord(_lp("state", "Open"), "now", "circle"),
    "done": StateWord(_lp("state", "Done"), "done", "check"),
    "waiting": StateWord(_lp("state", "Waiting"), "wait", "hourglass"),
    "suspended": StateWord(_lp("state", "Set aside"), "wait", "pause"),
    "pending": StateWord(_lp("state", "Asked for"), "wait", "hourglass"),
    "queued": StateWord(_lp("state", "In the queue"), "wait", "hourglass"),
    "running": StateWord(_lp("state", "Running"), "now", "hourglass"),
    "failed": StateWord(_lp("state", "Failed"), "stop", "cross"),
    # a plan line
    "candidate": StateWord(_lp("state", "Candidate")),
    "counted": StateWord(_lp("state", "Counted")),
    "reserved": StateWord(_lp("state", "Reserved"), "now", "circle"),
    "agreed": StateWord(_lp("state", "Agreed"), "done", "check"),
    "owner_approved": StateWord(_lp("state", "Approved by the owner"), "done", "check"),
    "ordered": StateWord(_lp("state", "Ordered"), "now", "arrow"),
    "resolved": StateWord(_lp("state", "Settled"), "done", "check"),
    "retried": StateWord(_lp("state", "Tried again"), "wait", "hourglass"),
    "confirmed": StateWord(_lp("state", "Confirmed"), "done", "check"),
    "delivered": StateWord(_lp("state", "Delivered"), "now", "file"),
    "accepted": StateWord(_lp("state", "Accepted"), "done", "check"),
    "processed": StateWord(_lp("state", "Processed"), "done", "check"),
    "invoiced": StateWord(_lp("state", "Invoiced"), "done", "euro"),
    "purged": StateWord(_lp("state", "Purged"), "calm", "check"),
    "refused": StateWord(_lp("state", "Refused"), "stop", "cross"),
    "rejected": StateWord(_lp("state", "Rejected"), "stop", "cross"),
    # a purchase order, a document
    "draft": StateWord(_lp("state", "Draft"), "calm", "pen"),
    "requested": StateWord(_lp("state", "Being drawn"), "now", "hourglass"),
    "issued": StateWord(_lp("state", "Issued"), "now", "file"),
    "sent": StateWord(_lp("state", "Sent"), "now", "mail"),
    "acknowledged": StateWord(_lp("state", "Acknowledged"), "done", "check"),
    "superseded": StateWord(_lp("state", "Superseded"), "calm", "history"),
    # a message's proof
    "awaited": StateWord(_lp("proof", "Waited for"), "wait", "hourglass"),
    "awaiting": StateWord(_lp("proof", "To sign off"), "wait", "pen"),
    "signed": StateWord(_lp("proof", "Signed off"), "done", "check"),
    "returned": StateWord(_lp("proof", "To correct"), "stop", "back"),
    # a certificate of destruction
    "certified": StateWord(_lp("state", "Certified"), "done", "check"),
    "waived": StateWord(_lp("state", "Waited for no more"), "wait", "warning"),
    # a delivered file
    "received": StateWord(_lp("state", "Received"), "now", "file"),
    "checking": StateWord(_lp("state", "Being checked"), "now", "hourglass"),
    "unreadable": StateWord(_lp("state", "Cannot be read"), "stop", "cross"),
    "examined": StateWord(_lp("state", "Checked"), "now", "check"),
    "checked": StateWord(_lp("state", "Checked"), "now", "check"),
    # a control
    "passed": StateWord(_lp("state", "Passed"), "done", "check"),
    "warning": StateWord(_lp("state", "Warning"), "wait", "warning"),
    "contested": StateWord(_lp("state", "Contested"), "stop", "warning"),
    "overridden": StateWord(_lp("state", "Overridden"), "wait", "warning"),
}


PRIORITY_WORDS: dict[str, LazyString] = {
    "urgent": _lp("priority", "urgent"),
    "high": _lp("priority", "high"),
    "normal": _lp("priority", "normal"),
    "low": _lp("priority", "low"),
}
"""How urgent a user task is."""


CONTROLS: dict[str, LazyString] = {
    "list_counted": _l("A list of which fewer addresses were counted than are wanted"),
    "sample_approved": _l("A sample mail piece that its list’s owner did not approve in this version"),
    "accepted_share": _l("Less accepted than the plan asks for"),
    "list_delivered": _l("A list that stays short"),
    "minimum_net_quantity": _l("Net below the minimum"),
    "deposit": _l("Quantities that deviate from what was handed over"),
    "processor_contract": _l("Orders to processors without a contract"),
    "inconclusive_test": _l("A test that is too small to show anything"),
    "barred_in_lots": _l("A lot with people whom its channel leaves alone"),
    "early_close": _l("Answers closed while many are still to come"),
    "invoice": _l("An invoice that differs from what is due"),
    "invoice_missing": _l("An invoice that is missing"),
}
"""The controls that policy may let somebody pass over."""


TASKS: dict[str, LazyString] = {
    "prepare_plan": _l("Prepare the plan"),
    "answer_claim": _l("Answer a refund claim"),
    "decide_claim": _l("Settle or drop a refund claim"),
    "give_counts": _l("Count the addresses of a list"),
    "approve_sample": _l("Approve a sample mail piece"),
    "settle_list": _l("Settle the terms of a list"),
    "close_negotiation": _l("Close the negotiation"),
    "review_budget": _l("Approve or refuse the budget"),
    "answer_question": _l("Answer a question about the budget"),
    "acknowledge_order": _l("Answer an order"),
    "answer_proposal": _l("Answer a change that a supplier proposes"),
    "issue_orders": _l("Send the orders that wait for a condition"),
    "confirm_orders": _l("Confirm the orders"),
    "deliver_list": _l("Deliver a list"),
    "review_delivery": _l("Accept or reject a file"),
    "start_dedupe": _l("Start the dedupe"),
    "approve_dedupe": _l("Read and approve the dedupe report"),
    "freeze_lots": _l("Freeze the lot plan"),
    "reapprove_budget": _l("Approve or refuse an overrun of the budget"),
    "bring_proof": _l("Deposit a proof"),
    "sign_proof": _l("Sign off a proof"),
    "order_mailing": _l("Order the sending"),
    "prove_deposit": _l("Prove what went out"),
    "confirm_drop": _l("Confirm the drop"),
    "import_responses": _l("Import the responses"),
    "close_responses": _l("Close the responses"),
    "hand_over_objections": _l("Hand over objections and returns"),
    "take_objections": _l("Take the file of objections and returns"),
    "certify_destruction": _l("Certify destruction"),
    "chase_certificate": _l("Get a certificate of destruction that is late"),
    "send_invoice": _l("Send an invoice"),
    "decide_invoice": _l("Accept or dispute an invoice"),
    "record_lesson": _l("Write down what was learned"),
    "close_campaign": _l("Close the campaign"),
    "approve_cancellation": _l("Decide about the cancellation"),
    "review_override": _l("Review a control that was passed over"),
    "settle_incident": _l("Settle work that a machine gave up"),
}
"""Every user task there is."""


def state_word(state: str) -> StateWord:
    """How to show a state; a state without its word shows its own name, calmly."""
    known = STATES.get(str(state))
    return known or StateWord(str(state).replace("_", " "))


def weak_day(code: str, windows: Iterable[NoDropWindow]) -> str:
    """What speaks against a drop, by the code of its warning; one of a window that policy has no more shows its own name."""
    if code == NOT_WORKED:
        return str(_("a day on which nobody works"))
    words = next((window.words for window in windows if window.code == code), None)
    return words[i18n.language()] if words else code.replace("_", " ")


def label(group: str, code: str, *, capital: bool = False) -> str:
    """The word for a code of the trade, the same as on paper: natures, roles, channels, bases, figures."""
    word = catalogue(i18n.language()).label(group, code)
    return word[:1].upper() + word[1:] if capital else word
