"""The records as the matcher sees them: numbered, normalised, files and suppression lists in one frame."""

from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

from tasks.merge_purge.normalise import with_address, with_contacts, with_names
from tasks.merge_purge.normalise.text import mark
from tasks.merge_purge.numbering import GOLDEN, numbered

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
_SPREAD = np.uint64(GOLDEN)
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
    last, first = (_marks(frame, f"{name}_key") for name in ("last", "first"))
    (last_number, _), (first_number, _) = numbered(last), numbered(first)
    full = np.flatnonzero((last != 0) & (first != 0))
    of_full = first_number[full]
    _, once = numbered(last[full] * _SPREAD + first[full])
    bear_last = np.where(last != 0, np.bincount(last_number, minlength=1)[last_number], 0)
    # of records with a full name, and of families
    bear_first, families = (np.bincount(of, minlength=size)[first_number] for of in (of_full, of_full[once]))
    chance = (bear_last + _UNSEEN) * (bear_first + _UNSEEN) * 1000 // size
    return frame.with_columns(
        last_seen=pl.Series(bear_last * 100_000 // size),
        last_usual=pl.Series(bear_last > _USUAL_LAST),
        first_usual=pl.Series(bear_first * 100_000 // size > _USUAL_FIRST),
        first_used=pl.Series(families >= 2 + size // _FAMILIES),
        namesakes=pl.Series(np.where((bear_last > 0) & (bear_first > 0), chance, _NO_NAME)),
    )


def _with_company(frame: pl.DataFrame) -> pl.DataFrame:
    """Who else lives at the door: a record without a first name is the person of its surname only where there is but one."""
    # a sum of hashes, each times an odd number, is a hash of them all
    spread = (pl.col(name).hash(seed=11) * odd for name, odd in (("cp", 3), ("number", 5), ("street_key", 7)))
    door = frame.select(pl.sum_horizontal(spread)).to_series().to_numpy()
    last, first, mail = (_marks(frame, name) for name in ("last_key", "first_key", "mail"))
    door_number, _ = numbered(door)
    at = np.flatnonzero(last)
    family, places = numbered(door[at] + last[at] * _SPREAD)
    neighbours = np.bincount(door_number[at[places]], minlength=frame.height)[door_number]
    # families and their letters by number, so that they are counted in plain tables; nought is no letter
    letter, letters = _lettered(frame)
    begins = family.astype(np.uint64) * letters + letter[at]
    gender = frame["gender"].gather(at)
    man, woman = (gender == "M").to_numpy(), (gender == "F").to_numpy()
    kin, kin_men, kin_women = (_different(begins[who], places.size, letters)[family] for who in (man | ~man, ~woman, ~man))
    given = np.flatnonzero((letter[at] != 0) & (first[at] != 0))
    _, once = numbered(begins[given] * _SPREAD + first[at[given]])
    alike = np.zeros(places.size * int(letters), dtype=np.uint32)
    np.add.at(alike, begins[given[once]], np.uint32(1))
    counted = {
        "kin": kin,
        "kin_letter": alike[begins],
        "kin_gender": np.select([man, woman], [kin_men, kin_women], kin),
        "family": np.bincount(family, minlength=1)[family],
    }
    nothing = pl.zeros(frame.height, dtype=pl.UInt32, eager=True)
    return frame.with_columns(
        _own_mail(frame["mail"], mail, door),
        pl.Series("neighbours", np.maximum(neighbours, 1).astype(np.uint32)),
        pl.lit(given.size * 100 < once.size * _OFTEN).alias("sparse"),
        *(nothing.clone().scatter(at, n.astype(np.uint32)).alias(name) for name, n in counted.items()),
    )


def _marks(frame: pl.DataFrame, column: str) -> np.ndarray:
    """A number for each text of a column, nought for none."""
    return frame.select(mark(pl.col(column)).fill_null(0)).to_series().to_numpy()


def _lettered(frame: pl.DataFrame) -> tuple[np.ndarray, np.uint64]:
    """The number of each record's first initial, nought for none, and how many numbers there are."""
    letter = frame.select(pl.when(_LETTER != "").then(_LETTER).cast(pl.Categorical(pl.Categories.random())).to_physical() + 1)
    number = letter.to_series().fill_null(0).cast(pl.UInt64).to_numpy()
    return number, number.max(initial=0) + np.uint64(1)


def _different(begins: np.ndarray, families: int, letters: np.uint64) -> np.ndarray:
    """How many letters each family has, of numbers ``family * letters + letter``."""
    has = np.zeros((families, int(letters)), dtype=bool)
    has.reshape(-1)[begins] = True
    count: np.ndarray = has[:, 1:].sum(axis=1, dtype=np.uint32)
    return count


def _own_mail(mails: pl.Series, mail: np.ndarray, door: np.ndarray) -> pl.Series:
    """The mailboxes, without those given at so many doors that they are nobody's own."""
    at = np.flatnonzero(mail)
    number, _ = numbered(mail[at])
    _, once = numbered(mail[at] * _SPREAD + door[at])
    shared = np.bincount(number[once], minlength=1)[number] >= _SHARED
    return mails.clone().scatter(at[shared], "")
