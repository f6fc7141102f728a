"""A brief in TOML as somebody wrote it, read field by field: what is missing or of the wrong kind is refused with its place.

Not for the tables beside it: `rows` reads those.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.intake.rows import LARGEST_QUANTITY, is_bare

NUL = "\x00"


class KitUnreadable(ValueError):
    """The folder is no kit; says what is missing or wrong, and where."""


class NotKept(KitUnreadable):
    """The brief holds a NUL, which no column and no history takes.

    :ivar field: where, as `people.2.name`.
    """

    def __init__(self, path: Path, field: str) -> None:
        super().__init__(f"{path}: {field} holds a NUL character, which cannot be kept")
        self.field = field


class Written:
    """A table of the brief: the whole of it, or one that stands in it at `place`."""

    def __init__(self, data: Any, path: Path, place: str = "") -> None:
        self._path, self._place = path, place
        if not isinstance(data, dict):
            raise self.fault(f"is no table but {data!r}")
        self.data: dict[str, Any] = data

    def fault(self, what: str, name: str = "") -> KitUnreadable:
        """What is wrong with a field, or with the table itself."""
        return KitUnreadable(f"{self._path}: {self._at(name)} {what}")

    def text(self, name: str, default: Any = ...) -> str:
        """A text without blanks around it; a code or postcode may stand there as a whole number."""
        value = self._get(name, default)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise self.fault(f"= {value!r} is no text", name)
        return str(value).strip()

    def number(self, name: str, default: Any = ...) -> Any:
        """A finite number, in figures or as text."""
        value = self._get(name, default)
        if value is None:
            return None
        try:
            number = Decimal(str(value)) if isinstance(value, str | int | Decimal) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise self.fault(f"= {value!r} is no number", name)
        return number

    def whole(self, name: str) -> int | None:
        """A whole number that is not negative, None where there is none."""
        value = self._get(name, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_QUANTITY):
            raise self.fault(f"= {value!r} is no whole number", name)
        return value

    def day(self, name: str, *, needed: bool = True) -> Any:
        """A day without a time, None where there is none."""
        value = self._get(name, ... if needed else None)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.fault(f"= {value!r} is no date", name)
        return value

    def file(self, name: str, default: str) -> str:
        """The bare name of a file beside the brief."""
        value = self._get(name, default)
        if not isinstance(value, str) or not is_bare(value):
            raise self.fault(f"= {value!r} is no bare file name", name)
        return str(value)

    def files(self, name: str) -> list[str]:
        """Bare names of files."""
        value = self._get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and is_bare(one) for one in value):
            raise self.fault(f"= {value!r} is no list of bare file names", name)
        return list(value)

    def table(self, name: str) -> "Written":
        """A table in this one, empty where there is none."""
        return Written(self._get(name, {}), self._path, self._at(name))

    def tables(self, name: str, *, between: str = ".") -> list["Written"]:
        """The tables of an array, numbered from 1; `between` its name and the number."""
        value = self._get(name, [])
        if not isinstance(value, list):
            raise self.fault(f"= {value!r} is no list of tables", name)
        return [Written(one, self._path, f"{self._at(name)}{between}{number}") for number, one in enumerate(value, start=1)]

    def _get(self, name: str, default: Any) -> Any:
        if name in self.data:
            return self.data[name]
        if default is ...:
            raise self.fault("is missing", name)
        return default

    def _at(self, name: str) -> str:
        return ".".join(filter(None, (self._place, name)))


def read_written(path: Path) -> Written:
    """Read a brief.

    :raises KitUnreadable: when there is none, or it is no TOML.
    :raises NotKept: when a text of it cannot be kept.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise KitUnreadable(f"{path.parent}: there is no {path.name}") from error
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number of thousands of figures, arrays in arrays without end
        raise KitUnreadable(f"{path}: {error}") from error
    for field in _holding_nul(data):
        raise NotKept(path, field)
    return Written(data, path)


def _holding_nul(value: Any, *place: str) -> Iterator[str]:
    """Where a NUL stands, in a text or in a key; entries of an array are numbered from 1."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _holding_nul(key, *place, key.replace(NUL, ""))
            yield from _holding_nul(inner, *place, key)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _holding_nul(inner, *place, str(number))
    elif isinstance(value, str) and NUL in value:
        yield ".".join(filter(None, place))
