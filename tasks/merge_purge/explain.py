"""Why two records were, or were not, taken for one person: the comparison as points gained and lost, and what grouping made of it.

The same levels, the same table and the same groups as in a run; not a second opinion.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.levels import HELD_THRESHOLD, OF_ONE_HOUSEHOLD, PERSON_THRESHOLD, persons, pointed_at
from tasks.merge_purge.match.cluster import CLIP
from tasks.merge_purge.match.compare import FIELDS, Comparison
from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.keys import candidate_pairs, hashed
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.match.weights import WEIGHTS, Weights

THROUGH, CONFLICT, NEARER, UNMET, CROWD, HOME = "through", "conflict", "nearer", "unmet", "crowd", "home"
"""What overrules the score of a pair. Less alike than it takes, two records are one person *through* those that they are grouped with,
or are at one door by one surname, their *home*, which is what the suppression list holds.
Alike enough, they are two: their groups as a whole speak against it (*conflict*); the suppression record stands for somebody whom it is
*nearer* to; no key brought them together (*unmet*); or too many stand in a chain of likenesses for all to be compared (*crowd*)."""
_MOST = 20_000
"""Pairs between two groups that are looked through."""


class NoSuchRecord(LookupError):
    """No record of the brief has this source and id."""


@dataclass(frozen=True)
class Explanation:
    """Points by feature, in the order of the table; ``score`` is their sum with the base, ``threshold`` what it is held against.

    ``rule`` is what overruled the score, empty where the score decided; ``against`` are the two records that speak most for that rule,
    each as (list or suppression code, id), and their score.
    """

    points: tuple[tuple[str, str, float], ...]
    base: float
    score: float
    threshold: float
    rule: str = ""
    against: tuple[tuple[str, str], tuple[str, str], float] | None = None

    @property
    def is_alike(self) -> bool:
        """Alike enough, by the score alone."""
        return self.score > self.threshold


def explain(brief: Brief, left: tuple[str, str], right: tuple[str, str]) -> Explanation:
    """Compare two records, each given as (list or suppression code, id), among all that a run groups.

    :raises NoSuchRecord: naming the pair that is not in the brief
    """
    frame, intake = read_brief(brief)
    records = normalised(frame)
    a, b = sorted((_find(records, left), _find(records, right)))
    comparison = Comparison(records, brief.weights)
    found = _compared(comparison, records, a, b, brief.weights)
    rule, pair = _overruled(comparison, records, sum(intake.delivered.values()), a, b, found)
    if not rule and not found.is_alike and _are_at_home(brief.as_read(intake.bare), comparison, records, a, b):
        rule = HOME
    return replace(found, rule=rule, against=_named(records, *pair) if pair else None)


def explain_pair(records: pl.DataFrame, a: int, b: int, weights: Weights = WEIGHTS) -> Explanation:
    """Compare two records of a normalised frame by their ``id``, and those alone."""
    return _compared(Comparison(records, weights), records, min(a, b), max(a, b), weights)


def _compared(comparison: Comparison, records: pl.DataFrame, a: int, b: int, weights: Weights) -> Explanation:
    row = comparison.levels(_pairs([a], [b])).row(0, named=True)
    points = tuple((feature.name, name := feature.levels[row[feature.name]][0], weights.points[feature.name][name]) for feature in FEATURES)
    held = records.filter(pl.col("id").is_in([a, b]))["held"].any()
    return Explanation(
        points, weights.base, round(weights.base + sum(value for _, _, value in points), 2), HELD_THRESHOLD if held else PERSON_THRESHOLD
    )


Ruled = tuple[str, tuple[int, int, float] | None]


def _overruled(comparison: Comparison, records: pl.DataFrame, delivered: int, a: int, b: int, found: Explanation) -> Ruled:
    """What overrules the score, and the pair that speaks most for it."""
    if a >= delivered:  # nobody groups the suppression lists' own records
        return "", None
    twins = comparison.twins(PERSON_THRESHOLD)
    pairs = candidate_pairs(hashed(records, comparison.fields(FIELDS)), twins)
    scored = comparison.score(pairs)
    grouping = persons(records["source"], comparison, twins[:delivered], scored)
    first, other = sorted((int(twins[a]), int(twins[b])))
    met = pairs.filter((pl.col("a") == first) & (pl.col("b") == other)).height > 0
    if b >= delivered:
        return _held(scored, grouping.label, delivered, a, int(twins[b]), met, found)
    if grouping.label[a] == grouping.label[b]:
        return ("", None) if found.is_alike else (THROUGH, None)
    return _parted(comparison, grouping.label, twins[:delivered], a, b, met) if found.is_alike else ("", None)


def _are_at_home(brief: Brief, comparison: Comparison, records: pl.DataFrame, a: int, b: int) -> bool:
    """Whether one is of a suppression list that holds homes, and the other lives there by its surname."""
    source = records.filter(pl.col("id") == b)["source"].item()
    holds = {level for entry in brief.suppressions if entry.code == source for level in entry.levels}
    if not holds & {"household", "surname"}:
        return False
    return comparison.levels(_pairs([a], [b])).filter(pl.sql_expr(OF_ONE_HOUSEHOLD)).height > 0


def _parted(comparison: Comparison, label: np.ndarray, twins: np.ndarray, a: int, b: int, met: bool) -> Ruled:
    """Why two delivered records that are alike enough are in two groups."""
    alone = twins == np.arange(len(twins))
    ours, theirs = (np.flatnonzero((label == label[one]) & alone) for one in (a, b))
    if len(ours) * len(theirs) <= _MOST:
        between = comparison.score(_pairs(np.repeat(ours, len(theirs)), np.tile(theirs, len(ours))))
        if (between["score"] - PERSON_THRESHOLD).clip(-CLIP, CLIP).sum() <= 0:
            worst = between.sort("score", "a", "b").row(0)
            return CONFLICT, (int(worst[0]), int(worst[1]), float(worst[2]))
    return (CROWD if met else UNMET), None


def _held(scored: pl.DataFrame, label: np.ndarray, delivered: int, a: int, b: int, met: bool, found: Explanation) -> Ruled:
    """Why a suppression record stands for somebody else than a delivered one that it is like, or for one that it is less like."""
    against = scored.filter((pl.col("b") >= delivered) & (pl.col("score") > HELD_THRESHOLD))
    pointed = pointed_at(label, against).filter((pl.col("group") == label[a]) & (pl.col("b") == b))
    if (pointed.height > 0) == found.is_alike:
        return "", None
    if pointed.height:
        return THROUGH, None
    nearest = against.filter(pl.col("b") == b).sort(["score", "a"], descending=[True, False]).head(1).rows()
    return (NEARER, (int(nearest[0][0]), b, float(nearest[0][2]))) if met and nearest else (UNMET, None)


def _pairs(left: object, right: object) -> pl.DataFrame:
    """Pairs ``a < b`` of record numbers."""
    sides = np.sort(np.column_stack((np.asarray(left), np.asarray(right))), axis=1)
    return pl.DataFrame({"a": sides[:, 0], "b": sides[:, 1]}, schema={"a": pl.UInt32, "b": pl.UInt32})


def _named(records: pl.DataFrame, a: int, b: int, score: float) -> tuple[tuple[str, str], tuple[str, str], float]:
    (left,), (right,) = (records.filter(pl.col("id") == one).select("source", "id_source").rows() for one in (a, b))
    return left, right, round(score, 2)


def _find(records: pl.DataFrame, wanted: tuple[str, str]) -> int:
    found = records.filter((pl.col("source") == wanted[0]) & (pl.col("id_source") == wanted[1]))["id"]
    if found.is_empty():
        raise NoSuchRecord(f"{wanted[0]}:{wanted[1]}")
    return int(found[0])
