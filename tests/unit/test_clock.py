"""Clocks tell aware instants in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.clock import FixedClock, SystemClock

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)


def test_the_system_clock_tells_an_aware_instant_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON

    clock.move_to(NOON + timedelta(days=1))

    assert clock.now() == NOON + timedelta(days=1)


def test_a_fixed_clock_speaks_utc_wherever_its_instant_was_written() -> None:
    clock = FixedClock(datetime(2026, 9, 14, 14, tzinfo=timezone(timedelta(hours=2))))

    assert (clock.now(), clock.now().tzinfo) == (NOON, UTC)


def test_a_fixed_clock_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        FixedClock(NOON).move_to(NOON - timedelta(seconds=1))


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 9, 14, 12))  # noqa: DTZ001
