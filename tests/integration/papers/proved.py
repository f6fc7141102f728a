"""Everything that a campaign sends, proved as it was ordered: a deposit for each way in which something goes out."""

from datetime import date

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.proving import RecordDeposit
from workflows.trade.channels import way_of


def whole_deposits(facts: CampaignFacts) -> list[RecordDeposit]:
    sent = [lot for lot in facts.lots if lot.is_sent]
    return [
        RecordDeposit(
            subject_id=facts.campaign.id,
            deposited_on=date(2026, 10, 13),
            slip_number="D-1",
            quantities={lot.code: lot.pieces for lot in sent if way_of(lot.channel) is way},
        )
        for way in sorted({way_of(lot.channel) for lot in sent})
    ]
