"""Pairs of records compared on Spark: the declaration of ``match`` said in Spark's SQL, and the same table of weights."""

from functools import reduce
from typing import Any

from tasks.merge_purge.match.compare import FIELDS
from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.fields import READ
from tasks.merge_purge.match.relations import RELATIONS
from tasks.merge_purge.match.weights import Weights
from tasks.merge_purge.spark.dialect import relation_sql, spark_sql


class SparkComparison:
    """The comparable records of a run, ready to be compared by their ids.

    :ivar records: a Spark frame as ``prepare.comparable`` makes it, materialised: it is read twice for every comparison
    """

    def __init__(self, records: Any, weights: Weights) -> None:
        self.records = records
        self._weights = weights

    def levels(self, pairs: Any) -> Any:
        """The level of every feature for every pair ``a, b`` of ids, a column a feature, and the pair's ``score`` in log-odds points."""
        left, right = (self.records.selectExpr(f"id AS {side}", *_side(side)) for side in "ab")
        both = pairs.select("a", "b").join(left, "a").join(right, "b")
        asked = both.selectExpr("a", "b", *_FLAT, *_ASKED)
        related = asked.selectExpr("a", "b", *_FLAT, *_RELATED)
        found = related.selectExpr("a", "b", *_LEVELS)
        return found.selectExpr("*", f"{self._score_sql()} AS score")

    def score(self, pairs: Any) -> Any:
        """The score of every pair: ``a, b, score``."""
        return self.levels(pairs).select("a", "b", "score")

    def _score_sql(self) -> str:
        """The points of the levels, added in the order that the laptop adds them in: the same sum to the last digit."""
        points = (
            f"element_at(array({', '.join(_double(self._weights.points[feature.name][level]) for level, _ in feature.levels)}),"
            f" `{feature.name}` + 1)"
            for feature in FEATURES
        )
        return reduce(lambda total, one: f"({total} + {one})", points, _double(self._weights.base))


def _double(number: float) -> str:
    return f"CAST('{number!r}' AS DOUBLE)"


def _side(side: str) -> list[str]:
    """The columns of a record under the names they have on this side of a pair."""
    return [f"`{name}` AS {side}_{name}" for name in FIELDS] + [f"text_{name} AS {side}_text_{name}" for name in READ]


_FLAT = [f"{side}_{name}" for side in "ab" for name in FIELDS]
# A relation is asked of the texts of the pairs where its condition holds; of the others no function is called.
_ASKED = [
    f"CASE WHEN {spark_sql(one.when)} THEN {side}_text_{field} END AS {side}_asked_{one.name}"
    for one in RELATIONS
    for side, field in (("a", one.a), ("b", one.b))
]
_RELATED = [f"CAST({relation_sql(one)} AS TINYINT) AS r_{one.name}" for one in RELATIONS]
_LEVELS = [f"CAST({spark_sql(feature.sql())} AS TINYINT) AS `{feature.name}`" for feature in FEATURES]
