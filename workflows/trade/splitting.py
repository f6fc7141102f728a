"""Splitting records into parts by a seeded hash, so that anybody with the seed gets the same parts again.

Use it to deal the net records of a stratum (list x segment) out to its lots, hold-out and reserve. Not for how
large a test must be or whether a split came out right: that is `sampling`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from workflows.trade.apportionment import largest_remainder, with_at_least_one


def split(ids: Iterable[str], weights: Sequence[int | Decimal], seed: int | str) -> list[list[str]]:
    """Deal `ids` out to one part per weight: every id to exactly one part, whatever order they come in.

    Ids are ranked by the SHA-256 of the seed and the id, and cut where the sizes fall; a part lists its ids in that
    order. A part of positive weight is never empty while there are enough ids.

    Source: trade reference, section 7 ("seeded hash of id, stratified list x segment").

    :raises ValueError: when an id comes twice, or as `largest_remainder`.
    """
    ranked = sorted((split_rank(record_id, seed), record_id) for record_id in ids)
    if any(one == other for one, other in pairwise(ranked)):
        raise ValueError("an id comes twice")
    sizes = part_sizes(len(ranked), weights)
    parts = []
    start = 0
    for size in sizes:
        parts.append([record_id for _, record_id in ranked[start : start + size]])
        start += size
    return parts


def part_sizes(total: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Sizes of the parts of `total` records: largest remainder, none of positive weight empty when avoidable.

    :raises ValueError: as `largest_remainder`.
    """
    return with_at_least_one(largest_remainder(total, weights), weights)


def split_rank(record_id: str, seed: int | str) -> bytes:
    """The place of an id in the shuffle that `seed` stands for."""
    return hashlib.sha256(f"{seed}\x1f{record_id}".encode()).digest()
