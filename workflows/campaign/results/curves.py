"""How fast answers come in: the curve of an advertiser's earlier campaigns by channel, and the one that a campaign forecasts with.

What a campaign's answers did is published with its results, for those that drop later. A campaign takes its curves on the day of its drop
and keeps them: what its forecast was made from does not change with what others publish.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import HistoryCurve
from workflows.campaign.records import Response
from workflows.campaign.results.credited import APART
from workflows.trade.forecast import DEFAULT_POSTAL_CURVE, ResponseCurve, mixed_curve, recalibrated_curve


@dataclass(frozen=True, kw_only=True)
class ChannelCurve:
    """The curve of a channel: that of so many earlier campaigns with so many answers, or the usual one where there are none."""

    channel: str
    curve: ResponseCurve
    campaigns: int = 0
    answers: int = 0


def answers_by_day(facts: CampaignFacts) -> dict[str, list[int]]:
    """Answers credited to a lot by channel and day after the drop, from day 0 to that of the last one."""
    day = col(Response.responded_on)
    statement = (
        sa.select(col(Response.lot_code), day, sa.func.count())
        .where(col(Response.campaign_id) == facts.campaign.id, col(Response.attribution).not_in(APART), day.is_not(None))
        .group_by(col(Response.lot_code), day)
    )
    channels = {lot.code: lot.channel for lot in facts.lots}
    counted: dict[str, dict[int, int]] = {}
    rows: Iterable[Any] = facts.session.connection().execute(statement)
    for lot_code, on, number in rows:
        days = counted.setdefault(channels[lot_code], {})
        after = (on - facts.campaign.drop_day).days
        days[after] = days.get(after, 0) + number
    return {channel: [days.get(one, 0) for one in range(max(days) + 1)] for channel, days in sorted(counted.items())}


def curves_to_keep(facts: CampaignFacts) -> dict[str, Any]:
    """What the advertiser's other campaigns published by now, by channel, where that is enough for a curve: as plain data to be kept."""
    statement = (
        select(HistoryCurve)
        .where(HistoryCurve.advertiser_id == facts.campaign.advertiser_id)
        .where(col(HistoryCurve.published_by_id).is_distinct_from(facts.campaign.id))
        .order_by(col(HistoryCurve.channel), col(HistoryCurve.campaign))
    )
    earlier: dict[str, list[HistoryCurve]] = {}
    for row in facts.session.exec(statement):
        earlier.setdefault(row.channel, []).append(row)
    kept = {}
    for channel in _expected_answers(facts):
        rows = earlier.get(channel, [])
        curve = recalibrated_curve([row.by_day for row in rows])
        if curve is not None:
            points = [[day, f"{share:f}"] for day, share in curve.points]
            kept[channel] = {"campaigns": len(rows), "answers": sum(sum(row.by_day) for row in rows), "points": points}
    return kept


def channel_curves(facts: CampaignFacts) -> tuple[ChannelCurve, ...]:
    """The curve of each channel that the plan expects answers from, as it was kept on the day of the drop."""
    kept = facts.campaign.response_curves or {}
    return tuple(_channel_curve(channel, kept.get(channel)) for channel in _expected_answers(facts))


def campaign_curve(facts: CampaignFacts) -> ResponseCurve:
    """The curve of all answers of the campaign: those of its channels, weighed by what the plan expects of each."""
    expected = _expected_answers(facts)
    curves = [(one.curve, expected[one.channel]) for one in channel_curves(facts)]
    return mixed_curve(curves) if curves else DEFAULT_POSTAL_CURVE


def _channel_curve(channel: str, kept: Mapping[str, Any] | None) -> ChannelCurve:
    if kept is None:
        return ChannelCurve(channel=channel, curve=DEFAULT_POSTAL_CURVE)
    curve = ResponseCurve(tuple((day, Decimal(share)) for day, share in kept["points"]))
    return ChannelCurve(channel=channel, curve=curve, campaigns=kept["campaigns"], answers=kept["answers"])


def _expected_answers(facts: CampaignFacts) -> dict[str, Decimal]:
    """The answers that the submitted plan expects, by channel; a channel that it expects none from is left out."""
    expected: dict[str, Decimal] = {}
    for line in (facts.campaign.projection or {}).get("lines", ()):
        expected[line["channel"]] = expected.get(line["channel"], Decimal(0)) + Decimal(line["responses"])
    return {channel: answers for channel, answers in sorted(expected.items()) if answers > 0}
