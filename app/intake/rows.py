"""Rows of a small CSV file with every error of every row: line, column, what is wrong. Nothing is taken unless all rows are good."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from workflows.trade.attribution import parse_day
from workflows.trade.money import NotANumber, parse_number, parse_quantity
from workflows.trade.spreadsheets import as_meant

Row = TypeVar("Row")
LARGEST_QUANTITY = 2**31 - 1
"""What the columns of quantities take."""
LONGEST_NAME = 255
"""Bytes of a file's name, as file systems take it."""
_MOST_TOLD = 20
N_ = str
"""Marks a sentence for the catalogues; whoever shows it translates it."""
FAULTS: dict[str, str] = {
    "column_missing": N_("this column is missing from the file"),
    "missing": N_("nothing is written here"),
    "not_a_quantity": N_("“%(text)s” is no whole number"),
    "not_a_number": N_("“%(text)s” is no number"),
    "not_a_name": N_("“%(text)s” is no code: letters, digits, hyphens and underscores"),
    "not_a_file_name": N_("“%(text)s” is no bare file name"),
    "not_a_share": N_("“%(text)s” is not between 0 and 1"),
    "not_a_day": N_("“%(text)s” is no day; write 23/03/2027"),
    "not_a_choice": N_("“%(text)s” is none of the words expected here: %(expected)s"),
    "not_a_telephone": N_("“%(text)s” is no telephone number"),
    "not_an_address": N_("“%(text)s” is no web address"),
    "terms_differ": N_("the terms of %(text)s differ from one line to the next"),
    "twice": N_("%(text)s is there twice"),
    "too_large": N_("“%(text)s” is too large"),
    "not_a_table": N_("the file is no table of short cells"),
}
"""What can be wrong in one place, in English."""


@dataclass(frozen=True, kw_only=True)
class RowError:
    """One fault: the line in the file (the header is line 1), the column, a code for the sentence, and the text that stood there.

    :ivar expected: the words of which one should stand there.
    """

    line: int
    column: str
    code: str
    text: str = ""
    expected: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, in English; whoever translates it gives ``text`` and ``expected`` then."""
        return FAULTS[self.code]


class RowErrors(ValueError):
    """A file with faults; all of them, so that they can be mended at once."""

    def __init__(self, errors: Sequence[RowError], *, name: str = "") -> None:
        self.errors = tuple(errors)
        self.name = name
        told = [self._told(error) for error in self.errors[:_MOST_TOLD]]
        more = len(self.errors) - _MOST_TOLD
        super().__init__("\n".join([*told, f"and {more} more"] if more > 0 else told))

    def _told(self, error: RowError) -> str:
        where = ", ".join(part for part in (self.name, f"line {error.line}", error.column) if part)
        return f"{where}: {error.sentence % {'text': error.text, 'expected': error.expected}}"


@dataclass
class Cells:
    """One row being read: each getter notes a fault instead of raising, so that a row tells all of its faults."""

    line: int
    values: dict[str, str]
    errors: list[RowError] = field(default_factory=list)

    def text(self, column: str, *, needed: bool = True) -> str:
        """The trimmed text of a column."""
        value = (self.values.get(column) or "").strip()
        if needed and not value:
            self._fault(column, "missing")
        return value

    def whole(self, column: str, *, needed: bool = True) -> int:
        """A whole number that is not negative; 0 where it is not needed and not given."""
        value = self.text(column, needed=needed)
        if not value:
            return 0
        try:
            found = parse_quantity(value)
        except NotANumber:
            found = -1
        if found < 0:
            self._fault(column, "not_a_quantity", value)
        elif found > LARGEST_QUANTITY:
            self._fault(column, "too_large", value)
        return max(found, 0)

    def percent(self, column: str) -> bool:
        """Whether a column has a sign of per cent, which is taken away."""
        value = self.text(column, needed=False)
        self.values[column] = value.removesuffix("%").rstrip()
        return value.endswith("%")

    def number(self, column: str, *, needed: bool = True) -> Decimal:
        """An exact number that is not negative, in French or English writing; 0 where it is not needed and not given."""
        value = self.text(column, needed=needed)
        if not value:
            return Decimal(0)
        try:
            found = parse_number(value)
        except NotANumber:
            found = Decimal(-1)
        if found < 0:
            self._fault(column, "not_a_number", value)
        return max(found, Decimal(0))

    def share(self, column: str, *, needed: bool = True) -> Decimal:
        """A number from 0 to 1, or its per cent with their sign: `0,85` or `85 %`."""
        value = self.number(column, needed=needed) if not self.percent(column) else self.number(column) / 100
        if not 0 <= value <= 1:
            self._fault(column, "not_a_share", str(value))
        return value

    def name(self, column: str) -> str:
        """A code that may stand in a file's name: letters, digits, hyphens and underscores."""
        value = self.text(column)
        if value and not all(character.isascii() and (character.isalnum() or character in "-_") for character in value):
            self._fault(column, "not_a_name", value)
        return value

    def file(self, column: str, *, needed: bool = True) -> str:
        """The bare name of a file, without a folder."""
        value = self.text(column, needed=needed)
        if value and not is_bare(value):
            self._fault(column, "not_a_file_name", value)
        return value

    def day(self, column: str, *, needed: bool = True) -> date | None:
        """A day, dd/mm/yyyy or yyyy-mm-dd."""
        value = self.text(column, needed=needed)
        found = parse_day(value) if value else None
        if value and found is None:
            self._fault(column, "not_a_day", value)
        return found

    def one_of(self, column: str, choices: Sequence[str], *, needed: bool = True) -> str:
        """One of the given words, in lower case."""
        value = self.text(column, needed=needed).lower()
        if value and value not in choices:
            self._fault(column, "not_a_choice", value, choices)
        return value

    def some_of(self, column: str, choices: Sequence[str]) -> tuple[str, ...]:
        """Those of the given words that are written here, in lower case: commas, semicolons, plus signs or blanks stand between them."""
        words = re.findall(r"[^\s,;+]+", self.text(column, needed=False).lower())
        for word in words:
            if word not in choices:
                self._fault(column, "not_a_choice", word, choices)
        return tuple(word for word in words if word in choices)

    def _fault(self, column: str, code: str, text: str = "", choices: Sequence[str] = ()) -> None:
        self.errors.append(RowError(line=self.line, column=column, code=code, text=text, expected=", ".join(choices)))


