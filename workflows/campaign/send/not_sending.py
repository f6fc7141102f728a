"""A lot that is not mailed after all: spoilt, late or called off. It leaves every count of what was mailed, and its mailer is told.

Of one that is posted in part, the rest: the lot stays, short of it, as a deposit that deviates.

Not for what was never to be mailed (hold-outs, the reserve), which the lot plan says; nor for giving up the mailing, which is to cancel
the campaign.
"""

from dataclasses import dataclass

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.mailing_order import ORDER_AGAIN
from workflows.campaign.records import Lot
from workflows.campaign.rules import reason_is_given
from workflows.campaign.send.depositing import let_deviate, missing_pieces
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


class UnknownLot(Refused):
    """A lot that is not to be sent, or of another campaign."""

    code = "send.unknown_lot"


class LotPosted(Refused):
    """All pieces of the lot that there are to be are with the post."""

    code = "send.lot_posted"


class NothingLeftToSend(Refused):
    """Without this lot nothing would be mailed: that is to cancel the campaign."""

    code = "send.nothing_left_to_send"


class LotNotLeftUnsent(Refused):
    """Nobody left the lot unsent."""

    code = "send.lot_not_left_unsent"


@dataclass(frozen=True, kw_only=True)
class LeaveLotUnsent(Command):
    """Do not mail a lot that was meant to be, or the rest of one."""

    lot: str
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class SendLotAfterAll(Command):
    """Mail a lot that was left unsent."""

    lot: str


def leave_unsent(step: Step) -> None:
    """Take a lot out of the mailing, or let it be without its rest.

    :raises ReasonMissing: when nobody says why.
    :raises UnknownLot: when it is no lot to be sent.
    :raises LotPosted: when it is posted, and nothing of it is to follow.
    :raises NothingLeftToSend: when it is the last.
    """
    reason_is_given(step)
    sent = [lot for lot in step.facts.lots if lot.is_sent]
    lot = next((one for one in sent if one.code == step.command.lot), None)
    if lot is None:
        raise UnknownLot(lot=step.command.lot)
    if lot.deposited is not None:
        _leave_rest(step, lot)
        return
    if len(sent) == 1:
        raise NothingLeftToSend(lot=lot.code)
    lot.not_sent_reason, lot.sending_decided_seq = step.command.reason, step.seq


def _leave_rest(step: Step, lot: Lot) -> None:
    missing = missing_pieces(step.facts)
    if lot.code not in missing:
        raise LotPosted(lot=lot.code, pieces=lot.deposited)
    let_deviate(step, lot, step.command.reason)
    if list(missing) == [lot.code]:
        step.drop_task("prove_deposit", step.subject.id)


def send_after_all(step: Step) -> None:
    """Take a lot back into the mailing.

    :raises LotNotLeftUnsent: when it was not left unsent.
    """
    lot = next((one for one in left_unsent(step.facts) if one.code == step.command.lot), None)
    if lot is None:
        raise LotNotLeftUnsent(lot=step.command.lot)
    lot.not_sent_reason, lot.sending_decided_seq = "", step.seq


def left_unsent(facts: CampaignFacts) -> list[Lot]:
    """The lots that were to be mailed and are not."""
    return [lot for lot in facts.lots if lot.not_sent_reason]


NOT_SENDING = (
    Move(
        LeaveLotUnsent,
        by=Role.PROJECT_MANAGER,
        event="campaign.send.lot_left_unsent",
        do=leave_unsent,
        opens=(ORDER_AGAIN, REVIEW_OVERRIDE),
    ),
    Move(SendLotAfterAll, by=Role.PROJECT_MANAGER, event="campaign.send.lot_reinstated", do=send_after_all, opens=(ORDER_AGAIN,)),
)
