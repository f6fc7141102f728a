"""The purchase orders of a campaign, as they stand with their suppliers. Amounts are Decimal euros without VAT."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from app.queries.documents import DocumentLine, list_documents
from app.queries.names import name_of
from app.queries.proposals import Proposal, proposal_of
from workflows.campaign.facts import CampaignFacts
from workflows.order.model import OrderState, PurchaseOrder


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One current order with its document, once it is issued."""

    id: UUID
    number: str
    revision: int
    version: int
    supplier_name: str
    supplier_kind: str
    list_code: str
    state: str
    total_amount: Decimal
    issued_at: datetime
    answered_at: datetime | None
    answered_by: str
    refusal_reason: str
    proposal: Proposal | None
    content_sha256: str
    document: DocumentLine | None

    @property
    def waits(self) -> bool:
        return self.state == OrderState.ISSUED


def list_order_rows(facts: CampaignFacts) -> tuple[OrderRow, ...]:
    """The current orders, by number."""
    papers = {paper.subject_id: paper for paper in reversed(list_documents(facts.session, facts.campaign.id, kinds=("purchase_order",)))}
    return tuple(_row(order, facts, papers.get(order.id)) for order in facts.orders)


def _row(order: PurchaseOrder, facts: CampaignFacts, paper: DocumentLine | None) -> OrderRow:
    supplier = facts.suppliers[order.supplier_id]
    return OrderRow(
        id=order.id,
        number=order.number,
        revision=order.revision,
        version=order.version,
        supplier_name=supplier.name,
        supplier_kind=supplier.kind,
        list_code=order.list_code or "",
        state=order.state,
        total_amount=order.total_amount,
        issued_at=order.issued_at,
        answered_at=order.answered_at,
        answered_by=name_of(facts.session, order.answered_by_id),
        refusal_reason=order.refusal_reason,
        proposal=proposal_of(order),
        content_sha256=order.content_sha256,
        document=paper,
    )
