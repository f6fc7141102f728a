"""What two houses owe each other in addresses: received less given, for as long as an entry counts, within a limit."""

from datetime import date
from decimal import Decimal

import pytest

from workflows.trade.exchange import Basis, Direction, Exchanged, basis_of, exchange_balance, is_within

DAY = date(2027, 3, 1)


def received(quantity: int, **terms: date) -> Exchanged:
    return Exchanged(direction=Direction.RECEIVED, quantity=quantity, dealt_on=terms.pop("dealt_on", DAY), **terms)


def given(quantity: int, **terms: date) -> Exchanged:
    return Exchanged(direction=Direction.GIVEN, quantity=quantity, dealt_on=terms.pop("dealt_on", DAY), **terms)


def test_what_was_received_is_owed_and_what_was_given_is_owed_back() -> None:
    assert exchange_balance([received(1802), given(1000)], DAY) == 802
    assert exchange_balance([given(1000)], DAY) == -1000
    assert exchange_balance([], DAY) == 0


def test_an_entry_counts_through_its_last_day_and_no_longer() -> None:
    entries = [received(500, expires_on=DAY), given(200)]

    assert exchange_balance(entries, DAY) == 300
    assert exchange_balance(entries, date(2027, 3, 2)) == -200


@pytest.mark.parametrize(("balance", "limit", "within"), [(800, 800, True), (801, 800, False), (-801, 800, False), (10**6, 0, True)])
def test_a_limit_holds_both_ways_and_none_is_set_by_zero(balance: int, limit: int, within: bool) -> None:
    assert is_within(balance, limit) is within


@pytest.mark.parametrize(("rate", "basis"), [("1", Basis.GROSS), ("1.0000", Basis.GROSS), ("0.85", Basis.NET), ("0", Basis.NET)])
def test_a_list_billed_whatever_the_dedupe_keeps_is_exchanged_gross(rate: str, basis: Basis) -> None:
    assert basis_of(Decimal(rate)) is basis


def test_a_list_of_which_some_losses_are_never_billed_is_exchanged_net() -> None:
    assert basis_of(Decimal(1), ["rejected"]) is Basis.NET
