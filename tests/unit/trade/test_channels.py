"""A channel goes out in one of three ways; whatever a plan calls otherwise goes by post."""

import pytest

from workflows.trade.channels import Way, goes_by_post, way_of


@pytest.mark.parametrize(
    ("channel", "way"),
    [("email", Way.MESSAGES), ("sms", Way.MESSAGES), ("phone", Way.CALLS), ("postal", Way.POST), ("asile-colis", Way.POST)],
)
def test_each_channel_goes_out_in_a_way_of_its_own(channel: str, way: Way) -> None:
    assert way_of(channel) is way
    assert goes_by_post(channel) is (way is Way.POST)
