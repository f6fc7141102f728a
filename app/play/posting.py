"""What each sender of a campaign takes, and posts: one of those who send a channel is played."""

from dataclasses import dataclass, field
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.send.senders import senders
from workflows.trade.channels import Way, way_of


@dataclass
class Posting:
    """The files that a supplier takes and its pieces by way and lot, seeds included; the advertiser's own where there is no supplier."""

    supplier_id: UUID | None
    files: list[str] = field(default_factory=list)
    pieces: dict[Way, dict[str, int]] = field(default_factory=dict)


def postings(facts: CampaignFacts) -> list[Posting]:
    """The whole mailing, sender by sender."""
    assert facts.lot_plan is not None, "lots are frozen before they are sent"
    sent = [lot for lot in facts.lots if lot.is_sent]
    by_channel = {
        channel: next((one.id for one in senders(facts, channel)), None) for channel in dict.fromkeys(lot.channel for lot in sent)
    }
    found = {supplier_id: Posting(supplier_id) for supplier_id in by_channel.values()}
    for lot in sent:
        found[by_channel[lot.channel]].pieces.setdefault(way_of(lot.channel), {})[lot.code] = lot.pieces
    for name, file in sorted(facts.lot_plan.summary["files"].items()):
        found[by_channel[file["channel"]]].files.append(name)
    return list(found.values())
