"""The files of a brief as one frame: every list's tranches in order, then the suppression lists."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tasks.merge_purge.brief import Brief, ListFile, Part, Suppression
from tasks.merge_purge.reading import Defect, Taken, UnreadableFile, take
from tasks.merge_purge.reading.headers import ADDRESS
from tasks.merge_purge.sentences import Sentence


@dataclass(frozen=True)
class Intake:
    """What was learned of the files of a brief while they were read.

    :ivar delivered: records read from each list
    :ivar repairs: repairs counted, by list
    :ivar faults: ``source, row, reason`` of records whose cells cannot be trusted
    :ivar evidence: how each file was understood, by the code of its list or suppression
    :ivar extra: ``row`` and the columns without a canonical name, of the lists that have such
    :ivar bare: the suppression lists that have surnames with addresses, and nobody's first name or title
    """

    delivered: dict[str, int]
    repairs: dict[str, dict[str, int]]
    faults: pl.DataFrame
    evidence: dict[str, list[dict[str, Any]]]
    extra: dict[str, pl.DataFrame] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()


def read_brief(brief: Brief, tell: Callable[[int, int], None] | None = None) -> tuple[pl.DataFrame, Intake]:
    """Read every file of a brief: canonical records with ``source, list_order, rank, held``, the delivered ones first.

    ``row`` runs over the tranches of a list.

    :param tell: called after each file with how many are read and how many records so far
    :raises UnreadableFile: the first file that must be refused, named in the detail
    """
    frames, faults, delivered, repairs, evidence, extra, bare = [], [], {}, {}, {}, {}, set()
    done = records = 0

    def taken(part: Part | Suppression, code: str, *, strict: bool, segments: Collection[str] = ()) -> Taken:
        nonlocal done, records
        found = _take(part, code, strict=strict, segments=segments)
        done, records = done + 1, records + found.frame.height
        if tell:
            tell(done, records)
        return found

    for order, entry in enumerate(brief.files):
        tranches = [taken(part, entry.code, strict=True, segments=entry.ranks) for part in entry.parts]
        starts = itertools.accumulate((tranche.frame.height for tranche in tranches), initial=0)
        faults += [
            one.faults.select(pl.col("row") + start, "reason", source=pl.lit(entry.code))
            for one, start in zip(tranches, starts, strict=False)
            if one.faults.height
        ]
        whole = _renumbered([tranche.frame for tranche in tranches])
        frames.append(_placed(whole, entry.code, order, held=False).with_columns(rank=_rank(entry)))
        delivered[entry.code] = whole.height
        repairs[entry.code] = _repairs([defect for tranche in tranches for defect in tranche.defects])
        evidence[entry.code] = [tranche.evidence for tranche in tranches]
        if any(tranche.extra.width for tranche in tranches):
            numbered = [tranche.extra.with_columns(tranche.frame["row"]) for tranche in tranches]
            extra[entry.code] = pl.concat(numbered, how="diagonal").with_columns(row=whole["row"])
    for order, held in enumerate(brief.suppressions):
        found = taken(held, held.code, strict=False)
        frames.append(_placed(found.frame, held.code, order, held=True).with_columns(rank=pl.lit(0, dtype=pl.Int64)))
        evidence[held.code] = [found.evidence]
        if _is_bare(found.frame):
            bare.add(held.code)
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String, "source": pl.String})
    return pl.concat(frames), Intake(delivered, repairs, pl.concat([nothing, *faults]), evidence, extra, frozenset(bare))


def _is_bare(frame: pl.DataFrame) -> bool:
    told = {name for name in ("last_name", "first_name", "civility", "company", *ADDRESS) if (frame[name] != "").any()}
    return "last_name" in told and not told & {"first_name", "civility", "company"} and bool(told.intersection(ADDRESS))


def _renumbered(tranches: list[pl.DataFrame]) -> pl.DataFrame:
    """The tranches of a list below each other; an id that is only a row's number is the number in the whole."""
    start, frames = 0, []
    for frame in tranches:
        number = pl.col("row").cast(pl.String)
        unnamed = (frame["id_source"] == frame["row"].cast(pl.String)).all()
        moved = pl.when(pl.col("id_source") == number).then((pl.col("row") + start).cast(pl.String)).otherwise("id_source")
        frames.append(frame.with_columns(id_source=moved) if start and unnamed else frame)
        start += frame.height
    return pl.concat(frames).with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))


def _take(part: Part | Suppression, code: str, *, strict: bool, segments: Collection[str]) -> Taken:
    held_at = part.level if isinstance(part, Suppression) else ""
    named = part.columns | ({"id_source": part.id} if part.id else {})
    try:
        return take(part.path, layout=part.layout, named=named, strict=strict, held_at=held_at, segments=segments)
    except UnreadableFile as refusal:
        raise UnreadableFile(
            refusal.code, Sentence("{code}, {file}: {detail}", code=code, file=part.path.name, detail=refusal.detail)
        ) from refusal


def _placed(frame: pl.DataFrame, code: str, order: int, *, held: bool) -> pl.DataFrame:
    return frame.with_columns(source=pl.lit(code), list_order=pl.lit(order, dtype=pl.Int64), held=pl.lit(held))


def _rank(entry: ListFile) -> pl.Expr:
    if not entry.ranks:
        return pl.lit(entry.priority, dtype=pl.Int64)
    return pl.col("segment").replace_strict(entry.ranks, default=entry.priority, return_dtype=pl.Int64)


def _repairs(defects: list[Defect]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for defect in defects:
        if defect.repaired:
            counts[defect.code] = counts.get(defect.code, 0) + defect.count
    return counts
