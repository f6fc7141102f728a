"""A part of the policy as an administrator writes it: lines, each one entry, with its words in both languages. Shape only."""

import re
from collections.abc import Callable, Collection
from typing import Any

from flask_babel import gettext as _
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from workflows.parties.traces import fold

LONGEST_WORDS = 300
_CODE = re.compile(r"([a-z0-9_]{1,40}):\s+")


class LinesField(TextAreaField):  # type: ignore[misc]
    """Entries as lines. `read` gives the entries of lines, or raises ValueError with a sentence for the writer."""

    def __init__(self, *arguments: Any, read: Callable[[str], list[dict[str, Any]]], required: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._read = read
        if required:
            self.flags.required = True

    def pre_validate(self, _form: Any) -> None:
        """Say what is wrong with a line."""
        try:
            self.entries  # noqa: B018 - reading them is the check
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What was written, once it is valid."""
        return self._read(self.data or "")


def numbered(text: str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def split_code(line: str) -> tuple[str, str]:
    """The code that a line begins with, empty for a new one, and the rest."""
    named = _CODE.match(line)
    return (named[1], line[named.end() :]) if named else ("", line)


def split_words(number: int, words: str) -> tuple[str, str]:
    """The French and the English of a line.

    :raises ValueError: when one is missing or too long.
    """
    french, bar, english = (part.strip() for part in words.partition("|"))
    if not (bar and french and english):
        raise ValueError(_("Line %(number)s: write the French, a bar | and the English.", number=number))
    if max(len(french), len(english)) > LONGEST_WORDS:
        raise ValueError(_("Line %(number)s: it has at most %(most)s characters in each language.", number=number, most=LONGEST_WORDS))
    return french, english


def free_code(number: int, code: str, english: str, taken: Collection[str]) -> str:
    """The code that was written, else one of the English words.

    :raises ValueError: when another line has it.
    """
    if code in taken:
        raise ValueError(_("Line %(number)s: another line is called %(code)s already.", number=number, code=code))
    if code:
        return code
    stem = re.sub(r"[^a-z0-9]+", "_", fold(english)).strip("_")[:36].strip("_") or "point"
    return next(code for code in (stem, *(f"{stem}_{count}" for count in range(2, 1000))) if code not in taken)
