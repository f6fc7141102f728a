"""What a person is known by in other people's words, and how it is taken out of them. Pure: values in, values out.

Not for what is kept of a person anyway: their opaque id stays wherever it stands.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

LONG = 12
"""Words of fewer characters are too common to be looked for inside others: they are found where they are the whole text."""

_LATIN = map(chr, range(0xC0, 0x180))
_LETTERS = {mark: base.lower() for mark in _LATIN if (base := unicodedata.normalize("NFD", mark)[0]).isascii()}
ACCENTED, PLAIN = "".join(_LETTERS), "".join(_LETTERS.values())
"""Letters and what they are folded to, place by place; the database folds by the same two."""
_FOLD = str.maketrans(ACCENTED, PLAIN)


def fold(text: str) -> str:
    """The text without capitals and accents, as long as it was, so that places in it are places in the text."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text.translate(_FOLD))


@dataclass(frozen=True)
class Traces:
    """Names, addresses and other spellings of a person, and words of their own that are to go wherever they were repeated."""

    person_id: UUID
    names: tuple[str, ...]
    words: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What is left in the place of a name: the beginning of the opaque id, so that two who were erased stay two."""
        return f"[… {self.person_id.hex[:8]}]"

    def out_of(self, text: str) -> str:
        """The text without the person."""
        return self._replaced(text) if self._pattern.search(fold(text)) else text

    def out_of_words(self, text: str) -> str:
        """As `out_of`, for a field of free text: what is the person's own goes whole, however short."""
        return self.mark if fold(text.strip()) in self._own else self.out_of(text)

    def out_of_data(self, value: Any) -> Any:
        """Plain JSON data without the person."""
        match value:
            case str():
                return self.out_of(value)
            case dict():
                return {key: self.out_of_data(item) for key, item in value.items()}
            case list():
                return [self.out_of_data(item) for item in value]
        return value

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The longest word of each thing that is looked for, folded: whoever holds none of them holds no trace."""
        runs = (re.findall(r"\w+", fold(one)) for one in (*self.names, *self.words))
        return tuple(sorted({max(found, key=len) for found in runs if found}))

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(fold(one.strip()) for one in self.words if one.strip())

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        looked_for = sorted((*(fold(one) for one in self.names), *(one for one in self._own if len(one) >= LONG)), key=len, reverse=True)
        spaced = (r"\s+".join(re.escape(part) for part in one.split()) for one in looked_for if one.strip())
        return re.compile(rf"(?<!\w)(?:{'|'.join(spaced) or '(?!)'})(?!\w)")

    def _replaced(self, text: str) -> str:
        parts, done = [], 0
        for found in self._pattern.finditer(fold(text)):
            parts += [text[done : found.start()], self.mark]
            done = found.end()
        return "".join(parts) + text[done:]


def spellings(name: str, email: str, also: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The ways in which a person is written: first name first or last, the address, and what else they are called."""
    first, *rest = name.split() or [""]
    turned = " ".join((*rest, first)) if rest else ""
    return tuple(dict.fromkeys(one.strip() for one in (name, turned, email, *also) if one.strip()))
