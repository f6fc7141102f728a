"""The table of contents: ten stages in order, each in a file of its own name, and the end."""

from workflows.campaign.stages import analysis, budget, closed, dedupe, delivery, lots, negotiation, order, plan, responses, send

STAGES = (
    plan.STAGE,
    negotiation.STAGE,
    budget.STAGE,
    order.STAGE,
    delivery.STAGE,
    dedupe.STAGE,
    lots.STAGE,
    send.STAGE,
    responses.STAGE,
    analysis.STAGE,
    closed.STAGE,
)
