"""The paper on which mail that came back beyond the warranty of a list is claimed from its supplier."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.campaign.documents.head import DocumentContent
from workflows.campaign.documents.record import Money, Rate, Record, UnitPrice
from workflows.trade.money import tax


@dataclass(frozen=True, kw_only=True)
class ReturnRow(Record):
    """Pieces that came back for one ``reason``, by its code."""

    reason: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class RefundClaim(DocumentContent):
    """A refund claim: what was mailed of a list, what came back and why, what its owner stands for, and what is claimed for the rest.

    Pieces beyond ``allowed_qty`` are refunded at ``cpm`` a thousand, the price of the list; ``refund_amount`` is without VAT. No claim is
    made after ``claimable_until``.
    """

    list_code: str
    list_name: str
    order_number: str
    drop_on: date
    mailed_qty: int
    rows: tuple[ReturnRow, ...]
    warranty_rate: Rate
    allowed_qty: int
    cpm: UnitPrice
    refund_amount: Money
    vat_rate: Rate
    answer_by: date
    claimable_until: date

    @property
    def undeliverable_qty(self) -> int:
        """Pieces that came back."""
        return sum(row.quantity for row in self.rows)

    @property
    def claimed_qty(self) -> int:
        """Pieces beyond the warranty."""
        return self.undeliverable_qty - self.allowed_qty

    @property
    def refund_total_amount(self) -> Decimal:
        """What is claimed, with VAT."""
        return tax(self.refund_amount, self.vat_rate).gross_amount
