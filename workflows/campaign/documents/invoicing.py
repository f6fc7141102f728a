"""What is said to a supplier of its invoice. Not for what it may invoice: the net statement, in `processing`, says that."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.documents.head import DocumentContent, Measure
from workflows.campaign.documents.ordering import OrderRow
from workflows.campaign.documents.record import Money, Rate, Record
from workflows.trade.money import tax


@dataclass(frozen=True, kw_only=True)
class InvoicePoint(Record):
    """A point in which an invoice is not as it should be; ``difference`` is found less expected, where that is a number."""

    code: str
    expected: Measure | None = None
    actual: Measure | None = None
    difference: Measure | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceDispute(DocumentContent):
    """An invoice that is disputed: what it says, what is due, in what they differ, and why it is not paid so.

    ``due_amount`` is without VAT, and None where nothing is due for the order that the invoice names. It comes about by the net
    ``statement`` of a list, or by what was done of ``services``, of which no more than ``services_most_amount`` is due; or by
    the cancellation terms of an order that was ``withdrawn_on`` a day. What is invoiced is less ``credited_amount``, what credit notes took
    back of it.
    """

    invoice_number: str
    invoiced_on: date
    received_on: date
    order_number: str
    points: tuple[InvoicePoint, ...]
    reason: str
    invoiced_amount: Money
    invoiced_vat_amount: Money
    invoiced_total_amount: Money
    vat_rate: Rate
    answer_by: date
    invoiced_qty: int | None = None
    due_qty: int | None = None
    due_amount: Money | None = None
    list_code: str = ""
    list_name: str = ""
    statement: str = ""
    credited_amount: Money | None = None
    services: tuple[OrderRow, ...] = ()
    services_most_amount: Money | None = None
    withdrawn_on: date | None = None

    @property
    def due_vat_amount(self) -> Decimal | None:
        """VAT on what is due."""
        return None if self.due_amount is None else tax(self.due_amount, self.vat_rate).vat_amount

    @property
    def due_total_amount(self) -> Decimal | None:
        """What is due, with VAT."""
        return None if self.due_amount is None else tax(self.due_amount, self.vat_rate).gross_amount
