"""When mail should not drop, as an administrator writes it: one window a line, `code: 08-01 08-31 French | English`. Shape only.

Days are month and day. The code names the window in warnings that were kept; a new line needs none.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.portals.administration.lines_field import free_code, numbered, split_code, split_words
from workflows.trade.working_days import NOT_WORKED, read_day_of_year

MOST_WINDOWS = 20
_DAYS = re.compile(r"(\d\d?-\d\d?)\s+(\d\d?-\d\d?)\s+")


def written_windows(windows: Sequence[Mapping[str, Any]]) -> str:
    """Windows as lines."""
    return "\n".join(f"{one['code']}: {one['first']} {one['last']} {one['fr']} | {one['en']}" for one in windows)


def read_windows(text: str) -> list[dict[str, Any]]:
    """Windows from lines; empty lines are left out.

    :raises ValueError: with a sentence for the writer, when a line is no window.
    """
    windows: list[dict[str, Any]] = []
    for number, line in numbered(text):
        code, rest = split_code(line)
        days = _DAYS.match(rest)
        if days is None:
            raise ValueError(_("Line %(number)s: begin with the first and the last day, such as 08-01 08-31.", number=number))
        french, english = split_words(number, rest[days.end() :])
        code = free_code(number, code, english, {NOT_WORKED, *(one["code"] for one in windows)})
        windows.append({"code": code, "first": _day(number, days[1]), "last": _day(number, days[2]), "fr": french, "en": english})
    if len(windows) > MOST_WINDOWS:
        raise ValueError(_("There are at most %(most)s windows.", most=MOST_WINDOWS))
    return windows


def _day(number: int, written: str) -> str:
    try:
        month, day = read_day_of_year("-".join(part.zfill(2) for part in written.split("-")))
    except ValueError as error:
        raise ValueError(
            _("Line %(number)s: %(day)s is no day of every year; write the month, then the day.", number=number, day=written)
        ) from error
    return f"{month:02}-{day:02}"
