"""Candidate pairs: records that share a blocking key. Keys that too many records share are left out, so pairs grow with the files."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tasks.merge_purge.normalise.text import code
from tasks.merge_purge.numbering import GOLDEN

# A key shared by more records than this says too little to be worth the comparisons; a narrower key finds their pairs.
CAP = 80
# The same of keys that bring together whole families and streets where files are dense: measured among five million records.
FEW, VERY_FEW = 12, 6
# A name borne by others this seldom (expected namesakes, in thousandths) finds its bearer wherever they live.
RARE = 64

# What a key is made of is a field of the comparison, under the same name,
_FIELDS = (
    *("cp", "dept", "town", "number", "street"),
    *("last", "last_letter", "other", "first", "letter"),
    *("tel", "mail", "stem", "org"),
)
# a number that stands for a text,
_NUMBERS = {"tail": "street_sound", "first_sound": "first_sound"}
# or a text of its own.
_TEXTS = {
    "head": pl.col("street_key").str.slice(0, 4),
    "sound": pl.col("last_sound"),
    "last3": pl.col("last_key").str.slice(0, 3),
    "rare": pl.when(pl.col("namesakes") <= RARE).then(pl.lit("rare")).otherwise(pl.lit("")),
    "first4": pl.col("first_key").str.slice(0, 4),
    "org3": pl.col("org_key").str.slice(0, 3),
    "org6": pl.col("org_key").str.slice(0, 6),
}


@dataclass(frozen=True)
class Key:
    """A way to meet, with a reader in mind: what can be wrong in a record for this key to find it still.

    ``ways`` are the parts read; a record has the key as many ways as it has all the parts of. A key read two ways brings together records
    whatever way each is read: a name and the same turned round. Nobody meets by a key that more than ``most`` records share.
    """

    name: str
    ways: tuple[tuple[str, ...], ...]
    most: int = CAP


KEYS = (
    Key("surname and initial in a postcode, turned round or not", (("cp", "sound", "letter"), ("cp", "first_sound", "last_letter")), FEW),
    Key("full name in a postcode, turned round or not", (("cp", "sound", "first_sound"), ("cp", "first_sound", "sound"))),
    Key("name at a number, turned round or not", (("cp", "number", "sound"), ("cp", "number", "first_sound"))),
    Key("name in a street", (("dept", "sound", "head"),), VERY_FEW),
    Key("surname start in a street", (("cp", "last3", "tail"),)),
    Key("other surname", (("dept", "other", "head"), ("dept", "last", "head")), FEW),
    Key("first name in a street", (("dept", "first4", "head", "number"),)),
    Key("first name at a door", (("cp", "first4", "number"),), VERY_FEW),
    Key("door anywhere", (("number", "street", "sound"),), VERY_FEW),
    Key("rare name anywhere", (("last", "first", "rare"),)),
    Key("telephone", (("tel",),)),
    Key("mailbox", (("mail",),)),
    Key("mailbox without digits", (("stem", "dept"),), FEW),
    Key("company in a postcode", (("cp", "org6"),)),
    Key("company in a street", (("dept", "number", "head", "org3"),)),
    Key("company name", (("org", "town"),)),
)


def candidate_pairs(parts: pl.DataFrame, twins: np.ndarray | None = None) -> pl.DataFrame:
    """Pairs ``(a, b)`` with ``a < b`` of record numbers ``id``, each once, sorted; pairs of two suppression records are left out.

    :param parts: the ``hashed`` of normalised records, whose ``id`` (UInt32) rises
    :param twins: the first record that equals each; the others meet nobody
    """
    if twins is not None:
        parts = parts.filter(pl.Series(twins) == pl.col("id"))
    ids, held = parts["id"].to_numpy(), parts["held"].to_numpy()
    found = []
    for key in KEYS:
        place, mark = marks(parts, key)
        found.append(pl.Series(_pairs(place, mark, held, key.most)))
    found = [pl.concat(found)]  # no name for it: it is the most that is in memory
    pairs = _distinct(found.pop())
    a, b = (pairs >> np.uint64(32)).astype(np.uint32), (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return pl.DataFrame({"a": ids[a], "b": ids[b]}, schema={"a": pl.UInt32, "b": pl.UInt32})


def hashed(records: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """What the keys are made of: ``id, held`` and a UInt32 for every part of a key, null where the record lacks it.

    :param fields: the records as they are ``coded``
    """
    # as the numbers were made: a surname may sound as a first name does
    texts = (pl.when(part != "").then(code(part)).alias(name) for name, part in _TEXTS.items())
    told = fields.select(pl.when(pl.col(name) != 0).then(name).alias(name) for name in _FIELDS)
    numbers = (pl.when(pl.col(column) != 0).then(column).cast(pl.UInt32).alias(name) for name, column in _NUMBERS.items())
    return pl.concat([records.select("id", "held", *texts, *numbers), told], how="horizontal")


def marks(parts: pl.DataFrame, key: Key) -> tuple[np.ndarray, np.ndarray]:
    """Who has the key, and the hash of it: places in the frame and UInt64."""
    places, found = [], []
    for way in key.ways:
        # a sum of hashes, each spread over 64 bits by an odd number of its place: nulls make a null
        spread = (pl.col(name).cast(pl.UInt64) * (GOLDEN * (2 * i + 1) % 2**64) for i, name in enumerate(way))
        mixed = parts.select(mark=pl.sum_horizontal(spread, ignore_nulls=False))["mark"]
        has = mixed.is_not_null()
        places.append(has.arg_true().to_numpy())
        found.append(mixed.filter(has).to_numpy())
    return np.concatenate(places), np.concatenate(found)


def _pairs(place: np.ndarray, mark: np.ndarray, held: np.ndarray, most: int) -> np.ndarray:
    """Pairs of places that share a mark, as ``a * 2**32 + b``; none where more than ``most`` share it, or of suppression records alone."""
    # the mark's upper bits with the place below them: one sort of plain numbers brings sharers together, in order of place
    bits = np.uint64(max(int(held.shape[0] - 1).bit_length(), 1))
    whole = _distinct(pl.Series((mark >> bits << bits) | place.astype(np.uint64)))
    place, mark = (whole & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64), whole >> bits
    start = np.flatnonzero(np.concatenate([[True], mark[1:] != mark[:-1]])) if mark.size else np.empty(0, dtype=np.int64)
    size = np.diff(np.append(start, mark.size))
    some = (size > 1) & (size <= most)
    start, size = start[some], size[some].astype(np.uint16)  # read once for each size
    met = []
    for n in np.unique(size):
        sharers = place[start[size == n][:, None] + np.arange(n)]
        i, j = np.triu_indices(int(n), 1)
        a, b = sharers[:, i].ravel(), sharers[:, j].ravel()
        keep = ~(held[a] & held[b])
        met.append((a[keep].astype(np.uint64) << np.uint64(32)) | b[keep].astype(np.uint64))
    return np.concatenate(met) if met else np.empty(0, dtype=np.uint64)


def _distinct(numbers: pl.Series) -> np.ndarray:
    """Sorted, each once. Polars sorts numbers at half the cost of NumPy, and sorting leaves less to do than a hash table."""
    numbers = numbers.sort()
    rising: np.ndarray = numbers.to_numpy()
    return rising[np.concatenate([[True], rising[1:] != rising[:-1]])] if rising.size else rising
