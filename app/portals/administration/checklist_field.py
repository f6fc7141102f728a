"""A checklist as an administrator writes it: one point a line, `code: French | English`, a `?` before what is not required. Shape only.

The code keeps a tick with its point when the words change. A new line needs none: it is given one of its English words.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from workflows.parties.traces import fold

MOST_POINTS = 20
LONGEST_POINT = 300
_CODE = re.compile(r"([a-z0-9_]{1,40}):\s+")


def written_points(points: Sequence[Mapping[str, Any]]) -> str:
    """Points as lines."""
    return "\n".join(f"{'' if one['required'] else '? '}{one['code']}: {one['fr']} | {one['en']}" for one in points)


def read_points(text: str) -> list[dict[str, Any]]:
    """Points from lines; empty lines are left out.

    :raises ValueError: with a sentence for the writer, when a line is no point.
    """
    points: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            points.append(_point(number, line.strip(), {one["code"] for one in points}))
    if len(points) > MOST_POINTS:
        raise ValueError(_("A checklist has at most %(most)s points.", most=MOST_POINTS))
    return points


def _point(number: int, line: str, taken: set[str]) -> dict[str, Any]:
    required = not line.startswith("?")
    line = line.removeprefix("?").strip()
    named = _CODE.match(line)
    words = line[named.end() :] if named else line
    french, bar, english = (part.strip() for part in words.partition("|"))
    if not (bar and french and english):
        raise ValueError(_("Line %(number)s: write the French, a bar | and the English.", number=number))
    if max(len(french), len(english)) > LONGEST_POINT:
        raise ValueError(_("Line %(number)s: a point has at most %(most)s characters in each language.", number=number, most=LONGEST_POINT))
    code = named[1] if named else _new_code(english, taken)
    if code in taken:
        raise ValueError(_("Line %(number)s: another point is called %(code)s already.", number=number, code=code))
    return {"code": code, "required": required, "fr": french, "en": english}


def _new_code(english: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", fold(english)).strip("_")[:36].strip("_") or "point"
    return next(code for code in (stem, *(f"{stem}_{count}" for count in range(2, 1000))) if code not in taken)


class ChecklistField(TextAreaField):  # type: ignore[misc]
    """The points of one task, as lines."""

    def pre_validate(self, _form: Any) -> None:
        """Say what is wrong with a line."""
        try:
            read_points(self.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def points(self) -> list[dict[str, Any]]:
        """What was written, once it is valid."""
        return read_points(self.data or "")
