"""A floor of what was ordered, and losses that are never billed: deducted before the floor and the surplus, at no rate at all."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.billing import BillingBasis, ListBill, ListKind, ListTerms, LossReason, bill_list, in_order

TERMS = ListTerms(
    cpm=Decimal(100),
    selection_cpm=Decimal(10),
    run_charge_cpm=Decimal(3),
    min_billing_rate=Decimal("0.85"),
    min_invoice_amount=Decimal(0),
    technical_fee=Decimal(90),
)
ON_ORDER = replace(TERMS, billing_basis=BillingBasis.ORDERED)
RATES = st.decimals("0", "1", places=3)
BASES = st.sampled_from(BillingBasis)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Delivered, net, never billed, and ordered: as a dedupe and an order may leave them."""
    delivered = draw(st.integers(0, 50_000))
    net = draw(st.integers(0, delivered))
    return delivered, net, draw(st.integers(0, delivered - net)), draw(st.integers(0, 50_000))


def test_what_is_never_billed_comes_off_before_a_floor_of_what_is_delivered() -> None:
    bill = bill_list(ListKind.RENTAL, 100_000, 80_000, TERMS, unbilled=10_000)

    # 85 % of the 90,000 left are 76,500, fewer than the net; the other 10,000 of them are at the run charge.
    assert (bill.charged, bill.floor, bill.billable, bill.run_quantity, bill.unbilled) == (90_000, 76_500, 80_000, 10_000, 10_000)
    assert (bill.rental_amount, bill.run_amount, bill.selection_amount) == (Decimal(8000), Decimal(30), Decimal(1000))
    assert str(bill.due_amount) == "9120.00"


def test_a_floor_of_what_was_ordered_stays_what_it_is_whatever_is_never_billed() -> None:
    short = bill_list(ListKind.RENTAL, 90_000, 60_000, ON_ORDER, ordered=100_000, unbilled=8_000)
    assert (short.floor, short.charged, short.billable) == (85_000, 82_000, 82_000), "nothing is billed that is not left"

    ample = bill_list(ListKind.RENTAL, 101_000, 60_000, ON_ORDER, ordered=100_000, unbilled=8_000)
    assert (ample.floor, ample.billable, ample.run_quantity) == (85_000, 85_000, 8_000)


def test_the_surplus_is_what_is_left_beyond_the_order_once_the_never_billed_are_off() -> None:
    bill = bill_list(ListKind.RENTAL, 10_500, 9_000, TERMS, 10_200, unbilled=200)
    assert (bill.surplus, bill.charged, bill.selected) == (100, 10_200, 10_200)

    none = bill_list(ListKind.RENTAL, 10_500, 9_000, TERMS, 10_200, unbilled=400)
    assert (none.surplus, none.charged, none.selected) == (0, 10_100, 10_200), "the selection is not paid beyond the order either"


def test_the_house_list_owes_nothing_whatever_its_terms() -> None:
    assert bill_list(ListKind.HOUSE, 100, 80, replace(ON_ORDER, unbilled_reasons=tuple(LossReason))).due_amount == 0


def test_what_cannot_be_is_refused() -> None:
    for unbilled in (-1, 21):
        with pytest.raises(ValueError, match="between 0 and the 20 lost"):
            bill_list(ListKind.RENTAL, 100, 80, TERMS, unbilled=unbilled)
    with pytest.raises(ValueError, match="needs what was ordered"):
        bill_list(ListKind.RENTAL, 100, 80, ON_ORDER)


def test_terms_count_the_losses_that_they_never_bill() -> None:
    lost = dict(zip(LossReason, (100, 20, 3, 400), strict=True))
    assert TERMS.unbilled(lost) == 0
    assert replace(TERMS, unbilled_reasons=(LossReason.REJECTED, LossReason.INTRA)).unbilled(lost) == 103
    assert replace(TERMS, unbilled_reasons=tuple(LossReason)).unbilled(lost) == 523


