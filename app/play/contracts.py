"""The contracts that a play's processors sign before they are ordered from. Not for who needs one: `workflows.campaign.processors` says."""

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.contracting import RecordContract
from workflows.campaign.processors.holding import without_contract


def unsigned_contracts(facts: CampaignFacts) -> list[RecordContract]:
    """What a project manager records of those that are missing, signed on the present day of the campaign."""
    campaign = facts.campaign
    assert campaign.calendar_at is not None, "a campaign is played on its own calendar"
    return [
        RecordContract(
            subject_id=campaign.id,
            supplier_id=one.id,
            number=f"ART28-{one.code}",
            signed_on=campaign.today(campaign.calendar_at),
            signatory="La direction",
        )
        for one in without_contract(facts)
    ]
