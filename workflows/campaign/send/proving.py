"""Proving deposits: the slip, the day, and the pieces of each lot, by whoever posted them. What was proved wrongly is for `correcting`.

Whoever sends messages or calls proves these alike, by the report in the place of the slip: a deposit is of one way of going out. Calls
have a last day too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.planning import mailing_window
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.rules import manages
from workflows.campaign.send.depositing import let_deviate, missing_pieces, note_pieces
from workflows.campaign.send.not_sending import UnknownLot
from workflows.campaign.send.senders import all_senders, senders_of, sends
from workflows.engine.command import Command, free_text
from workflows.engine.process import Target
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.trade.channels import Way, way_of
from workflows.trade.working_days import local_day


class DepositEmpty(Refused):
    """A deposit posts pieces of some lot."""

    code = "send.deposit_empty"


class DepositNotPositive(Refused):
    """A deposit is of pieces: one at least for each lot it names."""

    code = "send.deposit_not_positive"


class DepositDeviates(Refused):
    """A lot's pieces differ from what was handed over by more than policy tolerates, and nobody says why."""

    code = "send.deposit_deviates"


class DepositIsToCome(Refused):
    """A deposit is proved once it was made."""

    code = "send.deposit_is_to_come"


class DepositOutsideWindow(Refused):
    """The mail was posted on a day for which the owners did not lend their files, and nobody says why."""

    code = "send.deposit_outside_window"


class DepositOfSeveralWays(Refused):
    """What was posted, what was sent and who was called are proved apart: none of them has the proof of another."""

    code = "send.deposit_of_several_ways"


class DepositEndsOtherwise(Refused):
    """Calls alone have a last day, and not one before the first."""

    code = "send.deposit_ends_otherwise"


@dataclass(frozen=True, kw_only=True)
class RecordDeposit(Command):
    """Prove a deposit: the slip, the day, and pieces by lot code, seeds included. Lots that it leaves out are of other deposits.

    `rest_follows` says that what it lacks of the lots it names is of other deposits too. Of calls, `ended_on` is the last day, which is
    the first where it is not said.
    """

    deposited_on: date
    ended_on: date | None = None
    slip_number: str
    quantities: dict[str, int] = field(default_factory=dict)
    rest_follows: bool = False
    slip: KeptFile | None = field(default=None, metadata={"unrecorded": True})
    explanation: str = free_text("")


def record_deposit(step: Step) -> None:
    """Write the deposit and what it leaves of each lot.

    :raises Refused: whatever `write_deposit` raises.
    """
    speaks_for = () if manages(step) else step.actor.supplier_ids
    write_deposit(step, supplier_id=next((one for one in all_senders(step.facts) if one in speaks_for), None))


def write_deposit(step: Step, *, supplier_id: UUID | None, instead: Deposit | None = None, correction: str = "") -> None:
    """Write the deposit that is asked for, and add its pieces to those of each lot.

    :param instead: the deposit whose place it takes, which has ended, and whose slip stays where no other is given.
    :param correction: why it takes that place.
    :raises DepositEmpty: when it posts nothing.
    :raises UnknownLot: for a code that is no lot to be sent, or that somebody else sends.
    :raises DepositOfSeveralWays: when it is of pieces and messages, or of either and calls.
    :raises DepositEndsOtherwise: for a last day of what has none, or before the first.
    :raises DepositNotPositive: for a lot without pieces.
    :raises DepositDeviates: when a lot deviates beyond tolerance without an explanation.
    :raises DepositIsToCome: for a day that is still to come.
    :raises DepositOutsideWindow: for a day outside the mailing window without an explanation.
    """
    command: RecordDeposit = step.command
    if not any(command.quantities.values()):
        raise DepositEmpty()
    lots = _lots_named(step, command)
    _look_at_days(step, command, _way_of(lots))
    _add_pieces(step, command, lots)
    slip = store(step, command.slip, kind="deposit_slip") if command.slip else None
    kept_id = instead.file_id if instead else None
    step.session.add(
        Deposit(
            **step.from_now_on(),
            deposited_on=command.deposited_on,
            ended_on=command.ended_on,
            slip_number=command.slip_number,
            quantities=dict(command.quantities),
            rest_follows=command.rest_follows,
            file_id=slip.id if slip else kept_id,
            supplier_id=supplier_id,
            explanation=command.explanation,
            version=instead.version + 1 if instead else 1,
            corrects_id=instead.id if instead else None,
            correction=correction,
        )
    )


def _lots_named(step: Step, command: RecordDeposit) -> list[Lot]:
    """The lots that the deposit names, which its asker sends."""
    sent = {lot.code: lot for lot in step.facts.lots if lot.is_sent}
    for code in sorted(command.quantities):
        if code not in sent or not (manages(step) or sends(step.facts, step.actor.supplier_ids, sent[code].channel)):
            raise UnknownLot(lot=code)
    return [sent[code] for code in sorted(command.quantities)]


def _way_of(lots: Iterable[Lot]) -> Way:
    way, *others = {way_of(lot.channel) for lot in lots}
    if others:
        raise DepositOfSeveralWays()
    return way


def _look_at_days(step: Step, command: RecordDeposit, way: Way) -> None:
    first, last = mailing_window(step.chain)
    begun_on, ended_on = command.deposited_on, command.ended_on or command.deposited_on
    if command.ended_on and (way is not Way.CALLS or ended_on < begun_on):
        raise DepositEndsOtherwise()
    if ended_on > local_day(step.now):
        raise DepositIsToCome(deposited_on=ended_on)
    outside = next((day for day in (begun_on, ended_on) if not first <= day <= last), None)
    if outside and not command.explanation.strip():
        raise DepositOutsideWindow(deposited_on=outside, first=first, last=last)
    actual = begun_on.isoformat() if ended_on == begun_on else f"{begun_on}/{ended_on}"
    step.control("deposit_day", expected=f"{first}/{last}", actual=actual, verdict="warning" if outside else "ok")


def _add_pieces(step: Step, command: RecordDeposit, lots: Iterable[Lot]) -> None:
    tolerance = step.policy.share("tolerances", "deposit_share")
    for lot in lots:
        pieces, expected = command.quantities[lot.code], lot.pieces
        if pieces < 1:
            raise DepositNotPositive(lot=lot.code, pieces=pieces)
        total = pieces + (lot.deposited or 0)
        within = abs(total - expected) <= expected * tolerance
        in_part = command.rest_follows and total < expected and not within
        if not within and not in_part and not command.explanation.strip():
            raise DepositDeviates(lot=lot.code, expected=expected, actual=total)
        lot.deposited = total
        if within or in_part:
            note_pieces(step, lot, "warning" if in_part else "ok")
        else:
            let_deviate(step, lot, command.explanation)


def depositors(facts: CampaignFacts) -> Iterable[Target]:
    """Who has to prove a deposit: whoever sends a lot."""
    return _asked(facts, (lot for lot in facts.lots if lot.is_sent))


def depositors_of_the_rest(facts: CampaignFacts) -> Iterable[Target]:
    """Who has to prove another deposit: whoever sends a lot of which pieces are missing."""
    missing = missing_pieces(facts)
    return _asked(facts, (lot for lot in facts.lots if lot.code in missing))


def _asked(facts: CampaignFacts, lots: Iterable[Lot]) -> Iterable[Target]:
    for supplier_id in senders_of(facts, lots):
        yield Target(kind="campaign", id=facts.campaign.id, label=facts.campaign.code, supplier_id=supplier_id)
