"""Compares pairs of records: evaluates the features chunk by chunk, and adds up their points.

Polars evaluates what numbers can tell; only texts that differ are looked into, once for every two that meet.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.fields import coded
from tasks.merge_purge.match.relations import RELATIONS, Related
from tasks.merge_purge.match.weights import WEIGHTS, Weights
from tasks.merge_purge.numbering import numbered

# Pairs compared at a time: what bounds the memory.
_CHUNK = 500_000
_FIELD = re.compile(r"\b([abr])\.(\w+)")


def flat(sql: str) -> str:
    """An expression over columns ``a_last``, not over fields ``a.last``."""
    return _FIELD.sub(r"\1_\2", sql)


def _expression(sql: str) -> pl.Expr:
    return pl.sql_expr(flat(sql))


_ASKED = {relation: _expression(relation.when) for relation in RELATIONS}
_LEVELS = [_expression(feature.sql()).cast(pl.UInt8).alias(feature.name) for feature in FEATURES]
# The fields that any comparison reads.
FIELDS = sorted(
    {match[2] for sql in (*(f.sql() for f in FEATURES), *(r.when for r in RELATIONS)) for match in _FIELD.finditer(sql) if match[1] != "r"}
)


class Comparison:
    """The records of a run, ready to be compared by their numbers."""

    def __init__(self, records: pl.DataFrame, weights: Weights = WEIGHTS) -> None:
        """Take normalised records; a pair's ``a`` and ``b`` are places in this frame."""
        self._weights = weights
        self._lists = records.select(list=pl.when("held").then("source"))
        self._related = Related(records)
        fields = coded(records)
        self._a = fields.select(pl.col(FIELDS).name.prefix("a_"))
        self._b = self._a.rename(lambda name: "b_" + name[2:])

    def fields(self, names: Sequence[str]) -> pl.DataFrame:
        """Fields of all records as numbers, in their order."""
        return self._a.select(pl.col(f"a_{name}").alias(name) for name in names)

    def levels(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The level of every feature for every pair: columns ``a, b`` and one UInt8 column a feature, in the order of ``pairs``."""
        nothing = pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32, **{feature.name: pl.UInt8 for feature in FEATURES}})
        return pl.concat([nothing, *self._chunks(pairs)])

    def score(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The score of every pair in log-odds points: columns ``a, b, score``, in the order of ``pairs``."""
        nothing = pl.DataFrame(schema={"a": pl.UInt32, "b": pl.UInt32, "score": pl.Float64})
        return pl.concat([nothing, *(self.scored(levels) for levels in self._chunks(pairs))])

    def scored(self, levels: pl.DataFrame) -> pl.DataFrame:
        """What levels found before come to in points: columns ``a, b, score``."""
        total = np.full(levels.height, self._weights.base)
        for feature in FEATURES:
            points = np.array([self._weights.points[feature.name][name] for name, _ in feature.levels])
            total += points[levels[feature.name].to_numpy()]
        return levels.select("a", "b").with_columns(score=pl.Series(total))

    def twins(self, threshold: float) -> np.ndarray:
        """For each record the first that is equal to it in all that is compared, of the same suppression list for a held one.

        A record too poor to be found alike to itself has none but itself.
        """
        mark = self._a.with_columns(self._lists).hash_rows(seed=5)
        number, first_of = numbered(mark.to_numpy())
        place = pl.DataFrame({"first": first_of[number]}).with_row_index("id")
        firsts = place.filter(pl.col("id") != pl.col("first")).select(a=pl.col("first").unique(maintain_order=True))
        poor = self.score(firsts.with_columns(b="a")).filter(pl.col("score") <= threshold)["a"]
        twin = pl.when(pl.col("first").is_in(poor.implode())).then("id").otherwise("first")
        return place.select(twin).to_series().to_numpy()

    def _chunks(self, pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
        for start in range(0, pairs.height, _CHUNK):
            chunk = pairs[start : start + _CHUNK].select("a", "b")
            sides = pl.concat([chunk, self._a[chunk["a"]], self._b[chunk["b"]]], how="horizontal")
            holds = sides.select(expression.alias(relation.name) for relation, expression in _ASKED.items())
            relations = [self._related.of(relation, sides, holds[relation.name]) for relation in _ASKED]
            # lazily: what the conditions share is computed once
            yield sides.with_columns(relations).lazy().select("a", "b", *_LEVELS).collect()
