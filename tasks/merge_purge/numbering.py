"""Equal things by one number: what text work, groups and comparisons are counted by and brought back by.

A sort of plain numbers takes a third of what a table of many texts, or of several columns, does. Not for names that outlive a run.
"""

import itertools

import numpy as np
import polars as pl

GOLDEN = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio, odd: what it multiplies differs in the upper bits, and a hash times it and another make a hash of both."""
_LOOKED_AT = 10_000  # texts, to see whether they mostly differ


def numbered(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each mark the number of its value, from nought on, and for each number the first place where it stands: two arrays."""
    number: np.ndarray
    values, number = np.unique(marks, return_inverse=True)
    return number, _places(number, values.size)


def numbered_texts(texts: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """For each text (no nulls) the number of its value, and the values by number."""
    some = texts.gather_every(texts.len() // _LOOKED_AT + 1)
    if some.n_unique() < some.len() / 2:
        number = texts.cast(pl.Categorical(pl.Categories.random())).to_physical().to_numpy()
        return number, texts.gather(_places(number, int(number.max()) + 1))
    for seed in itertools.count():
        number, place = numbered(texts.hash(seed=seed).to_numpy())
        values = texts.gather(place)
        if (values.gather(number) == texts).all():  # else two texts have one hash: once in a million runs of a million
            return number, values
    raise AssertionError("there is always another seed")


def looked_up(keys: pl.Series, table: pl.DataFrame, on: str) -> pl.DataFrame:
    """The row of a table for each of some whole numbers that are not great, nulls where it has none; it has each but once."""
    wanted, has = keys.to_numpy(), table[on].to_numpy()
    place = np.full(max(wanted.max(initial=0), has.max(initial=0)) + 1, table.height, dtype=np.uint32)
    place[has] = np.arange(table.height, dtype=np.uint32)
    at = pl.Series(place[wanted])
    return table.drop(on).select(pl.all().gather(at.set(at == table.height, None)))


def _places(number: np.ndarray, size: int) -> np.ndarray:
    place = np.empty(size, dtype=np.uint32)
    place[number[::-1]] = np.arange(number.size, dtype=np.uint32)[::-1]  # of several places the last that is written stays
    return place
