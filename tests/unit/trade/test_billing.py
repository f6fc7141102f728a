"""A list costs what its terms say, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.billing import (
    CancellationMoment,
    ListKind,
    ListTerms,
    bill_list,
    billable_quantity,
    cancellation_amount,
    claim_undeliverable,
    most_billable,
)


def terms(cpm: str, floor: str, run: str, selection: str = "0", minimum: str = "0", fee: str = "0") -> ListTerms:
    return ListTerms(
        cpm=Decimal(cpm),
        selection_cpm=Decimal(selection),
        run_charge_cpm=Decimal(run),
        min_billing_rate=Decimal(floor),
        min_invoice_amount=Decimal(minimum),
        technical_fee=Decimal(fee),
    )


@pytest.mark.parametrize(
    ("delivered", "net", "agreed", "billable", "due"),
    [
        (100_000, 91_000, terms("100", "0.85", "3"), 91_000, "9127.00"),
        (100_000, 80_000, terms("100", "0.85", "3"), 85_000, "8545.00"),
        (50_000, 39_000, terms("180", "0.85", "5"), 42_500, "7687.50"),
    ],
)
def test_the_vectors_of_the_trade_reference_hold(delivered: int, net: int, agreed: ListTerms, billable: int, due: str) -> None:
    bill = bill_list(ListKind.RENTAL, delivered, net, agreed)
    assert bill.billable == billable
    assert str(bill.due_amount) == due


def test_a_whole_bill_shows_each_part() -> None:
    agreed = terms("165", "0.85", "5", selection="12", minimum="450", fee="90")
    bill = bill_list(ListKind.RENTAL, 9767, 8242, agreed)
    assert bill.billable == 8302
    assert bill.run_quantity == 1465
    assert bill.rental_amount == Decimal("1369.83")
    assert bill.run_amount == Decimal("7.33")  # 7.325, half-up
    assert bill.selection_amount == Decimal("117.20")
    assert bill.due_amount == Decimal("1584.36")
    assert bill.minimum_complement_amount == 0


def test_a_small_order_is_brought_up_to_the_minimum_invoice() -> None:
    bill = bill_list(ListKind.RENTAL, 100, 80, terms("165", "0.85", "5", minimum="450", fee="90"))
    assert bill.due_amount == Decimal("450.00")
    assert bill.minimum_complement_amount == Decimal("450.00") - Decimal("14.03") - Decimal("0.08") - 90


def test_an_exchanged_list_is_billed_like_a_rented_one() -> None:
    agreed = terms("150", "1.0", "0", fee="60")
    assert bill_list(ListKind.EXCHANGE, 1802, 1500, agreed) == bill_list(ListKind.RENTAL, 1802, 1500, agreed)


def test_the_house_list_owes_nothing() -> None:
    bill = bill_list(ListKind.HOUSE, 1591, 1400, terms("0", "1.0", "0"))
    assert bill.billable == 0
    assert str(bill.due_amount) == "0.00"


@pytest.mark.parametrize(("floor", "billable"), [("0.85", 85), ("0.851", 86), ("0", 10), ("1", 100), ("0.7", 70)])
def test_the_floor_is_rounded_up_exactly(floor: str, billable: int) -> None:
    assert billable_quantity(100, 10, Decimal(floor)) == billable


def test_the_floor_may_rest_on_what_was_ordered() -> None:
    assert billable_quantity(90, 10, Decimal("0.85"), floor_basis=100) == 85
    assert billable_quantity(80, 10, Decimal("0.85"), floor_basis=100) == 80


@pytest.mark.parametrize(("delivered", "net", "floor"), [(10, 11, "0"), (10, -1, "0"), (10, 5, "1.1")])
def test_impossible_quantities_are_refused(delivered: int, net: int, floor: str) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        billable_quantity(delivered, net, Decimal(floor))


@given(
    st.integers(0, 200_000),
    st.floats(0, 1),
    st.decimals("0", "1", places=3),
    st.decimals("5", "300", places=2),
    st.decimals("0", "5", places=2),
)
def test_the_parts_of_a_bill_add_up_and_one_more_net_address_never_lowers_it(
    delivered: int, kept: float, floor: Decimal, cpm: Decimal, run: Decimal
) -> None:
    net = int(delivered * kept)
    agreed = terms(str(cpm), str(floor), str(run), selection="12", minimum="450", fee="90")
    bill = bill_list(ListKind.RENTAL, delivered, net, agreed)
    assert net <= bill.billable <= delivered
    assert bill.due_amount >= 450
    assert bill.due_amount == (
        bill.rental_amount + bill.run_amount + bill.selection_amount + bill.technical_fee_amount + bill.minimum_complement_amount
    )
    if net < delivered:
        more = bill_list(ListKind.RENTAL, delivered, net + 1, agreed)
        assert more.due_amount >= bill.due_amount - Decimal("0.01")  # two roundings


def test_only_undeliverable_pieces_beyond_the_guarantee_are_claimed() -> None:
    claim = claim_undeliverable(1000, 62, Decimal("0.04"), Decimal(142))
    assert (claim.allowed, claim.excess, claim.refund_amount) == (40, 22, Decimal("3.12"))
    assert claim_undeliverable(1000, 40, Decimal("0.04"), Decimal(142)).excess == 0


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (CancellationMoment.BEFORE_EXTRACTION, "0.00"),
        (CancellationMoment.AFTER_EXTRACTION, "300.00"),
        (CancellationMoment.AFTER_MAIL_DATE, "1187.66"),
    ],
)
def test_cancelling_costs_what_the_clause_says_the_later_the_more(moment: CancellationMoment, due: str) -> None:
    agreed = terms("100", "0.85", "5", selection="10", fee="150")
    assert str(cancellation_amount(moment, 10_000, agreed, Decimal("1187.66"))) == due


@pytest.mark.parametrize(("ordered", "most"), [(10_000, 10_200), (99, 100), (0, 0)])
def test_what_may_be_billed_is_the_order_and_its_tolerance(ordered: int, most: int) -> None:
    assert most_billable(ordered, Decimal("0.02")) == most


@given(st.integers(0, 20_000), st.floats(0, 1), st.integers(0, 20_000), st.decimals("0", "1", places=2))
def test_a_surplus_changes_nothing_in_a_bill(delivered: int, kept: float, most: int, floor: Decimal) -> None:
    agreed = terms("165", str(floor), "5", selection="12", minimum="450", fee="90")
    net = int(delivered * kept)
    bill = bill_list(ListKind.RENTAL, delivered, net, agreed, most)
    charged = min(delivered, most)
    without = bill_list(ListKind.RENTAL, charged, min(net, charged), agreed)
    assert (bill.due_amount, bill.billable, bill.run_quantity) == (without.due_amount, without.billable, without.run_quantity)
    assert bill.surplus == delivered - charged
    if delivered <= most:
        assert bill == bill_list(ListKind.RENTAL, delivered, net, agreed)
