"""The files of objections and returns of a campaign: whose, how many of which, who has got them. Not for what stands in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from workflows.campaign.data_protection.objections import UNIDENTIFIED, readable
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import ObjectionFile, StoredFile
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM


@dataclass(frozen=True, kw_only=True)
class ObjectionsLine:
    """One file: whose it is (empty for the house), its rows by reason, when it was handed over and first taken, and whether it is there."""

    id: UUID
    reader: str
    counts: dict[str, int]
    rows: int
    handed_over_at: datetime | None
    taken_at: datetime | None
    is_there: bool


def list_objections(facts: CampaignFacts) -> tuple[ObjectionsLine, ...]:
    """Every file that counts, the house's first, then by supplier."""
    there = {one.id for one in readable(facts)}
    names = {one.id: facts.suppliers[one.supplier_id].name if one.supplier_id else "" for one in facts.objection_files}
    lines = [_line(one, names[one.id], one.id in there) for one in facts.objection_files]
    return tuple(sorted(lines, key=lambda line: line.reader))


def list_own_objections(session: Session, campaign_id: UUID) -> tuple[ObjectionsLine, ...]:
    """The files that were handed to the supplier who asks; whether one is still there is said when it is taken."""
    statement = select(ObjectionFile).where(ObjectionFile.campaign_id == campaign_id, col(ObjectionFile.to_seq).is_(None))
    return tuple(_line(one, "", True) for one in session.exec(statement.order_by(col(ObjectionFile.from_seq))))


def get_stored_objections(database: Database, file_id: UUID) -> StoredFile:
    """The stored file of one that was taken, read as a machine.

    :raises NotFound: when there is none.
    """
    with database.reading(SYSTEM) as session:
        row = session.get(ObjectionFile, file_id)
        stored = session.get(StoredFile, row.file_id) if row else None
        if stored is None:
            raise NotFound(subject="stored_file")
        session.expunge(stored)
        return stored


def _line(one: ObjectionFile, reader: str, is_there: bool) -> ObjectionsLine:
    rows = sum(number for reason, number in one.counts.items() if reason != UNIDENTIFIED)
    return ObjectionsLine(
        id=one.id,
        reader=reader,
        counts=one.counts,
        rows=rows,
        handed_over_at=one.handed_over_at,
        taken_at=one.taken_at,
        is_there=is_there,
    )
