"""Who sends what goes out by a channel: the mailing house what the post brings; e-mails, messages and calls whoever does nothing else."""

from collections.abc import Collection, Iterable
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE

_BY_CHANNEL = {EMAIL: SupplierKind.ESP, TEXT_MESSAGE: SupplierKind.SMS, PHONE: SupplierKind.CALL_CENTER}


def senders(facts: CampaignFacts, channel: str) -> list[Supplier]:
    """The campaign's suppliers that send by a channel: its mailing houses where it has nobody for that channel alone; maybe none."""
    services = facts.service_suppliers()
    own = [one for one in services if one.kind == _BY_CHANNEL.get(channel)]
    return own or [one for one in services if one.kind == SupplierKind.MAILER]


def sends(facts: CampaignFacts, supplier_ids: Collection[UUID], channel: str) -> bool:
    """Whether one of these suppliers sends by a channel."""
    return any(supplier.id in supplier_ids for supplier in senders(facts, channel))


def senders_of(facts: CampaignFacts, lots: Iterable[Lot]) -> list[UUID]:
    """Who sends any of these lots, each once."""
    channels = dict.fromkeys(lot.channel for lot in lots)
    return list(dict.fromkeys(supplier.id for channel in channels for supplier in senders(facts, channel)))


def all_senders(facts: CampaignFacts) -> list[UUID]:
    """Who sends any of the lots that are, or were, to be sent."""
    return senders_of(facts, (lot for lot in facts.lots if lot.is_sent or lot.not_sent_reason))
