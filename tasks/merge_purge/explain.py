"""Why two records were, or were not, taken for one person: the comparison as points gained and lost.

The same levels and the same table as in a run; not a second opinion.
"""

from dataclasses import dataclass

import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.levels import HELD_THRESHOLD, PERSON_THRESHOLD
from tasks.merge_purge.match.compare import Comparison
from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.match.weights import WEIGHTS, Weights


class NoSuchRecord(LookupError):
    """No record of the brief has this source and id."""


@dataclass(frozen=True)
class Explanation:
    """Points by feature, in the order of the table; ``score`` is their sum with the base, ``threshold`` what it is held against.

    Groups look at all their pairs together: a pair above the threshold can still be parted by a third record that fits one of them only.
    """

    points: tuple[tuple[str, str, float], ...]
    base: float
    score: float
    threshold: float


def explain(brief: Brief, left: tuple[str, str], right: tuple[str, str]) -> Explanation:
    """Compare two records, each given as (list or suppression code, id).

    :raises NoSuchRecord: naming the pair that is not in the brief
    """
    records = normalised(read_brief(brief)[0])
    return explain_pair(records, _find(records, left), _find(records, right), brief.weights)


def explain_pair(records: pl.DataFrame, a: int, b: int, weights: Weights = WEIGHTS) -> Explanation:
    """Compare two records of a normalised frame by their ``id``."""
    pair = pl.DataFrame({"a": [min(a, b)], "b": [max(a, b)]}, schema={"a": pl.UInt32, "b": pl.UInt32})
    row = Comparison(records).levels(pair).row(0, named=True)
    points = tuple((feature.name, name := feature.levels[row[feature.name]][0], weights.points[feature.name][name]) for feature in FEATURES)
    held = records.filter(pl.col("id").is_in([a, b]))["held"].any()
    return Explanation(
        points, weights.base, round(weights.base + sum(value for _, _, value in points), 2), HELD_THRESHOLD if held else PERSON_THRESHOLD
    )


def _find(records: pl.DataFrame, wanted: tuple[str, str]) -> int:
    found = records.filter((pl.col("source") == wanted[0]) & (pl.col("id_source") == wanted[1]))["id"]
    if found.is_empty():
        raise NoSuchRecord(f"{wanted[0]}:{wanted[1]}")
    return int(found[0])
