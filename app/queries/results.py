"""The results of a campaign: figures by list, segment, lot, message, channel and tag with their intervals, tests, lessons.

Rates are fractions, amounts Decimal euros without VAT; None where a denominator is 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.queries.names import name_of
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_in
from workflows.campaign.results.figures import GROUPINGS, read_ratio
from workflows.campaign.results.judging import Judgement, judgements
from workflows.campaign.results.uplift import Uplift, uplifts
from workflows.trade.kpis import Margin
from workflows.trade.projection import whole_responses
from workflows.trade.sampling import Interval


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One row of a table of figures; the intervals hold their rates at 95 %.

    `contribution` is what is left of `amount`, or of what stays of it, after `cost`.
    """

    key: str
    mailed: int
    responses: int
    response_rate: Decimal | None
    response_interval: Interval | None
    undeliverable_rate: Decimal | None
    undeliverable_interval: Interval | None
    average_gift: Decimal | None
    amount: Decimal | None
    cost: Decimal | None
    contribution: Decimal | None
    cost_per_response: Decimal | None
    roi: Decimal | None


@dataclass(frozen=True, kw_only=True)
class SharedLine:
    """What a list is credited with, and its equal parts in what people brought whom several lists had, to the hundredth."""

    list_code: str
    responses: int
    shared_responses: Decimal
    gifts: int
    shared_gifts: Decimal
    amount: Decimal
    shared_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The shared view of all lists, of how many answers of people in `several`, and of how many that are not known to be (`untold`)."""

    lines: tuple[SharedLine, ...]
    several: int
    untold: int


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A lesson of this campaign."""

    words: str
    about: str
    who: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultsPage:
    """Everything the results' room shows; without figures while they are computed, and of people held out where there were any.

    `credited` has the answers by what credited them, where lots carried numbers or addresses, `shared` what the
    lists brought where people of several count for each, where any answered. Returns are of `margin`.
    """

    computed_at: datetime | None
    published_at: datetime | None
    campaign: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, tuple[Figures, ...]]
    total: Figures | None
    margin: Margin
    unattributed: Mapping[str, Any]
    set_aside: int
    credited: Mapping[str, Any]
    shared: Shared | None
    tests: tuple[Judgement, ...]
    least_uplift: Decimal
    uplifts: tuple[Uplift, ...]
    held_out: Mapping[str, Any]
    lessons: tuple[Learned, ...]
    checks: tuple[dict[str, Any], ...]
    target_responses: int | None
    target_roi: Decimal | None
    expected_responses: int | None
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
        margin=margin_in(body),
        unattributed=body.get("unattributed", {}),
        set_aside=body.get("set_aside", {}).get("responses", 0),
        credited=body.get("credited", {}),
        shared=_shared(body["shared"], body["lists"]) if "shared" in body else None,
        tests=judgements(facts),
        least_uplift=facts.campaign.policy.share("lots", "least_uplift"),
        uplifts=uplifts(facts),
        held_out=body.get("held_out", {}),
        lessons=_lessons(facts),
        checks=tuple(body.get("checks", ())),
        target_responses=facts.campaign.target_responses,
        target_roi=facts.campaign.target_roi,
        expected_responses=whole_responses(Decimal(outcome["responses"])) if outcome else None,
        expected_roi=_decimal(outcome.get("roi")),
    )


def _ranked(rows: Mapping[str, Mapping[str, Any]]) -> tuple[Figures, ...]:
    """A table, the best return first."""
    figures = [_figures(key, row) for key, row in rows.items()]
    return tuple(sorted(figures, key=lambda one: (one.roi is None, -(one.roi or Decimal(0)), one.key)))


def _figures(key: str, row: Mapping[str, Any]) -> Figures:
    rate = row["response_rate"]
    returns = row.get("net_roi", {})
    return Figures(
        key=key,
        mailed=rate["denominator"],
        responses=rate["numerator"],
        response_rate=_value(row, "response_rate"),
        response_interval=_interval(row, "response_rate"),
        undeliverable_rate=_value(row, "undeliverable_rate"),
        undeliverable_interval=_interval(row, "undeliverable_rate"),
        average_gift=_value(row, "average_gift"),
        amount=_decimal(row.get("average_gift", {}).get("numerator")),
        cost=_decimal(returns.get("denominator")),
        contribution=_decimal(returns.get("numerator")),
        cost_per_response=_value(row, "cost_per_response"),
        roi=_value(row, "roi"),
    )


def _shared(stored: Mapping[str, Any], lists: Mapping[str, Mapping[str, Any]]) -> Shared:
    lines = (
        SharedLine(
            list_code=code,
            responses=lists[code]["responses"],
            shared_responses=Decimal(parts["responses"]),
            gifts=lists[code]["gifts"],
            shared_gifts=Decimal(parts["gifts"]),
            amount=Decimal(lists[code]["amount"]),
            shared_amount=Decimal(parts["amount"]),
        )
        for code, parts in sorted(stored["by_list"].items())
    )
    return Shared(lines=tuple(lines), several=stored["several"], untold=stored["untold"])


def _value(row: Mapping[str, Any], name: str) -> Decimal | None:
    return _decimal(row.get(name, {}).get("value"))


def _interval(row: Mapping[str, Any], name: str) -> Interval | None:
    stored = row.get(name)
    return read_ratio(stored).interval if stored else None


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _lessons(facts: CampaignFacts) -> tuple[Learned, ...]:
    return tuple(
        Learned(words=row.words, about=row.stage, who=name_of(facts.session, row.person_id), recorded_at=row.recorded_at)
        for row in reversed(facts.lessons)
    )
