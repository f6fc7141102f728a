"""From a file to a bare table of text: delimited, fixed width or Parquet, or a workbook's sheet (``workbook``).

What a column means is said in ``headers``.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.encoding import DOUBLE_ENCODED_PATTERN, decode
from tasks.merge_purge.reading.errors import UnreadableFile, why_closed
from tasks.merge_purge.reading.headers import MAX_COLUMNS, assign, looks_like_header
from tasks.merge_purge.reading.layout import Layout, trade_layout
from tasks.merge_purge.reading.workbook import read_workbook
from tasks.merge_purge.sentences import Sentence

MAX_LINE = 131_072  # characters, as many as a value may have for csv; an address record has a few hundred
_MISFIT = 0.9  # of the lines; fewer may be from abroad, or spoilt
_ZIP, _PARQUET, _OLE = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_HEADER_WITHIN = 20  # rows; a title, a date or Excel's "sep=;" may stand above the header
_LINE = "line"
UNTIDY = r"[^\x21-\x7e\u00c0-\u017f ]|  "
"""What a neat cell has none of: other than plain letters and signs, or several spaces in a row."""


@dataclass(frozen=True)
class Suspects:
    """Where to look for what is rare: numbers of the rows that may hold accents encoded twice, or spaces that are odd or at the edge of a
    cell; and how many hold accents.

    A line is looked at whole, at a tenth of what its cells would take.
    """

    double: pl.Series
    untidy: pl.Series
    accented: int

    @staticmethod
    def among(lines: pl.DataFrame, delimiter: str) -> "Suspects":
        """Of the rows ``number`` and their ``line``s."""
        edge = f'[{re.escape(delimiter)}"]'
        untidy = f"{UNTIDY}|^ | $|{edge} | {edge}"
        line, number = pl.col(_LINE), lines["number"].cast(pl.Int64)
        told = lines.select(
            double=line.str.contains(DOUBLE_ENCODED_PATTERN),
            untidy=line.str.contains(untidy),
            accented=line.str.len_bytes() != line.str.len_chars(),
        )
        return Suspects(number.filter(told["double"]), number.filter(told["untidy"]), int(told["accented"].sum()))


@dataclass(frozen=True)
class Table:
    """Cells as text: columns are named ``0``, ``1``, ...; ``line`` is the 1-based number of the row in the file or sheet.

    ``shifted`` has the numbers of rows whose cells stand in other columns than their own, beyond repair; ``suspects`` is None where a row
    is no line.
    """

    kind: str
    encoding: str
    encoding_also: tuple[str, ...]
    delimiter: str | None
    header: tuple[str, ...] | None
    frame: pl.DataFrame
    shifted: list[int] = field(default_factory=list)
    suspects: Suspects | None = None


def load_table(
    path: Path, layout: Layout | None, findings: Findings, named: Mapping[str, str] | None = None, *, held: bool = False
) -> Table:
    """Read a whole file as text.

    :param named: headers by canonical name that somebody gave; a header row may be known by them alone
    :param held: a suppression list, which may have few columns
    :raises UnreadableFile: ``missing_file``, ``empty_file``, ``binary_file``, ``too_many_columns``, ``layout_needed``, ``no_header``, ...
    """
    named = named or {}
    try:
        with path.open("rb") as handle:
            start = handle.read(4)
    except OSError as fault:
        raise UnreadableFile("missing_file", why_closed(fault)) from fault
    if start in (_ZIP, _OLE):
        header, rows = read_workbook(path, named, findings, held=held)
        return Table("xlsx", "xlsx", (), None, tuple(header), _frame(rows, len(header)))
    if start == _PARQUET:
        return _parquet(path, named, held=held)
    decoded = decode(path.read_bytes(), findings, padded=layout is not None)
    data = decoded.utf8 if b"\n" in decoded.utf8 else decoded.utf8.replace(b"\r", b"\n")
    spaced = data
    if b"\x00" in data:
        nul = [number for number, line in enumerate(data.split(b"\n"), 1) if b"\x00" in line]
        findings.add("nul_characters", len(nul), repaired=True, rows=nul, evidence="left out, or a space where columns are fixed")
        data, spaced = data.replace(b"\x00", b""), data.replace(b"\x00", b" ")
    layout = layout or trade_layout(spaced, findings)
    if layout is not None:
        return Table("fixed", decoded.encoding, decoded.also, None, layout.names, _fixed(spaced.decode(), layout, findings))
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data, delimiter, header = _headed(data.rstrip(b"\x1a\n\t "), named, findings, held=held)
    shifted: list[int] = []
    mending = _Mending(header, assign(header, named)[0], findings, shifted)
    frame, suspects = _delimited(data, delimiter, header, findings, mending)
    kind = "tsv" if delimiter == "\t" else "csv"
    return Table(kind, decoded.encoding, decoded.also, delimiter, tuple(header), frame, shifted, suspects)


def _headed(data: bytes, named: Mapping[str, str], findings: Findings, *, held: bool) -> tuple[bytes, str, list[str]]:
    """The text with blank lines in place of what stands above the header, the delimiter, and the header's cells."""
    begins = len(data) - len(data.lstrip())
    blank = data.count(b"\n", 0, begins)
    raw = data[data.rfind(b"\n", 0, begins) + 1 :].split(b"\n", _HEADER_WITHIN)
    lines = [line.decode() for line in raw[:_HEADER_WITHIN]]
    for i, start in enumerate(lines):
        line, more = _unbroken(start, lines[i + 1 :])
        if len(line) > MAX_LINE:
            break
        delimiter = _most(line)
        cells = next(csv.reader([line], delimiter=delimiter), [])
        if len(cells) <= MAX_COLUMNS and looks_like_header(cells, named, held=held):
            above = [blank + number for number, text in enumerate(lines[:i], 1) if text.strip()]
            findings.add("lines_above_header", len(above), repaired=True, rows=above)
            if blank + i + more:
                data = b"\n" * (blank + i + more) + b"\n".join([line.encode(), *raw[i + more + 1 :]])
            return data, delimiter, cells
    delimiter = _delimiter(lines[0])
    header = next(csv.reader([lines[0]], delimiter=delimiter))
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", Sentence("{count} columns, at most {most}", count=len(header), most=MAX_COLUMNS))
    _header_or_refusal(header, named, held=held)
    return data, delimiter, header


