"""From a bare table to records under canonical names, with the repairs that are safe.

Safe means that the right value is certain: the zero that a spreadsheet ate from a postcode, no-break spaces, a total below the
records, a header repeated where two tranches were glued. Everything else is left as delivered and told.
"""

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.reading.abroad import country_column, not_here
from tasks.merge_purge.reading.defects import Defect, Findings
from tasks.merge_purge.reading.encoding import DOUBLE_ENCODED_PATTERN, undo_double_encoding
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.headers import ADDRESS, assign, said_plainly
from tasks.merge_purge.reading.layout import read_layout
from tasks.merge_purge.reading.leftovers import without_leftovers
from tasks.merge_purge.reading.numbers import note_values, repaired_postcodes, written_out
from tasks.merge_purge.reading.persons import named_by_first_line, split_name
from tasks.merge_purge.reading.places import placed
from tasks.merge_purge.reading.segments import as_planned, segment_column
from tasks.merge_purge.reading.table import UNTIDY, Suspects, Table, load_table
from tasks.merge_purge.reading.wording import plain
from tasks.merge_purge.sentences import Sentence

CANONICAL = (
    "row",
    "id_source",
    "segment",
    "civility",
    "first_name",
    "last_name",
    "company",
    *ADDRESS,
    "postcode",
    "town",
    "email",
    "phone",
    "updated_on",
)
_NAMES = frozenset({"last_name", "company", "last_first", "first_last"})
_PLACE = frozenset({"postcode", "town", "postcode_town"})
# One column each, or the file cannot be understood.
_DECISIVE = ("last_name", "first_name", "company", "civility", "postcode", "town")
_TOTAL_WORDS = (
    "sous[- ]?total|total|totaux|nombre|nb|nbre|fin de fichier|eof|record count|count|extraite?|extraction|[ée]dit[ée]e?|export[ée]e?"
)
_TOTAL = rf"(?i)^\s*({_TOTAL_WORDS})\b"
_LAST, _BELOW = 3, 20  # rows; totals and remarks stand together below the records
# A file whose accents are mostly encoded twice was converted wrongly as a whole: refused. A few such values in a sound file are repaired.
_WHOLE_FILE_SHARE = 0.2
_WIDE = 5  # columns; a single cell in so wide a row, at the end of a file, is a remark and no record
_NARROW = 2  # columns; a number alone in so narrow a row may be a telephone's
_LINE = "line"
_NUMBERED = 0.1  # of the streets


@dataclass(frozen=True)
class Loaded:
    """Records with what was learned on the way. ``frame`` has the canonical columns and ``line``, the row's number in the file;
    ``extra`` has, in the same order, what has no canonical name, under the file's own headers; ``elsewhere`` has the ``line, reason`` of
    records that are not of this country."""

    table: Table
    columns: dict[str, str]
    unmapped: tuple[str, ...]
    frame: pl.DataFrame
    extra: pl.DataFrame
    elsewhere: pl.DataFrame


@dataclass(frozen=True)
class Taken:
    """A file's records under canonical names.

    :ivar faults: ``row, reason`` of records whose cells cannot be trusted, and of those from abroad
    :ivar evidence: how the file was understood, as JSON-safe values without personal data
    :ivar extra: row by row what has no canonical name, under the file's own headers
    """

    frame: pl.DataFrame
    faults: pl.DataFrame
    defects: tuple[Defect, ...]
    evidence: dict[str, Any]
    extra: pl.DataFrame


def read(path: Path, *, layout: Path | None = None) -> pl.DataFrame:
    """Read a file's records.

    :param layout: the layout table of a fixed-width file
    :returns: a frame with the columns ``CANONICAL``; ``row`` is an integer from 1, the others are text, empty where the file has none.
        Where the file carries no id, the row number stands for it.
    :raises UnreadableFile: when the file must be refused; the code says why
    """
    return take(path, layout=layout).frame


