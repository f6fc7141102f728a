"""Delays in working days across the nights in which the clocks change."""

from datetime import UTC, datetime

import pytest

from workflows.campaign.policy import DEFAULT_POLICY, Policy
from workflows.trade.working_days import PARIS

FRIDAYS = [datetime(2027, 3, 26, 15, tzinfo=UTC), datetime(2027, 10, 29, 14, tzinfo=UTC)]
"""The clocks go forward on Sunday 28 March 2027, and back on Sunday 31 October 2027."""


@pytest.mark.parametrize("friday", FRIDAYS)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_a_delay_over_a_change_of_the_clocks_ends_at_its_hour_in_paris(friday: datetime, days: int) -> None:
    policy = Policy(DEFAULT_POLICY)

    before, after = (policy.after_days(friday, count).astimezone(PARIS) for count in (0, days))

    assert before.utcoffset() != after.utcoffset(), "the clocks were changed between the two"
    assert (before.hour, before.minute) == (after.hour, after.minute)
    assert after.date() > friday.date()
