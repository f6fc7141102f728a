"""France works from Monday to Friday, holidays excepted."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.working_days import (
    NoDropWindow,
    Region,
    add_working_days,
    drop_warnings,
    instant_at,
    is_working_day,
    local_day,
    next_working_day,
    public_holidays,
    read_day_of_year,
    working_days_between,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_france_has_eleven_public_holidays() -> None:
    assert public_holidays(2027) == {
        date(2027, 1, 1),
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 1),
        date(2027, 5, 6),  # Ascension
        date(2027, 5, 8),
        date(2027, 5, 17),  # Whit Monday
        date(2027, 7, 14),
        date(2027, 8, 15),
        date(2027, 11, 1),
        date(2027, 11, 11),
        date(2027, 12, 25),
    }


def test_alsace_moselle_also_rests_on_good_friday_and_the_day_after_christmas() -> None:
    more = public_holidays(2027, Region.ALSACE_MOSELLE) - public_holidays(2027)
    assert more == {date(2027, 3, 26), date(2027, 12, 26)}
    assert is_working_day(date(2027, 3, 26))
    assert not is_working_day(date(2027, 3, 26), Region.ALSACE_MOSELLE)


def test_counting_skips_week_ends_and_holidays() -> None:
    thursday_before_easter = date(2027, 3, 25)
    assert add_working_days(thursday_before_easter, 2) == date(2027, 3, 30)
    assert add_working_days(date(2027, 3, 30), -2) == thursday_before_easter
    assert working_days_between(thursday_before_easter, date(2027, 3, 30)) == 2
    assert working_days_between(date(2027, 3, 30), thursday_before_easter) == -2


def test_a_saturday_rolls_to_monday() -> None:
    saturday = date(2027, 2, 13)
    assert next_working_day(saturday) == add_working_days(saturday, 0) == date(2027, 2, 15)
    assert add_working_days(saturday, 1) == date(2027, 2, 15)


@given(days, st.integers(-80, 80))
def test_counting_there_and_back_returns_to_a_working_day(day: date, count: int) -> None:
    start = next_working_day(day)
    end = add_working_days(start, count)
    assert is_working_day(end)
    assert add_working_days(end, -count) == start
    assert working_days_between(start, end) == count


def test_an_hour_in_paris_is_one_hour_behind_in_winter_and_two_in_summer() -> None:
    assert instant_at(date(2027, 1, 12), time(18)) == datetime(2027, 1, 12, 17, tzinfo=UTC)
    assert instant_at(date(2027, 7, 13), time(18)) == datetime(2027, 7, 13, 16, tzinfo=UTC)
    assert instant_at(date(2027, 7, 13), time(18)).tzinfo is UTC


def test_late_in_the_evening_in_utc_is_the_next_day_in_paris() -> None:
    assert local_day(datetime(2027, 7, 13, 22, 30, tzinfo=UTC)) == date(2027, 7, 14)
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime.fromisoformat("2027-07-13T22:30:00"))


@pytest.mark.parametrize(
    ("drop_on", "warnings"),
    [
        (date(2027, 3, 23), []),
        (date(2027, 8, 3), ["august"]),
        (date(2027, 12, 22), ["late_december"]),
        (date(2027, 12, 25), ["not_a_working_day", "late_december"]),
        (date(2027, 3, 27), ["not_a_working_day"]),
    ],
)
def test_a_drop_in_a_bad_season_is_warned_about(drop_on: date, warnings: list[str]) -> None:
    windows = [
        NoDropWindow(code="august", first=(8, 1), last=(8, 31), words={}),
        NoDropWindow(code="late_december", first=(12, 18), last=(12, 31), words={}),
    ]
    assert drop_warnings(drop_on, windows) == warnings
    assert set(drop_warnings(drop_on, [])) <= {"not_a_working_day"}


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2027, 12, 17), False),
        (date(2027, 12, 18), True),
        (date(2027, 12, 31), True),
        (date(2028, 1, 1), True),
        (date(2028, 1, 3), True),
        (date(2028, 1, 4), False),
        (date(2028, 7, 1), False),
    ],
)
def test_a_window_may_run_over_new_year(day: date, holds: bool) -> None:
    window = NoDropWindow(code="holidays", first=(12, 18), last=(1, 3), words={})

    assert window.holds(day) is holds
    assert window.begun_in(2027) == (date(2027, 12, 18), date(2028, 1, 3))


@pytest.mark.parametrize("text", ["02-29", "02-30", "13-01", "00-10", "8-1", "08/01", "2027-08-01", "०८-०१", ""])
def test_what_is_no_day_of_every_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever reads it says so
        read_day_of_year(text)


@given(days)
def test_a_week_never_has_more_than_five_working_days(day: date) -> None:
    assert working_days_between(day, day + timedelta(days=7)) <= 5
