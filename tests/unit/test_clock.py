"""Clocks tell aware instants in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app import clock as clocks
from app.clock import ASKED_SECONDS, FixedClock, SharedClock, SystemClock

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


class Counter:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    made = Counter()
    monkeypatch.setattr(clocks, "_counted", made)
    return made


def test_a_shared_clock_asks_once_a_minute_and_counts_on_by_itself(counter: Counter) -> None:
    told = [NOON, NOON + timedelta(hours=1)]
    clock = SharedClock(lambda: told.pop(0))

    assert clock.now() == NOON
    counter.at += ASKED_SECONDS - 1
    assert clock.now() == NOON + timedelta(seconds=ASKED_SECONDS - 1)
    counter.at += 1
    assert clock.now() == NOON + timedelta(hours=1)
    assert told == []


def test_a_shared_clock_that_nobody_answers_counts_on_from_what_it_knew(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    answers: list[datetime | None] = [NOON, None, NOON + timedelta(hours=1)]

    def ask() -> datetime:
        answer = answers.pop(0)
        if answer is None:
            raise OSError("away")
        return answer

    clock = SharedClock(ask)
    clock.now()

    counter.at += ASKED_SECONDS
    assert clock.now() == clock.now() == NOON + timedelta(seconds=ASKED_SECONDS), "and asks again after a minute, not at once"
    assert "away" in caplog.text
    counter.at += ASKED_SECONDS
    assert clock.now() == NOON + timedelta(hours=1)


def test_before_the_first_answer_a_shared_clock_tells_the_machine_s_own_time() -> None:
    def ask() -> datetime:
        raise OSError("away")

    before = SystemClock().now()

    assert before <= SharedClock(ask).now() <= SystemClock().now()
