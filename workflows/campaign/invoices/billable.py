"""How many addresses of a list were ordered, and may be billed at most, as its order says in print. Not for what they cost."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign import documents
from workflows.campaign.facts import CampaignFacts
from workflows.engine.documents import Document
from workflows.order.model import PurchaseOrder


def ordered_terms(facts: CampaignFacts) -> dict[UUID, documents.ListTerms]:
    """The terms of the orders that stand, by list: a later policy changes no order that is out."""
    found: dict[UUID, documents.ListTerms] = facts.remember("ordered_terms", lambda: printed_terms(facts.session, facts.live_orders))
    return found


def printed_terms(session: Session, orders: Iterable[PurchaseOrder]) -> dict[UUID, documents.ListTerms]:
    """What each of these orders says of its list, by list; nothing of services."""
    lists = {order.id: order.list_id for order in orders if order.list_id is not None}
    kind = documents.PurchaseOrder.kind_name()
    statement = select(Document.subject_id, Document.content).where(Document.kind == kind, col(Document.subject_id).in_(lists))
    found: dict[UUID, documents.ListTerms] = {}
    for order_id, content in session.exec(statement):
        printed = documents.content_from_json(kind, content)
        assert order_id is not None, "the statement asks for documents of orders"
        assert isinstance(printed, documents.PurchaseOrder), "a content is of its kind"
        assert printed.list_terms is not None, "an order for a list has its terms"
        found[lists[order_id]] = printed.list_terms
    return found
