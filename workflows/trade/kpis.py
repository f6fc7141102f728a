"""The key figures of a campaign, each a ratio of sums.

Use it for what happened. Not for what is expected (`projection`, `forecast`), nor for what two rates allow to be said (`sampling`).

Counts of lots, lists or segments are added first and divided after: an average of rates is never right. A ratio
whose denominator is zero has no value. Source of every formula: trade reference, section 6, with n = mailed,
d = n - undeliverable, R = responses, O = gifts, A = amount, C = cost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Self

from workflows.trade.money import round_cents
from workflows.trade.sampling import Interval, wilson_interval

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Sums of one slice of a campaign; adding two gives the sums of both.

    `gross` is what was delivered and `net` what the dedupe kept; `new` counts people who had never given and
    `new_amount` is what they gave. Amounts are euros without VAT.
    """

    gross: int = 0
    net: int = 0
    mailed: int = 0
    undeliverable: int = 0
    responses: int = 0
    gifts: int = 0
    new: int = 0
    amount: Decimal = Decimal("0.00")
    new_amount: Decimal = Decimal("0.00")
    cost: Decimal = Decimal("0.00")

    def __add__(self, other: Self) -> Self:
        summed = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return type(self)(**summed)


@dataclass(frozen=True, kw_only=True)
class Margin:
    """What stays of what people give or buy: of each amount the share `rate` (m), less `handling_amount` (v) for each gift or order.

    The whole of it stays of gifts that nobody counts the handling of. `handling_amount` is euros without VAT.
    """

    rate: Decimal = Decimal(1)
    handling_amount: Decimal = Decimal(0)

    def of(self, amount: Decimal, gifts: int | Decimal) -> Decimal:
        """A m - v O, in euros to the cent: what a return is made of can be checked by hand."""
        return round_cents(amount * self.rate - self.handling_amount * gifts)


WHOLE = Margin()
"""All of it stays."""


def sum_counts(counts: Iterable[Counts]) -> Counts:
    """The sums of any number of slices, zeros for none."""
    return sum(counts, Counts())


@dataclass(frozen=True)
class Ratio:
    """A numerator, a denominator and their quotient to six places, None where the denominator is zero."""

    numerator: int | Decimal
    denominator: int | Decimal
    value: Decimal | None

    @classmethod
    def of(cls, numerator: int | Decimal, denominator: int | Decimal, per: int = 1) -> Self:
        """Divide, rounding half-up; `per` multiplies the value, not the numerator (1000 for "per thousand")."""
        if not denominator:
            return cls(numerator, denominator, None)
        return cls(numerator, denominator, _six_places(Decimal(numerator) * per / Decimal(denominator)))

    @property
    def interval(self) -> Interval | None:
        """Where a share really is, 95 times in 100 (Wilson); None of what is no share of counted things."""
        counted = isinstance(self.numerator, int) and isinstance(self.denominator, int)
        return wilson_interval(int(self.numerator), int(self.denominator)) if counted and 0 <= self.numerator <= self.denominator else None


def _six_places(value: Decimal) -> Decimal:
    return value.quantize(SIX_PLACES, ROUND_HALF_UP)


def response_rate(counts: Counts) -> Ratio:
    """*Taux de retour*: R / n."""
    return Ratio.of(counts.responses, counts.mailed)


def response_rate_of_delivered(counts: Counts) -> Ratio:
    """*Taux de retour* on the pieces that arrived: R / d."""
    return Ratio.of(counts.responses, counts.mailed - counts.undeliverable)


def yield_rate(counts: Counts) -> Ratio:
    """*Rendement*: O / n."""
    return Ratio.of(counts.gifts, counts.mailed)


def conversion_rate(counts: Counts) -> Ratio:
    """*Transformation*: O / R."""
    return Ratio.of(counts.gifts, counts.responses)


def undeliverable_rate(counts: Counts) -> Ratio:
    """*Taux de PND*: undeliverable / n."""
    return Ratio.of(counts.undeliverable, counts.mailed)


def retention_rate(counts: Counts) -> Ratio:
    """*Taux de conservation*: net / gross, as observed; never the contractual billing floor."""
    return Ratio.of(counts.net, counts.gross)


def cost_per_contact(counts: Counts) -> Ratio:
    """*Coût par contact*: C / n, in euros."""
    return Ratio.of(counts.cost, counts.mailed)


