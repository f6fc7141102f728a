"""The table of purchase orders, and their states."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import UniqueConstraint

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import document, instant, money, reference, text


class OrderState(StrEnum):
    """Where an order stands with its supplier."""

    ISSUED = "issued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


STANDING = (OrderState.ISSUED, OrderState.ACCEPTED)
"""States of an order that its supplier is to fulfil, or to bill."""


class PurchaseOrder(CampaignFact, table=True):
    """One order to one supplier: for a list (`list_id`) or for services. `body` is what the document says, by its canonical content.

    `proposal` is the last change that its supplier proposed, by name; see `proposing`. `owed_amount` is what it still costs once it is
    withdrawn, without VAT; None where another took its place. `stated_amount` is what the project manager says that it would owe, and why.
    """

    __tablename__ = "purchase_order"
    __table_args__ = (UniqueConstraint("campaign_id", "number", "revision"),)

    number: str
    revision: int = 1
    supplier_id: UUID = reference("supplier.id")
    list_id: UUID | None = reference("campaign_list.id", nullable=True)
    list_code: str | None = None
    state: str = OrderState.ISSUED.value
    version: int = 0
    total_amount: Decimal = money()
    budget_sha256: str
    content_sha256: str
    body: dict[str, Any] = document()
    deliver_by: date | None = None
    issued_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    answered_by_id: UUID | None = reference("person.id", nullable=True)
    refusal_reason: str = text()
    owed_amount: Decimal | None = money(nullable=True)
    stated_amount: Decimal | None = money(nullable=True)
    stated_reason: str = text()
    withdrawn_at: datetime | None = instant(nullable=True)
    proposal_state: str = ""
    proposal: dict[str, Any] | None = document(nullable=True)
    proposal_words: str = text()
    proposal_answer: str = text()
