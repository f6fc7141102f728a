"""A campaign in its analysis whose outbox a test fills."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.outbox.messages import Outbox, task
from tests.integration.stages.played import Played, played

__all__ = ["played", "task"]


@pytest.fixture
def outbox(played: Callable[[str], Played], tmp_path: Path) -> Iterator[Outbox]:
    """An empty outbox without a queue."""
    with closing(Outbox(played("analysis"), tmp_path)) as made:
        yield made


@pytest.fixture
def queued_outbox(played: Callable[[str], Played], tmp_path: Path, redis_url: str) -> Iterator[Outbox]:
    """An empty outbox with an empty queue behind it."""
    with closing(Outbox(played("analysis"), tmp_path, redis_url)) as made:
        yield made
