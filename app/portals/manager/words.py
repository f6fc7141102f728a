"""The manager's words: tasks, rooms, jobs, what blocks, warnings. Data in, sentences out. Not for refusals: `app.messages` has those."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from app import i18n
from app.documents.catalogue import catalogue
from app.errors import say, write
from app.portals.shared.addresses import address_of
from app.portals.shared.words import PRIORITY_WORDS, ROLES, STAGES
from app.queries.campaign import Blocker, CampaignHead, Job
from app.queries.inbox import OpenTask
from app.queries.schedule import Schedule
from workflows.campaign.states import TEN_STAGES

SHOWN = 5
"""So many items of a long enumeration are named, and the others counted."""


@dataclass(frozen=True)
class TaskWord:
    """A task's sentence, with `%(about)s` for what it concerns, what it holds up, and the room and place where it is done."""

    verb: LazyString
    blocks: LazyString | str
    room: str
    anchor: str = ""


TASKS: dict[str, TaskWord] = {
    "prepare_plan": TaskWord(_l("Prepare the plan"), _l("holds up the negotiation"), "plan"),
    "give_counts": TaskWord(_l("Count the addresses of %(about)s"), "", "negotiation", "counts-%(about)s"),
    "approve_sample": TaskWord(
        _l("Approve the sample mail piece for %(about)s"), _l("holds up the budget"), "negotiation", "list-%(about)s"
    ),
    "settle_list": TaskWord(_l("Settle the terms of %(about)s"), _l("holds up the budget"), "negotiation", "list-%(about)s"),
    "close_negotiation": TaskWord(_l("Close the negotiation"), _l("holds up the budget"), "negotiation", "next"),
    "review_budget": TaskWord(_l("Approve or refuse the budget"), _l("holds up the orders"), "budget"),
    "answer_question": TaskWord(
        _l("Answer question %(about)s about the budget"), _l("holds up the approver’s decision"), "budget", "question-%(about)s"
    ),
    "acknowledge_order": TaskWord(_l("Answer the order %(about)s"), _l("holds up the deliveries"), "order", "order-%(about)s"),
    "answer_proposal": TaskWord(
        _l("Answer the change proposed to the order %(about)s"), _l("holds up the deliveries"), "order", "order-%(about)s"
    ),
    "issue_orders": TaskWord(_l("Send the orders under the approver’s conditions"), _l("holds up the deliveries"), "order", "next"),
    "confirm_orders": TaskWord(_l("Confirm the orders"), _l("holds up the deliveries"), "order", "next"),
    "deliver_list": TaskWord(_l("Deliver the file of %(about)s"), _l("holds up the dedupe"), "delivery", "list-%(about)s"),
    "review_delivery": TaskWord(_l("Accept or reject the file %(about)s"), _l("holds up the dedupe"), "delivery", "list-%(list)s"),
    "start_dedupe": TaskWord(_l("Start the dedupe"), _l("holds up the lots"), "delivery", "next"),
    "approve_dedupe": TaskWord(_l("Read and approve the dedupe report"), _l("holds up the lots"), "dedupe", "next"),
    "freeze_lots": TaskWord(_l("Freeze the lot plan"), _l("holds up the mailing"), "lots", "next"),
    "reapprove_budget": TaskWord(_l("Approve or refuse an overrun of the budget"), _l("holds up the order to send"), "overrun"),
    "bring_proof": TaskWord(_l("Deposit the proof of message %(about)s"), _l("holds up the order to send"), "send", "message-%(about)s"),
    "sign_proof": TaskWord(_l("Sign off the proof of message %(about)s"), _l("holds up the order to send"), "send", "message-%(about)s"),
    "order_mailing": TaskWord(_l("Order the sending"), _l("holds up the drop"), "send", "mailing"),
    "prove_deposit": TaskWord(_l("Prove what went out"), _l("holds up the drop"), "send", "deposit"),
    "confirm_drop": TaskWord(_l("Confirm the drop"), _l("holds up the responses"), "send", "next"),
    "import_responses": TaskWord(_l("Import the responses"), _l("holds up the results"), "responses", "import"),
    "close_responses": TaskWord(_l("Close the responses"), _l("holds up the results"), "responses", "next"),
    "hand_over_objections": TaskWord(_l("Hand over objections and returns"), _l("is due by law"), "responses", "objections"),
    "take_objections": TaskWord(_l("Take the file of objections and returns (%(about)s)"), _l("is due by law"), "responses", "objections"),
    "certify_destruction": TaskWord(
        _l("Certify the destruction of what was handed over (%(about)s)"),
        _l("holds up the end of the campaign"),
        "certificates",
        "%(about)s",
    ),
    "chase_certificate": TaskWord(
        _l("Get the certificate of destruction that is late (%(about)s)"),
        _l("holds up the end of the campaign"),
        "certificates",
        "%(about)s",
    ),
    "send_invoice": TaskWord(_l("Send the invoice of order %(about)s"), _l("holds up the end of the campaign"), "invoices", "orders"),
    "decide_invoice": TaskWord(_l("Accept or dispute invoice %(about)s"), _l("holds up the end of the campaign"), "invoices", "invoices"),
    "answer_claim": TaskWord(_l("Answer refund claim %(about)s"), "", "claims", "%(about)s"),
    "decide_claim": TaskWord(_l("Settle or drop refund claim %(about)s"), "", "claims", "%(about)s"),
    "record_lesson": TaskWord(_l("Write down what was learned"), _l("holds up the next plan"), "analysis", "lessons"),
    "approve_cancellation": TaskWord(_l("Decide about the cancellation"), _l("holds up the end of the campaign"), "cancellation"),
    "review_override": TaskWord(_l("Review a control that was passed over"), "", "overrides"),
    "settle_incident": TaskWord(_l("Settle work that a machine gave up"), _l("holds up what the machine was to do"), "incidents"),
    "close_campaign": TaskWord(_l("Close the campaign"), "", "analysis", "next"),
}
"""Every user task there is, whoever does it: the manager sees them all."""

