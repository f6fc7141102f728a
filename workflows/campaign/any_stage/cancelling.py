"""Cancelling a campaign, in any stage. While no order is out its project manager does it alone; after that an approver decides.

Each order is withdrawn, at what its cancellation terms give (see `owing`), and its supplier told; what is open is closed, and the address
files are purged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflows.campaign.budget.overrun import end_overrun_of_invoice
from workflows.campaign.data_protection.certificates import await_certificates
from workflows.campaign.data_protection.purging import PURGE_NOW, hasten_purge
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.services import done_so_far
from workflows.campaign.orders.owing import owed, owed_total
from workflows.campaign.records import Cancellation
from workflows.campaign.rules import reason_is_given, same_hands
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.order.process import CancelOrder
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import CancelLine
from workflows.trade.money import Cents

DECIDING = "cancellation"
"""Where the approver's task is filed: it outlives the stage in which it was opened."""


class OwedDiffers(Refused):
    """What cancelling costs is not what was shown any more."""

    code = "cancellation.owed_differs"


class NoServiceToOwe(Refused):
    """The campaign has no such order for services; what one for a list owes, its clauses say."""

    code = "cancellation.no_service_to_owe"


class StatedOutOfRange(Refused):
    """An order owes no less than nothing, and no more than it was for."""

    code = "cancellation.stated_out_of_range"


class OwedInFull(Refused):
    """Mail is posted: services that were ordered for it are owed in full."""

    code = "cancellation.owed_in_full"


class AskerMayNotDecide(Refused):
    """Whoever asked for a cancellation does not decide about it."""

    code = "cancellation.asker_may_not_decide"


@dataclass(frozen=True, kw_only=True)
class CancelCampaign(Command):
    """Give the campaign up, with a reason, while no money is committed."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class RequestCancellation(Command):
    """Ask an approver to give the campaign up, with a reason: orders are out."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class StateOwed(Command):
    """Say what an order of services would owe, in euros without VAT, and by what its supplier justifies that."""

    order_number: str
    amount: Cents
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class ApproveCancellation(Command):
    """Give the campaign up at the cost that was shown, in euros without VAT."""

    owed_amount: Cents
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RefuseCancellation(Command):
    """Let the campaign go on, with a reason."""

    reason: str = free_text()


def nothing_is_committed(facts: CampaignFacts) -> Unmet | None:
    """No supplier holds an order: nobody else has to agree."""
    if not facts.live_orders:
        return None
    since = min(order.issued_at for order in facts.live_orders)
    return Unmet(code="cancellation.money_committed", lifted_by=Role.BUDGET_APPROVER, since=since)


def something_is_committed(facts: CampaignFacts) -> Unmet | None:
    """Orders are out; else the project manager needs to ask nobody."""
    return None if facts.live_orders else Unmet(code="cancellation.nothing_committed", lifted_by=Role.PROJECT_MANAGER)


def no_request_waits(facts: CampaignFacts) -> Unmet | None:
    """No cancellation waits for its decision."""
    waiting = facts.cancellation
    if waiting is None:
        return None
    return Unmet(code="cancellation.requested", lifted_by=Role.BUDGET_APPROVER, since=waiting.requested_at)


def a_request_waits(facts: CampaignFacts) -> Unmet | None:
    """Somebody asked for the cancellation."""
    return None if facts.cancellation else Unmet(code="cancellation.not_requested", lifted_by=Role.PROJECT_MANAGER)


def not_own_request(step: Step) -> None:
    """Four eyes decide.

    :raises AskerMayNotDecide: when the asker decides.
    """
    request = step.facts.cancellation
    if same_hands(step, request.requested_by_id, request.from_seq):
        raise AskerMayNotDecide()


def costs_what_was_shown(step: Step) -> None:
    """Compare the cost with what the approver saw.

    :raises OwedDiffers: when it changed.
    """
    now = owed_total(step.facts)
    if step.command.owed_amount != now:
        raise OwedDiffers(shown_amount=step.command.owed_amount, amount=now)


def keep_request(step: Step) -> None:
    """Write down who asks, why, and what it would cost today."""
    step.session.add(_row(step, step.facts, decision=""))


