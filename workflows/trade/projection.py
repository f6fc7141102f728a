"""What a plan may expect before anything is mailed: net addresses, responses, euros, cost and return, line by line.

Use it on plan lines and past results. Not once responses come in: that is `forecast`. Small tests mislead rollouts, so
a line's own past counts for as much as it weighs, and the rest comes from the levels above it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import NormalDist

from workflows.trade.billing import ListBill, ListKind, ListTerms, LossReason, bill_list
from workflows.trade.costs import CostItem, ListActivity, cost_lists, pieces_by_channel, share_cost
from workflows.trade.kpis import SIX_PLACES, Counts, Margin, Ratio, sum_counts
from workflows.trade.lot_codes import LotRole
from workflows.trade.money import CENT, ZERO, round_cents


@dataclass(frozen=True)
class HistoryRow:
    """What one list x segment x channel x message did in one past campaign."""

    campaign: str
    list_code: str
    segment: str
    channel: str
    message: str
    kind: ListKind
    counts: Counts


@dataclass(frozen=True)
class PlannedLine:
    """A plan line as far as a projection needs it: `gross` addresses ordered, `seeds` monitor seeds to be mailed.

    `stated_rate` is the response rate that somebody expects of it, in the place of the one that history lets expect.
    """

    list_code: str
    segment: str
    channel: str
    message: str
    role: LotRole
    kind: ListKind
    gross: int
    seeds: int = 0
    stated_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Expected rates of a line, as fractions to six places, and its average gift in euros."""

    retention_rate: Decimal
    undeliverable_rate: Decimal
    response_rate: Decimal
    conversion_rate: Decimal
    average_gift: Decimal


@dataclass(frozen=True, kw_only=True)
class ProjectionPolicy:
    """What an organisation believes of its history.

    `prior_weight` is M, how many addresses the level above is worth; `gift_prior_weight` the same in responses, for
    conversion and average gift. Factors multiply the response rate, the decay for rollouts only. `start` stands above
    all history, for a first campaign. `scenario_confidence` is the chance that a line ends between low and high.
    """

    prior_weight: int
    gift_prior_weight: int
    rollout_decay: Decimal
    season_factor: Decimal
    recency_factor: Decimal
    scenario_confidence: float
    start: Rates


class Scenario(StrEnum):
    """How kind fortune is to a projection."""

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


@dataclass(frozen=True)
class Outcome:
    """What one scenario brings; responses and gifts are expectations, to two decimals."""

    responses: Decimal
    gifts: Decimal
    amount: Decimal
    cost: Decimal = ZERO

    def roi(self, margin: Margin) -> Ratio:
        """Euros returned per euro invested."""
        return Ratio.of(margin.of(self.amount, self.gifts), self.cost)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.responses + other.responses,
            self.gifts + other.gifts,
            self.amount + other.amount,
            self.cost + other.cost,
        )


def whole_responses(expected: Decimal) -> int:
    """An expectation as responses that may be counted on: never more than it, so that a target it misses is missed in words too."""
    return int(expected.to_integral_value(ROUND_FLOOR))


@dataclass(frozen=True)
class LineProjection:
    """What one line may expect; `evidence` is how many pieces of its own history that rests on.

    `projected_rate` is the response rate that history lets expect, also where another was stated.
    """

    line: PlannedLine
    rates: Rates
    net: int
    undeliverable: int
    evidence: int
    outcomes: Mapping[Scenario, Outcome]
    projected_rate: Decimal

    @property
    def pieces(self) -> int:
        """What is sent of it: its net and its seeds."""
        return self.net + self.line.seeds

    @property
    def central(self) -> Outcome:
        """The scenario to be planned with."""
        return self.outcomes[Scenario.CENTRAL]


@dataclass(frozen=True)
class PlanProjection:
    """What a whole plan may expect: its lines, each list's bill, and the sums of the lines by scenario.

    The low total is that of every line being low, which is cautious.
    """

    lines: tuple[LineProjection, ...]
    bills: Mapping[str, ListBill]
    outcomes: Mapping[Scenario, Outcome]

    @property
    def net(self) -> int:
        """Net addresses, over all lines."""
        return sum(line.net for line in self.lines)


