"""Going on without a list: its order is withdrawn, nobody is asked for its file, and its lines end. Not for whether that may be."""

from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.engine.step import Step
from workflows.order.process import CancelOrder
from workflows.plan_line.model import LineState
from workflows.plan_line.process import CancelLine, RefuseLine


def leave_out(step: Step, list_id: UUID, reason: str) -> None:
    """Let everything about a list end; lines that were never ordered are refused, so that they can be negotiated again."""
    facts: CampaignFacts = step.facts
    for order in facts.live_orders:
        if order.list_id == list_id:
            step.then(CancelOrder(subject_id=order.id, reason=reason))
    step.close_task("deliver_list", list_id)
    for line in facts.live_lines:
        if line.list_id == list_id and line.state != LineState.PROCESSED:
            end = RefuseLine if line.state == LineState.OWNER_APPROVED else CancelLine
            step.then(end(subject_id=line.id, reason=reason))
