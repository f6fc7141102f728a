"""What an order that is withdrawn still costs, by its cancellation terms (trade reference, section 3.4). Not for who may withdraw it."""

from decimal import Decimal

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billable import printed_terms
from workflows.campaign.invoices.services import done_so_far
from workflows.campaign.model import CampaignList
from workflows.campaign.planning import list_terms, planned_step
from workflows.campaign.results.figures import list_bills
from workflows.delivery.model import DeliveredFile, FileState
from workflows.order.model import PurchaseOrder
from workflows.trade.billing import CancellationMoment, cancellation_amount
from workflows.trade.money import ZERO, round_cents
from workflows.trade.working_days import local_day


def owed(facts: CampaignFacts) -> dict[str, Decimal]:
    """What each live order costs when the campaign is cancelled now, by order number, in euros without VAT."""
    return {order.number: owed_for(order, facts) for order in facts.live_orders}


def owed_total(facts: CampaignFacts) -> Decimal:
    """What cancelling now costs in all, in euros without VAT."""
    return sum(owed(facts).values(), ZERO)


def owed_for(order: PurchaseOrder, facts: CampaignFacts) -> Decimal:
    """A list by how far its order had gone, at the bill of its net statement once the mail is posted.

    A service in full once the mail is posted. Before that what the project manager stated, else what is known to be done, and no less than
    the share that policy names.
    """
    posted = bool(facts.deposits)
    wanted = next((row for row in facts.lists if row.id == order.list_id), None)
    if wanted is None:
        if posted:
            return order.total_amount
        if order.stated_amount is not None:
            return order.stated_amount
        share = facts.campaign.policy.share("cancellation", "service_share")
        return max(round_cents(order.total_amount * share), done_so_far(facts, order))
    bill = list_bills(facts).get(wanted.code)
    whole_amount = bill.due_amount if bill else order.total_amount
    came = _came(wanted, order, facts)
    moment = CancellationMoment.AFTER_EXTRACTION if came else CancellationMoment.BEFORE_EXTRACTION
    if posted:
        moment = CancellationMoment.AFTER_MAIL_DATE
    quantity = sum(file.record_count or file.declared_count or 0 for file in came)
    printed = printed_terms(facts.session, [order]).get(wanted.id)
    most = printed.most_billable_qty if printed else quantity
    return cancellation_amount(moment, min(quantity, most), list_terms(wanted), whole_amount)


def _came(wanted: CampaignList, order: PurchaseOrder, facts: CampaignFacts) -> list[DeliveredFile]:
    """The files that count as a list's extraction, by the clauses that its order prints.

    What does not conform is replaced free of charge: neither such a file does, nor one that was refused or replaced. Nor does one that came
    once both its day and the first of the dedupe were over, by which an order is withdrawn free of charge, unless it was accepted still.
    """
    first_on, _last_on = planned_step(facts.campaign, "dedupe")
    until = max(first_on, order.deliver_by or first_on)

    def counts(file: DeliveredFile) -> bool:
        waits = file.state in (FileState.RECEIVED, FileState.EXAMINED) and file.conforming is not False
        return file.state == FileState.ACCEPTED or (waits and local_day(file.received_at) <= until)

    return [file for file in facts.files if file.list_id == wanted.id and counts(file)]
