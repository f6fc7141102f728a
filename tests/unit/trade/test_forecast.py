"""The end of a campaign is foreseen from its plan and its first answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.forecast import DEFAULT_POSTAL_CURVE, ResponseCurve, forecast_responses


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
