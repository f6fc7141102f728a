"""What an order that is withdrawn still costs, by its cancellation terms (trade reference, section 3.4). Not for who may withdraw it."""

from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billable import printed_at_most
from workflows.campaign.model import CampaignList
from workflows.campaign.planning import list_terms
from workflows.campaign.results.figures import list_bills
from workflows.delivery.model import FileState
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
    """A list by how far its order had gone, at the bill of its net statement once the mail is posted.

    A service in full once the mail is posted, before that the share that policy names.
    """
    posted = bool(facts.deposits)
    wanted = next((row for row in facts.lists if row.id == order.list_id), None)
    if wanted is None:
        share = Decimal(1) if posted else facts.campaign.policy.share("cancellation", "service_share")
        return round_cents(order.total_amount * share)
    bill = list_bills(facts).get(wanted.code)
    whole_amount = bill.due_amount if bill else order.total_amount
    return cancellation_amount(_moment(wanted, facts, posted), _extracted(order, wanted, facts), list_terms(wanted), whole_amount)


def _moment(wanted: CampaignList, facts: CampaignFacts, posted: bool) -> CancellationMoment:
    if posted:
        return CancellationMoment.AFTER_MAIL_DATE
    extracted = any(file.list_id == wanted.id for file in facts.files)
    return CancellationMoment.AFTER_EXTRACTION if extracted else CancellationMoment.BEFORE_EXTRACTION


def _extracted(order: PurchaseOrder, wanted: CampaignList, facts: CampaignFacts) -> int:
    """Addresses that came of a list, without the versions that were refused or replaced, and no more than its order lets anybody bill."""
    counted = (FileState.RECEIVED, FileState.EXAMINED, FileState.ACCEPTED)
    came = sum(file.record_count or file.declared_count or 0 for file in facts.files if file.list_id == wanted.id and file.state in counted)
    return min(came, printed_at_most(facts.session, [order]).get(wanted.id, came))
