"""The end of a campaign is foreseen from its plan and its first answers."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.forecast import (
    DEFAULT_POSTAL_CURVE,
    LEAST_ANSWERS,
    ResponseCurve,
    forecast_responses,
    mixed_curve,
    recalibrated_curve,
)


def test_the_vector_of_the_trade_reference_holds() -> None:
    forecast = forecast_responses(Decimal(600), 200, Decimal("0.4"))
    assert forecast is not None
    assert forecast.final == Decimal("505.7")
    assert forecast.low < forecast.final < forecast.high


def test_nothing_is_shown_before_a_tenth_of_the_curve() -> None:
    assert forecast_responses(Decimal(600), 40, Decimal("0.099")) is None
    assert forecast_responses(Decimal(600), 40, Decimal("0.1")) is not None


def test_at_the_end_of_the_curve_what_came_is_all_there_is() -> None:
    forecast = forecast_responses(Decimal(600), 431, Decimal(1))
    assert forecast is not None
    assert forecast.final == forecast.low == forecast.high == 431


@given(st.integers(1, 5000), st.integers(0, 5000), st.decimals("0.1", "1", places=4))
def test_a_forecast_is_never_below_what_has_come_in(planned: int, received: int, share: Decimal) -> None:
    forecast = forecast_responses(Decimal(planned), received, share)
    assert forecast is not None
    assert received <= forecast.low <= forecast.final <= forecast.high


def test_the_way_to_the_end_starts_from_what_has_come_in_and_leads_to_the_forecast_of_the_end() -> None:
    now = Decimal("0.4")

    def by(until: str) -> tuple[Decimal, Decimal]:
        found = forecast_responses(Decimal(600), 200, now, until=Decimal(until))
        assert found is not None
        return found.final, found.high - found.low

    assert by("0.4") == (200, 0)
    assert by("0.7")[0] == Decimal("352.8"), "half of what is to come"
    assert by("1")[0] == Decimal("505.7")
    assert by("0.4")[1] < by("0.7")[1] < by("1")[1]
    with pytest.raises(ValueError, match="in their order"):
        forecast_responses(Decimal(600), 200, now, until=Decimal("0.3"))


@pytest.mark.parametrize(("planned", "received", "share"), [("0", 1, "0.5"), ("1", -1, "0.5"), ("1", 1, "1.1")])
def test_impossible_inputs_are_refused(planned: str, received: int, share: str) -> None:
    with pytest.raises(ValueError, match="a forecast needs"):
        forecast_responses(Decimal(planned), received, Decimal(share))


def test_between_the_points_of_a_curve_the_line_is_straight() -> None:
    curve = ResponseCurve(((5, Decimal("0.1")), (10, Decimal("0.5")), (20, Decimal("0.9")), (60, Decimal(1))))
    assert curve.share_by(4) == 0
    assert curve.share_by(5) == Decimal("0.1")
    assert curve.share_by(15) == Decimal("0.7")
    assert curve.share_by(99) == 1


def test_half_of_the_mail_answers_within_eighteen_to_twenty_one_days() -> None:
    assert DEFAULT_POSTAL_CURVE.share_by(17) < Decimal("0.5") <= DEFAULT_POSTAL_CURVE.share_by(21)


@pytest.mark.parametrize("points", [(), ((1, "0.5"), (2, "0.4")), ((1, "0.5"),), ((2, "0.5"), (1, "1"))])
def test_a_curve_that_does_not_rise_to_one_is_refused(points: tuple[tuple[int, str], ...]) -> None:
    with pytest.raises(ValueError, match="rises from 0 to 1"):
        ResponseCurve(tuple((day, Decimal(share)) for day, share in points))


AT_ONCE = ResponseCurve(((0, Decimal(0)), (1, Decimal(1))))
EVENLY = ResponseCurve(((0, Decimal(0)), (4, Decimal(1))))


def shares(curve: ResponseCurve | None, *days: int) -> list[str]:
    assert curve is not None
    return [f"{curve.share_by(day):.6f}" for day in days]


def test_earlier_campaigns_are_pooled_by_their_answers_and_shrunk_toward_the_usual_curve() -> None:
    # 800 answers count four times as much as the 200 that the usual curve stands for: 0.8 x 1/2 + 0.2, 0.8 x 3/4 + 0.2.
    earlier = [[0, 100, 100, 200], [0, 300, 100, 0]]
    assert shares(recalibrated_curve(earlier, AT_ONCE), 0, 1, 2, 3) == ["0.000000", "0.600000", "0.800000", "1.000000"]


def test_a_curve_of_many_answers_is_hardly_shrunk_and_one_of_the_fewest_by_half() -> None:
    assert shares(recalibrated_curve([[0, 100, 100]], AT_ONCE), 1) == ["0.750000"]
    assert shares(recalibrated_curve([[0, 99_900, 99_900]], AT_ONCE), 1) == ["0.500500"]


def test_answers_that_were_still_to_come_are_not_taken_for_none() -> None:
    # Known until day 3 and day 1: F(2) = 1 - 100/300, F(1) = F(2) (1 - 100/200); the pooled shares would say 600/800 by day 1.
    earlier = [[0, 100, 100, 100], [0, 500]]
    found = recalibrated_curve(earlier, AT_ONCE)
    assert shares(found, 1, 2, 3) == [f"{(800 / 3 + 200) / 1000:.6f}", f"{(1600 / 3 + 200) / 1000:.6f}", "1.000000"]


def test_after_the_last_day_that_is_known_the_usual_curve_goes_on() -> None:
    # By day 2 half have come in by the usual curve: the 200 answers are that half.
    found = recalibrated_curve([[0, 150, 50]], EVENLY)
    assert shares(found, 1, 2, 3, 4) == ["0.312500", "0.500000", "0.750000", "1.000000"]


def test_campaigns_closed_when_most_is_in_do_not_make_curves_shorter_and_shorter() -> None:
    closed_at = 54
    by_then = [DEFAULT_POSTAL_CURVE.share_by(day) for day in range(closed_at + 1)]
    so_far = [round(10_000 * share) for share in by_then]
    days = [so_far[0], *(now - before for before, now in pairwise(so_far))]

    found = recalibrated_curve([days, days, days])

    assert found is not None
    for day in (10, 20, 30, 45, 54, 60, 84):
        assert abs(found.share_by(day) - DEFAULT_POSTAL_CURVE.share_by(day)) < Decimal("0.0002")


@pytest.mark.parametrize("earlier", [[], [[0, LEAST_ANSWERS - 1]], [[0, 99], [0, 100]]], ids=["none", "one", "two"])
def test_too_few_answers_make_no_curve(earlier: list[list[int]]) -> None:
    assert recalibrated_curve(earlier) is None


@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=120), max_size=4))
def test_a_recalibrated_curve_rises_from_nothing_to_all(earlier: list[list[int]]) -> None:
    found = recalibrated_curve(earlier)
    assert (found is None) == (sum(map(sum, earlier)) < LEAST_ANSWERS)
    assert found is None or (found.share_by(200) == 1 and 0 <= found.share_by(0) <= found.share_by(40) <= 1)


def test_channels_are_mixed_by_the_answers_expected_of_each() -> None:
    mixed = mixed_curve([(AT_ONCE, Decimal(300)), (EVENLY, Decimal(100))])
    assert shares(mixed, 0, 1, 2, 4) == ["0.000000", "0.812500", "0.875000", "1.000000"]
    assert mixed_curve([(EVENLY, Decimal("2.5"))]).share_by(3) == EVENLY.share_by(3)
    with pytest.raises(ValueError, match="weights above 0"):
        mixed_curve([])