def take(
    path: Path,
    *,
    layout: Path | None = None,
    named: Mapping[str, str] | None = None,
    strict: bool = False,
    held_at: str = "",
    segments: Collection[str] = (),
) -> Taken:
    """Like ``read``, with what was seen on the way.

    :param named: headers by canonical name, where the file's own are not to be recognised
    :param strict: refuse a file of which several columns could be the id, instead of taking the plainest
    :param held_at: of a suppression list its level, since it need not hold what a letter takes
    :param segments: the codes that are planned of the list
    """
    findings = Findings()
    loaded = load(path, layout, findings, named, held_at=held_at, segments=segments)
    if strict and any(defect.code == "several_ids" and not defect.repaired for defect in findings.defects):
        wanted = [head for head in loaded.table.header or () if said_plainly(head) == "id_source"]
        findings.refuse(
            "ambiguous_column",
            Sentence("the id could be any of {headers}: name it with id", headers=", ".join(repr(head) for head in wanted)),
        )
    if findings.fatal:
        raise UnreadableFile(findings.fatal[0]["code"], findings.fatal[0]["detail"])
    note_values(loaded.frame, findings)
    frame = loaded.frame.select(CANONICAL)
    number = pl.col("row").cast(pl.String)
    frame = frame.with_columns(
        id_source=pl.when(pl.col("id_source") == "").then(number).otherwise("id_source") if "id_source" in loaded.columns else number
    )
    shifted = loaded.frame.filter(pl.col(_LINE).is_in(loaded.table.shifted))
    abroad = loaded.frame.join(loaded.elsewhere, on=_LINE, maintain_order="left").join(shifted, on=_LINE, how="anti", maintain_order="left")
    faults = pl.concat([shifted.select("row", reason=pl.lit("shifted_row")), abroad.select("row", "reason")])
    return Taken(frame, faults, tuple(findings.defects), _evidence(path, loaded, findings), loaded.extra)


def _evidence(path: Path, loaded: Loaded, findings: Findings) -> dict[str, Any]:
    table = loaded.table
    return {
        "name": path.name,
        "kind": table.kind,
        "encoding": table.encoding,
        "encoding_also": list(table.encoding_also),
        "delimiter": table.delimiter or "",
        "records": loaded.frame.height,
        "columns": loaded.columns,
        "unmapped": list(loaded.unmapped),
        "findings": [defect.to_dict() for defect in findings.defects],
    }


def load(
    path: Path,
    layout: Path | None,
    findings: Findings,
    named: Mapping[str, str] | None = None,
    *,
    held_at: str = "",
    segments: Collection[str] = (),
) -> Loaded:
    """Read records and write down every finding; refusals that leave something to count are notes, the others are raised.

    :raises UnreadableFile: when there is no table at all
    """
    named = named or {}
    table = load_table(path, read_layout(layout) if layout else None, findings, named, held=bool(held_at))
    header = list(table.header or ())
    columns, unmapped, claims = assign(header, named)
    _judge_claims(table, claims, columns, header, findings)
    frame = _without_double_encoding(table.frame, table.suspects, findings)
    frame = _without_spaces(frame, table.suspects, findings)
    frame = without_leftovers(frame, findings)
    frame = _without_glued_header(frame, header, findings)
    frame = _without_total(frame, findings)
    slid = frame.filter(pl.col(_LINE).is_in(table.shifted))[_LINE].to_list()
    findings.add("shifted_row", len(slid), repaired=False, rows=slid, evidence=f"not {len(header)} cells")
    if not frame.height:
        findings.refuse("no_records", Sentence("a header and nothing below it"))
    elif len(slid) == frame.height:
        findings.refuse(
            "shifted_row", Sentence("no row has the {count} cells that the header has, from row {row} on", count=len(header), row=slid[0])
        )
    if "segment" not in named:
        columns = segment_column(frame, columns, segments, findings)
    unmapped = [head for head in unmapped if "segment" not in columns or head != header[columns["segment"]]]
    extra = _extra(frame, header, columns)
    taken = {columns[name] for name in named}
    country = country_column(header)
    countries = None if country is None else frame[str(country)]
    frame = _canonical(frame, columns, ["" if i in taken else head for i, head in enumerate(header)])
    has = set(columns)
    if not has & _PLACE and (within := placed(frame, findings)) is not None:
        frame, has = within, has | _PLACE
    if not has & _NAMES and (within := named_by_first_line(frame, findings)) is not None:
        frame, has = within, has | _NAMES
    frame = as_planned(written_out(frame, findings), segments, findings, given="segment" in columns)
    elsewhere = not_here(frame.select(_LINE, "postcode", "town"), countries)
    frame = repaired_postcodes(frame, elsewhere, findings)
    _missing(has, findings, held_at=held_at)
    where = {name: header[i] for name, i in columns.items()}
    frame = frame.with_row_index("row", 1).with_columns(pl.col("row").cast(pl.Int64))
    return Loaded(table, where, tuple(unmapped), frame, extra, elsewhere)


def _extra(frame: pl.DataFrame, header: list[str], columns: Mapping[str, int]) -> pl.DataFrame:
    """What has no canonical name, or one that another column has, and is not empty throughout; a header that comes twice is numbered."""
    found: dict[str, pl.Expr] = {}
    for i, head in enumerate(header):
        name, known = head.strip(), said_plainly(head)
        twice = known in columns and frame[str(i)].equals(frame[str(columns[str(known)])])
        if i in columns.values() or known in ADDRESS or twice or not name or not (frame[str(i)] != "").any():
            continue
        while name in found or name in CANONICAL:
            name += "_2"
        found[name] = pl.col(str(i))
    return frame.select(**found)