def _unbroken(line: str, below: list[str]) -> tuple[str, int]:
    """A line with those below that its quoted values run over, and how many these are."""
    if line.count('"') % 2:
        for more, text in enumerate(below, 1):
            if text.count('"') % 2:
                return " ".join([line, *below[:more]]), more
    return line, 0


def _most(line: str) -> str:
    outside = re.sub(r'"[^"]*"', "", line)
    return max(";\t|,", key=outside.count)


def _delimiter(first: str) -> str:
    if len(first) > MAX_LINE:
        columns = max(first.count(delimiter) for delimiter in ";\t|,") + 1
        raise UnreadableFile(
            "too_many_columns",
            Sentence(
                "a first line of {length} characters and {columns} columns, at most {most}",
                length=len(first),
                columns=columns,
                most=MAX_COLUMNS,
            ),
        )
    best = _most(first)
    if not re.sub(r'"[^"]*"', "", first).count(best):
        raise UnreadableFile("layout_needed", Sentence("no delimiter in the first line: a fixed-width file needs its layout"))
    return best


def _header_or_refusal(cells: list[str], named: Mapping[str, str], *, held: bool) -> None:
    if not looks_like_header(cells, named, held=held):
        known = len(assign(cells, {})[0])
        raise UnreadableFile(
            "no_header", Sentence("the first row names {known} known columns of {count}: a header is needed", known=known, count=len(cells))
        )


