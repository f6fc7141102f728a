"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

from collections.abc import Callable
from functools import partial

import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names

# One family more must use a first name for every so many records, before it counts as a name of its own.
_FAMILIES = 8_000
PutBy = Callable[[str, pl.DataFrame], pl.DataFrame]
_LETTER = pl.col("initials").str.slice(0, 1)


def normalised(frame: pl.DataFrame, put_by: PutBy = lambda _, frame: frame) -> pl.DataFrame:
    """Normalise a frame of canonical records for the matcher and the mail.

    Adds ``id`` (row number), ``last_seen`` (records of the surname in 100,000), ``first_used`` (whether several families use the first
    name: a slip of the keyboard seldom comes twice), ``neighbours`` (how many surnames share the door) and, of the
    same surname at the same door, how many first initials there are: ``kin`` in all, ``kin_gender`` among those who may have the
    record's gender; and ``kin_letter``, how many first names begin as the record's does.

    :param put_by: given the frame once it is ``named`` and once it is ``placed``; what it returns goes on
    """
    named, placed = partial(put_by, "named"), partial(put_by, "placed")
    # one at a time, and no name for it: a name would keep the columns of the last alive while the next is made
    frames = [frame]
    del frame
    for step in (with_names, named, with_contacts, with_address, placed, _with_use, _with_company):
        frames.append(step(frames.pop()))
    return frames.pop().drop("id", strict=False).with_row_index("id")


def _with_use(frame: pl.DataFrame) -> pl.DataFrame:
    """How common surnames and first names are, as shares: the files are their own directory of names, whatever their size."""
    names = frame.select(_last=_mark(pl.col("last_key")), _first=_mark(pl.col("first_key")))
    seen = names.drop_nulls("_last").group_by("_last").agg(last_seen=pl.len() * 100_000 // max(frame.height, 1))
    used = names.drop_nulls().unique().group_by("_first").agg(first_used=pl.len() >= 2 + frame.height // _FAMILIES)
    told = names.join(seen, on="_last", how="left", maintain_order="left").join(used, on="_first", how="left", maintain_order="left")
    return frame.with_columns(told.select(pl.col("last_seen").fill_null(0), pl.col("first_used").fill_null(False)))


def _mark(text: pl.Expr) -> pl.Expr:
    """A number for a text, null for none: grouping numbers costs a tenth of grouping texts."""
    return pl.when(text != "").then(text.hash(seed=11))


def _with_company(frame: pl.DataFrame) -> pl.DataFrame:
    """Who else lives at the door: a record without a first name is the person of its surname only where there is but one."""
    # a sum of hashes, each times an odd number, is a hash of them all, and null where one is
    door = sum((pl.col(name).hash(seed=11) * odd for name, odd in (("cp", 3), ("number", 5), ("street_key", 7))), start=pl.lit(0))
    told = frame.select("gender", door=door, last=_mark(pl.col("last_key")), letter=_mark(_LETTER), first=_mark(pl.col("first_key")))
    told = told.with_columns(family=pl.col("door") + pl.col("last") * 9)
    told = told.with_columns(begins=pl.col("family") + pl.col("letter") * 11)
    men, women = pl.col("gender") != "F", pl.col("gender") != "M"
    kin, kin_men, kin_women = (_distinct(told.filter(who), "family", "letter") for who in (pl.lit(True), men, women))
    counted = {
        "neighbours": _brought(told, "door", _distinct(told, "door", "last")).fill_null(1),
        "kin": _brought(told, "family", kin),
        "kin_letter": _brought(told, "begins", _distinct(told, "begins", "first")),
        "_men": _brought(told, "family", kin_men),
        "_women": _brought(told, "family", kin_women),
    }
    told = told.select("gender", **counted).fill_null(0)
    own = pl.when(pl.col("gender") == "M").then("_men").when(pl.col("gender") == "F").then("_women").otherwise("kin")
    return frame.with_columns(told.select("neighbours", "kin", "kin_letter", kin_gender=own))


def _distinct(told: pl.DataFrame, key: str, value: str) -> pl.DataFrame:
    """How many different values each key has: ``key, n``."""
    return told.select(key, value).drop_nulls().unique().group_by(key).agg(n=pl.len())


def _brought(told: pl.DataFrame, key: str, counts: pl.DataFrame) -> pl.Series:
    return told.select(key).join(counts, on=key, how="left", maintain_order="left")["n"]
