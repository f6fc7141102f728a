"""A deposit that was proved wrongly: whoever proved it corrects it, the project manager refuses it, each with a reason.

A corrected deposit has a next version; a refused one has none, and its mailer is asked again. What ended stays readable and counts
nowhere: its pieces are taken off its lots, and what was let pass for these lots has to be let pass anew. Both end with the confirmation of
what went out, from which on answers, invoices and certificates count what the slips say: `correcting_confirmed` is for what is found then.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, void_overrides
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Deposit, StoredFile
from workflows.campaign.rules import NotOfThisCampaign, answers_for, reason_is_given
from workflows.campaign.send.depositing import CONTROL, note_pieces
from workflows.campaign.send.proving import RecordDeposit, depositors_of_the_rest, write_deposit
from workflows.campaign.send.senders import all_senders
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, ServiceTaskRef, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.parties.roles import Role


class DepositIsOver(Refused):
    """The deposit was corrected or refused already: another stands in its place, or none."""

    code = "send.deposit_is_over"


class DepositUnchanged(Refused):
    """A correction changes something of what was proved."""

    code = "send.deposit_unchanged"


@dataclass(frozen=True, kw_only=True)
class CorrectDeposit(RecordDeposit):
    """Prove a deposit anew as it really was, in the place of what was proved. Without another slip the one that came stays."""

    deposit_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class RefuseDeposit(Command):
    """Let a deposit count for nothing: the post did not take it, or its slip does not say what was declared."""

    deposit_id: UUID
    reason: str = free_text()


def posting_is_open(facts: CampaignFacts) -> Unmet | None:
    """The posting is not confirmed: nothing counts yet what the slips say."""
    if facts.campaign.dropped_on is None:
        return None
    return Unmet(code="send.posting_is_confirmed", lifted_by=Role.PROJECT_MANAGER)


def correct_deposit(step: Step) -> None:
    """Put another deposit in the place of the one that was proved, and let its sender be asked for what is missing now.

    :raises Refused: whatever `correct_standing` raises.
    """
    correct_standing(step)
    if {task.supplier_id for task in _open(step.facts)} - {one.supplier_id for one in depositors_of_the_rest(step.facts)}:
        step.close_task("prove_deposit", step.subject.id, declined=True)


def correct_standing(step: Step) -> None:
    """End the deposit, and write its next version.

    :raises NotOfThisCampaign: when it is none of the campaign's, or another supplier's.
    :raises DepositIsOver: when it was corrected or refused already.
    :raises DepositUnchanged: when it is proved as it was.
    :raises Refused: whatever `write_deposit` raises.
    """
    deposit = _standing(step)
    if not answers_for(step, deposit.supplier_id):
        raise NotOfThisCampaign()
    if _is_unchanged(step, deposit):
        raise DepositUnchanged(number=deposit.slip_number)
    _end(step, deposit)
    write_deposit(step, supplier_id=deposit.supplier_id, instead=deposit, correction=step.command.reason)
    _say_what_is_left(step, set(deposit.quantities) - set(step.command.quantities))


def refuse_deposit(step: Step) -> None:
    """End the deposit, and keep why.

    :raises NotOfThisCampaign: when it is none of the campaign's.
    :raises DepositIsOver: when it was corrected or refused already.
    """
    deposit = _standing(step)
    _end(step, deposit)
    deposit.refusal, deposit.refused_at, deposit.refused_by_id = step.command.reason, step.now, step.actor.person_id
    _say_what_is_left(step, set(deposit.quantities))


def _standing(step: Step) -> Deposit:
    deposit: Deposit | None = step.session.get(Deposit, step.command.deposit_id)
    if deposit is None or deposit.campaign_id != step.chain.id:
        raise NotOfThisCampaign()
    if deposit.to_seq is not None:
        raise DepositIsOver(number=deposit.slip_number)
    return deposit


def _is_unchanged(step: Step, deposit: Deposit) -> bool:
    command: CorrectDeposit = step.command
    slip = step.session.get_one(StoredFile, deposit.file_id).sha256 if deposit.file_id else None
    if command.slip is not None and command.slip.sha256 != slip:
        return False
    names = ("deposited_on", "ended_on", "slip_number", "quantities", "rest_follows", "explanation")
    return all(getattr(command, name) == getattr(deposit, name) for name in names)


def _end(step: Step, deposit: Deposit) -> None:
    """Let the deposit count no more, nor what was let pass for its lots."""
    deposit.to_seq = step.seq
    for lot in step.facts.lots:
        if lot.code in deposit.quantities:
            lot.deposited = (lot.deposited or 0) - deposit.quantities[lot.code] or None
    void_overrides(step, CONTROL, about=set(deposit.quantities))


def _say_what_is_left(step: Step, codes: set[str]) -> None:
    """Write down how many pieces other deposits still prove of lots that this one proves no more."""
    for lot in step.facts.lots:
        if lot.code in codes:
            note_pieces(step, lot, "warning")


def _open(facts: CampaignFacts) -> list[UserTask]:
    return open_tasks(facts.session, UserTask.name == "prove_deposit", UserTask.subject_id == facts.campaign.id)


def depositors_asked_again(facts: CampaignFacts) -> Iterable[Target]:
    """Who has to prove what is missing now, and is not asked already. Where somebody is asked no more, everybody else keeps their day."""
    wanted = list(depositors_of_the_rest(facts))
    days = {task.supplier_id: task.due_at for task in _open(facts)}
    is_closed = bool(set(days) - {one.supplier_id for one in wanted})
    for target in wanted:
        if target.supplier_id not in days:
            yield target
        elif is_closed:
            yield replace(target, due_at=days[target.supplier_id])


def refused_one(step: Step) -> dict[str, Any]:
    """Which deposit its mailer is told of."""
    return {"deposit_id": str(step.command.deposit_id)}


PROVE_AGAIN = UserTaskSpec("prove_deposit", candidates=Role.SUPPLIER, due=WorkingDays("prove_deposit"), each=depositors_asked_again)

CORRECTIONS = (
    Move(
        CorrectDeposit,
        by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
        suppliers=all_senders,
        event="campaign.deposit.corrected",
        requires=(posting_is_open,),
        checks=(reason_is_given,),
        do=correct_deposit,
        opens=(PROVE_AGAIN, REVIEW_OVERRIDE),
    ),
    Move(
        RefuseDeposit,
        by=Role.PROJECT_MANAGER,
        event="campaign.deposit.refused",
        requires=(posting_is_open,),
        checks=(reason_is_given,),
        do=refuse_deposit,
        opens=(PROVE_AGAIN,),
        requests=(ServiceTaskRef("mail_deposit_refused", payload=refused_one),),
    ),
)
"""Declared as long as somebody may find a slip wrong; closed, with the reason, from the posting's confirmation on."""
