"""The tables of sample mail pieces: each version that was shown, and what each list's owner was asked and answered about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import UniqueConstraint

from workflows.campaign.model import CampaignFact, current
from workflows.engine.columns import document, instant, reference, text


class SamplePiece(CampaignFact, table=True):
    """One version of a message's sample; it ends with the next one. `message` is its code, versions are numbered through the campaign."""

    __tablename__ = "sample_piece"
    __table_args__ = (UniqueConstraint("campaign_id", "message", "version"),)

    message: str
    version: int
    file_id: UUID = reference("stored_file.id")
    sha256: str
    media_type: str
    attached_by_id: UUID | None = reference("person.id", nullable=True)
    attached_at: datetime = instant()


class SampleApproval(CampaignFact, table=True):
    """What the owner of a list is asked to look at, `samples` by message with `version` and `sha256`, and what it answered.

    It ends with the next request: about another version, or because the list is negotiated again. `before_id` is the newest approval before
    it in the same negotiation. `objection` is why the owner does not agree. `on_behalf`: the owner told it by other means, and a project
    manager wrote it down.
    """

    __tablename__ = "sample_approval"
    __table_args__ = (current("campaign_id", "list_id"),)

    list_id: UUID = reference("campaign_list.id")
    supplier_id: UUID = reference("supplier.id")
    samples: dict[str, Any] = document()
    before_id: UUID | None = reference("sample_approval.id", nullable=True)
    asked_at: datetime = instant()
    objection: str = text()
    objected_at: datetime | None = instant(nullable=True)
    approved_at: datetime | None = instant(nullable=True)
    approved_by_id: UUID | None = reference("person.id", nullable=True)
    on_behalf: bool = False
