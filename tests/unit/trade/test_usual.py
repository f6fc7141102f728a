"""What is usual of a rate, from what it was before."""

from decimal import Decimal

import pytest

from workflows.trade.usual import usual

EARLIER = [Decimal("0.70"), Decimal("0.72"), Decimal("0.68")]


def test_the_spread_is_three_deviations_of_the_earlier_rates_and_of_chance() -> None:
    found = usual(EARLIER, 2100)

    assert found is not None
    assert (found.mean, found.earlier) == (Decimal("0.70"), 3)
    assert round(found.spread, 4) == Decimal("0.0671"), "3 x sqrt(.0004 + .7 x .3 / 2100)"


@pytest.mark.parametrize(("rate", "holds"), [("0.767", True), ("0.7671", False), ("0.633", True), ("0.63", False)])
def test_what_lies_further_away_is_unusual_either_way(rate: str, holds: bool) -> None:
    found = usual(EARLIER, 2100)

    assert found is not None
    assert found.holds(Decimal(rate)) is holds


def test_campaigns_that_agreed_leave_room_for_chance() -> None:
    found = usual([Decimal("0.7")] * 3, 100)

    assert found is not None
    assert found.holds(Decimal("0.8"))
    assert not found.holds(Decimal("0.9"))


@pytest.mark.parametrize(("earlier", "size"), [(EARLIER[:2], 2100), ([], 2100), (EARLIER, 0)], ids=["two", "none", "no records"])
def test_too_little_says_nothing(earlier: list[Decimal], size: int) -> None:
    assert usual(earlier, size) is None
