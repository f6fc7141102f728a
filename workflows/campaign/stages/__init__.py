"""The table of contents: ten stages in order, each in a file of its own name, the rest and the two ends."""

from workflows.campaign.stages import (
    analysis,
    budget,
    cancelled,
    closed,
    dedupe,
    delivery,
    lots,
    negotiation,
    on_hold,
    order,
    plan,
    responses,
    send,
)

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
    on_hold.STAGE,
    cancelled.STAGE,
    closed.STAGE,
)
