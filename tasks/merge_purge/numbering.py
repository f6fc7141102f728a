"""Equal things by one number: what text work, groups and comparisons are counted by and brought back by.

A table of plain numbers takes half of what one of many texts, or of several columns, does, and a third of a sort. Not for names that
outlive a run.
"""

import itertools

import numpy as np
import polars as pl

GOLDEN = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio, odd: what it multiplies differs in the upper bits, and a hash times it and another make a hash of both."""


def numbered(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each mark the number of its value, from nought on, and for each number the first place where it stands: two arrays."""
    rows = pl.DataFrame({"mark": marks}).with_row_index("place")
    first = rows.select(pl.col("place").first().over("mark")).to_series().to_numpy()
    places = np.flatnonzero(first == rows["place"].to_numpy()).astype(np.uint32)
    number_at = np.empty(first.size, dtype=np.uint32)
    number_at[places] = np.arange(places.size, dtype=np.uint32)
    return number_at[first], places


def numbered_texts(texts: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """For each text (no nulls) the number of its value, and the values by number."""
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
