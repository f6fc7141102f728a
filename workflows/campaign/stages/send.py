"""Stage *send*. Each message's proof is deposited and signed with its legal notice (see `proofs`), the mailer is ordered to mail, and
proves what it posted (see `proving`, and `correcting` for what was proved wrongly). Where the frozen lots cost more than was approved and
tolerated, an approver accepts that first: see `overrun`.

Left by `ConfirmDrop` to *responses*, once the deposit accounts for every piece of every lot.
"""

from dataclasses import dataclass, replace

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_MAILING, windows_are_cleared
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.budget.overrun import DECIDE_INVOICE, MAIL_OVERRUN, OVERRUN, REAPPROVE_BUDGET, note_overrun, within_approved
from workflows.campaign.contacted.recounting import RECOUNTING, barred_are_counted, barred_have_a_reason, barred_may_be_sent_to
from workflows.campaign.data_protection.certificates import CERTIFY, await_certificates, note_posted
from workflows.campaign.data_protection.purging import follow_drop
from workflows.campaign.dedupe.pressure import CONTACTS, pressure_is_counted
from workflows.campaign.invoices.controlling import look_again
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.invoices.invoicing import SEND_INVOICE
from workflows.campaign.orders.mailing_order import mailing_is_ordered, order_is_up_to_date
from workflows.campaign.papers import lot_plan, mailing_orders
from workflows.campaign.results.curves import curves_to_keep
from workflows.campaign.send.correcting import CORRECTIONS
from workflows.campaign.send.depositing import every_lot_is_deposited, every_piece_is_deposited
from workflows.campaign.send.describing import DESCRIBE_ORDERED
from workflows.campaign.send.handing_over import NoteHandOver, TakeMailing, hand_over, note_hand_over
from workflows.campaign.send.not_sending import NOT_SENDING
from workflows.campaign.send.proofs import BRING_PROOF, MAIL_PROOFS, PROOFS, SIGN_PROOF, every_proof_is_signed
from workflows.campaign.send.proving import RecordDeposit, depositors, depositors_of_the_rest, record_deposit
from workflows.campaign.send.senders import all_senders
from workflows.campaign.send.tracking import TRACK_ORDERED
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, free_text, sha256_of
from workflows.engine.process import DocumentSpec, Move, Stage, UserTaskSpec, WorkingDays
from workflows.engine.step import Step
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class OrderMailing(Command):
    """Hand the lots' files over to the mailer, with everything it needs to know.

    A reason is needed where a lot has people whom its channel leaves alone by now.
    """

    barred_reason: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class ConfirmDrop(Command):
    """The mail is with the post; wait for answers."""


def replace_earlier_order(step: Step) -> None:
    """A mailing order that is issued again asks its mailer once for a deposit, not twice. Nobody decides any more what it may cost."""
    step.close_task("prove_deposit", step.subject.id, declined=True)
    step.drop_task("reapprove_budget", step.subject.id)


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
            requires=(
                every_proof_is_signed,
                within_approved,
                windows_are_cleared,
                pressure_is_counted,
                barred_are_counted,
                barred_may_be_sent_to,
            ),
            checks=(barred_have_a_reason,),
            do=replace_earlier_order,
            closes=("order_mailing",),
            opens=(
                UserTaskSpec("prove_deposit", candidates=Role.SUPPLIER, due=WorkingDays("prove_deposit"), each=depositors),
                REVIEW_OVERRIDE,
            ),
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
        *RECOUNTING,
        *CORRECTIONS,
        *NOT_SENDING,
        DESCRIBE_ORDERED,
        replace(TRACK_ORDERED, issues=(DocumentSpec("lot_plan", lot_plan),)),
        *OVERRUN,
        *INVOICES,
        MOVE_DROP_OF_MAILING,
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION, CampaignState.DELIVERY, CampaignState.DEDUPE, CampaignState.LOTS),
        STATE_MARGIN,
        *IN_EVERY_STAGE,
    ),
)
