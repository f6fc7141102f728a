"""Keeping what senders reported, and what follows: who cannot be reached is undeliverable, who agreed or objects has answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.records import Response, ResponseBatch, Undeliverable
from workflows.engine.columns import new_key
from workflows.engine.step import Step
from workflows.trade.attribution import OBJECTION, Method
from workflows.trade.contact_reports import PROMISE, UNREACHED, Outcome
from workflows.trade.money import Cents

ANSWERS = {Outcome.AGREED: PROMISE, Outcome.OPT_OUT: OBJECTION}
"""Outcomes of calls that are answers, and of which type."""
CALLED = "telephone"
"""What an answer that was given in a call has for its channel."""
MOST_TOLD = 50
"""So many rows that could not be read are named one by one; the others are counted."""
_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One bounce or call as a machine read it; whom the match key names is there where the campaign held people out."""

    row_sha256: str
    reported_on: date
    lot_code: str
    unique_id: str
    outcome: str
    amount: Cents
    matched_id: str = ""
    matched_lot: str = ""


@dataclass(frozen=True, kw_only=True)
class FaultyRow:
    """A row of a file, counted from 1 with its title, that says nothing that can be kept, and why."""

    row: int
    fault: str


def keep_reports(step: Step, batch: ResponseBatch, reports: Sequence[ReportRow], faults: Sequence[FaultyRow]) -> None:
    """Write the reports that are new and what follows of them, and what became of all rows."""
    kept = insert_new(step, ContactReport, batch, [_report(one) for one in reports])
    counts: dict[str, Any] = {"rows": len(reports) + len(faults), "new": kept, "repeated": len(reports) - kept, "unreadable": len(faults)}
    for one in reports:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    unreached = insert_new(step, Undeliverable, batch, [*_unreached(reports), *_bounced_often(step, reports)])
    answers = [_answer(one) for one in reports if one.outcome in ANSWERS]
    answered = insert_new(step, Response, batch, answers)
    if faults:
        counts["faults"] = [[one.row, one.fault] for one in faults[:MOST_TOLD]]
    batch.state, batch.counts = "imported", counts | {"undeliverable": unreached}
    step.control(f"batch:{batch.kind}", expected=counts["rows"], actual=kept + counts["repeated"] + len(faults), tolerance=0, verdict="ok")
    if unreached or (answered and any(one["kind"] == OBJECTION for one in answers)):
        step.request("write_objections")


def _report(one: ReportRow) -> dict[str, Any]:
    return {
        "row_sha256": one.row_sha256,
        "reported_on": one.reported_on,
        "lot_code": one.lot_code,
        "unique_id": one.unique_id,
        "outcome": one.outcome,
    }


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


def _answer(one: ReportRow) -> dict[str, Any]:
    return {
        "row_sha256": one.row_sha256,
        "responded_on": one.reported_on,
        "lot_code": one.lot_code,
        "unique_id": one.unique_id,
        "channel": CALLED,
        "kind": ANSWERS[Outcome(one.outcome)],
        "amount": one.amount,
        "method": "",
        "is_new": False,
        "attribution": str(Method.UNIQUE_ID),
        "reason": "",
        "matched_id": one.matched_id,
        "matched_lot": one.matched_lot,
        "traced_lot": "",
    }


def insert_new(step: Step, table: type[SQLModel], batch: ResponseBatch, values: Sequence[dict[str, Any]]) -> int:
    """Write the rows that are new; how many were."""
    common = {"campaign_id": step.chain.id, "advertiser_id": step.chain.advertiser_id, "from_seq": step.seq, "batch_id": batch.id}
    key: Any = table.id  # type: ignore[attr-defined]
    rows, added = [{**common, "id": new_key(), **one} for one in values], 0
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table).values(rows[start : start + _AT_ONCE]).on_conflict_do_nothing().returning(col(key))
        added += len(step.session.connection().execute(statement).all())
    return added
