"""Parts of a whole always add up to it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.apportionment import equal_parts, largest_remainder, with_at_least_one

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


@given(st.integers(0, 100_000), weights)
def test_parts_add_up_and_stay_within_one_unit_of_their_quota(total: int, given: list[int]) -> None:
    parts = largest_remainder(total, given)
    assert sum(parts) == total
    if sum(given):
        quotas = [total * weight / sum(given) for weight in given]
        assert all(abs(part - quota) < 1 + 1e-6 for part, quota in zip(parts, quotas, strict=True))
        assert all(part == 0 for part, weight in zip(parts, given, strict=True) if weight == 0)


def test_the_largest_remainder_gets_the_unit_left_over() -> None:
    assert largest_remainder(10, [47, 16, 37]) == [5, 1, 4]


def test_the_first_of_equals_gets_the_unit_left_over() -> None:
    assert largest_remainder(10, [1, 1, 1]) == [4, 3, 3]


def test_a_total_without_any_weight_is_shared_equally() -> None:
    assert largest_remainder(5, [0, 0]) == [3, 2]


@pytest.mark.parametrize(("total", "given"), [(-1, [1]), (1, []), (1, [1, -1])])
def test_what_cannot_be_shared_is_refused(total: int, given: list[int]) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        largest_remainder(total, given)


@given(st.integers(0, 500), weights)
def test_no_weighted_part_stays_empty_when_there_is_enough(total: int, given: list[int]) -> None:
    parts = with_at_least_one(largest_remainder(total, given), given)
    assert sum(parts) == total
    wanting = [part for part, weight in zip(parts, given, strict=True) if weight > 0]
    if total >= len(wanting):
        assert all(part >= 1 for part in wanting)


def test_too_few_units_leave_the_parts_as_they_were() -> None:
    assert with_at_least_one([1, 0, 0], [5, 1, 1]) == [1, 0, 0]


@given(st.decimals(0, 10**6, places=2), st.integers(1, 9))
def test_equal_parts_add_up_to_the_cent_and_differ_by_one_at_most(total: Decimal, among: int) -> None:
    parts = equal_parts(total, among)
    assert sum(parts) == total
    assert len(parts) == among
    assert max(parts) - min(parts) <= Decimal("0.01")
    assert parts == sorted(parts, reverse=True)


def test_what_equal_parts_leave_over_goes_to_the_first() -> None:
    assert equal_parts(Decimal(100), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
