"""By which step of the cascade answers were credited, and how often two steps name two lots. Not for what a lot brought: `figures`."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Response
from workflows.campaign.send.tracking import tracked_references
from workflows.trade.attribution import PRINTED, SET_ASIDE, Method

APART = ("unattributed", "held_out", SET_ASIDE)
"""Attributions that credit no lot that was mailed."""


def steps_taken(facts: CampaignFacts) -> dict[str, Any] | None:
    """Responses and their euros by what credited them, and how many `disagreed`; None where lots carry nothing to tell them by."""
    if not tracked_references(facts):
        return None
    total = sa.select(col(Response.attribution), sa.func.count(), sa.func.coalesce(sa.func.sum(col(Response.amount)), 0)).where(
        col(Response.campaign_id) == facts.campaign.id
    )
    rows = {step: (number, Decimal(amount)) for step, number, amount in facts.session.connection().execute(total.group_by("attribution"))}
    return {
        "steps": {str(step): {"responses": rows[step][0], "amount": f"{rows[step][1]:.2f}"} for step in Method if step in rows},
        "disagreed": disagreeing(facts),
    }


def disagreeing(facts: CampaignFacts) -> int:
    """Responses whose code or number of a person tells one lot and the number or address that they came by another: the first decided."""
    both = sa.select(sa.func.count()).where(
        col(Response.campaign_id) == facts.campaign.id,
        col(Response.attribution).in_([str(one) for one in PRINTED]),
        col(Response.traced_lot) != "",
        col(Response.traced_lot) != col(Response.lot_code),
    )
    return int(facts.session.connection().execute(both).scalar_one())


def brought_by_lot(facts: CampaignFacts) -> dict[str, int]:
    """Responses that each lot was credited with by what it carries, by code."""
    counted = sa.select(col(Response.lot_code), sa.func.count()).where(
        col(Response.campaign_id) == facts.campaign.id, col(Response.attribution) == str(Method.TRACKED)
    )
    rows = facts.session.connection().execute(counted.group_by(col(Response.lot_code)))
    return {str(code): number for code, number in rows}
