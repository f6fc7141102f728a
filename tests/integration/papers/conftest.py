"""A campaign opened from the demonstration's kit, in a database of its own."""

import pytest

from tests.integration.papers.journey import Journey


@pytest.fixture
def stage() -> str:
    """Its first stage."""
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The demonstration's campaign, and whoever moves it on."""
    return opened
