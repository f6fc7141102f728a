"""Delays in working days across the nights in which the clocks change."""

from datetime import UTC, date, datetime, time

import pytest

from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.policy import Policy
from workflows.trade.working_days import PARIS, instant_at, local_day

FRIDAYS = [
    datetime(2026, 3, 27, 15, tzinfo=UTC),
    datetime(2026, 10, 23, 14, tzinfo=UTC),
    datetime(2027, 3, 26, 15, tzinfo=UTC),
    datetime(2027, 10, 29, 14, tzinfo=UTC),
]
"""The clocks go forward on Sunday 29 March 2026 and 28 March 2027, and back on Sunday 25 October 2026 and 31 October 2027."""


@pytest.mark.parametrize("friday", FRIDAYS)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_a_delay_over_a_change_of_the_clocks_ends_at_its_hour_in_paris(friday: datetime, days: int) -> None:
    policy = Policy(DEFAULT_POLICY)

    before, after = (policy.after_days(friday, count).astimezone(PARIS) for count in (0, days))

    assert before.utcoffset() != after.utcoffset(), "the clocks were changed between the two"
    assert (before.hour, before.minute) == (after.hour, after.minute)
    assert after.date() > friday.date()


@pytest.mark.parametrize(
    ("late", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_days_of_23_and_of_25_hours_begin_and_end_at_midnight_in_paris(late: datetime, day: date) -> None:
    assert local_day(late) == day


@pytest.mark.parametrize("friday", FRIDAYS)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_a_delay_has_the_working_days_left_that_it_was_given_over_a_change_of_the_clocks(friday: datetime, days: int) -> None:
    policy = Policy(DEFAULT_POLICY)

    assert policy.working_days_left(friday, policy.after_days(friday, days)) == days


def test_an_hour_that_the_clocks_skip_or_show_twice_is_one_instant() -> None:
    skipped, twice = instant_at(date(2026, 3, 29), time(2, 30)), instant_at(date(2026, 10, 25), time(2, 30))

    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "half past two did not come: it is half past three"
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
