"""From a workbook to the cells of its one sheet of addresses; what would not fit in memory is refused before it is unpacked."""

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.headers import MAX_COLUMNS, looks_like_header
from tasks.merge_purge.sentences import Sentence

MAX_UNZIPPED = 4 * 1024**3
_MAX_RATIO, _RATIO_FROM = 100, 256 * 1024**2  # sheets of addresses unpack to ten or twenty times their size
_MAX_CELLS = 100_000_000  # a sheet is held as a whole rectangle, empty cells and all
_HEADER_WITHIN = 20  # rows
_FAR_CELL = re.compile(rb'<c[^>]{0,40} r="([A-Z]{2,3})\d')  # beyond Z, the 26th
_ROW = re.compile(rb'<row[^>]{0,40} r="(\d+)"')
_DIGITS = 15
"""What a spreadsheet keeps of a number; the rest of a longer one is lost."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
Rows = list[tuple[int, list[str]]]


def read_workbook(path: Path, named: Mapping[str, str], findings: Findings, *, held: bool = False) -> tuple[list[str], Rows]:
    """The header of the sheet that holds addresses, and its rows with their numbers in the sheet.

    :raises UnreadableFile: ``unreadable_spreadsheet``, ``binary_file``, ``too_large``, ``too_many_columns``, ``empty_file``,
        ``no_header``, or ``several_sheets`` when more than one sheet has a header and records
    """
    if zipfile.is_zipfile(path):
        _refuse_bomb(path)
    elif _LOCKED in path.read_bytes():
        raise UnreadableFile("unreadable_spreadsheet", Sentence("the workbook is locked by a password: send it without"))
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {name: sheet for name in book.sheet_names if (sheet := book.get_sheet_by_name(name)).height}
        heads = {name: _header_at(sheet, named, held=held) for name, sheet in sheets.items()}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # calamine has no common base for its errors, and where Rust gives up that is no Exception
        raise UnreadableFile("unreadable_spreadsheet", Sentence("no readable workbook: {kind}", kind=type(fault).__name__)) from fault
    if not sheets:
        raise UnreadableFile("empty_file", Sentence("the workbook has no filled sheet"))
    headed = [name for name, at in heads.items() if at is not None]
    if not headed:
        raise UnreadableFile("no_header", Sentence("no sheet has a recognised header in its first {within} rows", within=_HEADER_WITHIN))
    filled = [name for name in headed if sheets[name].height > (heads[name] or 0) + 1]
    if len(filled) > 1:
        told = ", ".join(map(repr, filled))
        raise UnreadableFile(
            "several_sheets", Sentence("the sheets {sheets} all hold records: leave one, or make a file of each", sheets=told)
        )
    if len(sheets) > 1:
        findings.add("other_sheets", len(sheets) - 1, repaired=False, evidence="only the sheet with a header is read")
    name = (filled or headed)[0]
    return _cells(sheets[name], heads[name] or 0)


def _header_at(sheet: Any, named: Mapping[str, str], *, held: bool) -> int | None:
    top = sheet.to_python(skip_empty_area=False, nrows=_HEADER_WITHIN)
    return next((i for i, row in enumerate(top) if looks_like_header([str(cell) for cell in row], named, held=held)), None)


def _cells(sheet: Any, start: int) -> tuple[list[str], Rows]:
    rows = sheet.to_python(skip_empty_area=False)
    header = [str(cell) for cell in rows[start]]
    while header and not header[-1].strip():
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", Sentence("{count} columns, at most {most}", count=len(header), most=MAX_COLUMNS))
    body = ((i, [_cell(cell) for cell in row[: len(header)]]) for i, row in enumerate(rows[start + 1 :], start + 2))
    return header, [(i, row) for i, row in body if any(row)]


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names, whole = archive.namelist(), sum(entry.file_size for entry in archive.infolist())
            if not any(name.startswith("xl/") or name == "content.xml" for name in names):
                raise UnreadableFile("binary_file", Sentence("this is a ZIP archive, no table of addresses: unpack it"))
            if whole > MAX_UNZIPPED:
                raise UnreadableFile("too_large", Sentence("the workbook unpacks to more than 4 GB"))
            if whole > max(_RATIO_FROM, _MAX_RATIO * path.stat().st_size):
                raise UnreadableFile("too_large", Sentence("the workbook unpacks to more than {times} times its size", times=_MAX_RATIO))
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_far_cells(archive, name)
    except zipfile.BadZipFile as fault:
        raise UnreadableFile("unreadable_spreadsheet", Sentence("a damaged ZIP")) from fault


def _refuse_far_cells(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a sheet with cells so far right and so far down that the rectangle up to them holds too many."""
    far, down = 26, 1
    with archive.open(name) as sheet:
        tail = b""
        while chunk := sheet.read(1 << 22):
            text = tail + chunk
            far = max(far, *map(_column, set(_FAR_CELL.findall(text))), 0)
            down = max(down, *map(int, _ROW.findall(text)), 0)
            if far > 26**2 + 26:
                raise UnreadableFile("too_many_columns", Sentence("cells beyond column ZZ, at most {most} columns", most=MAX_COLUMNS))
            tail = chunk[-64:]
    if far * down > _MAX_CELLS:
        told = Sentence(
            "too many cells, as far as row {down} and column {far}: copy the records alone to a new sheet",
            down=down,
            far=far,
        )
        raise UnreadableFile("too_large", told)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        # calamine gives every number as a float
        return str(int(value)) if abs(value) < 10**_DIGITS else f"{value:.{_DIGITS}g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
