"""Which lots are printed: those that go by post, and those that were left unsent too late. Not for what was posted."""

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot
from workflows.trade.channels import goes_by_post


def is_printed(facts: CampaignFacts, lot: Lot) -> bool:
    """Whether the lot's pieces were printed, or will be."""
    return goes_by_post(lot.channel) and (lot.is_sent or _left_too_late(facts, lot))


def _left_too_late(facts: CampaignFacts, lot: Lot) -> bool:
    """Whether a lot that is not mailed after all was left unsent only once its message was signed off, which lets it be printed."""
    signed = next((one.proof_signed_seq for one in facts.messages if one.code == lot.message), None)
    return bool(lot.not_sent_reason) and signed is not None and signed < (lot.sending_decided_seq or 0)
