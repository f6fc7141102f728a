"""What withdrawn orders still cost a campaign, as its costs are counted: by list, and for services. Not for how much one owes: `owing`."""

from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.order.model import PurchaseOrder
from workflows.trade.costs import CostBasis, CostItem
from workflows.trade.money import ZERO


def list_fees(facts: CampaignFacts) -> dict[str, Decimal]:
    """Euros without VAT, by the code of the list, where anything is owed; refunds that were accepted or agreed come off."""
    fees: dict[str, Decimal] = {one.list_code: -one.refund_amount for one in facts.claims if one.refund_amount}
    for order in facts.withdrawn_orders:
        if order.list_code and order.owed_amount:
            fees[order.list_code] = fees.get(order.list_code, ZERO) + order.owed_amount
    return fees


def service_fees(facts: CampaignFacts) -> list[CostItem]:
    """The same of services: one flat cost an order, under the first nature that it was for."""
    return [
        CostItem(_nature(order), CostBasis.FLAT, order.owed_amount, facts.suppliers[order.supplier_id].code)
        for order in facts.withdrawn_orders
        if order.list_id is None and order.owed_amount
    ]


def _nature(order: PurchaseOrder) -> str:
    nature: str = order.body["services"][0][0]
    return nature


def committed_amount(facts: CampaignFacts) -> Decimal:
    """What suppliers are promised: the orders that stand as they were written, and what withdrawn ones still owe. Euros without VAT."""
    return sum((*(one.total_amount for one in facts.live_orders), *(one.owed_amount or ZERO for one in facts.withdrawn_orders)), ZERO)
