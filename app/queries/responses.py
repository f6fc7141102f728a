"""What came back of a campaign so far: files imported, answers by day, by what they were attributed, and what is still to be expected."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Response, Undeliverable
from workflows.campaign.results import APART
from workflows.trade.forecast import DEFAULT_POSTAL_CURVE, ResponseForecast, forecast_responses


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One imported file. `state`: received, imported or refused; `counts` are its rows by what became of them."""

    name: str
    kind: str
    state: str
    counts: dict[str, Any]
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Week:
    """Answers of one week after the drop, counted from 1."""

    number: int
    responses: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class SetAsideReason:
    """Rows set aside, by reason."""

    reason: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ResponsesPage:
    """Everything that came back. `share` is the part of the usual response curve that has passed."""

    batches: tuple[Batch, ...]
    by_attribution: dict[str, int]
    attributed: int
    amount: Decimal
    unattributed: int
    set_aside: tuple[SetAsideReason, ...]
    undeliverable: int
    mailed: int
    weeks: tuple[Week, ...]
    expected: Decimal | None
    forecast: ResponseForecast | None
    share: Decimal
    days: int

    @property
    def being_read(self) -> bool:
        return any(batch.state == "received" for batch in self.batches)


def get_responses(facts: CampaignFacts, *, now: datetime) -> ResponsesPage:
    """Everything the responses' room shows."""
    campaign_id = facts.campaign.id
    session = facts.session
    grouped = select(Response.attribution, func.count(), func.coalesce(func.sum(Response.amount), 0)).where(
        Response.campaign_id == campaign_id
    )
    rows = session.exec(grouped.group_by(col(Response.attribution))).all()
    by_attribution = {attribution: number for attribution, number, _ in rows}
    credited = {attribution: amount for attribution, _, amount in rows if attribution not in APART}
    attributed = sum(by_attribution[attribution] for attribution in credited)
    drop_on = facts.campaign.dropped_on
    days = max(0, (now.date() - drop_on).days) if drop_on else 0
    share = DEFAULT_POSTAL_CURVE.share_by(days)
    outcome = (facts.campaign.projection or {}).get("outcomes", {}).get("central")
    expected = Decimal(outcome["responses"]) if outcome else None
    undeliverable = session.exec(select(func.count()).select_from(Undeliverable).where(Undeliverable.campaign_id == campaign_id)).one()
    return ResponsesPage(
        batches=tuple(Batch(name=row.name, kind=row.kind, state=row.state, counts=row.counts, sha256=row.sha256) for row in facts.batches),
        by_attribution=by_attribution,
        attributed=attributed,
        amount=Decimal(sum(credited.values(), Decimal(0))),
        unattributed=by_attribution.get("unattributed", 0),
        set_aside=_set_aside(facts),
        undeliverable=undeliverable,
        mailed=sum(lot.quantity for lot in facts.lots if lot.is_sent),
        weeks=_weeks(facts, drop_on),
        expected=expected,
        forecast=forecast_responses(expected, attributed, share) if expected and drop_on else None,
        share=share,
        days=days,
    )


def _set_aside(facts: CampaignFacts) -> tuple[SetAsideReason, ...]:
    statement = (
        select(Response.reason, func.count())
        .where(Response.campaign_id == facts.campaign.id, Response.attribution == "set_aside")
        .group_by(col(Response.reason))
        .order_by(col(Response.reason))
    )
    return tuple(SetAsideReason(reason=reason, rows=rows) for reason, rows in facts.session.exec(statement))


def _weeks(facts: CampaignFacts, drop_on: date | None) -> tuple[Week, ...]:
    if drop_on is None:
        return ()
    statement = (
        select(col(Response.responded_on), func.count(), func.coalesce(func.sum(Response.amount), 0))
        .where(Response.campaign_id == facts.campaign.id, col(Response.attribution).not_in(APART))
        .group_by(col(Response.responded_on))
    )
    weeks: dict[int, tuple[int, Decimal]] = {}
    for day, number, amount in facts.session.exec(statement):
        if day is None:
            continue
        week = (day - drop_on).days // 7 + 1
        responses, total = weeks.get(week, (0, Decimal(0)))
        weeks[week] = (responses + number, total + Decimal(amount))
    last = max(weeks, default=0)
    return tuple(
        Week(number=number, responses=weeks.get(number, (0, Decimal(0)))[0], amount=weeks.get(number, (0, Decimal(0)))[1])
        for number in range(1, last + 1)
    )
