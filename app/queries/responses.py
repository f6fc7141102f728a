"""What came back of a campaign so far: files imported, answers by day, by what they were attributed, and what is still to be expected."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from app.queries.batches import Batch, list_batches
from app.queries.contact_reports import ContactPage, get_contact_reports
from workflows.campaign.contacted.bringing import kinds_for, sent_channels
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Response, Undeliverable
from workflows.campaign.results.credited import APART, disagreeing
from workflows.campaign.results.curves import ChannelCurve, campaign_curve, channel_curves
from workflows.campaign.stages.responses import days_of_answers, most_can_be_in
from workflows.trade.attribution import GIFT
from workflows.trade.forecast import ResponseCurve, ResponseForecast, forecast_responses
from workflows.trade.projection import whole_responses
from workflows.trade.working_days import local_day

GIVEN = func.coalesce(func.sum(Response.amount).filter(col(Response.kind) == GIFT), 0)
"""What answers brought: what was promised in a call is none of it."""


@dataclass(frozen=True, kw_only=True)
class Week:
    """Answers of one week after the drop, counted from 1."""

    number: int
    responses: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class CurveDay:
    """What is expected to have come in by the end of a day after the drop, with the bounds of the interval; as planned, and by now."""

    day: int
    planned: Decimal
    forecast: ResponseForecast | None


@dataclass(frozen=True, kw_only=True)
class SetAsideReason:
    """Rows set aside, by reason."""

    reason: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ResponsesPage:
    """Everything that came back. `share` is the part of the campaign's response curve that has passed, which is made of its `curves`.

    `so_far` has the answers credited by the end of each day after the drop, up to the present one; `to_come` the curve from the drop to the
    last of `longest` days, empty without a plan. `may_close`: most answers can be in. `kinds` are of the files that may come back.
    `disagreed` came by what one lot carries and have the code of another, which decided.
    """

    batches: tuple[Batch, ...]
    by_attribution: dict[str, int]
    disagreed: int
    attributed: int
    amount: Decimal
    unattributed: int
    set_aside: tuple[SetAsideReason, ...]
    undeliverable: int
    mailed: int
    weeks: tuple[Week, ...]
    expected: int | None
    forecast: ResponseForecast | None
    share: Decimal
    curves: tuple[ChannelCurve, ...]
    days: int
    longest: int
    may_close: bool
    so_far: tuple[int, ...]
    to_come: tuple[CurveDay, ...]
    by_kind: tuple[tuple[str, int], ...]
    by_return_reason: tuple[tuple[str, int], ...]
    contacts: ContactPage
    kinds: tuple[str, ...]

    @property
    def being_read(self) -> bool:
        return any(batch.state == "received" for batch in self.batches)


def get_responses(facts: CampaignFacts, *, now: datetime) -> ResponsesPage:
    """Everything the responses' room shows."""
    campaign_id = facts.campaign.id
    session = facts.session
    grouped = select(Response.attribution, func.count(), GIVEN).where(Response.campaign_id == campaign_id)
    rows = session.exec(grouped.group_by(col(Response.attribution))).all()
    by_attribution = {attribution: number for attribution, number, _ in rows}
    credited = {attribution: amount for attribution, _, amount in rows if attribution not in APART}
    attributed = sum(by_attribution[attribution] for attribution in credited)
    drop_on, today = facts.campaign.dropped_on, local_day(now)
    days = days_of_answers(facts, today) if drop_on else 0
    longest = facts.campaign.policy.whole("thresholds", "response_days")
    by_day = _by_day(facts, drop_on)
    curve = campaign_curve(facts)
    share = curve.share_by(days)
    outcome = (facts.campaign.projection or {}).get("outcomes", {}).get("central")
    expected = Decimal(outcome["responses"]) if outcome else None
    undeliverable = session.exec(select(func.count()).select_from(Undeliverable).where(Undeliverable.campaign_id == campaign_id)).one()
    return ResponsesPage(
        batches=list_batches(session, campaign_id),
        by_attribution=by_attribution,
        disagreed=disagreeing(facts),
        attributed=attributed,
        amount=Decimal(sum(credited.values(), Decimal(0))),
        unattributed=by_attribution.get("unattributed", 0),
        set_aside=_set_aside(facts),
        undeliverable=undeliverable,
        mailed=sum(lot.mailed for lot in facts.lots),
        weeks=_weeks(by_day),
        expected=None if expected is None else whole_responses(expected),
        forecast=forecast_responses(expected, attributed, share) if expected and drop_on else None,
        share=share,
        curves=channel_curves(facts),
        days=days,
        longest=longest,
        may_close=drop_on is not None and most_can_be_in(facts, today),
        so_far=_so_far(by_day, days),
        to_come=_to_come(curve, expected, attributed, days, longest) if expected and drop_on else (),
        by_kind=_counted(facts, Response.kind, col(Response.attribution).not_in(("held_out", "set_aside"))),
        by_return_reason=_counted(facts, Undeliverable.reason),
        contacts=get_contact_reports(facts),
        kinds=kinds_for(sent_channels(facts)),
    )


