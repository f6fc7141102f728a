"""What an order that is withdrawn still costs, by its cancellation terms (trade reference, section 3.4). Not for who may withdraw it."""

from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.planning import list_terms
from workflows.order.model import PurchaseOrder
from workflows.trade.billing import CancellationMoment, cancellation_amount
from workflows.trade.money import ZERO, round_cents


def owed(facts: CampaignFacts) -> dict[str, Decimal]:
    """What each live order costs when the campaign is cancelled now, by order number, in euros without VAT."""
    return {order.number: owed_for(order, facts) for order in facts.live_orders}


def owed_total(facts: CampaignFacts) -> Decimal:
    """What cancelling now costs in all, in euros without VAT."""
    return sum(owed(facts).values(), ZERO)


def owed_for(order: PurchaseOrder, facts: CampaignFacts) -> Decimal:
    """A list by how far its order had gone; a service in full once the mail is posted, before that the share that policy names."""
    posted = bool(facts.deposits)
    wanted = next((row for row in facts.lists if row.id == order.list_id), None)
    if wanted is None:
        share = Decimal(1) if posted else facts.campaign.policy.share("cancellation", "service_share")
        return round_cents(order.total_amount * share)
    return cancellation_amount(_moment(wanted, facts, posted), facts.ordered_qty(wanted.id), list_terms(wanted))


def _moment(wanted: CampaignList, facts: CampaignFacts, posted: bool) -> CancellationMoment:
    if posted:
        return CancellationMoment.AFTER_MAIL_DATE
    extracted = any(file.list_id == wanted.id for file in facts.files)
    return CancellationMoment.AFTER_EXTRACTION if extracted else CancellationMoment.BEFORE_EXTRACTION