PRESS = {
    "close_negotiation": _l("Close the negotiation"),
    "issue_orders": _l("Send the orders"),
    "confirm_orders": _l("Confirm the orders"),
    "order_mailing": _l("Order the sending"),
    "confirm_drop": _l("Confirm the drop"),
    "hand_over_objections": _l("Hand over"),
    "close_campaign": _l("Close the campaign"),
}
"""What the button says where one press does the task."""

JOBS = {
    "mail_cancellation": _l("Telling the suppliers of the cancellation"),
    "purge_files": _l("Purging address files"),
    "keep_contacts": _l("Keeping keys of whom the mail reached"),
    "recount_barred": _l("Counting whom the lots’ channels leave alone"),
    "keep_barred": _l("Keeping keys of those who are left alone for a while"),
    "destroy_blobs": _l("Deleting what was purged"),
    "render_document": _l("Drawing documents"),
    "mail_document": _l("Sending documents"),
    "mail_budget": _l("Telling approvers that a budget waits"),
    "mail_overrun": _l("Telling approvers that an overrun waits"),
    "mail_signatures": _l("Telling approvers that theirs is the last signature"),
    "mail_moved_drop": _l("Telling approvers that the drop was moved"),
    "mail_question": _l("Telling project managers of a question"),
    "mail_answer": _l("Telling an approver of an answer"),
    "mail_overdue": _l("Reminding of overdue tasks"),
    "mail_comment": _l("Telling colleagues of a comment"),
    "mail_left_out": _l("Telling suppliers of lists that are not ordered"),
    "mail_proposal_answered": _l("Telling a supplier of the answer to its proposal"),
    "remind_orders": _l("Reminding suppliers"),
    "examine_delivery": _l("Checking a delivered file"),
    "read_suppression": _l("Reading a suppression file"),
    "bring_lists_over": _l("Making the files of a follow-up"),
    "run_merge_purge": _l("Dedupe"),
    "explain_pair": _l("Comparing two records"),
    "look_up_record": _l("Looking up a record"),
    "build_lots": _l("Making the lots"),
    "attribute_responses": _l("Reading responses"),
    "write_objections": _l("Writing the files of objections and returns"),
    "mail_proofs": _l("Asking suppliers for proofs"),
    "mail_samples": _l("Asking owners of lists to approve samples"),
    "mail_deposit_refused": _l("Telling a sender of a proof that was refused"),
    "mail_certificates": _l("Asking suppliers for certificates of destruction"),
    "chase_certificates": _l("Looking for certificates of destruction that are late"),
    "mail_objections": _l("Telling suppliers of objections and returns"),
    "compute_results": _l("Computing the results"),
}
STEPS = {
    "": _lp("job", "waiting for its turn"),
    "reading": _lp("job", "reading the files"),
    "normalising": _lp("job", "normalising names and addresses"),
    "pairing": _lp("job", "looking for likely pairs"),
    "matching": _lp("job", "comparing the pairs"),
    "deciding": _lp("job", "deciding who stays where"),
    "writing": _lp("job", "writing the net files"),
    "done": _lp("job", "finishing"),
    "splitting": _lp("job", "splitting the net"),
    "keeping": _lp("job", "keeping the files"),
}
"""The steps that machines tell of themselves."""

