"""How many addresses the supplier of a list may bill at most, as its order says in print. Not for what they cost."""

from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.documents import PurchaseOrder, content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.engine.documents import Document


def billable_at_most(facts: CampaignFacts) -> dict[UUID, int]:
    """Addresses that may be billed at most, by list, as the orders that stand say: a later policy changes no order that is out."""
    found: dict[UUID, int] = facts.remember("billable_at_most", lambda: _as_printed(facts))
    return found


def _as_printed(facts: CampaignFacts) -> dict[UUID, int]:
    lists = {order.id: order.list_id for order in facts.live_orders if order.list_id is not None}
    statement = select(Document.subject_id, Document.content).where(
        Document.kind == PurchaseOrder.kind_name(), col(Document.subject_id).in_(lists)
    )
    most: dict[UUID, int] = {}
    for order_id, content in facts.session.exec(statement):
        printed = content_from_json(PurchaseOrder.kind_name(), content)
        assert order_id is not None, "the statement asks for documents of orders"
        assert isinstance(printed, PurchaseOrder), "a content is of its kind"
        assert printed.list_terms is not None, "an order for a list has its terms"
        most[lists[order_id]] = printed.list_terms.most_billable_qty
    return most
