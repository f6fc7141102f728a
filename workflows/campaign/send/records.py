"""The tables of what is said of a mailing and of what its lots carry: a row a version. Not for deposits and proofs: `campaign.records` has
those."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import document, instant, reference


class MailingDescription(CampaignFact, table=True):
    """One version of what the mailer has to know of the pieces: `body` has the fields of `brief.MailingRow`, `sha256` is its hash."""

    __tablename__ = "mailing_description"
    __table_args__ = (Index("ix_mailing_description_current", "campaign_id", unique=True, postgresql_where=sql("to_seq is null")),)

    body: dict[str, Any] = document()
    sha256: str
    described_by_id: UUID | None = reference("person.id", nullable=True)
    described_at: datetime = instant()


class LotTracking(CampaignFact, table=True):
    """One version of the numbers and addresses that lots carry: `body` has them as `references`, `sha256` is the hash of these."""

    __tablename__ = "lot_tracking"
    __table_args__ = (Index("ix_lot_tracking_current", "campaign_id", unique=True, postgresql_where=sql("to_seq is null")),)

    body: dict[str, Any] = document()
    sha256: str
    stated_by_id: UUID | None = reference("person.id", nullable=True)
    stated_at: datetime = instant()
