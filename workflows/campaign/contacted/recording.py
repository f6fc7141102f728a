"""Keeping what senders reported, and what follows: who cannot be reached is undeliverable, who agreed, left or complained has answered.

Calls are held against the policy's rules: one that broke a rule is kept and counted like the others, and told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from workflows.campaign.contacted.barring import days_barred
from workflows.campaign.contacted.complaints import complaint_rate
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.records import Response, ResponseBatch, Undeliverable
from workflows.engine.columns import new_key
from workflows.engine.step import Step
from workflows.trade.attribution import OBJECTION, Method
from workflows.trade.barring import Bar
from workflows.trade.calling import REFUSALS, Broken, Call, broken_rules
from workflows.trade.contact_reports import CALLS, PROMISE, UNREACHED, Outcome
from workflows.trade.money import Cents

ANSWERS = {
    Outcome.AGREED: PROMISE,
    Outcome.OPT_OUT: OBJECTION,
    Outcome.UNSUBSCRIBED: OBJECTION,
    Outcome.COMPLAINT: OBJECTION,
}
"""Outcomes that are answers, and of which type."""
CALLED = "telephone"
"""What an answer that was given in a call has for its channel."""
MOST_TOLD = 50
"""So many rows that could not be read, or that broke a rule, are named one by one; the others are counted."""
_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One bounce or call as a machine read it; whom the match key names is there where the campaign held people out.

    `lists` had the person who answered in a call, where that is known. `row` is counted from 1 with the file's title, `hour` as
    `trade.contact_reports` reads it.
    """

    row_sha256: str
    reported_on: date
    lot_code: str
    unique_id: str
    outcome: str
    amount: Cents
    matched_id: str = ""
    matched_lot: str = ""
    lists: tuple[str, ...] = ()
    row: int = 0
    hour: str = ""


@dataclass(frozen=True, kw_only=True)
class FaultyRow:
    """A row of a file, counted from 1 with its title, that says nothing that can be kept, and why."""

    row: int
    fault: str


def keep_reports(step: Step, batch: ResponseBatch, reports: Sequence[ReportRow], faults: Sequence[FaultyRow]) -> None:
    """Write the reports that are new and what follows of them, and what became of all rows."""
    broken = _hold_calls(step, [one for one in reports if one.outcome in CALLS])
    kept = insert_new(step, ContactReport, batch, [_report(one) for one in reports])
    counts: dict[str, Any] = {"rows": len(reports) + len(faults), "new": kept, "repeated": len(reports) - kept, "unreadable": len(faults)}
    for one in reports:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    unreached = insert_new(step, Undeliverable, batch, [*_unreached(reports), *_bounced_often(step, reports)])
    channels = {lot.code: lot.channel for lot in step.facts.lots}
    answers = [_answer(one, CALLED if one.outcome in CALLS else channels[one.lot_code]) for one in reports if one.outcome in ANSWERS]
    answered = insert_new(step, Response, batch, answers)
    counts |= first_faults(faults)
    if broken:
        counts |= Counter(str(rule) for _, rule in broken)
        counts["broken"] = [[row, str(rule)] for row, rule in broken[:MOST_TOLD]]
    if any(one.outcome == Outcome.COMPLAINT for one in reports):
        _hold_complaints(step)
    batch.state, batch.counts = "imported", counts | {"undeliverable": unreached}
    step.control(f"batch:{batch.kind}", expected=counts["rows"], actual=kept + counts["repeated"] + len(faults), tolerance=0, verdict="ok")
    barred = {Bar.AT_REST: any(one.outcome in REFUSALS for one in reports), Bar.UNREACHED: unreached > 0}
    if any(there and days_barred(step.policy, bar) for bar, there in barred.items()):
        step.request("keep_barred", {"batch_id": str(batch.id)})
    if unreached or (answered and any(one["kind"] == OBJECTION for one in answers)):
        step.request("write_objections")


def _report(one: ReportRow) -> dict[str, Any]:
    return {
        "row_sha256": one.row_sha256,
        "reported_on": one.reported_on,
        "lot_code": one.lot_code,
        "unique_id": one.unique_id,
        "outcome": one.outcome,
        "hour": one.hour,
    }


def _hold_calls(step: Step, reports: Sequence[ReportRow]) -> list[tuple[int, Broken]]:
    """The rows of calls that are new and broke a rule, each with the rule; the entry has a control of each rule that was broken."""
    known = dict(_known_calls(step, reports))
    new = [one for one in reports if one.row_sha256 not in known]
    calls = [Call(unique_id=one.unique_id, on=one.reported_on, outcome=one.outcome, hour=one.hour) for one in new]
    held = broken_rules(step.policy.call_rules, calls, known.values())
    told = [(one.row, rule) for one, rules in zip(new, held, strict=True) for rule in rules]
    broken = Counter(rule for _, rule in told)
    for rule in Broken:
        if broken[rule]:
            step.control(f"call_rules:{rule}", expected=0, actual=broken[rule], tolerance=0, verdict="warning")
    if new and not broken:
        step.control("call_rules", expected=0, actual=0, tolerance=0, verdict="ok")
    return sorted(told, key=lambda one: one[0])


