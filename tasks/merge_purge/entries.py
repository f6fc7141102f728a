"""One table of a brief, read key by key: of the right kind, or refused with its place; what nobody asked for is refused too."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from tasks.merge_purge.reading.synonyms import SYNONYMS
from tasks.merge_purge.sentences import Sentence


class BriefError(ValueError):
    """A brief that cannot be run; the message says which entry and why."""


_REQUIRED = "\0"
_MOST = 2**31 - 1


def shown(value: object) -> str:
    """A value as a brief writes it."""
    return str(value) if isinstance(value, Decimal) else repr(value)


class Entry:
    """A table with its place; ``end`` refuses the keys that were not read. A key that is null counts as not given."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            where = place or Sentence("not a brief")
            raise BriefError(Sentence("{where}: a table is expected, not {kind}", where=where, kind=type(data).__name__))
        self._data: dict[str, Any] = {key: value for key, value in data.items() if value is not None}
        self._keys = set(data)
        self._place = place
        self._read: set[str] = set()
        self.name = ""

    @property
    def where(self) -> str:
        """Where this table stands, with the code it has."""
        named = f" ({self.name})" if self.name else ""
        return f"{self._place}{named}" or Sentence("the brief")

    def wrong(self, pattern: str, **values: object) -> BriefError:
        """What is wrong with an entry, as a pattern that begins with its place: ``{where}``."""
        return BriefError(Sentence(pattern, where=self.where, **values))

    def within(self, rank: int, what: str) -> int:
        """A rank, refused where it is too long to be counted with."""
        if abs(rank) > _MOST:
            raise self.wrong("{where}: {what} is between {least} and {most}, not {rank}", what=what, least=-_MOST, most=_MOST, rank=rank)
        return rank

    def has(self, key: str) -> bool:
        """Whether a key is given."""
        return key in self._data

    def text(self, key: str, default: str = _REQUIRED, among: Collection[str] = ()) -> str:
        """A text; required unless it has a default."""
        value = self._get(key, default)
        if value == _REQUIRED:
            raise self.wrong("{where}: {key} is missing", key=key)
        if not isinstance(value, str):
            raise self.wrong("{where}: {key} is a text, not {value}", key=key, value=shown(value))
        if among and value not in among:
            raise self.wrong("{where}: {key} is one of {among}, not {value}", key=key, among=", ".join(among), value=shown(value))
        if default == _REQUIRED and not value.strip():
            raise self.wrong("{where}: {key} is empty", key=key)
        return value

    def file(self, key: str, default: str = _REQUIRED) -> str:
        """The path of a file."""
        value = self.text(key, default)
        if "\0" in value:
            raise self.wrong("{where}: {key} is a path, and none has a NUL character", key=key)
        return value

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong("{where}: {key} is a whole number, not {value}", key=key, value=shown(value))
        return value

    def flag(self, key: str) -> bool:
        """True or false, false when not given."""
        value = self._get(key, False)
        if not isinstance(value, bool):
            raise self.wrong("{where}: {key} is true or false, not {value}", key=key, value=shown(value))
        return value

    def amount(self, key: str) -> Decimal | None:
        """An amount of euros, not negative; JSON writes it as text."""
        value = self._get(key, None)
        if value is None:
            return None
        try:
            amount = None if isinstance(value, bool) else Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            amount = None
        if amount is None or not amount.is_finite() or amount < 0:
            raise self.wrong("{where}: {key} is an amount in euros, not {value}", key=key, value=shown(value))
        return amount

    def table(self, key: str) -> dict[str, Any]:
        """A table of its own, empty when not given."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self.wrong("{where}: {key} is a table, not {value}", key=key, value=shown(value))
        return value

    def entries(self, key: str) -> list["Entry"]:
        """The tables of an array, numbered from 1."""
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.wrong("{where}: {key} is an array of tables, not {value}", key=key, value=shown(value))
        start = f"{self.where}, " if self._place else ""
        return [Entry(one, f"{start}{key}[{number}]") for number, one in enumerate(value, 1)]

    def columns(self) -> dict[str, str]:
        """``columns``: headers by canonical name."""
        found = self.table("columns")
        for name, header in found.items():
            if name not in SYNONYMS:
                raise self.wrong(
                    "{where}: columns.{name} is no canonical name{near}: {known}",
                    name=name,
                    near=_near(name, SYNONYMS),
                    known=", ".join(SYNONYMS),
                )
            if not isinstance(header, str) or not header.strip():
                raise self.wrong("{where}: columns.{name} is the text of a header, not {header!r}", name=name, header=header)
        if "id_source" in found and self.has("id"):
            raise self.wrong("{where}: the id column is named twice, by id and by columns.id_source")
        return dict(found)

    def end(self) -> None:
        """Refuse what was not read."""
        for key in sorted(self._keys - self._read):
            raise self.wrong("{where}: {key} is not known{near}", key=key, near=_near(key, self._read))

    def _get(self, key: str, default: Any) -> Any:
        self._read.add(key)
        return self._data.get(key, default)


def _near(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return Sentence("; is {near} meant?", near=near[0]) if near else ""
