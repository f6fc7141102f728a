"""Who does the heavy part of a run, from normalised records to groups: this machine by itself, or what the caller brings instead.

Reading, deciding and writing are the run's own and do not ask who matched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.levels import PERSON_THRESHOLD, Grouping, addresses, households, persons
from tasks.merge_purge.match.compare import Comparison
from tasks.merge_purge.match.keys import candidate_pairs

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

        :param records: normalised, the delivered ones first, numbered by ``id``
        :param delivered: how many are no suppression records
        :param tell: called with ``pairing`` and the records, then ``matching`` and the candidate pairs
        """


class OneMachine:
    """Polars and DuckDB, in this process."""

    def match(self, brief: Brief, records: pl.DataFrame, delivered: int, tell: Tell) -> Matched:
        """Group the records of a brief."""
        tell("pairing", records.height)
        comparison = Comparison(records, brief.weights)
        twins = comparison.twins(PERSON_THRESHOLD)
        pairs = candidate_pairs(records, twins)
        tell("matching", pairs.height)
        return Matched(_groupings(brief, records, comparison, twins, delivered, pairs), comparison.score)


def levels_wanted(brief: Brief) -> set[str]:
    """The levels that a brief and its suppression lists speak of."""
    return {"individual", brief.level, *(entry.level for entry in brief.suppressions)}


def _groupings(
    brief: Brief, records: pl.DataFrame, comparison: Comparison, twins: np.ndarray, size: int, pairs: pl.DataFrame
) -> dict[str, Grouping]:
    wanted = levels_wanted(brief)
    levels = comparison.levels(pairs)
    found = {"individual": persons(records, comparison, twins[:size], levels)}
    if "household" in wanted:
        found["household"] = households(records, size, levels, found["individual"].label)
    if "address" in wanted:
        found["address"] = addresses(records, size, levels)
    return found
