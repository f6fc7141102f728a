"""A campaign opened from the demonstration's kit, in a database of its own."""

import pytest


@pytest.fixture
def stage() -> str:
    """Its first stage."""
    return "plan"
