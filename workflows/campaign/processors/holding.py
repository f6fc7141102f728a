"""Which contracts hold: who works on people's data for a campaign, under which contract, and who without. Nothing is decided here."""

from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.records import ProcessorContract
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind

PROCESSORS = frozenset(SupplierKind) - {SupplierKind.LIST_OWNER, SupplierKind.BROKER}
"""Kinds of suppliers that work on people's data for the advertiser."""


def contracts(session: Session, advertiser_id: UUID) -> list[ProcessorContract]:
    """Every contract of the advertiser that counts, whichever campaign recorded it, the last signed first."""
    rows = select(ProcessorContract).where(ProcessorContract.advertiser_id == advertiser_id, col(ProcessorContract.to_seq).is_(None))
    return list(session.exec(rows.order_by(col(ProcessorContract.signed_on).desc(), col(ProcessorContract.recorded_at).desc())))


def processors(facts: CampaignFacts) -> list[Supplier]:
    """The suppliers that the campaign orders work on people's data from, by code."""
    return [one for one in facts.service_suppliers() if one.kind in PROCESSORS]


def known_contracts(facts: CampaignFacts) -> list[ProcessorContract]:
    """Those of the campaign's advertiser, read once."""
    signed: list[ProcessorContract] = facts.remember("contracts", lambda: contracts(facts.session, facts.campaign.advertiser_id))
    return signed


def contract_with(facts: CampaignFacts, supplier_id: UUID) -> ProcessorContract | None:
    """The contract under which a supplier works for this campaign: the last signed of those that hold until its processing ends."""
    ends_on = facts.campaign.purge_on
    return next(
        (one for one in known_contracts(facts) if one.supplier_id == supplier_id and (one.ends_on is None or one.ends_on >= ends_on)), None
    )


def without_contract(facts: CampaignFacts) -> list[Supplier]:
    """The campaign's processors that have none, where policy asks for one."""
    if not facts.campaign.policy.contracts_required:
        return []
    return [one for one in processors(facts) if contract_with(facts, one.id) is None]
