"""The three-way control of a supplier's invoice: order, delivery and net statement, invoice (trade reference, section 3.10). Pure.

Each point that is looked at is kept with what was expected and found; those that are not clear are the findings. Nothing is tolerated: a
cent over is a finding. What becomes of one, people decide. Not for what is due: that is `billing`, and `costs` for services.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.trade.money import Cents, Taxed, round_cents, tax

ROUNDINGS = Decimal("0.03")
"""A bill has five parts, each rounded to the cent: together they are never further than this from what was not rounded."""


@dataclass(frozen=True, kw_only=True)
class Invoiced:
    """What an invoice says: its supplier by code, the order it names, its number and day, addresses (None where it counts none), and euros
    to the cent.
    """

    supplier: str
    order_number: str
    number: str
    invoiced_on: date
    quantity: int | None
    net_amount: Cents
    vat_amount: Cents
    total_amount: Cents


@dataclass(frozen=True, kw_only=True)
class AmountDue:
    """What may be invoiced for one order: by whom, from which day on, how many addresses (None for services), euros without VAT."""

    supplier: str
    order_number: str
    stated_on: date
    quantity: int | None
    net_amount: Decimal
    vat_rate: Decimal

    @property
    def taxed(self) -> Taxed:
        """The amount with its VAT and the total."""
        return tax(self.net_amount, self.vat_rate)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that was looked at. `difference` is found less expected: a count, euros, euros per thousand or days; None where none is."""

    code: str
    expected: Any
    actual: Any
    is_clear: bool

    @property
    def difference(self) -> Decimal | int | None:
        if isinstance(self.expected, date) and isinstance(self.actual, date):
            return (self.actual - self.expected).days
        if isinstance(self.expected, Decimal | int) and isinstance(self.actual, Decimal | int):
            return self.actual - self.expected
        return None


def control_invoice(invoice: Invoiced, due: AmountDue | None, *, today: date, billed_by: str = "") -> tuple[Point, ...]:
    """Every point of an invoice, in the order in which an accountant reads them.

    :param due: what may be invoiced for the order that it names; None where the campaign has no such order, or nothing is stated for it.
    :param today: no invoice is of a later day.
    :param billed_by: the number of another invoice that bills the same order already.
    """
    return tuple(_points(invoice, due, today, billed_by))


def _points(invoice: Invoiced, due: AmountDue | None, today: date, billed_by: str) -> Iterator[Point]:
    yield _same("order", due.order_number if due else None, invoice.order_number)
    if due is not None:
        yield _same("supplier", due.supplier, invoice.supplier)
        yield Point(code="billed_once", expected=None, actual=billed_by or None, is_clear=not billed_by)
        if due.quantity is not None:
            yield _same("quantity", due.quantity, invoice.quantity)
            if due.quantity and invoice.quantity:
                yield _unit_price(due.net_amount, due.quantity, invoice.net_amount, invoice.quantity)
        yield _same("net_amount", due.net_amount, invoice.net_amount)
        yield _same("vat_amount", tax(invoice.net_amount, due.vat_rate).vat_amount, invoice.vat_amount)
        yield Point(code="not_before", expected=due.stated_on, actual=invoice.invoiced_on, is_clear=invoice.invoiced_on >= due.stated_on)
    yield _same("total_amount", invoice.net_amount + invoice.vat_amount, invoice.total_amount)
    yield Point(code="not_ahead", expected=today, actual=invoice.invoiced_on, is_clear=invoice.invoiced_on <= today)


def _same(code: str, expected: Any, actual: Any) -> Point:
    return Point(code=code, expected=expected, actual=actual, is_clear=expected == actual)


def _unit_price(due_amount: Decimal, due_qty: int, amount: Decimal, quantity: int) -> Point:
    """Euros per thousand addresses, all parts of the bill together; the same where only roundings can tell the amounts apart."""
    expected, actual = (round_cents(one * 1000 / of) for one, of in ((due_amount, due_qty), (amount, quantity)))
    is_clear = abs(amount - due_amount * quantity / due_qty) <= ROUNDINGS
    return Point(code="unit_price", expected=expected, actual=actual, is_clear=is_clear)
