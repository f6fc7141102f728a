"""What programs leave in cells: words for nothing, and letters as web pages write them. Looked for where the first rows hold any."""

import html

import polars as pl

from tasks.merge_purge.reading.defects import Findings

_LINE = "line"
# Nobody is called so; and what somebody may be called, so that it counts as nothing only where several columns have it.
_NOTHING = ("\\N", "(null)", "<null>", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NOM?", "#VALEUR!")
_PERHAPS = ("NULL", "nan", "NaN", "None", "N/A")
_ENTITY = r"&(?:[A-Za-z]{2,8}|#\d{2,5});"
_WRAPPED = r'^=".*"$'
_LOOKED_AT = 2_000  # rows; a program that leaves such does so all over


def without_leftovers(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """The cells without them, where the first of them hold any."""
    cells = [name for name in frame.columns if name != _LINE]
    first, text = frame.head(_LOOKED_AT), pl.col(cells)
    if first.select(pl.any_horizontal(text.str.contains(_WRAPPED)).any()).item():
        frame = _without_wrapping(frame, text, findings)
    if first.select(pl.any_horizontal(text.is_in([*_NOTHING, *_PERHAPS])).any()).item():
        frame = _without_words(frame, cells, findings)
    if first.select(pl.any_horizontal(text.str.contains(_ENTITY)).any()).item():
        frame = _without_entities(frame, cells, findings)
    return frame


def _without_wrapping(frame: pl.DataFrame, text: pl.Expr, findings: Findings) -> pl.DataFrame:
    """``="01000"`` is how zeros are kept from a spreadsheet: it means 01000."""
    wrapped = text.str.contains(_WRAPPED)
    rows = frame.filter(pl.any_horizontal(wrapped))[_LINE].to_list()
    findings.add("wrapped_text", len(rows), repaired=True, rows=rows, evidence='="..." around a value')
    return frame.with_columns(pl.when(wrapped).then(text.str.slice(2).str.head(-1)).otherwise(text).name.keep())


def _without_words(frame: pl.DataFrame, cells: list[str], findings: Findings) -> pl.DataFrame:
    perhaps = frame.select(pl.col(cells).is_in(list(_PERHAPS)).any())
    words = [*_NOTHING, *_PERHAPS] if sum(perhaps.row(0)) > 1 else list(_NOTHING)
    empty = pl.col(cells).is_in(words)
    rows = frame.filter(pl.any_horizontal(empty))[_LINE].to_list()
    findings.add("void_words", len(rows), repaired=True, rows=rows, evidence="NULL, #N/A and the like")
    return frame.with_columns(pl.when(empty).then(pl.lit("")).otherwise(pl.col(cells)).name.keep()) if rows else frame


def _without_entities(frame: pl.DataFrame, cells: list[str], findings: Findings) -> pl.DataFrame:
    written = pl.col(cells).str.contains(_ENTITY)
    rows = frame.filter(pl.any_horizontal(written))[_LINE].to_list()
    findings.add("entities", len(rows), repaired=True, rows=rows, evidence="letters as a web page writes them")
    at = frame[_LINE].is_in(rows).arg_true()
    mended = frame[at].select(pl.col(cells).map_elements(html.unescape, return_dtype=pl.String))
    return frame.with_columns(frame[column.name].clone().scatter(at, column) for column in mended)
