"""Contracts with processors as they are read: who works on people's data for a campaign, under which contract, and who has none."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from app.queries.kept_files import get_with_file
from app.queries.names import names_by_id
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.processors.holding import contract_with, contracts, known_contracts, processors
from workflows.campaign.processors.records import ProcessorContract
from workflows.campaign.records import StoredFile
from workflows.parties.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ContractLine:
    """One contract. `file_sha256` is empty where nobody uploaded it; `is_here`: the campaign that is looked at recorded it."""

    id: UUID
    number: str
    signed_on: date
    signatory: str
    ends_on: date | None
    file_sha256: str
    recorded_by: str
    recorded_at: datetime
    campaign_code: str
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A supplier that works on people's data. `holds`: the campaign's processing ends under one of its contracts, the last signed first."""

    id: UUID
    code: str
    name: str
    kind: str
    holds: bool
    contracts: tuple[ContractLine, ...]


@dataclass(frozen=True, kw_only=True)
class ContractsPage:
    """The campaign's processors, those without a contract first. `ends_on` is the day on which their processing ends."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    ends_on: date
    is_required: bool
    processors: tuple[Processor, ...]


def get_contracts(facts: CampaignFacts) -> ContractsPage:
    """The contracts of a campaign's processors, whichever campaign recorded them."""
    campaign = facts.campaign
    lines = _lines(facts.session, known_contracts(facts), campaign.id)
    found = [
        Processor(
            id=one.id,
            code=one.code,
            name=one.name,
            kind=one.kind,
            holds=contract_with(facts, one.id) is not None,
            contracts=tuple(lines.get(one.id, ())),
        )
        for one in processors(facts)
    ]
    return ContractsPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        ends_on=campaign.purge_on,
        is_required=campaign.policy.contracts_required,
        processors=tuple(sorted(found, key=lambda one: (one.holds, one.code))),
    )


def list_contracts(session: Session, advertiser_id: UUID, supplier_id: UUID) -> tuple[ContractLine, ...]:
    """The contracts with one supplier, the last signed first."""
    return tuple(_lines(session, contracts(session, advertiser_id), None).get(supplier_id, ()))


def _lines(session: Session, rows: list[ProcessorContract], campaign_id: UUID | None) -> dict[UUID, list[ContractLine]]:
    """Contracts as they are read, by supplier."""
    names = names_by_id(session, (row.recorded_by_id for row in rows))
    codes = dict(session.exec(select(Campaign.id, Campaign.code).where(col(Campaign.id).in_({row.campaign_id for row in rows}))).all())
    wanted = {row.file_id for row in rows if row.file_id}
    hashes = dict(session.exec(select(StoredFile.id, StoredFile.sha256).where(col(StoredFile.id).in_(wanted))).all())
    lines: dict[UUID, list[ContractLine]] = {}
    for row in rows:
        lines.setdefault(row.supplier_id, []).append(
            ContractLine(
                id=row.id,
                number=row.number,
                signed_on=row.signed_on,
                signatory=row.signatory,
                ends_on=row.ends_on,
                file_sha256=hashes[row.file_id] if row.file_id else "",
                recorded_by=names.get(row.recorded_by_id, ""),
                recorded_at=row.recorded_at,
                campaign_code=codes[row.campaign_id],
                is_here=row.campaign_id == campaign_id,
            )
        )
    return lines


def get_signed_contract(database: Database, actor: Actor, contract_id: UUID) -> StoredFile:
    """The signed contract, where it was uploaded.

    :raises NotFound: when there is none for this person.
    """
    return get_with_file(database, actor, ProcessorContract, contract_id, subject="processor_contract")[1]
