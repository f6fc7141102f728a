"""Candidate pairs on Spark: the same keys, the same marks and the same caps as ``match.keys``.

No block is gathered before it is counted: what a million records share (a hotline's number, an empty street) is left out by its count,
which is added up where the records lie, and never sits on one executor.
"""

from typing import Any

from pyspark.sql.functions import expr

from tasks.merge_purge.match.keys import KEYS

_PAIRS = (
    "inline(flatten(transform(members, (one, n) -> transform("
    "filter(slice(members, n + 2, size(members)), other -> NOT (one.held AND other.held)),"
    " other -> named_struct('a', one.id, 'b', other.id)))))"
)
_FEW_ENOUGH = f"count BETWEEN 2 AND element_at(array({', '.join(str(key.most) for key in KEYS)}), key + 1)"


def candidate_pairs(marks: Any) -> Any:
    """Pairs ``a < b`` of records that share a mark of a key, if no more do than it allows, each once; none of two suppression records.

    :param marks: ``key`` by its place in ``KEYS``, ``mark, id, held``, each row once, as ``prepare.marked`` makes them
    """
    shared = marks.groupBy("key", "mark").count().where(_FEW_ENOUGH).select("key", "mark")
    blocks = marks.join(shared, ["key", "mark"], "left_semi").groupBy("key", "mark")
    return blocks.agg(expr("sort_array(collect_list(named_struct('id', id, 'held', held)))").alias("members")).selectExpr(_PAIRS).distinct()
