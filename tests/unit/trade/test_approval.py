"""Approval tiers: which one an amount falls in, which tiers can stand, and how many different hands have signed."""

from decimal import Decimal

import pytest

from workflows.trade.approval import ApprovalTier, Conditions, add_up, count_signatures, tier_fault, tier_floor, tier_of


def tiers(*written: tuple[int | str | None, int]) -> list[ApprovalTier]:
    return [ApprovalTier(up_to=None if up_to is None else Decimal(up_to), signatures=signatures) for up_to, signatures in written]


@pytest.mark.parametrize(
    ("amount", "signatures", "floor"),
    [("0", 1, 0), ("10000.00", 1, 0), ("10000.01", 2, 10000), ("50000", 2, 10000), ("50000.01", 3, 50000)],
)
def test_an_amount_falls_in_the_first_tier_whose_ceiling_it_does_not_pass(amount: str, signatures: int, floor: int) -> None:
    rising = tiers((10000, 1), (50000, 2), (None, 3))

    tier = tier_of(rising, Decimal(amount))

    assert tier is not None
    assert (tier.signatures, tier_floor(rising, tier)) == (signatures, floor)


def test_above_the_last_ceiling_there_is_no_tier() -> None:
    closed = tiers((10000, 1), (50000, 2))

    assert tier_of(closed, Decimal("50000.01")) is None
    assert tier_floor(closed, None) == 50000


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ([(None, 1)], None),
        ([(10000, 1)], None),
        ([(10000, 2), (50000, 1), (None, 3)], None),
        ([], (1, "none")),
        ([(10000, 0)], (1, "signatures")),
        ([(10000, 1), (None, -1)], (2, "signatures")),
        ([(0, 1)], (1, "not_ascending")),
        ([(10000, 1), (10000, 2)], (2, "not_ascending")),
        ([(10000, 1), ("9999.99", 2), (None, 3)], (2, "not_ascending")),
        ([(None, 1), (50000, 2)], (2, "after_open")),
        ([(10000, 1), (None, 2), (None, 3)], (3, "after_open")),
    ],
)
def test_tiers_rise_ask_for_somebody_and_only_the_last_is_open(written: list[tuple[int | str | None, int]], fault: object) -> None:
    assert tier_fault(tiers(*written)) == fault


@pytest.mark.parametrize(
    ("hands", "count"),
    [
        ([], 0),
        (["A", "B"], 2),
        (["A", "A", "A"], 1),
        (["A", "XA"], 1),
        (["XA", "X"], 1),
        (["XA", "XB"], 1),
        (["XA", "YA"], 1),
        (["XA", "YB"], 2),
        (["XA", "A", "X"], 2),
        (["A", "X", "XA"], 2),
    ],
)
def test_hands_that_share_somebody_sign_once_and_two_who_sign_for_themselves_are_two(hands: list[str], count: int) -> None:
    assert count_signatures(hands) == count


def test_conditions_add_up_to_the_lowest_cap_and_every_exclusion_once() -> None:
    together = add_up(
        [
            Conditions(cap_amount=Decimal(900), excluded_lists=("ECL", "DOM")),
            Conditions(),
            Conditions(cap_amount=Decimal(800), excluded_lists=("DOM",)),
        ]
    )

    assert together == Conditions(cap_amount=Decimal(800), excluded_lists=("DOM", "ECL"))


def test_no_condition_is_none_of_all() -> None:
    assert not add_up([])
    assert not add_up([Conditions(), Conditions()])
    assert Conditions(cap_amount=Decimal(1))
    assert Conditions(excluded_lists=("DOM",))
