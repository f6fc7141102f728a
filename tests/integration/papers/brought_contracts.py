"""What a project manager would have on record of the played campaign before its orders: a contract with each of its processors."""

from datetime import datetime

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.holding import without_contract
from workflows.campaign.processors.records import ProcessorContract


def contracts_wanted(facts: CampaignFacts, signed_at: datetime) -> list[ProcessorContract]:
    """A contract with each of the campaign's processors that has none, as if its first entry had recorded it."""
    campaign = facts.campaign
    return [
        ProcessorContract(
            campaign_id=campaign.id,
            advertiser_id=campaign.advertiser_id,
            from_seq=1,
            supplier_id=one.id,
            number=f"ART28-{one.code}",
            signed_on=signed_at.date(),
            signatory="Direction",
            recorded_at=signed_at,
        )
        for one in without_contract(facts)
    ]
