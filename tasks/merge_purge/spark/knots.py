"""Persons on Spark: components of likenesses, and inside each that does not agree the same greedy merging as ``match.cluster``."""

from typing import Any

import pyarrow as pa

from tasks.merge_purge.match.cluster import CLIP, LARGEST, merged
from tasks.merge_purge.spark.compare import SparkComparison
from tasks.merge_purge.spark.components import Keep, components


def persons(scored: Any, comparison: SparkComparison, keep: Keep, *, threshold: float) -> Any:
    """``id, label`` of every record that is like another; ``label`` is the smallest id of its group.

    :param scored: every candidate pair of delivered records, ``a, b, score``
    """
    above = scored.selectExpr("a", "b", _clipped(threshold))
    likes = above.where("score > 0").select("a", "b")
    parts = components(likes, keep, "likes")
    inside = keep("knots", _knotty(parts, likes))
    links = _links(inside, above, comparison, threshold).selectExpr("part", "a", "b", "score")
    rows = links.union(inside.selectExpr("part", "id AS a", "id AS b", "CAST(0 AS DOUBLE) AS score"))
    parted = rows.groupBy("part").applyInArrow(_merged, "id bigint, label bigint")
    whole = parts.join(inside.select("part").distinct(), "part", "left_anti").selectExpr("id", "part AS label")
    return keep("persons", whole.union(parted))


def _clipped(threshold: float) -> str:
    return f"greatest(-{CLIP}D, least({CLIP}D, score - {threshold!r}D)) AS score"


def _knotty(parts: Any, likes: Any) -> Any:
    """``part, id, n`` of the records of every component whose pairs are not all alike; two records always agree."""
    sizes = parts.groupBy("part").count().withColumnRenamed("count", "n").where("n > 2")
    links = likes.join(parts.withColumnRenamed("id", "a"), "a").groupBy("part").count().withColumnRenamed("count", "links")
    # whole numbers: n * (n - 1) is even
    knots = sizes.join(links, "part").where("links < n * (n - 1) DIV 2").select("part", "n")
    return parts.join(knots, "part").select("part", "id", "n")


def _links(inside: Any, above: Any, comparison: SparkComparison, threshold: float) -> Any:
    """Every pair inside a knot with its score; those that no key brought together are compared now, unless the knot is a long chain."""
    ends = inside.select("part", "id")
    known = (
        above.join(ends.selectExpr("id AS a", "part"), "a")
        .join(ends.selectExpr("id AS b", "part AS other"), "b")
        .where("part = other")
        .select("part", "a", "b", "score")
    )
    small = inside.where(f"n <= {LARGEST}")
    every = small.selectExpr("part", "id AS a").join(small.selectExpr("part", "id AS b"), "part").where("a < b")
    missing = every.join(known, ["a", "b"], "left_anti")
    compared = comparison.score(missing.select("a", "b")).selectExpr("a", "b", _clipped(threshold))
    return known.union(missing.join(compared, ["a", "b"]).select("part", "a", "b", "score"))


def _merged(table: pa.Table) -> pa.Table:
    """The groups of one knot; a row of a record with itself only says that it is there."""
    rows = sorted(zip(*(table[name].to_pylist() for name in ("a", "b", "score")), strict=True))
    groups = merged([a for a, b, _ in rows if a == b], [row for row in rows if row[0] != row[1]])
    found = [(one, min(group)) for group in groups for one in group]
    return pa.table({"id": pa.array([one for one, _ in found], pa.int64()), "label": pa.array([label for _, label in found], pa.int64())})
