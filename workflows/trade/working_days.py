"""The French working calendar: which days people work, counting in them, and days when mail should not drop.

Use it for anything counted in working days and for turning a local hour into an instant. Not for a campaign's
schedule: that is `retroplanning`. Saturday is no working day here, as in the trade's lead times.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

PARIS = ZoneInfo("Europe/Paris")
_COMMON_YEAR = 2027
"""A year without 29 February."""


class Region(StrEnum):
    """Where the work is done; Alsace-Moselle also rests on Good Friday and 26 December."""

    FRANCE = "france"
    ALSACE_MOSELLE = "alsace_moselle"


@cache
def public_holidays(year: int, region: Region = Region.FRANCE) -> frozenset[date]:
    """Public holidays of a year (trade reference, section 8; dates by the `holidays` package)."""
    subdivision = "57" if region is Region.ALSACE_MOSELLE else None
    return frozenset(country_holidays("FR", subdiv=subdivision, years=year))


def is_working_day(day: date, region: Region = Region.FRANCE) -> bool:
    """Whether `day` is Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year, region)


def next_working_day(day: date, region: Region = Region.FRANCE) -> date:
    """`day` itself when it is worked, else the first working day after it."""
    while not is_working_day(day, region):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, region: Region = Region.FRANCE) -> date:
    """The working day `count` working days after `day`, or before it when `count` is negative.

    `day` itself is never counted, be it worked or not: Friday + 1 and Saturday + 1 are both Monday. With a count of
    zero it is `next_working_day(day)`.
    """
    if count == 0:
        return next_working_day(day, region)
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        if is_working_day(day, region):
            left -= 1
    return day


def working_days_between(start_on: date, end_on: date, region: Region = Region.FRANCE) -> int:
    """Working days after `start_on` up to and including `end_on`; negative when `end_on` is earlier.

    For two working days it is the count that `add_working_days` takes from the one to the other.
    """
    if end_on < start_on:
        return -working_days_between(end_on, start_on, region)
    days = (end_on - start_on).days
    return sum(is_working_day(start_on + timedelta(days=i), region) for i in range(1, days + 1))


def instant_at(day: date, hour: time, zone: ZoneInfo = PARIS) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `hour` on `day`.

    An hour that the change to winter time shows twice is its first showing.
    """
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def local_day(instant: datetime, zone: ZoneInfo = PARIS) -> date:
    """The calendar day in `zone` of an aware instant.

    :raises ValueError: for a naive datetime, which is no instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).date()


NOT_WORKED = "not_a_working_day"
"""The warning about a drop on a day that nobody works; the others are windows' own codes."""


def read_day_of_year(text: str) -> tuple[int, int]:
    """A day of every year, `08-01`, as (month, day).

    :raises ValueError: when there is no such day, or not every year.
    """
    if not re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    day = date.fromisoformat(f"{_COMMON_YEAR}-{text}")
    return day.month, day.day


@dataclass(frozen=True, kw_only=True)
class NoDropWindow:
    """Days of every year, both included as (month, day), on which dropping mail is worth a warning, and its words by language.

    A window whose last day comes before its first runs over New Year.
    """

    code: str
    first: tuple[int, int]
    last: tuple[int, int]
    words: Mapping[str, str]

    def holds(self, day: date) -> bool:
        """Whether a day falls in it."""
        place = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= place <= self.last
        return place >= self.first or place <= self.last

    def begun_in(self, year: int) -> tuple[date, date]:
        """Its first and last day, of the time that it begins in a year."""
        return date(year, *self.first), date(year + (self.last < self.first), *self.last)


def drop_warnings(drop_on: date, windows: Iterable[NoDropWindow], region: Region = Region.FRANCE) -> list[str]:
    """Codes of what speaks against dropping mail on a day: `not_a_working_day` and the windows it falls in."""
    warnings = [] if is_working_day(drop_on, region) else [NOT_WORKED]
    return warnings + [window.code for window in windows if window.holds(drop_on)]
