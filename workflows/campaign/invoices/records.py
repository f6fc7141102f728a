"""The table of suppliers' invoices and credit notes, and the points of their control as they are kept there. What other stages leave is in
`records`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import UniqueConstraint

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import document, instant, money, reference, text
from workflows.engine.command import plain
from workflows.trade.invoice_control import Point

_AMOUNTS, _COUNTS = ("net_amount", "vat_amount", "total_amount", "unit_price"), ("quantity",)
_DAYS = ("not_before", "not_ahead")


class Invoice(CampaignFact, table=True):
    """A supplier's invoice as it came, what its control found, and what became of it.

    States: `received` waits for a decision, `matched` is clear in every point, `accepted` for a reason, `above_budget` waits for an
    approver, `disputed`, `replaced` by a later one, `credited` whole. `order_number` is as the invoice has it; `due_amount` is None where
    it fits no order, `list_code` too where it is of services. `findings` are the points that are not clear: `code`, `expected`, `actual`,
    `difference`, as text. `on_behalf`: the advertiser entered it for its supplier.

    A credit note is a row of the same kind: `credits_id` is the invoice of which it takes back its amounts, which are above zero on either;
    its state is `deducted`.
    """

    __table_args__ = (UniqueConstraint("supplier_id", "number"),)

    supplier_id: UUID = reference("supplier.id")
    number: str
    order_number: str
    list_code: str | None = None
    invoiced_on: date
    quantity: int | None = None
    net_amount: Decimal = money()
    vat_amount: Decimal = money()
    total_amount: Decimal = money()
    due_qty: int | None = None
    due_amount: Decimal | None = money(nullable=True)
    findings: list[dict[str, Any]] = document(many=True)
    state: str
    file_id: UUID | None = reference("stored_file.id", nullable=True)
    sha256: str = ""
    media_type: str = ""
    on_behalf: bool = False
    sent_by_id: UUID | None = reference("person.id", nullable=True)
    received_at: datetime = instant()
    replaces_id: UUID | None = reference("invoice.id", nullable=True)
    credits_id: UUID | None = reference("invoice.id", nullable=True)
    reason: str = text()
    decided_by_id: UUID | None = reference("person.id", nullable=True)
    decided_at: datetime | None = instant(nullable=True)

    @property
    def points(self) -> tuple[Point, ...]:
        """Its findings, with values of their kinds."""
        return tuple(
            Point(
                code=one["code"], expected=_value(one["code"], one["expected"]), actual=_value(one["code"], one["actual"]), is_clear=False
            )
            for one in self.findings
        )


def finding(point: Point) -> dict[str, Any]:
    """A point as it is kept, with its values as text."""
    values = {"expected": point.expected, "actual": point.actual, "difference": point.difference}
    return {"code": point.code, **{name: None if value is None else str(plain(value)) for name, value in values.items()}}


def _value(code: str, text: str | None) -> Decimal | int | date | str | None:
    if text is None:
        return None
    if code in _AMOUNTS:
        return Decimal(text)
    if code in _COUNTS:
        return int(text)
    return date.fromisoformat(text) if code in _DAYS else text
