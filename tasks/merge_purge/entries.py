"""One table of a brief, read key by key: of the right kind, or refused with its place; what nobody asked for is refused too."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from tasks.merge_purge.reading.headers import SYNONYMS


class BriefError(ValueError):
    """A brief that cannot be run; the message says which entry and why."""


_REQUIRED = "\0"
_MOST = 2**31 - 1


def shown(value: object) -> str:
    """A value as a brief writes it."""
    return str(value) if isinstance(value, Decimal) else repr(value)


def within(rank: int, what: str) -> int:
    """A rank, refused where it is too long to be counted with.

    :raises BriefError: then
    """
    if abs(rank) > _MOST:
        raise BriefError(f"{what} is between {-_MOST} and {_MOST}, not {rank}")
    return rank


class Entry:
    """A table with its place; ``end`` refuses the keys that were not read. A key that is null counts as not given."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise BriefError(f"{place or 'not a brief'}: a table is expected, not {type(data).__name__}")
        self._data: dict[str, Any] = {key: value for key, value in data.items() if value is not None}
        self._keys = set(data)
        self._place = place
        self._read: set[str] = set()
        self.name = ""

    @property
    def where(self) -> str:
        """Where this table stands, with the code it has."""
        named = f" ({self.name})" if self.name else ""
        return f"{self._place}{named}" or "the brief"

    def has(self, key: str) -> bool:
        """Whether a key is given."""
        return key in self._data

    def text(self, key: str, default: str = _REQUIRED, among: Collection[str] = ()) -> str:
        """A text; required unless it has a default."""
        value = self._get(key, default)
        if value == _REQUIRED:
            raise BriefError(f"{self.where}: {key} is missing")
        if not isinstance(value, str):
            raise BriefError(f"{self.where}: {key} is a text, not {shown(value)}")
        if among and value not in among:
            raise BriefError(f"{self.where}: {key} is one of {', '.join(among)}, not {shown(value)}")
        if default == _REQUIRED and not value.strip():
            raise BriefError(f"{self.where}: {key} is empty")
        return value

    def file(self, key: str, default: str = _REQUIRED) -> str:
        """The path of a file."""
        value = self.text(key, default)
        if "\0" in value:
            raise BriefError(f"{self.where}: {key} is a path, and none has a NUL character")
        return value

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BriefError(f"{self.where}: {key} is a whole number, not {shown(value)}")
        return value

    def flag(self, key: str) -> bool:
        """True or false, false when not given."""
        value = self._get(key, False)
        if not isinstance(value, bool):
            raise BriefError(f"{self.where}: {key} is true or false, not {shown(value)}")
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
            raise BriefError(f"{self.where}: {key} is an amount in euros, not {shown(value)}")
        return amount

    def table(self, key: str) -> dict[str, Any]:
        """A table of its own, empty when not given."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise BriefError(f"{self.where}: {key} is a table, not {shown(value)}")
        return value

    def entries(self, key: str) -> list["Entry"]:
        """The tables of an array, numbered from 1."""
        value = self._get(key, [])
        if not isinstance(value, list):
            raise BriefError(f"{self.where}: {key} is an array of tables, not {shown(value)}")
        start = f"{self.where}, " if self._place else ""
        return [Entry(one, f"{start}{key}[{number}]") for number, one in enumerate(value, 1)]

    def columns(self) -> dict[str, str]:
        """``columns``: headers by canonical name."""
        found = self.table("columns")
        for name, header in found.items():
            if name not in SYNONYMS:
                raise BriefError(f"{self.where}: columns.{name} is no canonical name{_near(name, SYNONYMS)}: {', '.join(SYNONYMS)}")
            if not isinstance(header, str) or not header.strip():
                raise BriefError(f"{self.where}: columns.{name} is the text of a header, not {header!r}")
        if "id_source" in found and self.has("id"):
            raise BriefError(f"{self.where}: the id column is named twice, by id and by columns.id_source")
        return dict(found)

    def end(self) -> None:
        """Refuse what was not read."""
        for key in sorted(self._keys - self._read):
            raise BriefError(f"{self.where}: {key} is not known{_near(key, self._read)}")

    def _get(self, key: str, default: Any) -> Any:
        self._read.add(key)
        return self._data.get(key, default)


def _near(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return f"; is {near[0]} meant?" if near else ""
