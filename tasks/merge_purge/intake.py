"""The files of a brief as one frame: every list's tranches in order, then the suppression lists."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tasks.merge_purge.brief import Brief, ListFile
from tasks.merge_purge.reading import Defect, UnreadableFile, take


@dataclass(frozen=True)
class Intake:
    """Canonical records with ``source, list_order, rank, held``; the delivered ones first. Counts and repairs are by list."""

    frame: pl.DataFrame
    delivered: dict[str, int]
    repairs: dict[str, dict[str, int]]


def read_brief(brief: Brief) -> Intake:
    """Read every file of a brief; ``row`` runs over the tranches of a list.

    :raises UnreadableFile: the first file that must be refused, named in the detail
    """
    frames, delivered, repairs = [], {}, {}
    for order, entry in enumerate(brief.files):
        tranches = [_take(part.path, part.layout) for part in entry.parts]
        whole = pl.concat([frame for frame, _ in tranches]).with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
        frames.append(_placed(whole, entry.code, order, held=False).with_columns(rank=_rank(entry)))
        delivered[entry.code] = whole.height
        repairs[entry.code] = _repairs([defect for _, defects in tranches for defect in defects])
    for order, held in enumerate(brief.suppressions):
        frame, _ = _take(held.path, held.layout)
        frames.append(_placed(frame, held.code, order, held=True).with_columns(rank=pl.lit(0, dtype=pl.Int64)))
    return Intake(pl.concat(frames), delivered, repairs)


def _take(path: Path, layout: Path | None) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    try:
        return take(path, layout=layout)
    except UnreadableFile as refusal:
        raise UnreadableFile(refusal.code, f"{path.name}: {refusal.detail}") from refusal


def _placed(frame: pl.DataFrame, code: str, order: int, *, held: bool) -> pl.DataFrame:
    return frame.with_columns(source=pl.lit(code), list_order=pl.lit(order, dtype=pl.Int64), held=pl.lit(held))


def _rank(entry: ListFile) -> pl.Expr:
    if not entry.ranks:
        return pl.lit(entry.default_rank, dtype=pl.Int64)
    return pl.col("segment").replace_strict(entry.ranks, default=entry.default_rank, return_dtype=pl.Int64)


def _repairs(defects: list[Defect]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for defect in defects:
        if defect.repaired:
            counts[defect.code] = counts.get(defect.code, 0) + defect.count
    return counts
