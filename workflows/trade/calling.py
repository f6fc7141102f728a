"""What whoever calls people has to keep to: on which days and at which hours, how often, and not again after a refusal.

Use it to read and write such rules, and to hold calls that were reported against them. Not for reading the reports: that is
`contact_reports`. The rules are told and refuse nothing: a call that broke one was made all the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from workflows.trade.contact_reports import UNREADABLE_HOUR, Outcome
from workflows.trade.working_days import Region, is_working_day

COUNTED_DAYS = 30
"""Calls of a person are counted over so many days, the day of the call included."""
REFUSALS = (Outcome.REFUSED, Outcome.OPT_OUT)
"""Outcomes after which somebody rests."""

Hours = tuple[tuple[time, time], ...]
"""From when until when, both included, in their order."""

_HOUR = r"(\d{1,2})(?:[:h](\d\d)?)?"
_SPAN = re.compile(rf"{_HOUR}\s*[-\u2013]\s*{_HOUR}", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;/]*")


class Broken(StrEnum):
    """What a call did not keep to, in the order in which it is told."""

    DAY = "not_a_day_of_calls"
    HOURS = "outside_hours"
    HOUR_UNREADABLE = "hour_unreadable"
    TOO_OFTEN = "too_often"
    AFTER_REFUSAL = "after_refusal"


@dataclass(frozen=True, kw_only=True)
class CallRules:
    """The rules of one policy. Without `hours` people may be called at any hour of any day; 0 `most` and 0 `rest_days` set no limit.

    The hours are those of the region's working days; `most` calls of one person in `COUNTED_DAYS`, none in `rest_days` after a refusal.
    """

    hours: Hours
    most: int
    rest_days: int
    region: Region = Region.FRANCE


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that was made, and how it ended. `hour` is as `contact_reports.hour_of` reads it."""

    unique_id: str
    on: date
    outcome: str
    hour: str = ""


def read_hours(text: str) -> Hours:
    """Hours as people write them: `10:00-13:00 14:00-20:00`, `10h-13h, 14h-20h`; none for an empty text.

    :raises ValueError: when it is none, or when one ends before it begins, or begins before the one before it ends.
    """
    spans, at = [], 0
    while found := _SPAN.match(text, _past(text, at)):
        first, first_minutes, last, last_minutes = (int(one or 0) for one in found.groups())
        if max(first, last) > 23 or max(first_minutes, last_minutes) > 59:
            raise ValueError(text)
        spans.append((time(first, first_minutes), time(last, last_minutes)))
        at = found.end()
    edges = [edge for span in spans for edge in span]
    if _past(text, at) < len(text) or edges != sorted(set(edges)):
        raise ValueError(text)
    return tuple(spans)


def _past(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def written_hours(hours: Hours) -> str:
    """Hours as policy keeps them: `10:00-13:00 14:00-20:00`."""
    return " ".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in hours)


def broken_rules(rules: CallRules, calls: Sequence[Call], known: Iterable[Call] = ()) -> list[tuple[Broken, ...]]:
    """What each of the calls did not keep to, mostly nothing.

    They are taken in the order of time, whatever their own: of five calls in a month it is the fifth that is told. What was known before
    stays as it was judged, so that where an older call is reported late, it is told on this one that a rule is broken now.

    :param known: calls that were reported before.
    """
    others: dict[str, list[Call]] = defaultdict(list)
    for one in known:
        others[one.unique_id].append(one)
    found: list[tuple[Broken, ...]] = [()] * len(calls)
    for place in sorted(range(len(calls)), key=lambda n: (calls[n].on, calls[n].hour, n)):
        call = calls[place]
        found[place] = tuple(_broken(rules, call, others[call.unique_id]))
        others[call.unique_id].append(call)
    return found


def _broken(rules: CallRules, call: Call, others: Sequence[Call]) -> Iterator[Broken]:
    if rules.hours:
        if not is_working_day(call.on, rules.region):
            yield Broken.DAY
        elif call.hour == UNREADABLE_HOUR:
            yield Broken.HOUR_UNREADABLE
        elif call.hour and not any(first <= time.fromisoformat(call.hour) <= last for first, last in rules.hours):
            yield Broken.HOURS
    if rules.most and _too_many(rules.most, call, others):
        yield Broken.TOO_OFTEN
    if any(_rests(rules, one, call) or _rests(rules, call, one) for one in others):
        yield Broken.AFTER_REFUSAL


def _too_many(most: int, call: Call, others: Iterable[Call]) -> bool:
    """Whether some `COUNTED_DAYS` that hold the call hold more than `most`."""
    day = call.on.toordinal()
    days = sorted([day, *(one.on.toordinal() for one in others)])
    return any(first <= day <= last and last - first < COUNTED_DAYS for first, last in zip(days, days[most:], strict=False))


def _rests(rules: CallRules, refusal: Call, later: Call) -> bool:
    """Whether the later call came after the refusal and too soon; on one day only where both hours are known."""
    if refusal.outcome not in REFUSALS or not 0 <= (later.on - refusal.on).days <= rules.rest_days or not rules.rest_days:
        return False
    return later.on > refusal.on or (_is_known(refusal.hour) and _is_known(later.hour) and later.hour > refusal.hour)


def _is_known(hour: str) -> bool:
    return hour not in ("", UNREADABLE_HOUR)