def test_reasons_stand_in_the_order_of_the_dedupe_each_once() -> None:
    assert in_order(["inter", "intra", "rejected", "intra"]) == (LossReason.REJECTED, LossReason.INTRA, LossReason.INTER)


@given(counts(), RATES, BASES, st.none() | st.integers(0, 50_000))
def test_every_delivered_record_is_billed_at_one_rate_or_at_none_and_never_more_than_are_left(
    counted: tuple[int, int, int, int], floor: Decimal, basis: BillingBasis, most: int | None
) -> None:
    delivered, net, unbilled, ordered = counted
    bill = bill_list(
        ListKind.RENTAL,
        delivered,
        net,
        replace(TERMS, min_billing_rate=floor, billing_basis=basis),
        most,
        ordered=ordered,
        unbilled=unbilled,
    )

    left = min(delivered - unbilled, delivered if most is None else most)
    of = left if basis is BillingBasis.DELIVERED else ordered
    assert bill.floor == int((floor * of).to_integral_value(ROUND_CEILING))
    assert bill.billable == min(left, max(net, bill.floor))
    assert bill.billable + bill.run_quantity + bill.unbilled + bill.surplus == delivered
    assert min(bill.billable, bill.run_quantity, bill.surplus, bill.selected) >= 0
    parts = bill.rental_amount + bill.run_amount + bill.selection_amount + bill.technical_fee_amount + bill.minimum_complement_amount
    assert bill.due_amount == parts


@given(counts(), RATES, BASES)
def test_the_more_is_never_billed_the_less_is_due(counted: tuple[int, int, int, int], floor: Decimal, basis: BillingBasis) -> None:
    delivered, net, unbilled, ordered = counted
    agreed = replace(TERMS, min_billing_rate=floor, billing_basis=basis)

    def bill(without: int) -> ListBill:
        return bill_list(ListKind.RENTAL, delivered, net, agreed, ordered=ordered, unbilled=without)

    for fewer, more in pairwise(sorted({0, unbilled // 2, unbilled})):
        assert bill(more).billable <= bill(fewer).billable
        assert bill(more).due_amount <= bill(fewer).due_amount + Decimal("0.01")  # two roundings


@given(counts(), RATES, st.integers(0, 50_000))
def test_one_more_address_that_is_kept_or_ordered_is_never_one_less_billed(
    counted: tuple[int, int, int, int], floor: Decimal, most: int
) -> None:
    delivered, net, unbilled, ordered = counted
    agreed = replace(ON_ORDER, min_billing_rate=floor)
    billed = bill_list(ListKind.RENTAL, delivered, net, agreed, most, ordered=ordered, unbilled=unbilled).billable
    assert bill_list(ListKind.RENTAL, delivered, net, agreed, most, ordered=ordered + 1, unbilled=unbilled).billable >= billed
    if net < delivered - unbilled:
        assert bill_list(ListKind.RENTAL, delivered, net + 1, agreed, most, ordered=ordered, unbilled=unbilled).billable >= billed


@given(counts(), RATES)
def test_all_that_is_lost_never_billed_leaves_the_net_alone(counted: tuple[int, int, int, int], floor: Decimal) -> None:
    delivered, net, _unbilled, ordered = counted
    for basis in BillingBasis:
        agreed = replace(TERMS, min_billing_rate=floor, billing_basis=basis)
        bill = bill_list(ListKind.RENTAL, delivered, net, agreed, ordered=ordered, unbilled=delivered - net)
        assert (bill.billable, bill.run_quantity) == (net, 0)


@given(counts(), RATES)
def test_delivered_just_as_ordered_both_bases_come_to_the_same(counted: tuple[int, int, int, int], floor: Decimal) -> None:
    delivered, net, _unbilled, _ordered = counted
    usual, on_order = (
        bill_list(ListKind.RENTAL, delivered, net, replace(TERMS, min_billing_rate=floor, billing_basis=basis), ordered=delivered)
        for basis in BillingBasis
    )
    assert usual == on_order
