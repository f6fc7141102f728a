"""The table of delivered files, and their states."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, UniqueConstraint, col, select

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import document, instant, reference, text


class FileState(StrEnum):
    """Where a delivered file stands; a new version supersedes an earlier one."""

    RECEIVED = "received"
    EXAMINED = "examined"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class DeliveredFile(CampaignFact, table=True):
    """One version of one tranche of a list, with what its delivery note declares and what the examination found.

    `criteria` are those applied, in the supplier's words; `declared_segments` counts records by segment where the note does.
    `brought_over` says what a file was made of that a machine brought over from the campaign before: that campaign, the hash of its files,
    how many were mailed, and how many of those were left out by reason.
    `report` is the examination as plain data; `findings` are the checks against note and order, in the form of a checkpoint's controls.
    """

    __tablename__ = "delivered_file"
    __table_args__ = (UniqueConstraint("list_id", "tranche", "file_version"),)

    list_id: UUID = reference("campaign_list.id")
    list_code: str
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    order_id: UUID | None = reference("purchase_order.id", nullable=True)
    tranche: int
    file_version: int
    state: str = FileState.RECEIVED.value
    version: int = 0
    name: str
    file_id: UUID = reference("stored_file.id")
    layout: str = text()
    declared_count: int | None = None
    declared_sha256: str = ""
    declared_encoding: str = ""
    extracted_on: date | None = None
    owner_seed_count: int | None = None
    criteria: str = text()
    declared_segments: dict[str, int] | None = document(nullable=True)
    brought_over: dict[str, Any] | None = document(nullable=True)
    record_count: int | None = None
    conforming: bool | None = None
    report: dict[str, Any] | None = document(nullable=True)
    findings: dict[str, Any] | None = document(nullable=True)
    received_at: datetime = instant()
    rejection_reason: str = text()


def files_of(session: Session, list_id: UUID, *states: FileState) -> list[DeliveredFile]:
    """A list's delivered files by tranche and version; only those in the given states, where any are given."""
    statement = select(DeliveredFile).where(DeliveredFile.list_id == list_id)
    if states:
        statement = statement.where(col(DeliveredFile.state).in_([str(state) for state in states]))
    return list(session.exec(statement.order_by(col(DeliveredFile.tranche), col(DeliveredFile.file_version))))