def _delimited(
    data: bytes, delimiter: str, header: list[str], findings: Findings, mending: "_Mending"
) -> tuple[pl.DataFrame, Suspects | None]:
    lines = bare = pl.read_lines(io.BytesIO(data), name=_LINE)[_LINE]
    quoted = b'"' in data
    if quoted:
        bare = lines.str.replace_all('"[^"]*"', "")
    odd = bare.str.contains('"', literal=True)
    stray = bool(odd.any())
    if stray:  # either a quoted value runs over several lines, or a quote stands alone: only a real parser knows the rows
        parsed = _parsed(data.decode(), delimiter, len(header))
        if parsed is not None:
            return _frame([(i, row) for i, row in mending.of(parsed)], len(header)), None
        at = (odd.arg_true() + 1).to_list()
        findings.add("stray_quote", len(at), repaired=True, rows=at, evidence="a quote that is never closed is part of the value")
        lines = lines.to_frame().select(pl.when(odd).then(pl.col(_LINE).str.replace_all('"', "'")).otherwise(_LINE))[_LINE]
        bare = lines.str.replace_all('"[^"]*"', "")
    table = pl.DataFrame({_LINE: lines, "separators": bare.str.count_matches(delimiter, literal=True)}).with_row_index("number", 1)
    table = table.filter(pl.col(_LINE).str.contains(r"[^\s;,|\"]")).slice(1)
    ragged = table.filter(pl.col("separators") != len(header) - 1)
    straight = table
    if ragged.height:
        cells = [_cells(line, delimiter) for line in ragged[_LINE].to_list()]
        mended = [row for _, row in mending.of(list(zip(ragged["number"].to_list(), cells, strict=True)))]
        rewritten = io.StringIO()
        csv.writer(rewritten, delimiter=delimiter, lineterminator="\n").writerows(mended)
        fixed = pl.DataFrame({"number": ragged["number"], "mended": rewritten.getvalue().split("\n")[:-1]})
        straight = table.join(fixed, on="number", how="left", maintain_order="left").with_columns(pl.coalesce("mended", _LINE).alias(_LINE))
    if not straight.height:
        return _empty(len(header)), None
    untouched = straight is table and table.height == lines.len() - 1 and not stray
    body = data[data.index(b"\n") + 1 :] if untouched else straight[_LINE].str.join("\n").item().encode()
    frame = pl.read_csv(
        io.BytesIO(body),
        separator=delimiter,
        has_header=False,
        infer_schema=False,
        quote_char='"' if quoted or ragged.height else None,
        new_columns=[str(i) for i in range(len(header))],
    )
    return frame.fill_null("").with_columns(straight["number"].cast(pl.Int64).alias(_LINE)), Suspects.among(straight, delimiter)


def _cells(line: str, delimiter: str) -> list[str]:
    if len(line) > MAX_LINE:
        return line[:MAX_LINE].split(delimiter)[:MAX_COLUMNS]
    return next(csv.reader([line], delimiter=delimiter))


def _parsed(text: str, delimiter: str, width: int) -> list[tuple[int, list[str]]] | None:
    """Rows below the header with the line each begins on; None when a quote that is never closed has swallowed whole records."""
    rows, line = [], 1
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in reader:
            if any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in row):
                return None
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error:  # a value of more than 131,072 characters
        return None
    return rows[1:]