def places_by_return(returns: Sequence[Decimal | None]) -> list[int]:
    """The place of each line by its expected return, 1 for the best; lines that cost nothing, and so return none, stand in front.

    Source: trade reference, section 7 ("rank lines by shrunk ROI").
    """
    ranked = sorted(range(len(returns)), key=lambda i: (returns[i] is not None, -(returns[i] or Decimal(0)), i))
    return [ranked.index(i) + 1 for i in range(len(returns))]


def shrink(successes: int | Decimal, trials: int, prior: Decimal, prior_weight: int) -> Decimal:
    """Beta-binomial shrinkage toward a parent's rate: `p = (r + M p0) / (n + M)`, unrounded.

    Source: trade reference, section 7. Also shrinks an average, with r a sum of euros and M a number of gifts.

    :raises ValueError: when there is neither a trial nor a prior weight.
    """
    if trials + prior_weight <= 0:
        raise ValueError("a rate needs trials or a prior weight")
    return (successes + prior_weight * prior) / (trials + prior_weight)


def expected_rates(line: PlannedLine, history: Sequence[HistoryRow], policy: ProjectionPolicy) -> Rates:
    """A line's rates, shrunk down the chain from everything to channel, kind of list, list, segment and message.

    Each level is shrunk toward the one above it; a level without history adds nothing. The response rate then takes
    the factors of the policy.
    """
    rates = policy.start
    for rows in _levels(line, history):
        rates = _shrink_rates(sum_counts(row.counts for row in rows), rates, policy)
    factor = policy.season_factor * policy.recency_factor
    if line.role is LotRole.ROLLOUT:
        factor *= policy.rollout_decay
    return Rates(
        retention_rate=_six(rates.retention_rate),
        undeliverable_rate=_six(rates.undeliverable_rate),
        response_rate=_six(min(Decimal(1), rates.response_rate * factor)),
        conversion_rate=_six(rates.conversion_rate),
        average_gift=round_cents(rates.average_gift),
    )


def _levels(line: PlannedLine, history: Sequence[HistoryRow]) -> Iterable[list[HistoryRow]]:
    """History rows from the widest level to the line's own, each level within the one before it."""
    rows = list(history)
    yield rows
    for level in ("channel", "kind", "list_code", "segment", "message"):
        rows = [row for row in rows if getattr(row, level) == getattr(line, level)]
        yield rows


def _shrink_rates(counts: Counts, parent: Rates, policy: ProjectionPolicy) -> Rates:
    weight, gift_weight = policy.prior_weight, policy.gift_prior_weight
    return Rates(
        retention_rate=shrink(counts.net, counts.gross, parent.retention_rate, weight),
        undeliverable_rate=shrink(counts.undeliverable, counts.mailed, parent.undeliverable_rate, weight),
        response_rate=shrink(counts.responses, counts.mailed, parent.response_rate, weight),
        conversion_rate=shrink(counts.gifts, counts.responses, parent.conversion_rate, gift_weight),
        average_gift=shrink(counts.amount, counts.gifts, parent.average_gift, gift_weight),
    )


def _six(value: Decimal) -> Decimal:
    return value.quantize(SIX_PLACES, ROUND_HALF_UP)