def _judge_claims(table: Table, claims: dict[str, list[str]], columns: dict[str, int], header: list[str], findings: Findings) -> None:
    for name, headers in claims.items():
        at = [i for i, head in enumerate(header) if head in headers]
        twice = len({plain(head) for head in headers}) < len(headers)
        same = all((table.frame[str(i)] == table.frame[str(at[0])]).all() for i in at[1:])
        if twice:
            findings.add("duplicate_header", len(headers) - 1, repaired=same, evidence=f"{headers[0]!r} more than once")
        if name == "id_source" and not same:
            findings.add("several_ids", len(headers) - 1, repaired=False, evidence=f"taken from {header[columns[name]]!r}")
        if name in _DECISIVE and not same:
            among = tuple(Sentence("{header!r} (column {place})", header=header[i], place=i + 1) for i in at)
            findings.refuse(
                "ambiguous_column",
                Sentence(
                    "{name} could be any of {among}: name one under columns, or give the others another header", name=name, among=among
                ),
            )


def _missing(has: Set[str], findings: Findings, *, held_at: str) -> None:
    """Refuse a file without what its records are for: a letter, or of a suppression list to tell whom it holds."""
    addressed, named = has & {*ADDRESS, "street_name"}, has & _NAMES
    if held_at == "individual":
        if "email" not in has and not (named and (addressed or has & _PLACE)):
            findings.refuse(
                "missing_column",
                Sentence("no column of e-mails, nor of names with addresses, postcodes or towns: head it so, or name it under columns"),
            )
        return
    if held_at != "address" and not named:
        findings.refuse("missing_column", Sentence("neither a name nor a company among the columns: name one under columns"))
    if not addressed:
        findings.refuse("missing_column", Sentence("no address among the columns: name one under columns"))
    for name in ("postcode", "town"):
        if name not in has and "postcode_town" not in has:
            findings.refuse("missing_column", Sentence("no {name} among the columns: name one under columns", name=name))


def _without_double_encoding(frame: pl.DataFrame, suspects: Suspects | None, findings: Findings) -> pl.DataFrame:
    cells = pl.col([name for name in frame.columns if name != _LINE])
    looked_at = frame.filter(pl.col(_LINE).is_in(suspects.double.implode())) if suspects else frame
    spoilt = looked_at.filter(pl.any_horizontal(cells.str.contains(DOUBLE_ENCODED_PATTERN)))
    if not spoilt.height:
        return frame
    accented = suspects.accented if suspects else frame.filter(pl.any_horizontal(cells.str.len_bytes() != cells.str.len_chars())).height
    whole = spoilt.height > 1 and spoilt.height >= _WHOLE_FILE_SHARE * accented
    evidence = Sentence("{count} records of the {accented} that hold accents", count=spoilt.height, accented=accented)
    findings.add("double_encoded", spoilt.height, repaired=not whole, rows=spoilt[_LINE].to_list(), evidence=evidence)
    if whole:
        findings.refuse(
            "double_encoded",
            Sentence(
                "accents were encoded twice on {evidence}, the first on row {row}: export the file anew, in UTF-8",
                evidence=evidence,
                row=spoilt[_LINE][0],
            ),
        )
        return frame
    at = frame[_LINE].is_in(spoilt[_LINE].implode()).arg_true()
    mended = spoilt.select(cells.map_elements(undo_double_encoding, return_dtype=pl.String))
    changed = (column for column in mended if not column.equals(spoilt[column.name]))
    return frame.with_columns(frame[column.name].clone().scatter(at, column) for column in changed)


def _without_spaces(frame: pl.DataFrame, suspects: Suspects | None, findings: Findings) -> pl.DataFrame:
    looked_at = frame[_LINE].is_in(suspects.untidy.implode()).arg_true() if suspects else pl.arange(frame.height, eager=True)
    cells = [name for name in frame.columns if name != _LINE]
    odd = r"[\u00a0\u202f\u2007\u200b\ufeff]"
    touched = pl.repeat(False, frame.height, eager=True)
    neat = {}
    for name in cells:
        # most cells are neat already: only the others are worth the costly expressions
        column = frame[name][looked_at]
        untidy = column.str.contains(UNTIDY).arg_true()
        at_edge = column.str.contains("^ | $").any()
        if untidy.len():
            found = column[untidy]
            touched = touched.scatter(looked_at[untidy].filter(found.str.contains(odd)), True)
            found = found.str.replace_all(r"[\u200b\ufeff]", "").str.replace_all(r"[\s\u00a0\u202f\u2007\x00-\x1f]+", " ")
            column = column.scatter(untidy, found)
        if at_edge or untidy.len():
            neat[name] = frame[name].clone().scatter(looked_at, column.str.strip_chars())
    rows = frame[_LINE].filter(touched).to_list()
    findings.add("nbsp", len(rows), repaired=True, rows=rows, evidence="no-break or invisible spaces")
    return frame.with_columns(**neat)