DOCUMENTS = {
    "media_plan": _l("Media plan"),
    "refund_claim": _l("Refund claim"),
    "count_request": _l("Request for counts"),
    "terms_sheet": _l("Terms sheet"),
    "budget_file": _l("Budget file"),
    "purchase_order": _l("Purchase order"),
    "non_conformity": _l("Non-conformity report"),
    "dedupe_brief": _l("Dedupe brief"),
    "dedupe_report": _l("Dedupe report"),
    "net_statement": _l("Net statement"),
    "lot_plan": _l("Lot plan"),
    "mailing_order": _l("Mailing order"),
    "destruction_certificate": _l("Certificate of destruction"),
    "invoice_dispute": _l("Disputed invoice"),
    "purge_certificate": _l("Certificate of destruction of a delivered list"),
    "results_report": _l("Results report"),
}


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """An open task as the page's rows take it; see `task_row` of `shared/components.html`.

    `press_url` is where one press does it, and `press` what the button says; `version` is that of the campaign, which a press has seen.
    """

    id: str
    verb: str
    url: str
    task_url: str
    campaign: str
    campaign_url: str
    blocks: str
    due_on: date | None
    late: bool
    today: date
    who: str
    holder: str
    in_my_hands: bool
    is_free: bool
    mentions_me: bool
    priority: str
    rests_until: date | None
    reminded_on: date | None
    escalated_on: date | None
    command: str
    press_url: str
    press: LazyString | str
    version: int | None


def task_verb(name: str, about: str) -> str:
    """What a task asks, and about what."""
    return str(_word(name).verb) % _named(about)


def _word(name: str, stage: str = "") -> TaskWord:
    return TASKS.get(name) or TaskWord(_l("Do what is asked"), "", stage)


def _named(about: str) -> dict[str, str]:
    return {"about": about, "list": about.split(" ", maxsplit=1)[0]}


def task_row(task: OpenTask) -> TaskRow:
    """An open task in words and addresses."""
    word = _word(task.name, task.stage)
    anchor = (word.anchor % _named(task.about)) if word.anchor else None
    return TaskRow(
        id=str(task.id),
        verb=task_verb(task.name, task.about),
        url=address_of(f"manager.{word.room}", code=task.campaign_code) + (f"#{quote(anchor)}" if anchor else ""),
        task_url=address_of("manager.task", task_id=task.id),
        campaign=f"{task.campaign_code} · {task.campaign_title}",
        campaign_url=address_of("manager.campaign", code=task.campaign_code),
        blocks=str(word.blocks),
        due_on=task.due_on,
        late=task.late,
        today=task.today,
        who="" if task.mine else (task.who or str(ROLES[task.role])),
        holder=task.holder,
        in_my_hands=task.in_my_hands,
        is_free=task.mine and not task.holder,
        mentions_me=task.mentions_me,
        priority=str(PRIORITY_WORDS[task.priority]) if task.priority != "normal" else "",
        rests_until=task.follow_up_on if task.rests else None,
        reminded_on=task.reminded_on,
        escalated_on=task.escalated_on,
        command=task.command,
        press_url=address_of("manager.move", code=task.campaign_code, name=task.command) if task.command else "",
        press=PRESS.get(task.command, ""),
        version=task.press_sees,
    )


@dataclass(frozen=True, kw_only=True)
class BlockerView:
    """Why a move is closed, in the form that the page's blockers take."""

    sentence: str
    who: str
    since: datetime | None
    url: str


def blocker_view(blocker: Blocker, *, code: str) -> BlockerView:
    """An unmet condition as a sentence with names, and a link to where it can be lifted; without a link where `code` is empty."""
    role = str(ROLES[blocker.role])
    return BlockerView(
        sentence=unmet_sentence(blocker.code, blocker.params),
        who=f"{', '.join(blocker.who)} ({role})" if blocker.who else role,
        since=blocker.since,
        url=_where_lifted(blocker, code) if code else "",
    )


def unmet_sentence(code: str, params: Mapping[str, Any]) -> str:
    """What keeps a move closed; long enumerations are cut short."""
    if code == "engine.not_your_move":
        return str(_("Somebody else decides this."))
    return say(code, {name: shorten(value) if isinstance(value, list | tuple) else value for name, value in params.items()})


