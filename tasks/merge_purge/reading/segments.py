"""Which column holds the segment, where the codes that a plan has are known: the file's header need not say it, nor its case be the plan's.

Without codes, the header alone decides (``headers``).
"""

import re
from collections.abc import Collection

import polars as pl

from tasks.merge_purge.reading.defects import Findings

_LINE = "line"
_NEARLY_ALL = 0.9  # of the records


def segment_column(frame: pl.DataFrame, columns: dict[str, int], codes: Collection[str], findings: Findings) -> dict[str, int]:
    """The columns, with the one whose values are the plan's codes as the segment where the header's own holds none of them."""
    known = {_bare(code) for code in codes}
    if not known or not frame.height or ("segment" in columns and _share(frame[str(columns["segment"])], known)):
        return columns
    others = [name for name in frame.columns if name != _LINE and int(name) not in columns.values()]
    holding = [int(name) for name in others if _share(frame[name], known) >= _NEARLY_ALL]
    if len(holding) != 1:
        return columns
    findings.add("segment_by_values", 1, repaired=True, evidence="the column that holds the plan's segments, by another header")
    return columns | {"segment": holding[0]}


def as_planned(frame: pl.DataFrame, codes: Collection[str], findings: Findings, *, given: bool) -> pl.DataFrame:
    """The records with segments as the plan writes them; of a file that gives none, the only one that is planned.

    :param given: the file has a column for them
    """
    if not given:
        if len(codes) != 1:
            return frame
        findings.add("segment_of_the_plan", frame.height, repaired=True, evidence="no column of segments, and one segment planned")
        return frame.with_columns(segment=pl.lit(next(iter(codes))))
    planned = {_bare(code): code for code in codes}
    strange = [text for text in frame["segment"].unique().to_list() if text not in codes and _bare(text) in planned]
    if len(planned) < len(codes) or not strange:  # two codes of the plan that differ by their writing alone
        return frame
    rows = frame.filter(pl.col("segment").is_in(strange))[_LINE].to_list()
    findings.add("segment_spelling", len(rows), repaired=True, rows=rows, evidence="segments written otherwise than in the plan")
    return frame.with_columns(pl.col("segment").replace({text: planned[_bare(text)] for text in strange}))


def _share(values: pl.Series, known: set[str]) -> float:
    """The share of the records that have one of the codes."""
    counted: list[tuple[str, int]] = values.value_counts(name="times").rows()
    return sum(times for text, times in counted if _bare(text) in known) / len(values)


def _bare(code: str) -> str:
    """A code without case, blanks, signs and the zeros before it, which a spreadsheet eats."""
    return re.sub(r"[\W_]", "", code).casefold().lstrip("0") or code
