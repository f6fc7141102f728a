"""How many addresses the supplier of a list may bill at most, as its order says in print. Not for what they cost."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign import documents
from workflows.campaign.facts import CampaignFacts
from workflows.engine.documents import Document
from workflows.order.model import PurchaseOrder


def billable_at_most(facts: CampaignFacts) -> dict[UUID, int]:
    """Addresses that may be billed at most, by list, as the orders that stand say: a later policy changes no order that is out."""
    found: dict[UUID, int] = facts.remember("billable_at_most", lambda: printed_at_most(facts.session, facts.live_orders))
    return found


def printed_at_most(session: Session, orders: Iterable[PurchaseOrder]) -> dict[UUID, int]:
    """What each of these orders says of that, by list; nothing of services."""
    lists = {order.id: order.list_id for order in orders if order.list_id is not None}
    kind = documents.PurchaseOrder.kind_name()
    statement = select(Document.subject_id, Document.content).where(Document.kind == kind, col(Document.subject_id).in_(lists))
    most: dict[UUID, int] = {}
    for order_id, content in session.exec(statement):
        printed = documents.content_from_json(kind, content)
        assert order_id is not None, "the statement asks for documents of orders"
        assert isinstance(printed, documents.PurchaseOrder), "a content is of its kind"
        assert printed.list_terms is not None, "an order for a list has its terms"
        most[lists[order_id]] = printed.list_terms.most_billable_qty
    return most