def _known_calls(step: Step, reports: Sequence[ReportRow]) -> Iterator[tuple[str, Call]]:
    """The calls of the same people that were reported before, by the hashes of their rows."""
    ids = list(dict.fromkeys(one.unique_id for one in reports))
    of = (ContactReport.row_sha256, ContactReport.unique_id, ContactReport.reported_on, ContactReport.outcome, ContactReport.hour)
    for start in range(0, len(ids), _AT_ONCE):
        statement = sa.select(*map(col, of)).where(
            col(ContactReport.campaign_id) == step.chain.id,
            col(ContactReport.unique_id).in_(ids[start : start + _AT_ONCE]),
            col(ContactReport.outcome).in_([str(one) for one in CALLS]),
        )
        for row in step.session.connection().execute(statement).all():
            yield row.row_sha256, Call(unique_id=row.unique_id, on=row.reported_on, outcome=row.outcome, hour=row.hour)


def _unreached(reports: Iterable[ReportRow]) -> Iterable[dict[str, Any]]:
    """Pieces that one report is enough for."""
    for one in reports:
        if one.outcome in (Outcome.HARD, Outcome.WRONG_NUMBER):
            yield _undeliverable(one.unique_id, one.lot_code, one.reported_on, UNREACHED[Outcome(one.outcome)])


def _bounced_often(step: Step, reports: Iterable[ReportRow]) -> Iterable[dict[str, Any]]:
    """Pieces of the campaign that bounced softly so often that policy says enough."""
    enough = step.policy.whole("thresholds", "soft_bounces")
    if enough < 1 or not any(one.outcome == Outcome.SOFT for one in reports):
        return
    statement = (
        sa.select(col(ContactReport.unique_id), sa.func.min(col(ContactReport.lot_code)), sa.func.max(col(ContactReport.reported_on)))
        .where(col(ContactReport.campaign_id) == step.chain.id, col(ContactReport.outcome) == str(Outcome.SOFT))
        .group_by(col(ContactReport.unique_id))
        .having(sa.func.count() >= enough)
    )
    for unique_id, lot_code, last_on in step.session.connection().execute(statement).all():
        yield _undeliverable(unique_id, lot_code, last_on, UNREACHED[Outcome.SOFT])


def _undeliverable(unique_id: str, lot_code: str, on: date, reason: str) -> dict[str, Any]:
    return {"returned_on": on, "lot_code": lot_code, "unique_id": unique_id, "reason": reason}


def _hold_complaints(step: Step) -> None:
    """The entry tells how many of those who were written to complained, and whether policy says that these are too many."""
    rate, most = complaint_rate(step.facts), step.policy.share("thresholds", "complaint_share")
    step.control("complaints", expected=str(most), actual=f"{rate:.6f}", verdict="warning" if most and rate > most else "ok")


def _answer(one: ReportRow, channel: str) -> dict[str, Any]:
    return {
        "row_sha256": one.row_sha256,
        "responded_on": one.reported_on,
        "lot_code": one.lot_code,
        "unique_id": one.unique_id,
        "channel": channel,
        "kind": ANSWERS[Outcome(one.outcome)],
        "amount": one.amount,
        "method": "",
        "is_new": False,
        "attribution": str(Method.UNIQUE_ID),
        "reason": "",
        "matched_id": one.matched_id,
        "matched_lot": one.matched_lot,
        "traced_lot": "",
        "lists": one.lists,
    }


def first_faults(faults: Sequence[FaultyRow]) -> dict[str, Any]:
    """The first rows that could not be read, as a file's counts tell them; nothing where there is none."""
    return {"faults": [[one.row, one.fault] for one in faults[:MOST_TOLD]]} if faults else {}


def insert_new(step: Step, table: type[SQLModel], batch: ResponseBatch, values: Sequence[dict[str, Any]]) -> int:
    """Write the rows that are new; how many were."""
    common = {"campaign_id": step.chain.id, "advertiser_id": step.chain.advertiser_id, "from_seq": step.seq, "batch_id": batch.id}
    key: Any = table.id  # type: ignore[attr-defined]
    rows, added = [{**common, "id": new_key(), **one} for one in values], 0
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table).values(rows[start : start + _AT_ONCE]).on_conflict_do_nothing().returning(col(key))
        added += len(step.session.connection().execute(statement).all())
    return added
