"""An overrun by hand: how much more than approved may pass, and what is compared with what."""

from decimal import Decimal

import pytest

from workflows.trade.costs import CostBasis, CostItem, CostQuantities, PlannedListBill, plan_budget
from workflows.trade.overrun import CostLine, compare, share_above, tolerated_amount


@pytest.mark.parametrize(
    ("approved", "share", "most", "tolerated"),
    [
        ("10000.00", "0.03", "0", "10300.00"),
        ("9280.16", "0.03", "0", "9558.56"),  # 278.4048 more
        ("9280.50", "0.03", "0", "9558.92"),  # 278.415 more: halves go up
        ("10000.00", "0.03", "250.00", "10250.00"),
        ("10000.00", "0.03", "300.00", "10300.00"),
        ("10000.00", "0.03", "9999.00", "10300.00"),
        ("10000.00", "0", "0", "10000.00"),
        ("10000.00", "0", "500.00", "10000.00"),
        ("0.00", "0.03", "0", "0.00"),
    ],
)
def test_what_may_pass_is_a_share_above_what_was_approved_and_no_more_euros_than_are_named(
    approved: str, share: str, most: str, tolerated: str
) -> None:
    assert tolerated_amount(Decimal(approved), Decimal(share), Decimal(most)) == Decimal(tolerated)


@pytest.mark.parametrize(("approved", "amount", "share"), [("9280.16", "10090.72", "0.087344"), ("100.00", "103.00", "0.03")])
def test_an_amount_passes_under_the_least_share_that_reaches_it_and_not_under_a_smaller_one(approved: str, amount: str, share: str) -> None:
    least = share_above(Decimal(approved), Decimal(amount))

    assert least == Decimal(share)
    assert tolerated_amount(Decimal(approved), least, Decimal(0)) >= Decimal(amount)
    assert tolerated_amount(Decimal(approved), least - Decimal("0.0001"), Decimal(0)) < Decimal(amount)


def line(nature: str, amount: str, quantity: str = "1", *, list_code: str | None = None, supplier: str | None = None) -> CostLine:
    return CostLine(nature=nature, list_code=list_code, supplier=supplier, quantity=Decimal(quantity), amount=Decimal(amount))


def test_each_line_stands_beside_its_like_in_the_order_of_what_was_approved_and_none_is_lost() -> None:
    approved = [
        line("location_fichiers", "450.00", "1559", list_code="ALZ"),
        line("affranchissement", "3167.90", "8207", supplier="S-ROU"),
        line("aleas", "270.30"),
    ]
    forecast = [
        line("affranchissement", "3849.58", "9973", supplier="S-ROU"),
        line("affranchissement", "10.00", supplier="S-IMP"),
        line("location_fichiers", "450.00", "1559", list_code="ALZ"),
    ]

    found = compare(approved, forecast)

    assert [(one.line.nature, one.line.supplier, one.amount) for one in found] == [
        ("location_fichiers", None, Decimal("0.00")),
        ("affranchissement", "S-ROU", Decimal("681.68")),
        ("aleas", None, Decimal("-270.30")),
        ("affranchissement", "S-IMP", Decimal("10.00")),
    ]
    assert sum(one.amount for one in found) == Decimal("4309.58") - Decimal("3888.20")


def test_lines_for_the_same_thing_count_together() -> None:
    (found,) = compare([line("creation", "100.00"), line("creation", "50.50")], [line("creation", "150.50", "2")])

    assert found.approved == line("creation", "150.50", "2")
    assert found.amount == 0


def test_the_budgets_own_formula_gives_the_forecast_and_the_contingency_pays_first() -> None:
    """1,000 pieces at .60, a list at 165 a thousand, 400 flat, 5 % for the unforeseen; then 1,060 pieces and the list as it is billed.

    Approved 600 + 165 + 400 = 1,165 and 58.25: 1,223.25, at 3 % up to 1,259.95. Forecast 636 + 174.90 + 400 = 1,210.90: nothing to sign.
    At 1,150 pieces it is 690 + 189.75 + 400 = 1,279.75: more than is tolerated.
    """
    items = [
        CostItem("affranchissement", CostBasis.PER_PIECE, Decimal("0.60")),
        CostItem("creation", CostBasis.FLAT, Decimal("400.00")),
        CostItem("aleas", CostBasis.CONTINGENCY_PERCENT, Decimal(5)),
    ]

    def total(pieces: int, due: str, items: list[CostItem]) -> Decimal:
        bill = PlannedListBill("ALZ", "S-ALZ", pieces, Decimal(due))
        return plan_budget([bill], items, CostQuantities(pieces={"postal": pieces}, gross=pieces, responses=0), Decimal("0.2")).total_amount

    tolerated = tolerated_amount(total(1000, "165.00", items), Decimal("0.03"), Decimal(0))

    assert tolerated == Decimal("1259.95")
    assert total(1060, "174.90", items[:2]) == Decimal("1210.90") <= tolerated
    assert total(1150, "189.75", items[:2]) == Decimal("1279.75") > tolerated
