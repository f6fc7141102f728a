"""Stage *order*. Purchase orders go out under the approved budget; each supplier answers for itself.

Entered from *budget*: orders are issued at once, unless they wait for a condition of the approval, for an offer that has ended or for a
processor's contract: then the project manager sees to it, by leaving lists out (`LeaveOutList`) or otherwise, and sends the orders
(`IssueOrders`). Left by `ConfirmOrders` to *delivery* once all are accepted and the budget is still, by its hash, the approved one; or back
to *negotiation* with a reason, when a supplier refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_ORDERS
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.budget.conditions import (
    LeaveOutList,
    excluded_lists_are_out,
    leave_out_of_budget,
    never_ordered,
    note_conditions,
    orders_are_out,
    orders_are_withheld,
    withheld,
    within_cap,
)
from workflows.campaign.budget.snapshot import budget_is_as_approved
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import files_are_there, second_uses_reach_the_drop
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.orders.ordering import REMIND_ORDERS, issue_orders, new_orders, orders_of_this_step, papers_of_orders
from workflows.campaign.orders.settling import SETTLE_LIST, list_target
from workflows.campaign.papers import purchase_order
from workflows.campaign.processors.contracting import missing_contracts_have_a_reason, note_contracts, processors_are_under_contract
from workflows.campaign.processors.holding import without_contract
from workflows.campaign.rules import a_line_is_left, reason_is_given
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import SUPPRESSIONS
from workflows.campaign.terms.days import offers_hold, offers_hold_today
from workflows.campaign.terms.stating import STATE_BASIS_AGAIN
from workflows.engine.command import Command, free_text
from workflows.engine.process import Condition, DocumentSpec, Move, ServiceTaskRef, Stage, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Unmet
from workflows.engine.step import Step
from workflows.order.model import OrderState
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import ReopenLine

BEFORE_ORDERS: tuple[Condition, ...] = (
    *(excluded_lists_are_out, within_cap, offers_hold, processors_are_under_contract),
    *(second_uses_reach_the_drop, files_are_there),
)
"""What orders wait for under a budget that is approved."""


@dataclass(frozen=True, kw_only=True)
class IssueOrders(Command):
    """What the orders waited for is met: let them go out. A reason is needed where a processor's contract is missing all the same."""

    contract_reason: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class ConfirmOrders(Command):
    """Every order is accepted: wait for the files."""


@dataclass(frozen=True, kw_only=True)
class ReturnToNegotiation(Command):
    """Negotiate again, with a reason; lists whose orders were refused are open again."""

    reason: str = free_text()


def issue_or_withhold(step: Step) -> None:
    """Let the orders go out, unless what they wait for is not met yet; what may be passed over is passed over by somebody."""
    if all(condition(step.facts) is None for condition in BEFORE_ORDERS) and not without_contract(step.facts):
        note_contracts(step)
        issue_orders(step)


def issue_withheld(step: Step) -> None:
    """Let the orders go out, and note the conditions that they keep."""
    note_conditions(step)
    note_contracts(step)
    issue_orders(step)


def withheld_orders(facts: CampaignFacts) -> Iterable[Target]:
    """The orders, all together, while they wait for the approval's conditions."""
    if withheld(facts):
        yield Target(kind="campaign", id=facts.campaign.id)


def reopen_refused(step: Step) -> None:
    """Let the lines of refused and withdrawn orders be candidates again, and ask somebody to settle their lists."""
    refused = {order.list_id for order in step.facts.orders if order.state in (OrderState.REFUSED, OrderState.CANCELLED)}
    for row in step.facts.live_lists:
        if row.id in refused:
            row.terms_agreed_at = row.consent_at = None
            step.open_task(SETTLE_LIST, list_target(row), stage=CampaignState.NEGOTIATION)
    for line in step.facts.live_lines:
        if line.list_id in refused and line.state in (LineState.ORDERED, LineState.CONFIRMED):
            step.then(ReopenLine(subject_id=line.id))


def every_order_is_accepted(facts: CampaignFacts) -> Unmet | None:
    """No supplier still has to answer, none refused, and no order was withdrawn without another in its place."""
    waiting = [order for order in facts.orders if order.state != OrderState.ACCEPTED]
    if not waiting:
        return None
    return Unmet(
        code="order.not_accepted",
        lifted_by=Role.SUPPLIER,
        since=min(order.issued_at for order in waiting),
        params={"orders": [order.number for order in waiting]},
    )


STAGE = Stage(
    state=CampaignState.ORDER,
    enter=issue_or_withhold,
    opens=(
        UserTaskSpec("acknowledge_order", candidates=Role.SUPPLIER, due=WorkingDays("acknowledge_order"), each=new_orders),
        UserTaskSpec("issue_orders", candidates=Role.PROJECT_MANAGER, due=WorkingDays("issue_orders"), each=withheld_orders),
        UserTaskSpec("confirm_orders", candidates=Role.PROJECT_MANAGER, due=WorkingDays("confirm_orders")),
    ),
    requests=(REMIND_ORDERS,),
    issues=(DocumentSpec("purchase_order", papers_of_orders(purchase_order)),),
    moves=(
        Move(
            ConfirmOrders,
            to=CampaignState.DELIVERY,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.confirmed",
            requires=(orders_are_out, every_order_is_accepted, budget_is_as_approved),
            closes=("confirm_orders",),
        ),
        Move(
            IssueOrders,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.issued",
            requires=(orders_are_withheld, *BEFORE_ORDERS, a_line_is_left, budget_is_as_approved),
            checks=(offers_hold_today, missing_contracts_have_a_reason),
            do=issue_withheld,
            closes=("issue_orders",),
            opens=(
                UserTaskSpec("acknowledge_order", candidates=Role.SUPPLIER, due=WorkingDays("acknowledge_order"), each=orders_of_this_step),
                REVIEW_OVERRIDE,
            ),
            requests=(REMIND_ORDERS, ServiceTaskRef("mail_left_out", payload=never_ordered)),
            issues=(DocumentSpec("purchase_order", papers_of_orders(purchase_order)),),
        ),
        Move(
            LeaveOutList,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.list_left_out",
            requires=(orders_are_withheld,),
            checks=(reason_is_given,),
            do=leave_out_of_budget,
        ),
        Move(
            ReturnToNegotiation,
            to=CampaignState.NEGOTIATION,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.returned",
            checks=(reason_is_given,),
            do=reopen_refused,
        ),
        STATE_BASIS_AGAIN,
        MOVE_DROP_OF_ORDERS,
        going_back(CampaignState.PLAN),
        *INVOICES,
        STATE_MARGIN,
        *IN_EVERY_STAGE,
        *SUPPRESSIONS,
    ),
)
