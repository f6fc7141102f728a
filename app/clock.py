"""What time it is: the one place that asks the machine's clock.

Everything below takes ``now`` as an argument, so that a campaign can be played on its own calendar. Not for leases and time-outs:
those use the database's clock, which all hosts share.
"""

from datetime import UTC, datetime
from typing import Protocol


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


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)