def state_owed(step: Step) -> None:
    """Keep what the order would owe and why; a request that waits is one at that cost.

    :raises NoServiceToOwe: when no live order for services has that number.
    :raises OwedInFull: once mail is posted.
    :raises StatedOutOfRange: below nothing, or above what was ordered.
    """
    command: StateOwed = step.command
    facts: CampaignFacts = step.facts
    order = next((one for one in facts.live_orders if one.number == command.order_number and one.list_id is None), None)
    if order is None:
        raise NoServiceToOwe(order=command.order_number)
    if facts.deposits:
        raise OwedInFull()
    if not 0 <= command.amount <= order.total_amount:
        raise StatedOutOfRange(order=order.number, most_amount=order.total_amount)
    step.control("owed_stated", expected=str(done_so_far(facts, order)), actual=str(command.amount), verdict="ok")
    order.stated_amount, order.stated_reason = command.amount, command.reason.strip()
    if facts.cancellation is not None:
        _note_cost(facts.cancellation, facts)


def note_refusal(step: Step) -> None:
    """The campaign goes on."""
    _decide(step, "refused", step.command.reason)


def note_approval(step: Step) -> None:
    """The cost of the request is the one that was approved."""
    request = step.facts.cancellation
    _note_cost(request, step.facts)
    _decide(step, "approved", step.command.comment)
    step.control("owed", expected=str(step.command.owed_amount), actual=str(request.owed_amount), verdict="ok")


def note_alone(step: Step) -> None:
    """Nobody else had to decide: nothing is owed."""
    row = _row(step, step.facts, decision="approved")
    row.decided_by_id, row.decided_at = step.actor.person_id, step.now
    step.session.add(row)


def _row(step: Step, facts: CampaignFacts, *, decision: str) -> Cancellation:
    return Cancellation(
        **step.from_now_on(),
        reason=step.command.reason,
        owed={number: str(amount) for number, amount in owed(facts).items()},
        owed_amount=owed_total(facts),
        requested_by_id=step.actor.person_id,
        requested_at=step.now,
        decision=decision,
    )


def _note_cost(request: Cancellation, facts: CampaignFacts) -> None:
    request.owed = {number: str(amount) for number, amount in owed(facts).items()}
    request.owed_amount = owed_total(facts)


def _decide(step: Step, decision: str, words: str) -> None:
    request = step.facts.cancellation
    request.decision, request.comment = decision, words
    request.decided_by_id, request.decided_at = step.actor.person_id, step.now


def wind_up(step: Step) -> None:
    """End everything about the campaign: what is open, its orders and lines, and its address files."""
    facts: CampaignFacts = step.facts
    campaign = step.chain
    campaign.stood_in, campaign.rested_at = campaign.stood_in or step.left_state, step.now
    step.drop_everything()
    end_overrun_of_invoice(step)
    for order in facts.live_orders:
        step.then(CancelOrder(subject_id=order.id, reason=facts.cancelled_for))
    for line in _open_lines(facts):
        step.then(CancelLine(subject_id=line.id, reason=facts.cancelled_for))
    hasten_purge(step)
    await_certificates(step)


def _open_lines(facts: CampaignFacts) -> Iterable[Any]:
    return (line for line in facts.live_lines if line.state != LineState.PROCESSED)


CANCELLATION = (
    Move(
        CancelCampaign,
        to=CampaignState.CANCELLED,
        by=Role.PROJECT_MANAGER,
        event="campaign.cancellation.done",
        requires=(nothing_is_committed,),
        checks=(reason_is_given,),
        do=note_alone,
        requests=(PURGE_NOW,),
    ),
    Move(
        RequestCancellation,
        by=Role.PROJECT_MANAGER,
        event="campaign.cancellation.requested",
        requires=(something_is_committed, no_request_waits),
        checks=(reason_is_given,),
        do=keep_request,
        opens=(
            UserTaskSpec(
                "approve_cancellation", candidates=Role.BUDGET_APPROVER, due=WorkingDays("approve_cancellation"), filed_under=DECIDING
            ),
        ),
    ),
    Move(
        StateOwed,
        by=Role.PROJECT_MANAGER,
        event="campaign.cancellation.stated",
        requires=(something_is_committed,),
        checks=(reason_is_given,),
        do=state_owed,
    ),
    Move(
        ApproveCancellation,
        to=CampaignState.CANCELLED,
        by=Role.BUDGET_APPROVER,
        event="campaign.cancellation.approved",
        requires=(a_request_waits,),
        checks=(not_own_request, costs_what_was_shown),
        do=note_approval,
        closes=("approve_cancellation",),
        requests=(PURGE_NOW,),
    ),
    Move(
        RefuseCancellation,
        by=Role.BUDGET_APPROVER,
        event="campaign.cancellation.refused",
        requires=(a_request_waits,),
        checks=(reason_is_given, not_own_request),
        do=note_refusal,
        closes=("approve_cancellation",),
        declines=True,
    ),
)
"""Offered in every stage, and while the campaign rests."""
