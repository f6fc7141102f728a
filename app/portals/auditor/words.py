"""The auditor's words: entries, marks, controls, tables and tasks as sentences. Data in, plain values for templates out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlmodel import Session

from app import i18n
from app.documents.catalogue import MissingText, catalogue
from app.portals.shared.controls import control_told, control_value, control_word, tolerance_value
from app.portals.shared.events import event_words, who_words
from app.portals.shared.kin_words import kin_words
from app.portals.shared.words import ROLES, STAGES, TASKS, StateWord
from app.queries.exceptions import ExceptionalEntry
from app.queries.follow_up import get_kin
from app.queries.history import MARKS, Control, HistoryEntry
from workflows.campaign.model import Campaign
from workflows.parties.roles import Role
from workflows.trade.working_days import NoDropWindow

NAMED = 3
"""So many documents are named in a sentence; more are counted."""

KINDS: dict[str, LazyString] = {
    "campaign": _l("The campaign itself"),
    "plan_line": _l("Plan lines"),
    "order": _l("Orders"),
    "delivery": _l("Delivered files"),
    "user_task": _l("User tasks"),
    "service_task": _l("Machines’ work"),
    "document": _l("Documents"),
}
"""What an entry may be about."""

MARK_WORDS: dict[str, StateWord] = {
    "override": StateWord(_lp("mark", "Override"), "stop", "warning"),
    "warning": StateWord(_lp("mark", "Warning"), "wait", "warning"),
    "four_eyes": StateWord(_lp("mark", "Four eyes"), "done", "people"),
    "rework": StateWord(_lp("mark", "Rework"), "wait", "back"),
    "late": StateWord(_lp("mark", "Late"), "stop", "clock"),
    "substitution": StateWord(_lp("mark", "Substitution"), "wait", "person"),
}

TABLES: dict[str, LazyString] = {
    "budget_decision": _l("Decisions on a budget"),
    "budget_overrun": _l("Overruns of a budget"),
    "budget_version": _l("Budgets"),
    "cancellation": _l("Cancellations"),
    "campaign_list": _l("Lists and their terms"),
    "campaign_result": _l("Results"),
    "count_request": _l("Requests for counts"),
    "refund_claim": _l("Refund claims"),
    "cost_item": _l("Costs"),
    "delivered_file": _l("Delivered files"),
    "deposit": _l("Proofs of sending"),
    "destruction_certificate": _l("Certificates of destruction"),
    "handed_file": _l("Files of people handed over"),
    "exchange_entry": _l("Exchange ledger"),
    "lesson": _l("Lessons"),
    "list_basis": _l("Legal bases of lists"),
    "list_count": _l("Counts of lists"),
    "list_segment": _l("Segments"),
    "lot": _l("Lots"),
    "lot_plan": _l("Lot plans"),
    "lot_tracking": _l("What lots carry"),
    "mailing_description": _l("What is posted"),
    "merge_purge_run": _l("Dedupe runs"),
    "message": _l("Messages"),
    "monitor_seed": _l("Monitor seeds"),
    "objection_file": _l("Files of objections and returns"),
    "override": _l("Controls passed over"),
    "plan_line": _l("Plan lines"),
    "proof": _l("Proofs"),
    "purchase_order": _l("Orders"),
    "response": _l("Responses"),
    "response_batch": _l("Files of answers"),
    "responsibility": _l("Responsibilities"),
    "sample_approval": _l("Owners’ approvals of samples"),
    "sample_piece": _l("Sample mail pieces"),
    "stored_file": _l("Stored files"),
    "suppression_reading": _l("Suppression files as they were read"),
    "undeliverable": _l("Undeliverables"),
}
"""What a campaign keeps, by table."""

DECISIONS: dict[str, StateWord] = {
    "endorsed": StateWord(_lp("decision", "Supported"), "now", "check"),
    "approved": StateWord(_lp("decision", "Approved"), "done", "check"),
    "refused": StateWord(_lp("decision", "Refused"), "stop", "cross"),
}
"""What somebody decided about a budget."""

BECAME: dict[str, StateWord] = {
    "open": StateWord(_lp("task", "Opened"), "now", "circle"),
    "done": StateWord(_lp("task", "Done"), "done", "check"),
    "cancelled": StateWord(_lp("task", "Dropped"), "calm", "cross"),
}
"""What an entry did to a user task."""


LONGEST_NOTE = 240
"""Characters of what was said with an entry that a list of entries repeats; the entry itself has all of it."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class CampaignHead:
    """What stands at the top of every page of a campaign."""

    code: str
    title: str
    state: str
    entries: int
    head: str
    opened_at: datetime
    currency: str
    kin: tuple[str, ...]


def campaign_head(session: Session, campaign: Campaign) -> CampaignHead:
    """The head of a campaign's pages."""
    return CampaignHead(
        code=campaign.code,
        title=campaign.title,
        state=campaign.state,
        entries=campaign.chain_seq,
        head=campaign.chain_head,
        opened_at=campaign.opened_at,
        currency=campaign.currency,
        kin=tuple(kin_words(get_kin(session, campaign))),
    )


