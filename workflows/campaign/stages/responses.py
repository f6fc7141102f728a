"""Stage *responses*. What donors answer and what did not reach them is imported, each row once, and attributed to its lot.

Left by `CloseResponses` to *analysis*, once responses are in, what each channel brings back is (the post's undeliverables, bounces of
e-mails and messages, reports of calls), and most answers can be: late on the curve of answers, or after the days that policy gives;
before, with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.budget.overrun import DECIDE_INVOICE
from workflows.campaign.claims.claiming import CLAIMS
from workflows.campaign.contacted.barring import KEEP_BARRED, days_barred
from workflows.campaign.contacted.bringing import BOUNCES, CALLS, RESPONSES, UNDELIVERABLES, bringer_of, bringers, kinds_for, sent_channels
from workflows.campaign.contacted.recording import FaultyRow, ReportRow, first_faults, insert_new, keep_reports
from workflows.campaign.data_protection.certificates import CERTIFICATES_MOVES
from workflows.campaign.data_protection.objections import OBJECTIONS_MOVES
from workflows.campaign.dedupe.pressure import KEEP_CONTACTS
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.opening import OPEN_FOLLOW_UP
from workflows.campaign.invoices.controlling import look_again
from workflows.campaign.invoices.decisions import INVOICES_AFTER_DROP
from workflows.campaign.invoices.invoicing import SEND_INVOICE
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.records import Response, ResponseBatch, StoredFile, Undeliverable
from workflows.campaign.results.counted_once import credited_meanwhile
from workflows.campaign.results.curves import campaign_curve
from workflows.campaign.send.correcting import CORRECTIONS
from workflows.campaign.send.correcting_confirmed import CORRECT_CONFIRMED
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, digest, free_text, unrecorded
from workflows.engine.process import Move, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.attribution import GIFT, MAYBE_ANOTHERS, OBJECTION, SET_ASIDE, SetAsideReason
from workflows.trade.barring import Bar
from workflows.trade.money import Cents
from workflows.trade.working_days import local_day

CLOSED_EARLY = "early_close"
"""The control of how late it is when the answers are closed."""
MOST_ARE_IN = Decimal("0.95")
"""So much of the curve has passed when answers may be closed (trade reference, section 3.9)."""


class BatchAlreadyImported(Refused):
    """The very same file was imported before; nothing was counted twice."""

    code = "responses.batch_already_imported"


class BatchNotWaiting(Refused):
    """The batch was recorded before."""

    code = "responses.batch_not_waiting"


class TooEarly(Refused):
    """Many answers are still to come by the campaign's curve, policy's days are not over, and nobody says why it is closed all the same."""

    code = "responses.too_early"


@dataclass(frozen=True, kw_only=True)
class ImportBatch(Command):
    """Import a file of `responses`, `undeliverables`, `bounces` or `calls`. A row that came before counts once."""

    kind: str
    file: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class ResponseRow:
    """One response as a machine attributed it; whom the match key names is there where the campaign held people out, and the lot that the
    number or address tells by which it came where one does. `lists` had the person, where that is known.
    """

    row_sha256: str
    responded_on: date | None
    lot_code: str | None
    unique_id: str
    channel: str
    kind: str
    amount: Cents
    method: str
    is_new: bool
    attribution: str
    reason: str = ""
    matched_id: str = ""
    matched_lot: str = ""
    traced_lot: str = ""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UndeliverableRow:
    """One piece that came back."""

    returned_on: date | None
    lot_code: str | None
    unique_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordBatch(Command):
    """Keep what a machine read in a batch; rows known from an earlier batch are left out.

    `without_mailing` where what was sent was purged before: only lots' codes and numbers told anything. `reports` are of bounces and calls.
    `faults` are the rows of these, and of returned mail, that tell no contact and no piece.
    """

    batch_id: UUID
    responses: tuple[ResponseRow, ...] = digest(())
    undeliverables: tuple[UndeliverableRow, ...] = digest(())
    reports: tuple[ReportRow, ...] = digest(())
    faults: tuple[FaultyRow, ...] = digest(())
    refused_reason: str = ""
    without_mailing: bool = False


@dataclass(frozen=True, kw_only=True)
class CloseResponses(Command):
    """No more answers are waited for. A reason is needed while many are still to come."""

    early_reason: str = free_text("")


def import_batch(step: Step) -> ResponseBatch:
    """Keep the file and let a machine read it.

    :raises Refused: whatever `bringer_of` raises.
    :raises BatchAlreadyImported: for a file with the same bytes.
    """
    command: ImportBatch = step.command
    supplier_id = bringer_of(step, command.kind)
    if any(batch.sha256 == command.file.sha256 and batch.state != "refused" for batch in step.facts.batches):
        raise BatchAlreadyImported(name=command.file.name)
    batch = ResponseBatch(
        **step.from_now_on(),
        kind=command.kind,
        name=command.file.name,
        sha256=command.file.sha256,
        file_id=store(step, command.file, kind=command.kind).id,
        supplier_id=supplier_id,
    )
    step.session.add(batch)
    step.session.flush()
    step.request("attribute_responses", {"batch_id": str(batch.id)})
    return batch


def record_batch(step: Step) -> None:
    """Write the rows that are new, and what became of all.

    :raises BatchNotWaiting: when the batch was recorded before.
    """
    command: RecordBatch = step.command
    batch = next((row for row in step.facts.batches if row.id == command.batch_id), None)
    if batch is None or batch.state != "received":
        raise BatchNotWaiting()
    if command.refused_reason:
        batch.state, batch.counts, batch.to_seq = "refused", {"reason": command.refused_reason}, step.seq
        return
    if batch.kind in (BOUNCES, CALLS):
        keep_reports(step, batch, command.reports, command.faults)
        return
    responses = _counted_once(step, command.responses)
    rows = [vars(row) for row in responses or command.undeliverables]
    added = insert_new(step, Response if responses else Undeliverable, batch, rows)
    faults = command.faults
    counts: dict[str, Any] = {"rows": len(rows) + len(faults), "new": added, "repeated": len(rows) - added}
    if command.without_mailing:
        counts["without_mailing"] = len(rows)
    for row in responses:
        counts[row.attribution] = counts.get(row.attribution, 0) + 1
    if faults:
        counts |= {"unreadable": len(faults), **first_faults(faults)}
    batch.state, batch.counts = "imported", counts
    step.control(f"batch:{batch.kind}", expected=counts["rows"], actual=len(rows) + len(faults), tolerance=0, verdict="ok")
    if added and days_barred(step.policy, Bar.GAVE) and any(row.kind == GIFT and row.unique_id for row in responses):
        step.request("keep_barred", {"batch_id": str(batch.id)})
    if added and (command.undeliverables or any(row.kind == OBJECTION for row in command.responses)):
        step.request("write_objections")


def _counted_once(step: Step, rows: Sequence[ResponseRow]) -> Sequence[ResponseRow]:
    """The rows, those set aside that another campaign credited while this file was read."""
    meanwhile = credited_meanwhile(step, [row.row_sha256 for row in rows if row.attribution in MAYBE_ANOTHERS])
    reason = str(SetAsideReason.COUNTED_ELSEWHERE)
    return [
        replace(
            row,
            lot_code=None,
            # Whoever objects is known and heard wherever it counts.
            unique_id=row.unique_id if row.kind == OBJECTION else "",
            is_new=False,
            attribution=SET_ASIDE,
            reason=reason,
            lists=(),
        )
        if row.row_sha256 in meanwhile
        else row
        for row in rows
    ]


def responses_are_in(facts: CampaignFacts) -> Unmet | None:
    """At least one file of responses was imported, and none is being read. Who was only called has answered in the calls."""
    if any(batch.state == "received" for batch in facts.batches):
        return Unmet(code="responses.being_read", lifted_by=Role.SYSTEM)
    if _imported(facts, RESPONSES) or set(kinds_for(sent_channels(facts))) == {RESPONSES, CALLS}:
        return None
    return Unmet(code="responses.none_imported", lifted_by=Role.PROJECT_MANAGER)


def undeliverables_are_in(facts: CampaignFacts) -> Unmet | None:
    """What the post returned was imported, where anything went by post."""
    return _is_in(facts, UNDELIVERABLES, Unmet(code="responses.no_undeliverables", lifted_by=Role.PROJECT_MANAGER))


def bounces_are_in(facts: CampaignFacts) -> Unmet | None:
    """What bounced was imported, where e-mails or messages went out, while it could be."""
    return _report_is_in(facts, BOUNCES, Unmet(code="responses.no_bounces", lifted_by=Role.PROJECT_MANAGER))


def calls_are_in(facts: CampaignFacts) -> Unmet | None:
    """How the calls ended was imported, where people were called, while it could be."""
    return _report_is_in(facts, CALLS, Unmet(code="responses.no_calls", lifted_by=Role.PROJECT_MANAGER))


def _report_is_in(facts: CampaignFacts, kind: str, otherwise: Unmet) -> Unmet | None:
    """As `_is_in`; once the mailing is purged a report can be of nobody, and is waited for no more."""
    unmet = _is_in(facts, kind, otherwise)
    sent = facts.session.get(StoredFile, facts.lot_plan.result_file_id) if unmet and facts.lot_plan else None
    return None if sent is not None and sent.purged_at is not None else unmet


def _is_in(facts: CampaignFacts, kind: str, otherwise: Unmet) -> Unmet | None:
    return None if _imported(facts, kind) or kind not in kinds_for(sent_channels(facts)) else otherwise


def _imported(facts: CampaignFacts, kind: str) -> bool:
    return any(batch.kind == kind for batch in facts.batches)


def days_of_answers(facts: CampaignFacts, today: date) -> int:
    """Days since the drop; none before it."""
    return max(0, (today - facts.campaign.drop_day).days)


def most_can_be_in(facts: CampaignFacts, today: date) -> bool:
    """Whether the curve says that most answers are in, or the days during which they count are over."""
    days = days_of_answers(facts, today)
    return days >= facts.campaign.policy.whole("thresholds", "response_days") or campaign_curve(facts).share_by(days) >= MOST_ARE_IN


def late_enough(step: Step) -> None:
    """Let the answers be closed when most can be in; before, pass over that with a reason.

    :raises TooEarly: when it is early and no reason is given.
    """
    facts, today = step.facts, local_day(step.now)
    days, longest = days_of_answers(facts, today), step.policy.whole("thresholds", "response_days")
    if most_can_be_in(facts, today):
        step.control(CLOSED_EARLY, expected=longest, actual=days, tolerance=str(MOST_ARE_IN), verdict="ok")
    elif step.command.early_reason.strip():
        override(step, CLOSED_EARLY, expected=longest, actual=days, tolerance=str(MOST_ARE_IN), reason=step.command.early_reason)
    else:
        raise TooEarly(days=days, longest=longest, share=campaign_curve(facts).share_by(days))


STAGE = Stage(
    state=CampaignState.RESPONSES,
    opens=(
        UserTaskSpec("import_responses", candidates=Role.PROJECT_MANAGER, due=WorkingDays("import_responses")),
        UserTaskSpec("close_responses", candidates=Role.PROJECT_MANAGER, due=WorkingDays("close_responses")),
    ),
    moves=(
        Move(
            CloseResponses,
            to=CampaignState.ANALYSIS,
            by=Role.PROJECT_MANAGER,
            event="campaign.responses.closed",
            requires=(responses_are_in, undeliverables_are_in, bounces_are_in, calls_are_in),
            checks=(late_enough,),
            do=look_again,
            closes=("close_responses",),
            opens=(REVIEW_OVERRIDE, SEND_INVOICE, DECIDE_INVOICE),
        ),
        Move(
            ImportBatch,
            by=(Role.PROJECT_MANAGER, Role.SUPPLIER),
            suppliers=bringers,
            event="campaign.responses.received",
            do=import_batch,
            closes=("import_responses",),
        ),
        Move(RecordBatch, by=Role.SYSTEM, event="campaign.responses.imported", do=record_batch),
        *INVOICES_AFTER_DROP,
        *CLAIMS,
        OPEN_FOLLOW_UP,
        *OBJECTIONS_MOVES,
        *CERTIFICATES_MOVES,
        KEEP_CONTACTS,
        KEEP_BARRED,
        *CORRECTIONS,
        CORRECT_CONFIRMED,
        STATE_MARGIN,
        *IN_EVERY_STAGE,
    ),
)
