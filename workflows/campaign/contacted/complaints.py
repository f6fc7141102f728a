"""How many of those who were e-mailed complained of it: a mailbox provider stops a sender whose complaints are too many."""

from decimal import Decimal

from sqlmodel import col, func, select

from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.facts import CampaignFacts
from workflows.trade.channels import EMAIL
from workflows.trade.contact_reports import Outcome
from workflows.trade.money import ZERO


def complaint_rate(facts: CampaignFacts) -> Decimal:
    """People who complained, as a share of those who were e-mailed; 0 where nobody was (trade reference, section 3.8)."""
    facts.session.flush()
    lots = {lot.code: lot.mailed for lot in facts.lots if lot.channel == EMAIL}
    mailed = sum(lots.values())
    statement = select(func.count(func.distinct(col(ContactReport.unique_id)))).where(
        ContactReport.campaign_id == facts.campaign.id,
        ContactReport.outcome == str(Outcome.COMPLAINT),
        col(ContactReport.lot_code).in_(lots),
    )
    return Decimal(facts.session.exec(statement).one()) / mailed if mailed else ZERO
