"""The table of refund claims. What became of one is written into its row; its paper says what was claimed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.campaign.model import CampaignFact, current
from workflows.engine.columns import document, instant, money, rate, reference, text
from workflows.trade.money import ZERO

SENT, ACCEPTED, CONTESTED, SETTLED, DROPPED = "sent", "accepted", "contested", "settled", "dropped"
"""How a claim stands."""


class RefundClaim(CampaignFact, table=True):
    """What is claimed back of one list: pieces that came back, `counts` by reason, beyond `allowed_qty` of those mailed.

    `amount` is without VAT. `state`: `sent` waits for its supplier, `accepted`, `contested` for the `answer` it gives, `settled` or
    `dropped` by the project manager for a `reason`; `settled_amount` is what the two agreed on, None where nobody wrote it down.
    `claimable_until_on` is the last day on which it could be made.
    """

    __tablename__ = "refund_claim"
    __table_args__ = (current("campaign_id", "list_id"),)

    list_id: UUID = reference("campaign_list.id")
    supplier_id: UUID = reference("supplier.id")
    number: str
    order_number: str
    list_code: str
    mailed_qty: int
    undeliverable_qty: int
    allowed_qty: int
    warranty_rate: Decimal = rate()
    amount: Decimal = money()
    settled_amount: Decimal | None = money(nullable=True)
    counts: dict[str, Any] = document()
    due_on: date
    claimable_until_on: date
    state: str
    answer: str = text()
    reason: str = text()
    claimed_at: datetime = instant()
    answered_at: datetime | None = instant(nullable=True)
    decided_by_id: UUID | None = reference("person.id", nullable=True)
    decided_at: datetime | None = instant(nullable=True)

    @property
    def is_open(self) -> bool:
        """It is neither settled nor dropped."""
        return self.state not in (SETTLED, DROPPED)

    @property
    def refund_amount(self) -> Decimal:
        """How much less is due for the list: what its supplier stands for, or what was agreed in the end. Euros without VAT."""
        if self.settled_amount is not None:
            return self.settled_amount
        is_accepted = self.state in (ACCEPTED, SETTLED) and self.answered_at is not None and not self.answer
        return self.amount if is_accepted else ZERO

    @property
    def claimed_qty(self) -> int:
        """Pieces beyond the warranty."""
        return self.undeliverable_qty - self.allowed_qty
