"""The states of a campaign: its ten stages, in order, and how it ends."""

from enum import StrEnum


class CampaignState(StrEnum):
    """A campaign's state. The stage's name is the key everywhere: files, pages, URLs, events."""

    PLAN = "plan"
    NEGOTIATION = "negotiation"
    BUDGET = "budget"
    ORDER = "order"
    DELIVERY = "delivery"
    DEDUPE = "dedupe"
    LOTS = "lots"
    SEND = "send"
    RESPONSES = "responses"
    ANALYSIS = "analysis"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    CLOSED = "closed"


ENDS = (CampaignState.CANCELLED, CampaignState.CLOSED)
"""States in which nothing waits for anybody any more."""
TEN_STAGES = tuple(state for state in CampaignState if state is not CampaignState.ON_HOLD and state not in ENDS)
ORDERS_ARE_OUT = TEN_STAGES[TEN_STAGES.index(CampaignState.ORDER) : TEN_STAGES.index(CampaignState.RESPONSES)]
"""Stages in which suppliers may still have to answer an order: the first time, or since the drop was moved."""
