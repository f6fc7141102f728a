"""What a delivered file is, and what is wrong with it: the facts from which a delivery is accepted or refused.

Nothing here decides; comparing with a delivery note and an order is the campaign's business.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.normalise.communes import of_the_army
from tasks.merge_purge.reading.defects import SAMPLE, Defect, Findings
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.reading.headers import ADDRESS
from tasks.merge_purge.reading.numbers import note_values
from tasks.merge_purge.reading.records import Loaded, load

POSTCODE = r"^(0[1-9]|[1-8]\d|9[0-8])\d{3}$"


@dataclass(frozen=True)
class Examination:
    """A file's facts. ``fatal`` is empty when the file can be read; ``empty_percent`` holds shares of the records, in per cent,
    ``empty`` the records that lack something: how many, and the first of their rows."""

    kind: str
    encoding: str
    encoding_also: tuple[str, ...]
    delimiter: str | None
    header_found: bool
    columns: dict[str, str]
    unmapped: tuple[str, ...]
    record_count: int
    segment_counts: dict[str, int]
    empty_percent: dict[str, float]
    empty: dict[str, dict[str, Any]]
    bad_postcodes: int
    duplicate_ids: int
    defects: tuple[Defect, ...]
    fatal: tuple[dict[str, str], ...]

    @property
    def readable(self) -> bool:
        """True when nothing fatal was found."""
        return not self.fatal

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form, without personal data."""
        return {
            "kind": self.kind,
            "encoding": self.encoding,
            "encoding_also": list(self.encoding_also),
            "delimiter": self.delimiter,
            "header_found": self.header_found,
            "columns": self.columns,
            "unmapped": list(self.unmapped),
            "record_count": self.record_count,
            "segment_counts": self.segment_counts,
            "empty_percent": self.empty_percent,
            "empty": self.empty,
            "bad_postcodes": self.bad_postcodes,
            "duplicate_ids": self.duplicate_ids,
            "defects": [defect.to_dict() for defect in self.defects],
            "fatal": list(self.fatal),
        }


def examine(path: Path, *, layout: Path | None = None, segments: Collection[str] = ()) -> Examination:
    """Look at a file without judging it by anything but itself.

    :param layout: the layout table, for a fixed-width file
    :param segments: the codes that are planned of the list
    :returns: the facts; an unreadable file gives one with its reason under ``fatal`` and no records
    """
    findings = Findings()
    try:
        loaded = load(path, layout, findings, segments=segments)
    except UnreadableFile as refusal:
        findings.refuse(refusal.code, refusal.detail)
        seen, reasons = tuple(findings.defects), tuple(findings.fatal)
        return Examination("unknown", "unknown", (), None, False, {}, (), 0, {}, {}, {}, 0, 0, seen, reasons)
    return _facts(loaded, findings)


def _facts(loaded: Loaded, findings: Findings) -> Examination:
    frame, table = loaded.frame, loaded.table
    bad = frame.filter(~pl.col("postcode").str.contains(POSTCODE) & (pl.col("postcode") != "") & ~of_the_army(pl.col("town")))
    findings.add("bad_postcode", bad.height, repaired=False, rows=bad["line"].to_list())
    note_values(frame, findings)
    replaced = frame.filter(pl.any_horizontal(pl.col(pl.String).str.contains("\ufffd", literal=True)))
    findings.add("undecodable_character", replaced.height, repaired=False, rows=replaced["line"].to_list())
    repeated = frame.filter((pl.col("id_source") != "") & pl.col("id_source").is_duplicated())
    duplicates = repeated.height - repeated["id_source"].n_unique()
    findings.add("duplicate_id", duplicates, repaired=False, rows=repeated["line"].head(SAMPLE).to_list())
    said = "segment" in loaded.columns or (frame["segment"] != "").any()
    counted = frame.group_by("segment").len().sort("segment") if said else pl.DataFrame({"segment": [], "len": []})
    return Examination(
        kind=table.kind,
        encoding=table.encoding,
        encoding_also=table.encoding_also,
        delimiter=table.delimiter,
        header_found=table.kind != "fixed",
        columns=loaded.columns,
        unmapped=loaded.unmapped,
        record_count=frame.height,
        segment_counts=dict(zip(counted["segment"].to_list(), counted["len"].to_list(), strict=True)),
        empty_percent=_empty_percent(frame),
        empty=_empty(frame),
        bad_postcodes=bad.height,
        duplicate_ids=duplicates,
        defects=tuple(findings.defects),
        fatal=tuple(findings.fatal),
    )


_EMPTY = {
    "id_source": pl.col("id_source") == "",
    "identity": (pl.col("last_name") == "") & (pl.col("company") == ""),
    "address": pl.all_horizontal(pl.col(ADDRESS) == ""),
    "postcode": pl.col("postcode") == "",
    "town": pl.col("town") == "",
}
"""What a record may lack."""
_LISTED = 50  # rows that a report lists one by one; beyond that a supplier looks for the pattern


def _empty_percent(frame: pl.DataFrame) -> dict[str, float]:
    if not frame.height:
        return {}
    return (
        frame.select(pl.col("row").len().alias("n"), **{k: v.sum() for k, v in _EMPTY.items()})
        .select((pl.col(k) * 100.0 / pl.col("n")).round(2) for k in _EMPTY)
        .row(0, named=True)
    )


def _empty(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    found = {}
    for name, lacking in _EMPTY.items():
        rows = frame.filter(lacking)["line"]
        if rows.len():
            found[name] = {"count": rows.len(), "rows": rows.head(_LISTED).to_list()}
    return found
