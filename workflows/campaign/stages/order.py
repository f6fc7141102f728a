"""Stage *order*. Purchase orders go out under the approved budget; each supplier answers for itself.

Entered from *budget*: orders are issued at once. Left by `ConfirmOrders` to *delivery* once all are accepted and the budget is still,
by its hash, the approved one; or back to *negotiation* with a reason, when a supplier refused.
"""

from dataclasses import dataclass

from workflows.campaign.budget_snapshot import budget_is_as_approved
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.ordering import issue_orders, new_order_papers, new_orders
from workflows.campaign.reworking import going_back
from workflows.campaign.rules import reason_is_given
from workflows.campaign.settling import SETTLE_LIST, list_target
from workflows.campaign.shared_moves import IN_EVERY_STAGE, KEEP_SUPPRESSION
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Unmet
from workflows.engine.step import Step
from workflows.order.model import OrderState
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import ReopenLine


@dataclass(frozen=True, kw_only=True)
class ConfirmOrders(Command):
    """Every order is accepted: wait for the files."""


@dataclass(frozen=True, kw_only=True)
class ReturnToNegotiation(Command):
    """Negotiate again, with a reason; lists whose orders were refused are open again."""

    reason: str = free_text()


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
    enter=issue_orders,
    opens=(
        UserTaskSpec("acknowledge_order", candidates=Role.SUPPLIER, due=WorkingDays("acknowledge_order"), each=new_orders),
        UserTaskSpec("confirm_orders", candidates=Role.PROJECT_MANAGER, due=WorkingDays("confirm_orders")),
    ),
    requests=(ServiceTaskRef("remind_orders", after=WorkingDays("remind_order")),),
    issues=(DocumentSpec("purchase_order", new_order_papers),),
    moves=(
        Move(
            ConfirmOrders,
            to=CampaignState.DELIVERY,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.confirmed",
            requires=(every_order_is_accepted, budget_is_as_approved),
            closes=("confirm_orders",),
        ),
        Move(
            ReturnToNegotiation,
            to=CampaignState.NEGOTIATION,
            by=Role.PROJECT_MANAGER,
            event="campaign.order.returned",
            checks=(reason_is_given,),
            do=reopen_refused,
        ),
        going_back(CampaignState.PLAN),
        *IN_EVERY_STAGE,
        KEEP_SUPPRESSION,
    ),
)
