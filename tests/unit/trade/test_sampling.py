"""Tests are large enough, or their verdict is that they were not."""

import math
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workflows.trade.sampling import (
    Interval,
    Sample,
    Verdict,
    chi_square_p_value,
    comparison_power,
    comparison_sample_size,
    detectable_rate,
    holm,
    missing_pieces,
    newcombe_interval,
    precision_sample_size,
    sample_ratio_p_value,
    two_proportion_p_value,
    verdict_of,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("first", "second", "size"),
    [("0.02", "0.025", 13_809), ("0.01", "0.013", 19_827), ("0.015", "0.018", 28_304)],
)
def test_two_cells_need_what_the_trade_reference_says(first: str, second: str, size: int) -> None:
    assert comparison_sample_size(Decimal(first), Decimal(second)) == size
    assert comparison_sample_size(Decimal(second), Decimal(first)) == size


def test_a_rate_of_2_per_cent_is_known_to_within_3_tenths_of_a_point_by_8366() -> None:
    assert precision_sample_size(Decimal("0.02"), Decimal("0.003")) == 8_366
    known = NormalDist().inv_cdf(0.975) * math.sqrt(0.02 * 0.98 / 8_366)
    assert 0.00299 < known <= 0.003 < NormalDist().inv_cdf(0.975) * math.sqrt(0.02 * 0.98 / 8_365)


