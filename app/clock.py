"""What time it is: the one place that asks the machine's clock.

Everything below takes ``now`` as an argument, so that a campaign can be played on its own calendar. Not for leases and time-outs:
those are reckoned by the database itself.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

ASKED_SECONDS = 60.0
"""How long a shared clock counts on by itself."""

log = logging.getLogger(__name__)


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class SharedClock:
    """The time that all hosts share, whatever somebody sets a host's own clock to: asked for once a minute, and counted on between.

    While nobody answers it counts on from what it knew; before the first answer it tells the machine's own time.

    :param ask: tells the shared time; the database's.
    """

    def __init__(self, ask: Callable[[], datetime]) -> None:
        self._ask = ask
        self._asking = threading.Lock()
        self._asked: float | None = None
        self._zero: datetime | None = None

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        if (self._asked is None or _counted() - self._asked >= ASKED_SECONDS) and self._asking.acquire(blocking=self._asked is None):
            try:
                self._learn()
            finally:
                self._asking.release()
        return SystemClock().now() if self._zero is None else self._zero + timedelta(seconds=_counted())

    def _learn(self) -> None:
        self._asked = _counted()
        try:
            self._zero = _in_utc(self._ask()) - timedelta(seconds=_counted())
        except Exception as trouble:  # whoever needs what is away will say so; telling the time must not
            log.warning("nobody tells the shared time: %s", trouble)


class FixedClock:
    """A clock that stands still until it is moved, and never runs backwards.

    :raises ValueError: when an instant without a time zone is given.
    """

    def __init__(self, at: datetime) -> None:
        self._at = _in_utc(at)

    def now(self) -> datetime:
        """Return the instant the clock stands at, aware, in UTC."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Move the clock forward.

        :raises ValueError: when ``at`` is before the present instant or has no time zone.
        """
        moved = _in_utc(at)
        if moved < self._at:
            raise ValueError(f"the clock stands at {self._at.isoformat()} and cannot go back to {moved.isoformat()}")
        self._at = moved


def _counted() -> float:
    """Seconds since some moment, by a clock that nobody sets and that counts on while a laptop sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
