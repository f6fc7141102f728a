"""The contracts that a play's processors sign before they are ordered from. Not for who needs one: `workflows.campaign.processors` says."""

from datetime import date

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.contracting import RecordContract
from workflows.campaign.processors.holding import without_contract


def unsigned_contracts(facts: CampaignFacts, signed_on: date) -> list[RecordContract]:
    """What a project manager records of those that are missing."""
    return [
        RecordContract(
            subject_id=facts.campaign.id,
            supplier_id=one.id,
            number=f"ART28-{one.code}",
            signed_on=signed_on,
            signatory="La direction",
        )
        for one in without_contract(facts)
    ]