class Table(Generic[Row]):
    """How rows of one kind are read: the columns a file must have, and the making of one row."""

    def __init__(self, columns: Sequence[str], make: Callable[[Cells], Row]) -> None:
        self.columns = tuple(columns)
        self._make = make

    def parse(self, data: bytes, *, name: str = "") -> tuple[Row, ...]:
        """Read every row.

        :raises RowErrors: with every fault, when there is any.
        """
        rows: list[Row] = []
        errors: list[RowError] = []
        for cells in _read(data, self.columns, name):
            row = self._make(cells)
            errors += cells.errors
            rows.append(row)
        if errors:
            raise RowErrors(errors, name=name)
        return tuple(rows)


def _read(data: bytes, columns: Sequence[str], name: str) -> list[Cells]:
    text = decode(data)
    if (nul := text.find("\x00")) >= 0:
        raise RowErrors([RowError(line=text.count("\n", 0, nul) + 1, column="", code="not_a_table")], name=name)
    reader = _reader(text)
    try:
        header = _header(reader)
        missing = [column for column in columns if column not in header]
        if missing:
            raise RowErrors([RowError(line=1, column=column, code="column_missing") for column in missing], name=name)
        reader.fieldnames = header
        rows = [(reader.line_num, {key: as_meant(value) for key, value in row.items() if key and isinstance(value, str)}) for row in reader]
    except csv.Error as fault:
        raise RowErrors([RowError(line=reader.reader.line_num, column="", code="not_a_table")], name=name) from fault
    return [Cells(line=line, values=values) for line, values in rows if any(value.strip() for value in values.values())]


def header_of(data: bytes) -> tuple[str, ...]:
    """The titles of a file's columns; none of what is no table."""
    try:
        return tuple(_header(_reader(decode(data))))
    except csv.Error:
        return ()


def _reader(text: str) -> "csv.DictReader[str]":
    first = text.partition("\n")[0]
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))


def _header(reader: "csv.DictReader[str]") -> list[str]:
    """The titles; one that differs from a column's usual writing by case, accents or blanks alone as that: `Cpm sélection`."""
    titles = [(title or "").strip() for title in reader.fieldnames or ()]
    usual = [_usual(title) for title in titles]
    return [plain if usual.count(plain) == 1 else title for title, plain in zip(titles, usual, strict=True)]


def _usual(title: str) -> str:
    letters = "".join(one for one in unicodedata.normalize("NFKD", title) if not unicodedata.combining(one))
    return re.sub(r"[\s_]+", "_", letters.upper())


def is_bare(name: str) -> bool:
    """Whether a name leads nowhere but to a file of the folder it is read in."""
    return bool(name) and PurePosixPath(name).name == name and "\\" not in name and name != ".." and len(name.encode()) <= LONGEST_NAME


def decode(data: bytes) -> str:
    """Text in UTF-8, with or without a mark, in UTF-16 with one, else in Windows' Western code."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