def _without_glued_header(frame: pl.DataFrame, header: list[str], findings: Findings) -> pl.DataFrame:
    repeated = pl.all_horizontal(pl.col(str(i)) == re.sub(r"\s+", " ", head).strip() for i, head in enumerate(header))
    rows = frame.filter(repeated)[_LINE].to_list()
    findings.add("repeated_header", len(rows), repaired=True, rows=rows)
    return frame.filter(~repeated) if rows else frame


def _without_total(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    if not frame.height:
        return frame
    cells = [name for name in frame.columns if name != _LINE]
    tail = frame.tail(_BELOW)
    filled = pl.sum_horizontal((pl.col(cells) != "").cast(pl.Int32))
    worded = (filled <= 3) & pl.any_horizontal(pl.col(cells).str.contains(_TOTAL))
    bare = (filled <= 3) & pl.all_horizontal(pl.col(cells).str.contains(r"^[\d\s.,]*$")) & pl.lit(len(cells) > _NARROW)
    alone = (filled <= 1) & pl.lit(len(cells) >= _WIDE)
    last = pl.int_range(pl.len(), 0, -1) <= _LAST
    totals = tail.select(last & (worded | bare | alone) | worded).to_series()
    # one of the last three, and above it what says so in words
    reached = (~totals).reverse().cum_sum().reverse() == 0
    totals = totals & (reached | tail.select(last).to_series())
    rows = tail[_LINE].filter(totals).to_list()
    findings.add("trailing_total", len(rows), repaired=True, rows=rows)
    return frame.filter(~pl.col(_LINE).is_in(rows)) if rows else frame


def _canonical(frame: pl.DataFrame, columns: dict[str, int], header: list[str]) -> pl.DataFrame:
    def cell(name: str) -> pl.Expr:
        return pl.col(str(columns[name])) if name in columns else pl.lit("")

    values = {name: cell(name) for name in CANONICAL if name != "row"}
    pieces = [cell(name) for name in ("street_number", "street_suffix", "street_kind", "street_name") if name in columns]
    if "street_number" in columns and "adr4" in columns and _streets_lack(frame, columns):
        pieces = [*(cell(name) for name in ("street_number", "street_suffix") if name in columns), cell("adr4")]
        values["adr4"] = pl.concat_str(pieces, separator=" ").str.replace_all(" +", " ").str.strip_chars()
    if "street_name" in columns and "adr4" not in columns:
        values["adr4"] = pl.concat_str(pieces, separator=" ").str.replace_all(" +", " ").str.strip_chars()
    # A second column that claims an address line takes a free one: the content, not the place, says later what it is.
    used = {name for name in ADDRESS if name in columns}
    for i, head in enumerate(header):
        name = said_plainly(head)
        if name in ADDRESS and columns[name] != i and (free := next((a for a in ADDRESS[1:] if a not in used), None)):
            values[free] = pl.col(str(i))
            used.add(free)
    if "postcode_town" in columns:
        both = cell("postcode_town")
        before, behind = r"^\D{0,2}(\d{4,5})\b", r"\b(\d{5})$"
        values["postcode"] = pl.coalesce(both.str.extract(before, 1), both.str.extract(behind, 1)).fill_null("")
        rest = pl.when(both.str.contains(before)).then(both.str.replace(before, "")).otherwise(both.str.replace(behind, ""))
        values["town"] = rest.str.strip_chars(" -")
    for name, last_first in (("last_first", True), ("first_last", False)):
        if name in columns and "last_name" not in columns:
            civility, first, last = split_name(cell(name), last_first)
            values["civility"] = values["civility"] if "civility" in columns else civility
            values["first_name"], values["last_name"] = first, last
    frame = frame.select(pl.col(_LINE), **values)
    return frame.with_columns(pl.lit("").alias(name) for name, kind in frame.schema.items() if name != _LINE and kind != pl.String)


def _streets_lack(frame: pl.DataFrame, columns: Mapping[str, int]) -> bool:
    """Whether the number before a street stands in a column of its own: streets begin with none, and it is no number of the row."""
    streets, numbers = (frame[str(columns[name])] for name in ("adr4", "street_number"))
    given = numbers.filter(numbers.str.contains(r"^\d{1,4}\b"))
    counted = numbers.cast(pl.Int64, strict=False).diff().drop_nulls()
    one_by_one = counted.len() == frame.height - 1 and bool((counted == 1).all())
    numbered = int(streets.str.contains(r"^\d").sum())
    return 2 * given.len() >= frame.height > 0 and not one_by_one and numbered <= _NUMBERED * frame.height