def _where_lifted(blocker: Blocker, code: str) -> str:
    if "task_id" in blocker.params:
        return url_for("checklist.checklist", task_id=blocker.params["task_id"])
    rooms = {*TEN_STAGES, "overrun", "certificates", "invoices", "claims"}
    if blocker.stage == "contracts":
        return url_for("contracts.room", code=code)
    return url_for(f"manager.{blocker.stage}", code=code) if blocker.stage in rooms else ""


def shorten(items: list[Any] | tuple[Any, ...]) -> str:
    """An enumeration; a long one names its first items and counts the others."""
    if len(items) <= SHOWN + 1:
        return ", ".join(write("", item) if isinstance(item, Mapping) else str(item) for item in items)
    named = ", ".join(write("", item) if isinstance(item, Mapping) else str(item) for item in items[:SHOWN])
    rest = len(items) - SHOWN
    return str(ngettext("%(named)s and %(num)s more", "%(named)s and %(num)s more", rest, named=named))


@dataclass(frozen=True, kw_only=True)
class RoomLink:
    """One room of a campaign, in the order of the work."""

    name: str
    label: str
    url: str
    state: str = ""


def rooms_of(head: CampaignHead) -> list[RoomLink]:
    """The rooms of a campaign: the campaign itself, its retroplanning, its ten stages, its invoices, documents and history."""
    stages = [RoomLink(name=stop.name, label=str(STAGES[stop.name]), url=stop.url, state=stop.state) for stop in head.schedule.stops]
    first = RoomLink(name="campaign", label=str(_("Overview")), url=url_for("manager.campaign", code=head.code))
    schedule = RoomLink(name="schedule", label=str(_("Retroplanning")), url=url_for("manager.schedule", code=head.code))
    last = [
        RoomLink(name="invoices", label=str(_("Invoices")), url=url_for("manager.invoices", code=head.code)),
        RoomLink(name="documents", label=str(_("Documents")), url=url_for("manager.documents", code=head.code)),
        RoomLink(name="history", label=str(_("History")), url=url_for("manager.history", code=head.code)),
    ]
    return [first, schedule, *stages, *last]


def health_words(schedule: Schedule) -> str:
    """Why a campaign's health is what it is."""
    if schedule.health == "closed":
        return str(_("all stages done"))
    stage = str(STAGES[schedule.stage])
    if schedule.health == "on_hold":
        return str(_("everything rests; it stood in %(stage)s", stage=stage))
    if schedule.health == "cancelled":
        return str(_("given up in %(stage)s", stage=stage))
    if schedule.days_behind == 0:
        return str(_("%(stage)s, as planned", stage=stage))
    late = ngettext(
        "%(num)s working day behind, in %(stage)s", "%(num)s working days behind, in %(stage)s", schedule.days_behind, stage=stage
    )
    return str(late)


def drop_words(schedule: Schedule) -> str:
    """How far the drop is, in working days."""
    if schedule.dropped_on is not None:
        return str(_("dropped on %(day)s", day=i18n.day(schedule.dropped_on)))
    days = schedule.days_left
    if days == 0:
        return str(_("today"))
    if days < 0:
        return str(ngettext("%(num)s working day ago", "%(num)s working days ago", -days))
    return str(ngettext("in %(num)s working day", "in %(num)s working days", days))


def job_view(job: Job) -> dict[str, Any]:
    """A machine's work as the page's progress takes it."""
    state = {"failed": "failed", "running": "running"}.get(job.state, "waiting")
    stage = str(STEPS.get(job.step, job.step)) if job.state == "running" or job.step else str(STEPS[""])
    if job.is_retried:
        stage = _("retried, not yet confirmed")
    if job.state == "failed":
        stage = _(
            "It was tried %(num)s times and stopped: %(error)s", num=job.attempts, error=job.error.splitlines()[-1] if job.error else ""
        )
    return {
        "label": str(JOBS.get(job.name, job.name.replace("_", " "))),
        "stage": stage,
        "done": job.done,
        "total": job.total or None,
        "state": state,
        "is_retried": job.is_retried,
    }


def document_word(kind: str, channel: str = "") -> str:
    """The word for a kind of document; as its title says it where it is of one channel."""
    return catalogue(i18n.language()).title(kind, channel) if channel else str(DOCUMENTS.get(kind, kind.replace("_", " ")))