def value_per_contact(counts: Counts) -> Ratio:
    """*Valeur par contact*: A / n, in euros: the product of the rates of all stages up to the gift, times the average gift."""
    return Ratio.of(counts.amount, counts.mailed)


def cost_per_response(counts: Counts) -> Ratio:
    """*Coût par retour*: C / R, in euros."""
    return Ratio.of(counts.cost, counts.responses)


def acquisition_cost(counts: Counts) -> Ratio:
    """*Coût de recrutement brut*: C / new, in euros."""
    return Ratio.of(counts.cost, counts.new)


def acquisition_cost_net(counts: Counts) -> Ratio:
    """*Coût de recrutement net*: (C - A of the new) / new, in euros; negative when they brought more than they cost."""
    return Ratio.of(counts.cost - counts.new_amount, counts.new)


def average_gift(counts: Counts) -> Ratio:
    """*Don moyen*: A / O, in euros."""
    return Ratio.of(counts.amount, counts.gifts)


def revenue_per_mille(counts: Counts) -> Ratio:
    """*CA par mille*: 1000 A / n, in euros."""
    return Ratio.of(counts.amount, counts.mailed, per=1000)


def contribution(counts: Counts, margin: Margin) -> Decimal:
    """*Marge*: A m - v O - C, in euros to the cent."""
    return margin.of(counts.amount, counts.gifts) - counts.cost


def roi(counts: Counts, margin: Margin) -> Ratio:
    """*ROI*: (A m - v O) / C, euros returned per euro invested, so break-even is 1 and not 0."""
    return Ratio.of(margin.of(counts.amount, counts.gifts), counts.cost)


def net_roi(counts: Counts, margin: Margin) -> Ratio:
    """*ROI net*: roi - 1, which is (A m - v O - C) / C."""
    return Ratio.of(margin.of(counts.amount, counts.gifts) - counts.cost, counts.cost)


def break_even_rate(
    *,
    fixed_cost: Decimal,
    piece_cost: Decimal,
    mailed: int,
    average: Decimal,
    margin: Margin,
) -> Ratio:
    """*Point mort*, the rate of gifts that pays for the mailing: (F + c n) / (n (a m - v)).

    Without value when a gift brings nothing after handling, because then no rate pays.

    :param fixed_cost: F, euros whatever the quantity.
    :param piece_cost: c, euros per piece.
    :param average: a, euros per gift or order.
    """
    worth = average * margin.rate - margin.handling_amount
    cost = fixed_cost + piece_cost * mailed
    if worth <= 0:
        return Ratio(cost, mailed * worth, None)
    return Ratio.of(cost, mailed * worth)


def penetration(distinct_responders: int, universe: int) -> Ratio:
    """*Pénétration*: distinct responders / addressable universe."""
    return Ratio.of(distinct_responders, universe)


KPIS: Mapping[str, Callable[[Counts], Ratio]] = MappingProxyType(
    {
        "response_rate": response_rate,
        "yield_rate": yield_rate,
        "conversion_rate": conversion_rate,
        "undeliverable_rate": undeliverable_rate,
        "retention_rate": retention_rate,
        "cost_per_contact": cost_per_contact,
        "value_per_contact": value_per_contact,
        "cost_per_response": cost_per_response,
        "acquisition_cost": acquisition_cost,
        "acquisition_cost_net": acquisition_cost_net,
        "average_gift": average_gift,
        "revenue_per_mille": revenue_per_mille,
    }
)
"""The figures that counts alone determine, by code, in the order in which they are shown."""

IN_EUROS = frozenset(
    {
        "cost_per_contact",
        "value_per_contact",
        "cost_per_response",
        "acquisition_cost",
        "acquisition_cost_net",
        "average_gift",
        "revenue_per_mille",
    }
)
"""Those of them that are amounts; the others are shares."""

RETURNS: Mapping[str, Callable[[Counts, Margin], Ratio]] = MappingProxyType({"roi": roi, "net_roi": net_roi})
"""The figures that take the margin too; they are shown after the others."""


def kpi_table(counts: Counts, margin: Margin) -> dict[str, Ratio]:
    """All figures of one slice, by code, in the order in which they are shown."""
    return {name: of(counts) for name, of in KPIS.items()} | {name: of(counts, margin) for name, of in RETURNS.items()}
