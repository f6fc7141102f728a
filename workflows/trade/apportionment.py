"""Sharing a whole number of indivisible units (cents, records, seats) so that the parts add up to it.

Use it wherever a total must come back exactly from its parts. Not for choosing *which* records go into a
part: that is `splitting`.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def largest_remainder(total: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Share `total` units in proportion to `weights`, to the unit (Hamilton's method).

    Every part is its exact quota rounded down or up. Units left over go to the largest remainders, the
    first of equals winning, so the result depends on nothing but the arguments. When every weight is zero the
    parts are equal, because the total still has to go somewhere.

    :param total: units to share, zero or more.
    :param weights: one per part, zero or more; at least one part.
    :raises ValueError: for a negative total or weight, or for no part at all.
    """
    if total < 0 or not weights or any(weight < 0 for weight in weights):
        raise ValueError("a total and its weights are zero or more, and there is at least one part")
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole == 0:
        exact, whole = [Fraction(1)] * len(exact), Fraction(len(exact))
    quotas = [total * weight / whole for weight in exact]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - quotas[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def equal_parts(total: Decimal, among: int) -> list[Decimal]:
    """Share an amount, or what else has two decimals, in equal parts that add up to it; what is left over goes to the first."""
    return [Decimal(part).scaleb(-2) for part in largest_remainder(int(total.scaleb(2)), [1] * among)]


def with_at_least_one(parts: Sequence[int], weights: Sequence[int | Decimal]) -> list[int]:
    """Give one unit to each empty part of positive weight, taken from the largest, when there are enough.

    A test cell that rounding has emptied would silently vanish from the plan; where units are fewer than the
    parts that want one, nothing can be done and `parts` come back unchanged.
    """
    wanting = [i for i, weight in enumerate(weights) if weight > 0]
    if not any(weights):
        wanting = list(range(len(parts)))
    filled = list(parts)
    if sum(filled) < len(wanting):
        return filled
    for i in wanting:
        if filled[i] == 0:
            largest = max(range(len(filled)), key=lambda j: (filled[j], -j))
            filled[largest] -= 1
            filled[i] = 1
    return filled