def project_line(line: PlannedLine, history: Sequence[HistoryRow], policy: ProjectionPolicy) -> LineProjection:
    """What a line may expect before its cost is known.

    A rate that was stated takes the place of the projected one, factors and all.
    Low and high are the central rate less and plus z standard deviations of the beta distribution that the
    shrinkage stands for, `sqrt(p (1 - p) / (n + M + 1))`.
    """
    projected = expected_rates(line, history, policy)
    rates = projected if line.stated_rate is None else replace(projected, response_rate=_six(line.stated_rate))
    own = [*_levels(line, history)][-1]
    evidence = sum(row.counts.mailed for row in own)
    net = _whole(line.gross * rates.retention_rate)
    p = rates.response_rate
    z = Decimal(f"{NormalDist().inv_cdf((1 + policy.scenario_confidence) / 2):.6f}")
    spread = z * (p * (1 - p) / (evidence + policy.prior_weight + 1)).sqrt()
    scenario_rates = {
        Scenario.LOW: max(Decimal(0), p - spread),
        Scenario.CENTRAL: p,
        Scenario.HIGH: min(Decimal(1), p + spread),
    }
    return LineProjection(
        line,
        rates,
        net,
        _whole(net * rates.undeliverable_rate),
        evidence,
        {scenario: _outcome(net, rate, rates) for scenario, rate in scenario_rates.items()},
        projected.response_rate,
    )


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _outcome(mailed: int, response_rate: Decimal, rates: Rates) -> Outcome:
    responses = mailed * response_rate
    gifts = responses * rates.conversion_rate
    return Outcome(
        responses.quantize(CENT, ROUND_HALF_UP),
        gifts.quantize(CENT, ROUND_HALF_UP),
        round_cents(gifts * rates.average_gift),
    )


def project_plan(
    lines: Sequence[PlannedLine],
    history: Sequence[HistoryRow],
    terms: Mapping[str, ListTerms],
    items: Sequence[CostItem],
    policy: ProjectionPolicy,
) -> PlanProjection:
    """What a whole plan may expect, costs included.

    Terms hold for a list as a whole, so a list is billed on all of its lines together and its full cost is shared
    among them by the pieces they mail. The contingency is in no cost.

    :param terms: by list code; a house list needs none.
    :raises KeyError: when a list that is no house list has no terms.
    """
    projected = [project_line(line, history, policy) for line in lines]
    of_list: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        of_list.setdefault(line.list_code, []).append(place)
    members = {code: [projected[place] for place in places] for code, places in of_list.items()}
    bills = {code: _expected_bill(code, members[code], terms) for code in of_list}
    outcomes = [dict(one.outcomes) for one in projected]
    for scenario in Scenario:
        activities = [
            ListActivity(
                code,
                bills[code].due_amount,
                delivered=bills[code].delivered,
                mailed=bills[code].net,
                pieces=pieces_by_channel((one.line.channel, one.pieces) for one in members[code]),
                responses=sum((one.outcomes[scenario].responses for one in members[code]), ZERO),
            )
            for code in of_list
        ]
        for cost in cost_lists(activities, items):
            mailed = [(one.line.channel, one.net) for one in members[cost.list_code]]
            shares = share_cost(cost.common_amount, cost.channel_amounts, mailed)
            for place, share in zip(of_list[cost.list_code], shares, strict=True):
                outcomes[place][scenario] = replace(outcomes[place][scenario], cost=share)
    priced = tuple(replace(one, outcomes=outcome) for one, outcome in zip(projected, outcomes, strict=True))
    totals = {scenario: sum((one.outcomes[scenario] for one in priced), Outcome(ZERO, ZERO, ZERO)) for scenario in Scenario}
    return PlanProjection(priced, bills, totals)


def _expected_bill(list_code: str, members: Sequence[LineProjection], terms: Mapping[str, ListTerms]) -> ListBill:
    """What a list should cost when it is delivered as ordered and keeps what its retention lets expect.

    History knows how many records a list loses and not for which reasons. So what is never billed is expected where the terms never bill
    any loss: then it is all that the retention takes out. Where they deduct some reasons, none of the loss is expected to be of them: the
    bill cannot come out above that, as long as a record in full costs no less than the run charge.
    """
    kind = members[0].line.kind
    gross, net = sum(one.line.gross for one in members), sum(one.net for one in members)
    agreed = _NO_TERMS if kind is ListKind.HOUSE else terms[list_code]
    unbilled = gross - net if set(agreed.unbilled_reasons) == set(LossReason) else 0
    return bill_list(kind, gross, net, agreed, ordered=gross, unbilled=unbilled)


_NO_TERMS = ListTerms(
    cpm=ZERO,
    selection_cpm=ZERO,
    run_charge_cpm=ZERO,
    min_billing_rate=Decimal(0),
    min_invoice_amount=ZERO,
    technical_fee=ZERO,
)
