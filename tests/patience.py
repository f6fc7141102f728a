"""How long a test waits for others before it is lost: for two slow cores that have other work too. Nothing here says how fast things are.

A test that passes never waits so long. What is measured, `bench/` measures.
"""

import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0
_LOOK_EVERY_SECONDS = 0.02


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for what another thread or process brings about.

    :raises AssertionError: when it never comes.
    """
    lost_at = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < lost_at, "it never came"
        threading.Event().wait(_LOOK_EVERY_SECONDS)
