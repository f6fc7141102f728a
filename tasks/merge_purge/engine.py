"""Who does the heavy part of a run, from normalised records to groups: this machine by itself, or what the caller brings instead.

Reading, deciding and writing are the run's own and do not ask who matched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.levels import DOOR, PERSON_THRESHOLD, Grouping, addresses, bearers, households, persons
from tasks.merge_purge.match.compare import FIELDS, Comparison
from tasks.merge_purge.match.keys import candidate_pairs, hashed

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Matched:
    """The groups at every level asked for, persons always; ``score`` compares more pairs: ``a, b`` to ``a, b, score``, in their order."""

    groupings: dict[str, Grouping]
    score: Callable[[pl.DataFrame], pl.DataFrame]


class Engine(Protocol):
    """Compares records and groups them."""

    def match(self, brief: Brief, records: pl.DataFrame, delivered: int, tell: Tell) -> Matched:
        """Group the records of a brief.

        :param records: normalised, the delivered ones first, numbered by ``id``; nobody else keeps them
        :param delivered: how many are no suppression records
        :param tell: called with ``pairing`` and the records, then ``matching`` and the candidate pairs
        """


class OneMachine:
    """Polars and DuckDB, in this process."""

    def match(self, brief: Brief, records: pl.DataFrame, delivered: int, tell: Tell) -> Matched:
        """Group the records of a brief."""
        tell("pairing", records.height)
        comparison, sources = Comparison(records, brief.weights), records["source"]
        parts = hashed(records, comparison.fields(FIELDS))
        del records  # by far the most that is in memory
        twins = comparison.twins(PERSON_THRESHOLD)
        pairs = candidate_pairs(parts, twins)
        del parts
        tell("matching", pairs.height)
        twins, wanted = twins[:delivered], levels_wanted(brief)
        if wanted == {"individual"}:  # the scores are enough, in a third of the memory
            return Matched({"individual": persons(sources, comparison, twins, comparison.score(pairs))}, comparison.score)
        levels = comparison.levels(pairs)
        del pairs
        return Matched(_groupings(wanted, sources, comparison, twins, levels), comparison.score)


def levels_wanted(brief: Brief) -> set[str]:
    """The levels that a brief and its suppression lists speak of."""
    return {"individual", brief.level, *(level for entry in brief.suppressions for level in entry.levels)}


def _groupings(
    wanted: set[str], sources: pl.Series, comparison: Comparison, twins: np.ndarray, levels: pl.DataFrame
) -> dict[str, Grouping]:
    found = {"individual": persons(sources, comparison, twins, comparison.scored(levels))}
    if "surname" in wanted:
        found["surname"] = bearers(sources, levels, found["individual"].label)
    if "household" in wanted:
        found["household"] = households(sources, comparison.fields(FIELDS), len(twins), levels, found["individual"].label)
    if "address" in wanted:
        found["address"] = addresses(sources, comparison.fields(DOOR), len(twins), levels)
    return found
