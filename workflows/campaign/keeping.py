"""Files on their way into the record: storage keeps the bytes first, the move that takes the file gives it a row and a purge date."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.data_protection.purging import KEPT, address_files, ask_purge, last_day
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.step import Step
from workflows.trade.working_days import local_day


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file that storage already keeps: the hash and size of its plain bytes, and the key to read it."""

    name: str
    sha256: str
    size: int
    blob_id: UUID
    wrapped_key: bytes


def store(step: Step, kept: KeptFile, *, kind: str, supplier_id: UUID | None = None, purge_on: date | None = None) -> StoredFile:
    """Give a kept file its row, its purge date, with the first that ends on that day a timer, and its place in the checkpoint.

    :param purge_on: the day when it must be gone, when that is not the day of the addresses of its campaign
    """
    day = purge_on or last_day(step.chain, local_day(step.now))
    if kind not in KEPT and all(row.purge_on != day for row in address_files(step.session, step.chain.id)):
        ask_purge(step, day)
    row = StoredFile(
        **step.from_now_on(),
        kind=kind,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        blob_id=kept.blob_id,
        wrapped_key=kept.wrapped_key,
        supplier_id=supplier_id,
        stored_at=step.now,
        purge_on=day,
    )
    step.session.add(row)
    step.session.flush()
    step.note_file(kind=kind, sha256=kept.sha256, size=kept.size)
    return row


def suppression_kind(name: str) -> str:
    """The kind under which a suppression list is stored: its name without the ending, as counts and reports call it."""
    return f"suppression:{name.removesuffix('.csv')}"


EVERY_SUPPRESSION = suppression_kind("")
"""How the kinds of all suppression lists begin."""


def suppression_name(file: StoredFile) -> str:
    """The name of a suppression list by its file, as counts and reports call it."""
    return file.kind.removeprefix(EVERY_SUPPRESSION)


def kept_files(session: Session, campaign_id: UUID, kind: str) -> list[StoredFile]:
    """Stored files of a kind that count now and are not purged; a kind that ends with a colon finds all that begin so."""
    statement = select(StoredFile).where(
        StoredFile.campaign_id == campaign_id, col(StoredFile.to_seq).is_(None), col(StoredFile.purged_at).is_(None)
    )
    match = col(StoredFile.kind).startswith(kind) if kind.endswith(":") else col(StoredFile.kind) == kind
    return list(session.exec(statement.where(match).order_by(col(StoredFile.from_seq), col(StoredFile.name))))


def kept_elsewhere(campaign: Campaign, kind: str) -> Any:
    """A query of the files of a kind that the advertiser's other campaigns keep, each with its campaign, in no order."""
    return (
        select(StoredFile, Campaign)
        .join(Campaign, col(Campaign.id) == col(StoredFile.campaign_id))
        .where(
            StoredFile.advertiser_id == campaign.advertiser_id,
            StoredFile.campaign_id != campaign.id,
            StoredFile.kind == kind,
            col(StoredFile.purged_at).is_(None),
            col(StoredFile.to_seq).is_(None),
        )
    )
