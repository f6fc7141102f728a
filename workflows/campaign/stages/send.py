"""Stage *send*. Each message's proof is deposited and signed with its legal notice (see `proofs`), the mailer is ordered to mail, and
proves what it posted. Where the frozen lots cost more than was approved and tolerated, an approver accepts that first: see `overrun`.

Left by `ConfirmDrop` to *responses*, once the deposit accounts for every piece of every lot.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_MAILING, windows_are_cleared
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.budget.overrun import DECIDE_INVOICE, MAIL_OVERRUN, OVERRUN, REAPPROVE_BUDGET, note_overrun, within_approved
from workflows.campaign.data_protection.certificates import CERTIFY, await_certificates, note_posted
from workflows.campaign.data_protection.purging import follow_drop
from workflows.campaign.dedupe.pressure import CONTACTS, pressure_is_counted
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.controlling import look_again
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.invoices.invoicing import SEND_INVOICE
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.orders.mailing_order import mailing_is_ordered, order_is_up_to_date
from workflows.campaign.papers import mailing_orders
from workflows.campaign.planning import mailing_window
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.results.curves import curves_to_keep
from workflows.campaign.send.depositing import every_lot_is_deposited, every_piece_is_deposited, let_deviate, missing_pieces
from workflows.campaign.send.handing_over import NoteHandOver, TakeMailing, hand_over, note_hand_over
from workflows.campaign.send.not_sending import NOT_SENDING, UnknownLot
from workflows.campaign.send.proofs import BRING_PROOF, MAIL_PROOFS, PROOFS, SIGN_PROOF, every_proof_is_signed
from workflows.campaign.send.senders import all_senders, senders_of, sends
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, free_text, sha256_of
from workflows.engine.process import DocumentSpec, Move, Stage, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
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


@dataclass(frozen=True, kw_only=True)
class OrderMailing(Command):
    """Hand the lots' files over to the mailer, with everything it needs to know."""


@dataclass(frozen=True, kw_only=True)
class RecordDeposit(Command):
    """Prove a postal deposit: the slip, the day, and pieces by lot code, seeds included. Lots that it leaves out are of other deposits.

    `rest_follows` says that what it lacks of the lots it names is of other deposits too.
    """

    deposited_on: date
    slip_number: str
    quantities: dict[str, int] = field(default_factory=dict)
    rest_follows: bool = False
    slip: KeptFile | None = field(default=None, metadata={"unrecorded": True})
    explanation: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class ConfirmDrop(Command):
    """The mail is with the post; wait for answers."""


def replace_earlier_order(step: Step) -> None:
    """A mailing order that is issued again asks its mailer once for a deposit, not twice. Nobody decides any more what it may cost."""
    step.close_task("prove_deposit", step.subject.id, declined=True)
    step.drop_task("reapprove_budget", step.subject.id)


def record_deposit(step: Step) -> None:
    """Write the deposit and what it leaves of each lot.

    :raises DepositEmpty: when it posts nothing.
    :raises UnknownLot: for a code that is no lot to be sent, or that somebody else sends.
    :raises DepositNotPositive: for a lot without pieces.
    :raises DepositDeviates: when a lot deviates beyond tolerance without an explanation.
    :raises DepositIsToCome: for a day that is still to come.
    :raises DepositOutsideWindow: for a day outside the mailing window without an explanation.
    """
    command: RecordDeposit = step.command
    if not any(command.quantities.values()):
        raise DepositEmpty()
    _look_at_day(step, command)
    # Who manages the campaign proves any deposit, whatever supplier they speak for elsewhere.
    is_manager = step.actor.has_role(Role.PROJECT_MANAGER, step.chain.advertiser_id)
    speaks_for = () if is_manager else step.actor.supplier_ids
    sent = {lot.code: lot for lot in step.facts.lots if lot.is_sent and (is_manager or sends(step.facts, speaks_for, lot.channel))}
    tolerance = step.policy.share("tolerances", "deposit_share")
    for code, pieces in sorted(command.quantities.items()):
        lot = sent.get(code)
        if lot is None:
            raise UnknownLot(lot=code)
        if pieces < 1:
            raise DepositNotPositive(lot=code, pieces=pieces)
        expected, total = lot.pieces, pieces + (lot.deposited or 0)
        within = abs(total - expected) <= expected * tolerance
        in_part = command.rest_follows and total < expected and not within
        if not within and not in_part and not command.explanation.strip():
            raise DepositDeviates(lot=code, expected=expected, actual=total)
        lot.deposited = total
        if within or in_part:
            verdict = "warning" if in_part else "ok"
            step.control(f"deposit:{code}", expected=expected, actual=total, tolerance=str(tolerance), verdict=verdict)
        else:
            let_deviate(step, lot, command.explanation)
    slip = store(step, command.slip, kind="deposit_slip") if command.slip else None
    step.session.add(
        Deposit(
            **step.from_now_on(),
            deposited_on=command.deposited_on,
            slip_number=command.slip_number,
            quantities=dict(command.quantities),
            file_id=slip.id if slip else None,
            supplier_id=next((one for one in all_senders(step.facts) if one in speaks_for), None),
            explanation=command.explanation,
        )
    )


