"""The three-way control: an invoice against its order and what the net statement lets it bill."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from workflows.trade.invoice_control import AmountDue, Invoiced, Point, control_invoice

TODAY = date(2026, 12, 7)
DUE = AmountDue(
    supplier="S-CRT",
    order_number="BC-26A-001",
    stated_on=date(2026, 9, 15),
    quantity=91_000,
    net_amount=Decimal("9127.00"),
    vat_rate=Decimal("0.20"),
)
AS_DUE = Invoiced(
    supplier="S-CRT",
    order_number="BC-26A-001",
    number="F-1",
    invoiced_on=date(2026, 12, 4),
    quantity=91_000,
    net_amount=Decimal("9127.00"),
    vat_amount=Decimal("1825.40"),
    total_amount=Decimal("10952.40"),
)


def findings(invoice: Invoiced, due: AmountDue | None = DUE, *, billed_by: str = "") -> dict[str, Point]:
    points = control_invoice(invoice, due, today=TODAY, billed_by=billed_by)
    return {point.code: point for point in points if not point.is_clear}


def test_an_invoice_of_what_is_due_is_clear_in_every_point() -> None:
    points = control_invoice(AS_DUE, DUE, today=TODAY)

    assert all(point.is_clear for point in points)
    assert [point.code for point in points] == [
        "order",
        "supplier",
        "billed_once",
        "quantity",
        "unit_price",
        "net_amount",
        "vat_amount",
        "not_before",
        "total_amount",
        "not_ahead",
    ]


def test_what_is_billed_on_the_delivered_quantity_is_too_many_at_the_same_price() -> None:
    billed = replace(
        AS_DUE, quantity=100_000, net_amount=Decimal("10029.67"), vat_amount=Decimal("2005.93"), total_amount=Decimal("12035.60")
    )

    found = findings(billed)

    assert list(found) == ["quantity", "net_amount"]
    assert (found["quantity"].difference, found["net_amount"].difference) == (9_000, Decimal("902.67"))


def test_a_dearer_rate_is_told_per_thousand() -> None:
    dearer = replace(AS_DUE, net_amount=Decimal("9492.08"), vat_amount=Decimal("1898.42"), total_amount=Decimal("11390.50"))

    found = findings(dearer)

    assert list(found) == ["unit_price", "net_amount"]
    assert (found["unit_price"].expected, found["unit_price"].actual) == (Decimal("100.30"), Decimal("104.31"))


@pytest.mark.parametrize("cents", ["0.01", "-0.01"], ids=["over", "under"])
def test_one_cent_is_a_finding(cents: str) -> None:
    net = AS_DUE.net_amount + Decimal(cents)

    found = findings(replace(AS_DUE, net_amount=net, total_amount=net + AS_DUE.vat_amount))

    assert list(found) == ["net_amount"]
    assert found["net_amount"].difference == Decimal(cents)


def test_vat_is_looked_at_on_the_amount_that_is_billed() -> None:
    reduced = replace(AS_DUE, vat_amount=Decimal("912.70"), total_amount=Decimal("10039.70"))

    found = findings(reduced)

    assert list(found) == ["vat_amount"]
    assert (found["vat_amount"].expected, found["vat_amount"].difference) == (Decimal("1825.40"), Decimal("-912.70"))


def test_a_total_that_is_not_the_sum_is_a_finding_of_its_own() -> None:
    assert list(findings(replace(AS_DUE, total_amount=Decimal("10952.41")))) == ["total_amount"]


@pytest.mark.parametrize(
    ("day", "code", "days"),
    [(date(2026, 9, 14), "not_before", -1), (date(2026, 12, 8), "not_ahead", 1)],
    ids=["before the statement", "in the future"],
)
def test_a_day_that_cannot_be_is_a_finding(day: date, code: str, days: int) -> None:
    found = findings(replace(AS_DUE, invoiced_on=day))

    assert list(found) == [code]
    assert found[code].difference == days


@pytest.mark.parametrize("day", [date(2026, 9, 15), TODAY], ids=["day of the statement", "today"])
def test_the_days_at_both_ends_are_clear(day: date) -> None:
    assert findings(replace(AS_DUE, invoiced_on=day)) == {}


def test_an_order_that_nobody_knows_leaves_only_the_sum_and_the_day_to_look_at() -> None:
    points = control_invoice(replace(AS_DUE, order_number="BC-26A-999"), None, today=TODAY)

    assert [(point.code, point.is_clear) for point in points] == [("order", False), ("total_amount", True), ("not_ahead", True)]


def test_an_order_of_another_supplier_is_a_finding() -> None:
    found = findings(replace(AS_DUE, supplier="S-BTN"))

    assert list(found) == ["supplier"]
    assert (found["supplier"].expected, found["supplier"].actual, found["supplier"].difference) == ("S-CRT", "S-BTN", None)


def test_an_order_that_another_invoice_bills_already_is_a_finding() -> None:
    assert findings(AS_DUE, billed_by="F-1")["billed_once"].actual == "F-1"


def test_services_are_billed_without_a_quantity() -> None:
    codes = [point.code for point in control_invoice(replace(AS_DUE, quantity=None), replace(DUE, quantity=None), today=TODAY)]

    assert "quantity" not in codes
    assert "unit_price" not in codes


def test_a_cent_over_on_a_small_bill_is_no_other_price() -> None:
    small = replace(DUE, quantity=1_544, net_amount=Decimal("450.00"))
    billed = replace(AS_DUE, quantity=1_544, net_amount=Decimal("450.01"), vat_amount=Decimal("90.00"), total_amount=Decimal("540.01"))

    assert list(findings(billed, small)) == ["net_amount"]