@dataclass(frozen=True)
class _Mending:
    """Brings rows of another width back to the header's, where it is certain which cells slid.

    Spare empty cells go. An unquoted separator inside the address is undone where the postcode shows by how many cells the row
    slid. A row whose postcode stands in its own place only lost or gained cells behind the address. The others are beyond repair.
    """

    header: list[str]
    columns: dict[str, int]
    findings: Findings
    shifted: list[int]

    def of(self, rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        """The rows, each with its number, as wide as the header."""
        width = len(self.header)
        if _numbered(rows, width):
            self.findings.add("row_numbers", len(rows), repaired=True, evidence="a number before each row, and no header above it")
            return [(number, row[1:]) for number, row in rows]
        postcode = self.columns.get("postcode", self.columns.get("postcode_town", -1))
        street = min((i for name, i in self.columns.items() if name.startswith(("adr", "street"))), default=-1)
        needed = max(postcode, self.columns.get("town", -1), street)
        fixed: list[tuple[int, list[str]]] = []
        realigned: list[int] = []
        tail: list[int] = []
        for number, row in rows:
            extra = len(row) - width
            if extra == 0:
                fixed.append((number, row))
                continue
            in_place = 0 <= postcode < len(row) and re.match(r"\s*\d{4,5}\b", row[postcode]) is not None
            slid = extra > 0 and not in_place and 0 <= street < postcode and re.fullmatch(r"\s*\d{5}\s*", row[postcode + extra])
            if extra > 0 and not slid and not any(cell.strip() for cell in row[width:]):
                fixed.append((number, row[:width]))
            elif slid:
                start = next((i for i in range(street, postcode) if row[i].strip()), street)
                fixed.append((number, [*row[:start], " ".join(row[start : start + extra + 1]).strip(), *row[start + extra + 1 :]]))
                realigned.append(number)
            else:
                fixed.append((number, (row + [""] * width)[:width]))
                (tail if in_place and len(row) > needed else self.shifted).append(number)
        self.findings.add("shifted_row", len(realigned), repaired=True, rows=realigned, evidence="realigned on the postcode")
        self.findings.add("uneven_row", len(tail), repaired=True, rows=tail, evidence=f"not {width} cells, the address in its place")
        return fixed


def _numbered(rows: list[tuple[int, list[str]]], width: int) -> bool:
    """Whether each row has one cell more than the header, its number, as a statistics package writes it."""
    firsts = [row[0].strip() for _, row in rows if len(row) == width + 1]
    if len(firsts) < len(rows) or len(rows) < 2 or not firsts[0].isdecimal():
        return False
    return firsts == [str(number) for number in range(int(firsts[0]), int(firsts[0]) + len(rows))]


def _parquet(path: Path, named: Mapping[str, str], *, held: bool) -> Table:
    try:
        schema = pl.read_parquet_schema(path)
        if len(schema) > MAX_COLUMNS:
            raise UnreadableFile("too_many_columns", Sentence("{count} columns, at most {most}", count=len(schema), most=MAX_COLUMNS))
        nested = [name for name, kind in schema.items() if kind.is_nested() or kind == pl.Binary]
        whole = pl.read_parquet(path, columns=[name for name in schema if name not in nested])
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise UnreadableFile("unreadable_parquet", Sentence("no readable Parquet: {kind}", kind=type(fault).__name__)) from fault
    header = whole.columns
    _header_or_refusal(header, named, held=held)
    cells = [
        (pl.col(name).cast(pl.String).str.replace(r"^(-?\d+)\.0$", "$1") if kind.is_float() else pl.col(name).cast(pl.String))
        .fill_null("")
        .alias(str(i))
        for i, (name, kind) in enumerate(whole.schema.items())
    ]
    frame = whole.select(*cells, pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(_LINE))
    return Table("parquet", "utf-8", (), None, tuple(header), frame)


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
    line, in_bytes = pl.col("text"), _counts_bytes(lines["text"], layout.width)
    if in_bytes:
        findings.add("layout_in_bytes", lines.height, repaired=True, evidence="all lines are as long in bytes, and not in characters")
    cuts = [(start - 1, end - start + 1) for start, end in layout.spans]
    pieces = (line.cast(pl.Binary).bin.slice(*cut) if in_bytes else line.str.slice(*cut) for cut in cuts)
    cells = [piece.cast(pl.String, strict=False).fill_null("").str.strip_chars().alias(str(i)) for i, piece in enumerate(pieces)]
    frame = lines.select(*cells, pl.col("number").cast(pl.Int64).alias(_LINE))
    _refuse_misfit(frame, layout)
    return frame


def _counts_bytes(lines: pl.Series, width: int) -> bool:
    """Whether a file was cut before it became UTF-8: whatever accents its lines hold, they are as long in bytes."""
    full = lines.filter(lines.str.len_bytes() >= width)
    return full.str.len_bytes().n_unique() == 1 and full.str.len_chars().n_unique() > 1


def _refuse_misfit(frame: pl.DataFrame, layout: Layout) -> None:
    """Refuse a layout that is not the file's: where it has the postcode, hardly a line has digits."""
    place = assign(layout.names, {})[0].get("postcode")
    if place is None:
        return
    given = frame.filter(pl.col(str(place)) != "")
    odd = given.filter(~pl.col(str(place)).str.contains(r"^(\d{5}|[1-9]\d{3})$"))
    if odd.height > _MISFIT * given.height:
        start, end = layout.spans[place]
        told = Sentence(
            "the layout is not the file's: {odd} of {given} lines have no postcode at {start} to {end}, the first on row {row}",
            odd=odd.height,
            given=given.height,
            start=start,
            end=end,
            row=odd[_LINE][0],
        )
        raise UnreadableFile("layout_misfit", told)


def _frame(rows: list[tuple[int, list[str]]], width: int) -> pl.DataFrame:
    if not rows:
        return _empty(width)
    columns = {str(i): [row[i] for _, row in rows] for i in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.Series(_LINE, [i for i, _ in rows], dtype=pl.Int64)
    )


def _empty(width: int) -> pl.DataFrame:
    return pl.DataFrame(schema={**{str(i): pl.String for i in range(width)}, _LINE: pl.Int64})