def _look_at_day(step: Step, command: RecordDeposit) -> None:
    first, last = mailing_window(step.chain)
    if command.deposited_on > local_day(step.now):
        raise DepositIsToCome(deposited_on=command.deposited_on)
    within = first <= command.deposited_on <= last
    if not within and not command.explanation.strip():
        raise DepositOutsideWindow(deposited_on=command.deposited_on, first=first, last=last)
    verdict = "ok" if within else "warning"
    step.control("deposit_day", expected=f"{first}/{last}", actual=command.deposited_on.isoformat(), verdict=verdict)


def drop(step: Step) -> None:
    """The first day of deposit is the drop that was: answers are awaited, and address files end, counted from it.

    From now on answers are forecast with the curves of earlier campaigns as they are today, which the entry names by their hash.

    Whoever was handed files of people owes a certificate that they are destroyed; what services may bill is proved.
    """
    campaign = step.chain
    planned_on = campaign.purge_on
    campaign.dropped_on = min(deposit.deposited_on for deposit in step.facts.deposits)
    campaign.response_curves = curves_to_keep(step.facts)
    for channel, kept in campaign.response_curves.items():
        step.control(f"response_curve:{channel}", expected=None, actual=sha256_of(kept), verdict="ok")
    follow_drop(step, planned_on)
    note_posted(step)
    await_certificates(step)
    look_again(step)


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


STAGE = Stage(
    state=CampaignState.SEND,
    enter=note_overrun,
    opens=(
        REAPPROVE_BUDGET,
        BRING_PROOF,
        SIGN_PROOF,
        UserTaskSpec("order_mailing", candidates=Role.PROJECT_MANAGER, due=WorkingDays("sign_proof")),
        UserTaskSpec("confirm_drop", candidates=Role.PROJECT_MANAGER, due=WorkingDays("confirm_drop")),
    ),
    requests=(MAIL_OVERRUN, MAIL_PROOFS),
    moves=(
        Move(
            ConfirmDrop,
            to=CampaignState.RESPONSES,
            by=Role.PROJECT_MANAGER,
            event="campaign.send.dropped",
            requires=(
                every_proof_is_signed,
                within_approved,
                windows_are_cleared,
                order_is_up_to_date,
                every_lot_is_deposited,
                every_piece_is_deposited,
            ),
            do=drop,
            closes=("confirm_drop",),
            opens=(CERTIFY, SEND_INVOICE, DECIDE_INVOICE),
            requests=(CONTACTS,),
        ),
        *PROOFS,
        Move(
            OrderMailing,
            by=Role.PROJECT_MANAGER,
            event="campaign.send.ordered",
            requires=(every_proof_is_signed, within_approved, windows_are_cleared, pressure_is_counted),
            do=replace_earlier_order,
            closes=("order_mailing",),
            opens=(UserTaskSpec("prove_deposit", candidates=Role.SUPPLIER, due=WorkingDays("prove_deposit"), each=depositors),),
            issues=(DocumentSpec("mailing_order", mailing_orders),),
        ),
        Move(
            TakeMailing,
            by=Role.SUPPLIER,
            suppliers=all_senders,
            event="campaign.send.taken",
            requires=(mailing_is_ordered,),
            do=hand_over,
        ),
        Move(
            NoteHandOver,
            by=Role.PROJECT_MANAGER,
            event="campaign.send.handed",
            requires=(mailing_is_ordered,),
            do=note_hand_over,
        ),
        Move(
            RecordDeposit,
            by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
            suppliers=all_senders,
            event="campaign.send.deposited",
            requires=(every_proof_is_signed, windows_are_cleared, order_is_up_to_date),
            do=record_deposit,
            closes=("prove_deposit",),
            opens=(
                UserTaskSpec("prove_deposit", candidates=Role.SUPPLIER, due=WorkingDays("prove_deposit"), each=depositors_of_the_rest),
                REVIEW_OVERRIDE,
            ),
        ),
        *NOT_SENDING,
        *OVERRUN,
        *INVOICES,
        MOVE_DROP_OF_MAILING,
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION, CampaignState.DELIVERY, CampaignState.DEDUPE, CampaignState.LOTS),
        *IN_EVERY_STAGE,
    ),
)
