"""A split is a partition, and the seed alone decides it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.sampling import sample_ratio_p_value
from workflows.trade.splitting import part_sizes, split

id_sets = st.sets(st.text("abc0123456789-", min_size=1, max_size=6), max_size=60)
weights = st.lists(st.integers(0, 3000), min_size=1, max_size=6)


@given(id_sets, weights, st.integers(), st.randoms(use_true_random=False))
def test_every_id_is_in_exactly_one_part_whatever_the_order(ids: set[str], given: list[int], seed: int, chance: random.Random) -> None:
    shuffled = sorted(ids)
    chance.shuffle(shuffled)
    parts = split(shuffled, given, seed)
    assert parts == split(sorted(ids), given, seed)
    assert sorted(record_id for part in parts for record_id in part) == sorted(ids)
    assert [len(part) for part in parts] == part_sizes(len(ids), given)


def test_sizes_follow_the_weights_and_no_cell_is_empty() -> None:
    assert part_sizes(800, [422, 421]) == [400, 400]
    assert part_sizes(10, [1000, 1, 0]) == [9, 1, 0]
    assert part_sizes(1, [1000, 1]) == [1, 0]


def test_another_seed_deals_otherwise() -> None:
    ids = [f"ALZ-{i}" for i in range(200)]
    assert split(ids, [1, 1], seed=1) != split(ids, [1, 1], seed=2)


def test_a_seed_means_the_same_for_ever() -> None:
    assert split(["a", "b", "c", "d", "e"], [2, 1], seed=1) == [["c", "e", "b"], ["a", "d"]]


def test_an_id_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        split(["a", "b", "a"], [1, 1], seed=1)


def test_a_stratum_is_spread_evenly_over_any_other_trait() -> None:
    ids = [f"{i:05d}" for i in range(20_000)]
    left, right = split(ids, [1, 1], seed="26A")
    odd = [sum(int(record_id) % 2 for record_id in part) for part in (left, right)]
    assert sample_ratio_p_value(odd, [1, 1]) > 0.001