def count_credited(facts: CampaignFacts) -> tuple[dict[str, int], int]:
    """Rows of answers by what credited them, and how many came by what one lot carries and have the code of another."""
    grouped = select(Response.attribution, func.count()).where(Response.campaign_id == facts.campaign.id)
    return dict(facts.session.exec(grouped.group_by(col(Response.attribution))).all()), disagreeing(facts)


def _counted(facts: CampaignFacts, column: Any, *where: Any) -> tuple[tuple[str, int], ...]:
    """Rows by what stands in a column, the most first."""
    number = func.count()
    statement = select(column, number).where(column.class_.campaign_id == facts.campaign.id, *where).group_by(column)
    return tuple((value, rows) for value, rows in facts.session.exec(statement.order_by(number.desc(), column)))


def _so_far(by_day: dict[int, tuple[int, Decimal]], days: int) -> tuple[int, ...]:
    return tuple(accumulate(by_day.get(day, (0, Decimal(0)))[0] for day in range(days + 1)))


def _to_come(curve: ResponseCurve, planned: Decimal, received: int, days: int, longest: int) -> tuple[CurveDay, ...]:
    """The curve, day by day: of the plan, and from today on of the forecast that goes on from what has come in."""
    passed = curve.share_by(days)
    return tuple(
        CurveDay(
            day=day,
            planned=planned * curve.share_by(day),
            forecast=forecast_responses(planned, received, passed, until=curve.share_by(day)) if day >= days else None,
        )
        for day in range(longest + 1)
    )


def _set_aside(facts: CampaignFacts) -> tuple[SetAsideReason, ...]:
    statement = (
        select(Response.reason, func.count())
        .where(Response.campaign_id == facts.campaign.id, Response.attribution == "set_aside")
        .group_by(col(Response.reason))
        .order_by(col(Response.reason))
    )
    return tuple(SetAsideReason(reason=reason, rows=rows) for reason, rows in facts.session.exec(statement))


def _by_day(facts: CampaignFacts, drop_on: date | None) -> dict[int, tuple[int, Decimal]]:
    """Answers credited and their euros, by day after the drop."""
    if drop_on is None:
        return {}
    statement = (
        select(col(Response.responded_on), func.count(), GIVEN)
        .where(Response.campaign_id == facts.campaign.id, col(Response.attribution).not_in(APART))
        .group_by(col(Response.responded_on))
    )
    return {(day - drop_on).days: (number, Decimal(amount)) for day, number, amount in facts.session.exec(statement) if day is not None}


def _weeks(by_day: dict[int, tuple[int, Decimal]]) -> tuple[Week, ...]:
    weeks: dict[int, tuple[int, Decimal]] = {}
    for day, (number, amount) in by_day.items():
        responses, total = weeks.get(day // 7 + 1, (0, Decimal(0)))
        weeks[day // 7 + 1] = (responses + number, total + amount)
    last = max(weeks, default=0)
    return tuple(
        Week(number=number, responses=weeks.get(number, (0, Decimal(0)))[0], amount=weeks.get(number, (0, Decimal(0)))[1])
        for number in range(1, last + 1)
    )