def who(entry: HistoryEntry) -> str:
    """Who made an entry; an id that nobody has any more is shown by its beginning."""
    if entry.person_id is None:
        return str(_("Jalon itself"))
    return who_words(entry.person or str(_("somebody no longer here (%(id)s)", id=entry.person_id[:8])), entry.stood_in_for)


def sentence(entry: HistoryEntry) -> str:
    """What happened, and to what."""
    about = entry.about or _enumerated([str(document["number"]) for document in entry.documents])
    if entry.kind == "user_task":
        about = str(TASKS.get(about, about))
    what = event_words(entry.event)
    return _about(what, about)


def _about(what: str, about: str) -> str:
    """A sentence with what it is about, where there is something."""
    return str(_("%(what)s: %(about)s", what=what, about=about)) if about else what


def _enumerated(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return str(ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=shown)) if more > 0 else shown


def roles(entry: HistoryEntry) -> str:
    """The roles somebody held when they made an entry."""
    return ", ".join(str(ROLES[Role(role)]) for role in entry.roles)


def tags(entry: HistoryEntry) -> list[tuple[str, StateWord]]:
    """What an entry stands out by, in a fixed order."""
    return [(mark, MARK_WORDS[mark]) for mark in MARKS if mark in entry.marks]


def timeline_entry(code: str, entry: HistoryEntry) -> dict[str, Any]:
    """An entry as the timeline shows it."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "who": who(entry),
        "sentence": sentence(entry),
        "stage": STAGES.get(entry.stage, ""),
        "hash": entry.sha256,
        "url": url_for("auditor.entry", code=code, seq=entry.seq),
        "marks": tags(entry),
        "notes": notes(entry),
    }


def steps_about(code: str, history: Iterable[HistoryEntry], about: UUID, *seqs: int) -> list[dict[str, Any]]:
    """The entries that are about one thing, or that name it, or that have one of these numbers; the oldest first."""
    wanted = str(about)
    found = (entry for entry in history if entry.subject_id == wanted or wanted in entry.fields.values() or entry.seq in seqs)
    return [
        {
            "what": event_words(entry.event),
            "who": who(entry),
            "at": entry.at,
            "seq": entry.seq,
            "url": url_for("auditor.entry", code=code, seq=entry.seq),
        }
        for entry in found
    ]


def notes(entry: HistoryEntry) -> list[str]:
    """What was said with an entry, as a notice only its beginning, what it came late for, and which controls did not pass."""
    told = [_("“%(words)s”", words=shorten(words.text, LONGEST_NOTE, placeholder=" …")) for words in entry.words if words.text]
    told += _late(entry)
    failed = [control for control in entry.controls if control.verdict != "ok"]
    told += [control_told(control.code, control.actual, control.expected, entry.windows) for control in failed]
    return told


def _late(entry: HistoryEntry) -> list[str]:
    return [str(_("%(what)s, due %(day)s", what=task_word(task.name, task.label), day=i18n.day(task.due_at))) for task in entry.late]


def entry_view(entry: HistoryEntry) -> dict[str, Any]:
    """The words at the top of an opened entry."""
    return {
        "sentence": sentence(entry),
        "done": event_words(entry.event),
        "kind": KINDS.get(entry.kind, entry.kind),
        "who": who(entry),
        "roles": roles(entry),
        "stage": STAGES.get(entry.stage, ""),
        "marks": tags(entry),
        "late": [task_word(task.name, task.label) for task in entry.late],
        "tables": TABLES,
        "became": BECAME,
        "task_word": task_word,
        "document_word": document_word,
    }


def control_rows(entry: HistoryEntry) -> list[dict[str, Any]]:
    """An entry's controls for a table, what did not pass first."""
    return [_control(control, entry.windows) for control in sorted(entry.controls, key=lambda control: control.verdict == "ok")]


def _control(control: Control, windows: Sequence[NoDropWindow]) -> dict[str, Any]:
    return {
        "what": control_word(control.code, windows, control.expected),
        "expected": control_value(control.code, control.expected),
        "actual": control_value(control.code, control.actual),
        "tolerance": tolerance_value(control.tolerance),
        "state": "passed" if control.verdict == "ok" else control.verdict,
        "override": control.override,
        "is_hash": _SHA256.fullmatch(str(control.actual)) is not None,
    }


def document_word(kind: str, channel: str = "") -> str:
    """A kind of document as its title says it, of that channel where it is of one."""
    try:
        return catalogue(i18n.language()).title(kind, channel)
    except MissingText:
        return kind.replace("_", " ")


def task_word(name: str, label: str) -> str:
    """A user task in words, with what it is about."""
    word = str(TASKS.get(name, name.replace("_", " ")))
    return _about(word, label)


def late_row(one: ExceptionalEntry) -> dict[str, Any]:
    """An entry in the table of what came late: what, and for when. Whatever else it stands out by has its own table, or its own page."""
    return exception_row(one) | {"why": " · ".join(_late(one.entry))}


def exception_row(one: ExceptionalEntry) -> dict[str, Any]:
    """An entry in a table of exceptions."""
    return {
        "campaign": one.campaign,
        "url": url_for("auditor.entry", code=one.campaign, seq=one.entry.seq),
        "seq": one.entry.seq,
        "at": one.entry.at,
        "what": sentence(one.entry),
        "who": who(one.entry),
        "why": " · ".join(notes(one.entry)),
    }
