"""A segment's delivered records are its own lots', so that its retention is its own and not its list's."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.campaign.results.figures import gross_by_lot

SEGMENTS = {"P12": {"delivered": 10_000}, "P24": {"delivered": 10_000}}


def test_segments_that_lose_differently_keep_their_own_gross() -> None:
    lots = [("L1", "P12", 6_000), ("L2", "P12", 3_000), ("L3", "P24", 6_000)]

    gross = gross_by_lot(20_000, SEGMENTS, lots)

    assert gross == {"L1": 6_667, "L2": 3_333, "L3": 10_000}


def test_a_list_without_its_segments_is_shared_as_a_whole() -> None:
    assert gross_by_lot(100, {}, [("L1", "", 1), ("L2", "", 1), ("L3", "", 1)]) == {"L1": 34, "L2": 33, "L3": 33}
    assert gross_by_lot(90, SEGMENTS, [("L1", "P12", 20), ("L2", "other", 10)]) == {"L1": 60, "L2": 30}


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=6))
def test_shares_add_up_to_what_was_delivered(delivered: int, nets: list[int]) -> None:
    shares = gross_by_lot(delivered, {}, [(f"L{i}", "", net) for i, net in enumerate(nets)])

    assert sum(shares.values()) == delivered
