"""An overrun: what a campaign is going to cost beside what was approved of it, line by line, and how much more may pass. Pure.

The contingency is part of what was approved and of no forecast: an overrun eats it first, and the tolerance only after it. Not for what a
cost comes to: the forecast is made of the budget's own formulas, in `costs`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from workflows.trade.money import ZERO, round_cents


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One line of a budget or a forecast: what for, of which list, paid to whom, counted how; quantity, and euros without VAT."""

    nature: str
    list_code: str | None = None
    supplier: str | None = None
    basis: str | None = None
    quantity: Decimal
    amount: Decimal

    @property
    def key(self) -> tuple[str, str | None, str | None, str | None]:
        """What the line is for: lines of the same key stand in for each other."""
        return self.nature, self.list_code, self.supplier, self.basis


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What was approved for something and what it is going to cost; None for a side that has no such line."""

    approved: CostLine | None
    forecast: CostLine | None

    @property
    def line(self) -> CostLine:
        """Either side, for what the line is."""
        found = self.approved or self.forecast
        assert found is not None, "a difference has a side"
        return found

    @property
    def amount(self) -> Decimal:
        """How much more it is going to cost; negative where less."""
        return (self.forecast.amount if self.forecast else ZERO) - (self.approved.amount if self.approved else ZERO)


def compare(approved: Iterable[CostLine], forecast: Iterable[CostLine]) -> tuple[Difference, ...]:
    """Each line of either side beside its like, in the order of what was approved. Lines of one key count together."""
    was, now = _by_key(approved), _by_key(forecast)
    return tuple(Difference(approved=was.get(key), forecast=now.get(key)) for key in dict.fromkeys([*was, *now]))


def _by_key(lines: Iterable[CostLine]) -> dict[tuple[str, str | None, str | None, str | None], CostLine]:
    found: dict[tuple[str, str | None, str | None, str | None], CostLine] = {}
    for line in lines:
        earlier = found.get(line.key)
        quantity, amount = (earlier.quantity, earlier.amount) if earlier else (Decimal(0), ZERO)
        found[line.key] = CostLine(
            nature=line.nature,
            list_code=line.list_code,
            supplier=line.supplier,
            basis=line.basis,
            quantity=quantity + line.quantity,
            amount=amount + line.amount,
        )
    return found


def share_above(approved: Decimal, amount: Decimal) -> Decimal:
    """The least tolerance under which an amount passes, as a fraction with six places.

    :raises ZeroDivisionError: when nothing was approved, for no share of it is enough.
    """
    return ((amount - approved) / approved).quantize(Decimal("0.000001"), ROUND_CEILING)


def tolerated_amount(approved: Decimal, share: Decimal, most: Decimal) -> Decimal:
    """What a campaign may come to without being approved again: `approved x (1 + share)`, to the cent, and at most `approved + most`.

    Source: trade reference, section 3.3, the overrun rule.

    :param approved: euros without VAT, contingency included.
    :param share: as a fraction, 0.03 for 3 %.
    :param most: euros above what was approved, whatever the share allows; 0 sets no such cap.
    """
    by_share = round_cents(approved * (1 + share))
    return min(by_share, approved + most) if most else by_share
