"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names
from tasks.merge_purge.normalise.text import mark

# One family more must use a first name for every so many records, before it counts as a name of its own.
_FAMILIES = 8_000
# A name that more records bear than this says little by itself: a surname counted, a first name among 100,000.
_USUAL_LAST, _USUAL_FIRST = 60, 100
# A small file cannot show how rare a name is: as if everybody had so many namesakes more.
_UNSEEN = 3
# Files are sparse in which a full name comes less often than this at its door, in hundredths: there, most people come once.
_OFTEN = 145
PutBy = Callable[[str, pl.DataFrame], pl.DataFrame]
# A mailbox given at so many doors is nobody's own: an office's, a made-up one, or one name's at a provider that many bear.
_SHARED = 4
# Namesakes of a record without a full name: no answer, and so not few.
_NO_NAME = 1_000_000
_LETTER = pl.col("initials").str.slice(0, 1)


def normalised(frame: pl.DataFrame, put_by: PutBy = lambda _, frame: frame) -> pl.DataFrame:
    """Normalise a frame of canonical records for the matcher and the mail.

    Adds ``id`` (row number), ``last_seen`` (records of the surname in 100,000), ``last_usual`` and ``first_usual`` (whether many bear the
    name), ``namesakes`` (how many others of the full name chance alone would put in the files, in thousandths), ``first_used`` (whether
    several families use the first name: a slip of the keyboard seldom comes twice), ``neighbours`` (how many surnames share the door) and,
    of the same surname at the same door, ``family``, how many records there are, and how many first initials: ``kin`` in all,
    ``kin_gender`` among those who may have the record's gender; and ``kin_letter``, how many first names begin as the record's does.
    ``sparse`` is one for all records: whether most people come once.

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
    """How common names are: the files are their own directory of names."""
    size = max(frame.height, 1)
    names = frame.select(_last=mark(pl.col("last_key")), _first=mark(pl.col("first_key")))
    lasts = names.drop_nulls("_last").group_by("_last").agg(bear_last=pl.len().cast(pl.Int64))
    full = names.drop_nulls().group_by("_last", "_first").len()
    firsts = full.group_by("_first").agg(families=pl.len(), bear_first=pl.col("len").sum().cast(pl.Int64))
    told = names.join(lasts, on="_last", how="left", maintain_order="left").join(firsts, on="_first", how="left", maintain_order="left")
    chance = (pl.col("bear_last") + _UNSEEN) * (pl.col("bear_first") + _UNSEEN) * 1000 // size
    return frame.with_columns(
        told.select(
            last_seen=(pl.col("bear_last") * 100_000 // size).fill_null(0),
            last_usual=(pl.col("bear_last") > _USUAL_LAST).fill_null(False),
            first_usual=(pl.col("bear_first") * 100_000 // size > _USUAL_FIRST).fill_null(False),
            first_used=(pl.col("families") >= 2 + size // _FAMILIES).fill_null(False),
            namesakes=chance.fill_null(_NO_NAME),
        )
    )


def _with_company(frame: pl.DataFrame) -> pl.DataFrame:
    """Who else lives at the door: a record without a first name is the person of its surname only where there is but one."""
    # a sum of hashes, each times an odd number, is a hash of them all, and null where one is
    door = sum((pl.col(name).hash(seed=11) * odd for name, odd in (("cp", 3), ("number", 5), ("street_key", 7))), start=pl.lit(0))
    letter = pl.when(_LETTER != "").then(_LETTER).cast(pl.Categorical(pl.Categories.random())).to_physical()
    told = frame.select(
        "gender", door=door, last=mark(pl.col("last_key")), letter=letter, first=mark(pl.col("first_key")), mail=mark(pl.col("mail"))
    )
    told = told.with_columns(family=pl.col("door") + pl.col("last") * 9)
    # families and their letters by number, so that they are counted in plain tables
    named = told.with_row_index("at").drop_nulls("family")
    family: np.ndarray
    marks, family = np.unique(named["family"].to_numpy(), return_inverse=True)
    letters = told["letter"].n_unique()
    begins = pl.Series(family.astype(np.uint64)) * letters + named["letter"]
    man, woman = (named["gender"] == "M").to_numpy(), (named["gender"] == "F").to_numpy()
    kin, kin_men, kin_women = (_different(begins.filter(who), len(marks), letters)[family] for who in (man | ~man, ~woman, ~man))
    own = np.select([man, woman], [kin_men, kin_women], kin)
    given = pl.DataFrame({"begins": begins, "first": named["first"]}).drop_nulls()
    different = given.unique()
    firsts = different.group_by("begins").agg(n=pl.len())
    alike = pl.DataFrame({"begins": begins}).join(firsts, on="begins", how="left", maintain_order="left")["n"].fill_null(0)
    shared = told.select("mail", "door").drop_nulls("mail").unique().group_by("mail").len().filter(pl.col("len") >= _SHARED)["mail"]
    doors = named.unique("family").group_by("door").agg(n=pl.len())
    nothing = pl.zeros(frame.height, dtype=pl.UInt32, eager=True)
    counted = {
        "kin": pl.Series(kin),
        "kin_letter": alike,
        "kin_gender": pl.Series(own),
        "family": pl.Series(np.bincount(family, minlength=1)[family]),
    }
    return frame.with_columns(
        pl.when(told["mail"].is_in(shared.implode())).then(pl.lit("")).otherwise("mail").alias("mail"),
        told.select("door").join(doors, on="door", how="left", maintain_order="left")["n"].fill_null(1).alias("neighbours"),
        pl.lit(given.height * 100 < different.height * _OFTEN).alias("sparse"),
        *(nothing.clone().scatter(named["at"], n.cast(pl.UInt32)).alias(name) for name, n in counted.items()),
    )


def _different(begins: pl.Series, families: int, letters: int) -> np.ndarray:
    """How many letters each family has, of numbers ``family * letters + letter``."""
    has = np.zeros(families * letters, dtype=bool)
    has[begins.drop_nulls().to_numpy()] = True
    count: np.ndarray = has.reshape(families, letters).sum(axis=1, dtype=np.uint32)
    return count
