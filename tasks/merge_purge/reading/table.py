"""From a file to a bare table of text: delimited, fixed width or XLSX. What a column means is said in ``headers``."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.encoding import decode
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.headers import looks_like_header, recognise
from tasks.merge_purge.reading.layout import Layout

MAX_COLUMNS = 500
MAX_LINE = 200_000  # characters; an address record has a few hundred
MAX_UNZIPPED = 4 * 1024**3
_FAR_COLUMN = re.compile(rb'<c[^>]{0,40} r="[A-Z]{3}\d')  # beyond ZZ, the 702nd
_ZIP = b"PK\x03\x04"
_LINE = "line"


@dataclass(frozen=True)
class Table:
    """Cells as text: columns are named ``0``, ``1``, ...; ``line`` is the 1-based number of the row in the file or sheet."""

    kind: str
    encoding: str
    encoding_also: tuple[str, ...]
    delimiter: str | None
    header: tuple[str, ...] | None
    frame: pl.DataFrame


def load_table(path: Path, layout: Layout | None, findings: Findings) -> Table:
    """Read a whole file as text.

    :raises UnreadableFile: ``missing_file``, ``empty_file``, ``binary_file``, ``too_many_columns``, ``layout_needed``, ``no_header``, ...
    """
    try:
        with path.open("rb") as handle:
            start = handle.read(4)
    except OSError as fault:
        raise UnreadableFile("missing_file", f"cannot be opened: {type(fault).__name__}") from fault
    if start == _ZIP:
        return _spreadsheet(path, findings)
    decoded = decode(path.read_bytes(), findings)
    text = decoded.text
    if layout is not None:
        return Table("fixed", decoded.encoding, decoded.also, None, layout.names, _fixed(text, layout, findings))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    first = next((line for line in text.split("\n", 20)[:20] if line.strip()), "")
    delimiter = _delimiter(first)
    header = next(csv.reader([first], delimiter=delimiter))
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", f"{len(header)} columns, at most {MAX_COLUMNS}")
    _header_or_refusal(header)
    frame = _delimited(text, delimiter, header, findings)
    return Table("tsv" if delimiter == "\t" else "csv", decoded.encoding, decoded.also, delimiter, tuple(header), frame)


def _delimiter(first: str) -> str:
    if len(first) > MAX_LINE:
        raise UnreadableFile("too_many_columns", f"a first line of {len(first)} characters")
    outside = re.sub(r'"[^"]*"', "", first)
    best = max(";\t|,", key=outside.count)
    if not outside.count(best):
        raise UnreadableFile("layout_needed", "no delimiter in the first line: a fixed-width file needs its layout")
    return best


def _header_or_refusal(cells: list[str]) -> None:
    if not looks_like_header(cells):
        known = len(recognise(cells)[0])
        raise UnreadableFile("no_header", f"the first row names {known} known columns of {len(cells)}: a header is needed")


def _delimited(text: str, delimiter: str, header: list[str], findings: Findings) -> pl.DataFrame:
    lines = pl.Series(_LINE, text.split("\n"))
    bare = lines.str.replace_all('"[^"]*"', "")
    if bare.str.contains('"', literal=True).any():  # a quoted value runs over several lines: only a real parser knows the rows
        return _parsed(list(csv.reader(io.StringIO(text), delimiter=delimiter)), len(header), findings)
    table = pl.DataFrame({_LINE: lines, "separators": bare.str.count_matches(delimiter, literal=True)}).with_row_index("number", 1)
    table = table.filter(pl.col(_LINE).str.contains(r"[^\s;,|\"]")).slice(1)
    ragged = table.filter(pl.col("separators") != len(header) - 1)
    straight = table
    if ragged.height:
        cells = [next(csv.reader([line], delimiter=delimiter)) for line in ragged[_LINE].to_list()]
        mended = _mended(cells, ragged["number"].to_list(), header, findings)
        rewritten = io.StringIO()
        csv.writer(rewritten, delimiter=delimiter, lineterminator="\n").writerows(mended)
        fixed = pl.DataFrame({"number": ragged["number"], "mended": rewritten.getvalue().split("\n")[:-1]})
        straight = table.join(fixed, on="number", how="left", maintain_order="left").with_columns(pl.coalesce("mended", _LINE).alias(_LINE))
    if not straight.height:
        return _empty(len(header))
    body = "\n".join(straight[_LINE].to_list()).encode()
    frame = pl.read_csv(
        io.BytesIO(body),
        separator=delimiter,
        has_header=False,
        infer_schema=False,
        quote_char='"',
        new_columns=[str(i) for i in range(len(header))],
    )
    return frame.fill_null("").with_columns(straight["number"].cast(pl.Int64).alias(_LINE))


def _parsed(rows: list[list[str]], width: int, findings: Findings) -> pl.DataFrame:
    numbered = [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)][1:]
    header = rows[0]
    ragged = [(i, row) for i, row in numbered if len(row) != width]
    mended = dict(zip((i for i, _ in ragged), _mended([r for _, r in ragged], [i for i, _ in ragged], header, findings), strict=True))
    return _frame([(i, mended.get(i, row)) for i, row in numbered], width)


def _mended(rows: list[list[str]], numbers: list[int], header: list[str], findings: Findings) -> list[list[str]]:
    """Bring rows of another width back to the header's: spare empty cells go; an unquoted separator inside the address is undone
    where the postcode shows by how many cells the row slid; the others are cut and counted as they are."""
    width, columns = len(header), recognise(header)[0]
    postcode = columns.get("postcode", -1)
    street = min((i for name, i in columns.items() if name.startswith("adr")), default=-1)
    fixed, realigned, cut = [], [], []
    for number, row in zip(numbers, rows, strict=True):
        extra = len(row) - width
        if extra > 0 and not any(cell.strip() for cell in row[width:]):
            fixed.append(row[:width])
        elif extra > 0 and 0 <= street < postcode and re.fullmatch(r"\s*\d{5}\s*", row[postcode + extra]):
            start = next((i for i in range(street, postcode) if row[i].strip()), street)
            fixed.append([*row[:start], " ".join(row[start : start + extra + 1]).strip(), *row[start + extra + 1 :]])
            realigned.append(number)
        else:
            fixed.append((row + [""] * width)[:width])
            cut.append(number)
    findings.add("shifted_row", len(realigned), repaired=True, rows=realigned, evidence="realigned on the postcode")
    findings.add("shifted_row", len(cut), repaired=False, rows=cut, evidence=f"not {width} cells")
    return fixed


def _fixed(text: str, layout: Layout, findings: Findings) -> pl.DataFrame:
    lines = pl.DataFrame({"text": text.replace("\r\n", "\n").split("\n")}).with_row_index("number", 1)
    if lines.height <= 2 and lines["text"].str.len_chars().max() >= 2 * layout.width:  # type: ignore[operator]
        whole = str(lines["text"][0])
        lines = pl.DataFrame({"text": [whole[i : i + layout.width] for i in range(0, len(whole), layout.width)]}).with_row_index(
            "number", 1
        )
    lines = lines.filter(pl.col("text").str.strip_chars() != "")
    length = pl.col("text").str.strip_chars_end().str.len_chars()
    long = lines.filter(length > layout.width)["number"].to_list()
    findings.add("shifted_row", len(long), repaired=False, rows=long, evidence=f"lines of more than {layout.width} characters")
    cells = [
        pl.col("text").str.slice(start - 1, end - start + 1).str.strip_chars().alias(str(i)) for i, (start, end) in enumerate(layout.spans)
    ]
    return lines.select(*cells, pl.col("number").cast(pl.Int64).alias(_LINE))


def _spreadsheet(path: Path, findings: Findings) -> Table:
    _no_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [sheet for name in book.sheet_names if (sheet := book.get_sheet_by_name(name)).height]
    except Exception as fault:  # calamine has no common base for its errors
        raise UnreadableFile("unreadable_spreadsheet", f"no readable workbook: {type(fault).__name__}") from fault
    for sheet in sheets:
        rows = sheet.to_python(skip_empty_area=False)
        start = next((i for i, row in enumerate(rows[:20]) if looks_like_header([str(c) for c in row])), None)
        if start is None:
            continue
        header = [str(cell) for cell in rows[start]]
        while header and not header[-1].strip():
            header.pop()
        if len(header) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", f"{len(header)} columns, at most {MAX_COLUMNS}")
        if len(sheets) > 1:
            findings.add("other_sheets", len(sheets) - 1, repaired=False, evidence="only the first sheet with a header is read")
        body = [(i, [_cell(c) for c in row[: len(header)]]) for i, row in enumerate(rows[start + 1 :], start + 2)]
        return Table("xlsx", "xlsx", (), None, tuple(header), _frame([(i, r) for i, r in body if any(r)], len(header)))
    if not sheets:
        raise UnreadableFile("empty_file", "the workbook has no filled sheet")
    raise UnreadableFile("no_header", "no sheet has a recognised header in its first 20 rows")


def _no_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNZIPPED:
                raise UnreadableFile("too_large", "the workbook unpacks to more than 4 GB")
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _no_far_columns(archive, name)
    except zipfile.BadZipFile as fault:
        raise UnreadableFile("unreadable_spreadsheet", "a damaged ZIP") from fault


def _no_far_columns(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as sheet:
        tail = b""
        while chunk := sheet.read(1 << 22):
            if _FAR_COLUMN.search(tail + chunk):
                raise UnreadableFile("too_many_columns", f"cells beyond column ZZ, at most {MAX_COLUMNS} columns")
            tail = chunk[-64:]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # calamine gives every number as a float
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _frame(rows: list[tuple[int, list[str]]], width: int) -> pl.DataFrame:
    if not rows:
        return _empty(width)
    columns = {str(i): [row[i] for _, row in rows] for i in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.Series(_LINE, [i for i, _ in rows], dtype=pl.Int64)
    )


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={**{str(i): pl.String for i in range(width)}, _LINE: pl.Int64})
