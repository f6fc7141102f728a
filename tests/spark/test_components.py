"""Components on Spark are those of everybody else: of chains, stars, rings, and links drawn by chance."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tasks.merge_purge.spark.components import components

CHAIN = [(n, n + 1) for n in range(40)]
TURNED_CHAIN = [(100 - n, 99 - n) for n in range(30)]
STAR = [(7, n) for n in range(8, 60)]
RING = [*((n, n + 1) for n in range(10, 20)), (20, 10)]
DRAWN = [tuple(pair) for pair in np.random.default_rng(4).integers(0, 300, (180, 2)).tolist()]


def expected(links: list[tuple[int, int]]) -> dict[int, int]:
    a, b = np.array(links).T
    size = int(max(a.max(), b.max())) + 1
    _, part = connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(size, size)), directed=False)
    linked = sorted({*a[a != b].tolist(), *b[a != b].tolist()})
    return {one: min(other for other in linked if part[other] == part[one]) for one in linked}


@pytest.mark.parametrize(
    "links", [CHAIN, TURNED_CHAIN, STAR, RING, DRAWN, CHAIN + TURNED_CHAIN], ids=["chain", "turned", "star", "ring", "drawn", "two"]
)
def test_every_record_of_a_component_has_its_smallest(session: Any, keep: Any, links: list[tuple[int, int]]) -> None:
    found = components(session.createDataFrame(links, "a bigint, b bigint"), keep, "links")

    assert sorted((row.id, row.part) for row in found.collect()) == sorted(expected(links).items())


def test_no_link_makes_no_component(session: Any, keep: Any, tmp_path: Path) -> None:
    assert components(session.createDataFrame([], "a bigint, b bigint"), keep, "links").collect() == []
