"""The results of a campaign: figures by list, segment, lot and message with their intervals, tests and what they allow, lessons.

Rates are fractions, amounts Decimal euros without VAT; None where a denominator is 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.judging import Judgement, judgements
from workflows.parties.model import Person
from workflows.trade.sampling import wilson_interval

GROUPINGS = ("by_list", "by_segment", "by_lot", "by_message")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One row of a table of figures; `low` and `high` bound the response rate at 95 %."""

    key: str
    mailed: int
    responses: int
    response_rate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    undeliverable_rate: Decimal | None
    average_gift: Decimal | None
    amount: Decimal | None
    cost: Decimal | None
    cost_per_response: Decimal | None
    roi: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A lesson of this campaign."""

    words: str
    about: str
    who: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultsPage:
    """Everything the results' room shows; without figures while they are computed."""

    computed_at: datetime | None
    published_at: datetime | None
    campaign: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Figures, ...]]
    total: Figures | None
    unattributed: Mapping[str, Any]
    set_aside: int
    tests: tuple[Judgement, ...]
    least_uplift: Decimal
    lessons: tuple[Learned, ...]
    checks: tuple[dict[str, Any], ...]
    target_responses: int | None
    target_roi: Decimal | None
    expected_responses: Decimal | None
    expected_roi: Decimal | None


def get_results(facts: CampaignFacts) -> ResultsPage:
    """Everything the results' room shows."""
    result = facts.result
    body: dict[str, Any] = result.body if result else {}
    kpis = body.get("kpis", {})
    outcome = (facts.campaign.projection or {}).get("outcomes", {}).get("central", {})
    return ResultsPage(
        computed_at=result.computed_at if result else None,
        published_at=result.published_at if result else None,
        campaign=kpis.get("campaign", {}),
        tables={name: _ranked(kpis.get(name, {})) for name in GROUPINGS},
        total=_figures("", kpis["campaign"]) if kpis else None,
        unattributed=body.get("unattributed", {}),
        set_aside=body.get("set_aside", {}).get("responses", 0),
        tests=judgements(facts),
        least_uplift=facts.campaign.policy.share("lots", "least_uplift"),
        lessons=_lessons(facts),
        checks=tuple(body.get("checks", ())),
        target_responses=facts.campaign.target_responses,
        target_roi=facts.campaign.target_roi,
        expected_responses=_decimal(outcome.get("responses")),
        expected_roi=_decimal(outcome.get("roi")),
    )


def _ranked(rows: Mapping[str, Mapping[str, Any]]) -> tuple[Figures, ...]:
    """A table, the best return first."""
    figures = [_figures(key, row) for key, row in rows.items()]
    return tuple(sorted(figures, key=lambda one: (one.roi is None, -(one.roi or Decimal(0)), one.key)))


def _figures(key: str, row: Mapping[str, Any]) -> Figures:
    rate = row["response_rate"]
    responses, mailed = int(rate["numerator"]), int(rate["denominator"])
    interval = wilson_interval(min(responses, mailed), mailed)
    return Figures(
        key=key,
        mailed=mailed,
        responses=responses,
        response_rate=_value(row, "response_rate"),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        undeliverable_rate=_value(row, "undeliverable_rate"),
        average_gift=_value(row, "average_gift"),
        amount=_decimal(row.get("roi", {}).get("numerator")),
        cost=_decimal(row.get("roi", {}).get("denominator")),
        cost_per_response=_value(row, "cost_per_response"),
        roi=_value(row, "roi"),
    )


def _value(row: Mapping[str, Any], name: str) -> Decimal | None:
    return _decimal(row.get(name, {}).get("value"))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _lessons(facts: CampaignFacts) -> tuple[Learned, ...]:
    lessons = []
    for row in reversed(facts.lessons):
        person = facts.session.get(Person, row.person_id) if row.person_id else None
        lessons.append(Learned(words=row.words, about=row.stage, who=person.name if person else "", recorded_at=row.recorded_at))
    return tuple(lessons)