@pytest.mark.parametrize(("rate", "error"), [("0", "0.1"), ("1", "0.1"), ("0.1", "0"), ("0.1", "1")])
def test_a_precision_that_cannot_be_had_is_refused(rate: str, error: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        precision_sample_size(Decimal(rate), Decimal(error))


@pytest.mark.parametrize(("first", "second"), [("0", "0.1"), ("0.1", "1"), ("0.1", "0.1")])
def test_rates_that_cannot_be_told_apart_are_refused(first: str, second: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        comparison_sample_size(Decimal(first), Decimal(second))


@pytest.mark.parametrize(("first", "second", "size"), [("0.02", "0.025", 13_809), ("0.01", "0.013", 19_827), ("0.015", "0.018", 28_304)])
def test_cells_of_the_size_that_is_needed_have_the_power_it_was_reckoned_for(first: str, second: str, size: int) -> None:
    one, other = Decimal(first), Decimal(second)
    assert comparison_power(one, other, size, size) == pytest.approx(0.8, abs=1e-4)
    assert comparison_power(one, other, size - 1, size - 1) < 0.8 <= comparison_power(one, other, size, size)
    assert comparison_power(other, one, size, size) == pytest.approx(0.8, abs=1e-4)


def test_the_power_of_unequal_cells_is_what_drawing_them_shows() -> None:
    rng = np.random.default_rng(20261013)
    small, large = rng.binomial(4_000, 0.02, 20_000), rng.binomial(40_000, 0.026, 20_000)
    pooled = (small + large) / 44_000
    z = (large / 40_000 - small / 4_000) / np.sqrt(pooled * (1 - pooled) * (1 / 4_000 + 1 / 40_000))
    seen = float(np.mean(np.abs(z) > 1.959964))
    assert comparison_power(Decimal("0.02"), Decimal("0.026"), 4_000, 40_000) == pytest.approx(seen, abs=0.02)


def test_empty_cells_show_nothing_and_no_rate_is_far_enough_for_tiny_ones() -> None:
    assert comparison_power(Decimal("0.02"), Decimal("0.9"), 0, 1_000) == 0
    assert detectable_rate(Decimal("0.02"), 2, 2) is None


@pytest.mark.parametrize(("rate", "other", "size"), [("0.02", "0.025", 13_809), ("0.01", "0.013", 19_827)])
def test_the_nearest_rate_that_cells_can_tell_is_the_one_they_were_sized_for(rate: str, other: str, size: int) -> None:
    found = detectable_rate(Decimal(rate), size, size)
    assert found == pytest.approx(Decimal(other), abs=Decimal("0.000002"))
    assert comparison_power(Decimal(rate), found, size, size) >= 0.8


def test_wilson_gives_the_textbook_interval() -> None:
    expected = stats.binomtest(97, 8242).proportion_ci(0.95, method="wilson")
    interval = wilson_interval(97, 8242)
    assert interval is not None
    assert float(interval.low) == pytest.approx(expected.low, abs=1e-6)
    assert float(interval.high) == pytest.approx(expected.high, abs=1e-6)
    assert wilson_interval(0, 0) is None
    assert wilson_interval(0, 10) == Interval(Decimal("0.000000"), Decimal("0.277533"))
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(3, 2)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
    ids=["a", "b", "c", "d", "e", "f", "g", "h"],
)
def test_newcombes_interval_is_that_of_his_table(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    # Statistics in Medicine 17 (1998), 873-890, table II, method 10: the first less the second.
    interval = newcombe_interval(Sample(*second), Sample(*first))
    assert interval is not None
    assert (float(interval.low), float(interval.high)) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_newcombes_interval_turns_round_with_its_sides_and_is_none_without_trials() -> None:
    one, other = Sample(21, 3_502), Sample(1_096, 66_400)
    forth, back = newcombe_interval(one, other), newcombe_interval(other, one)
    assert forth is not None
    assert back == Interval(-forth.high, -forth.low)
    assert newcombe_interval(Sample(0, 0), other) is None


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_a_wilson_interval_holds_its_rate(trials: int, share: float) -> None:
    successes = int(trials * share)
    interval = wilson_interval(successes, trials)
    assert interval is not None
    rate = Decimal(successes) / trials
    assert 0 <= interval.low <= rate + Decimal("0.000001")
    assert rate - Decimal("0.000001") <= interval.high <= 1


@given(st.floats(0, 400), st.integers(1, 40))
def test_our_chi_square_is_that_of_the_tables(statistic: float, degrees: int) -> None:
    expected = stats.chi2.sf(statistic, degrees)
    assert math.isclose(chi_square_p_value(statistic, degrees), expected, rel_tol=1e-8, abs_tol=1e-14)


def test_a_broken_split_is_noticed_and_an_even_one_is_not() -> None:
    assert sample_ratio_p_value([5000, 5003], [1, 1]) > 0.9
    assert sample_ratio_p_value([5300, 4700], [1, 1]) < 0.001
    assert sample_ratio_p_value([0, 0], [1, 1]) == 1
    with pytest.raises(ValueError, match="two parts"):
        sample_ratio_p_value([10], [1])
    with pytest.raises(ValueError, match="do not match"):
        sample_ratio_p_value([10, 1], [1, 0])
    with pytest.raises(ValueError, match="at least one degree"):
        chi_square_p_value(1, 0)


@pytest.mark.parametrize(("first", "second", "size"), [("0.02", "0.025", 13_809), ("0.01", "0.013", 19_827), ("0.015", "0.018", 28_304)])
def test_cells_of_the_size_that_is_needed_lack_no_piece(first: str, second: str, size: int) -> None:
    rates = Decimal(first), Decimal(second)
    assert missing_pieces(*rates, size, size) == (0, 0)
    assert missing_pieces(*rates, size - 1, size - 1) == (1, 1)
    assert missing_pieces(*rates, 1_000, size - 500) == (size - 1_000, 500)


@given(st.integers(1, 13_808), st.integers(13_809, 200_000))
def test_beside_a_large_cell_the_smaller_one_lacks_as_few_pieces_as_give_the_power(small: int, large: int) -> None:
    rates = Decimal("0.02"), Decimal("0.025")
    lacking, of_the_large = missing_pieces(*rates, small, large)
    assert of_the_large == 0
    assert comparison_power(*rates, small + lacking, large) >= 0.8
    assert not lacking or comparison_power(*rates, small + lacking - 1, large) < 0.8
    assert missing_pieces(*reversed(rates), large, small) == (0, lacking)


def test_a_verdict_names_the_winner_only_where_the_cells_are_large_enough_and_differ() -> None:
    a, b = Sample(280, 14_000), Sample(360, 14_000)
    assert verdict_of(a, b, enough=True, differs=True) is Verdict.B_WINS
    assert verdict_of(b, a, enough=True, differs=True) is Verdict.A_WINS
    assert verdict_of(a, b, enough=True, differs=False) is Verdict.NO_DIFFERENCE
    assert verdict_of(a, b, enough=False, differs=True) is Verdict.INCONCLUSIVE


def test_two_samples_add_up_and_none_has_no_rate() -> None:
    assert Sample(3, 100) + Sample(1, 100) == Sample(4, 200)
    assert Sample(4, 200).rate == Decimal("0.02")
    assert Sample(0, 0).rate is None


def test_the_p_value_is_that_of_the_uncorrected_chi_square() -> None:
    table = [[280, 13_720], [330, 13_670]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert two_proportion_p_value(Sample(280, 14_000), Sample(330, 14_000)) == pytest.approx(expected)
    assert two_proportion_p_value(Sample(0, 10), Sample(0, 10)) == 1


def test_several_comparisons_are_judged_together() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == [True, False, False, True]
    assert holm([]) == []
