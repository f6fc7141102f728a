"""What programs leave in cells: words for nothing, and letters as web pages write them. Looked for only where a file holds any."""

import html
import re

import polars as pl

from tasks.merge_purge.reading.defects import Findings

_LINE = "line"
# Nobody is called so; and what somebody may be called, so that it counts as nothing only where several columns have it.
_NOTHING = ("\\N", "(null)", "<null>", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NOM?", "#VALEUR!")
_PERHAPS = ("NULL", "nan", "NaN", "None", "N/A")
_ENTITY = r"&(?:[A-Za-z]{2,8}|#\d{2,5});"
_HELD = re.compile("|".join([*map(re.escape, (*_NOTHING, *_PERHAPS)), _ENTITY, '="']).encode())


def may_hold(data: bytes) -> bool:
    """Whether a file holds anything of this at all."""
    return _HELD.search(data) is not None


def without_leftovers(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """The cells without them."""
    cells = [name for name in frame.columns if name != _LINE]
    perhaps = frame.select(pl.col(cells).is_in(list(_PERHAPS)).any())
    words = [*_NOTHING, *_PERHAPS] if sum(perhaps.row(0)) > 1 else list(_NOTHING)
    empty = pl.col(cells).is_in(words)
    rows = frame.filter(pl.any_horizontal(empty))[_LINE].to_list()
    findings.add("void_words", len(rows), repaired=True, rows=rows, evidence="NULL, #N/A and the like")
    if rows:
        frame = frame.with_columns(pl.when(empty).then(pl.lit("")).otherwise(pl.col(cells)).name.keep())
    written = pl.col(cells).str.contains(_ENTITY)
    rows = frame.filter(pl.any_horizontal(written))[_LINE].to_list()
    findings.add("entities", len(rows), repaired=True, rows=rows, evidence="letters as a web page writes them")
    if rows:
        at = frame[_LINE].is_in(rows).arg_true()
        mended = frame[at].select(pl.col(cells).map_elements(html.unescape, return_dtype=pl.String))
        frame = frame.with_columns(frame[column.name].clone().scatter(at, column) for column in mended)
    return frame
