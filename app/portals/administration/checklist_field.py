"""A checklist as an administrator writes it: one point a line, `code: French | English`, a `?` before what is not required. Shape only.

The code keeps a tick with its point when the words change. A new line needs none: it is given one of its English words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.portals.administration.lines_field import free_code, numbered, split_code, split_words

MOST_POINTS = 20


def written_points(points: Sequence[Mapping[str, Any]]) -> str:
    """Points as lines."""
    return "\n".join(f"{'' if one['required'] else '? '}{one['code']}: {one['fr']} | {one['en']}" for one in points)


def read_points(text: str) -> list[dict[str, Any]]:
    """Points from lines; empty lines are left out.

    :raises ValueError: with a sentence for the writer, when a line is no point.
    """
    points: list[dict[str, Any]] = []
    for number, line in numbered(text):
        code, words = split_code(line.removeprefix("?").strip())
        french, english = split_words(number, words)
        code = free_code(number, code, english, {one["code"] for one in points})
        points.append({"code": code, "required": not line.startswith("?"), "fr": french, "en": english})
    if len(points) > MOST_POINTS:
        raise ValueError(_("A checklist has at most %(most)s points.", most=MOST_POINTS))
    return points
