"""The engine's table of requested work: rows written in a move's transaction, carried out later by machines.

A row is the request and owns the outcome; a job in the queue is only a run of it. A timer is a row with a `not_before`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from workflows.engine.columns import document, instant, key, reference


class OutboxMessage(SQLModel, table=True):
    """One service task. `lease_*` are in the database's time; `not_before` is in the campaign's own. Work without a delay has the moment it
    was asked for there, and is due at once, whatever the clock of the host that asked for it said. What `never_rests` is carried out
    on its day also while its chain rests.

    States: `pending` → `queued` → `running` → `done`, back to `pending` when a run is lost; `failed` after the last attempt, from where a
    person sends it back to `pending` (`retried_at`) or settles it (`resolved`); `cancelled` where a timer is no longer wanted. A timer that
    stands still has `remaining_days`: the working days it had left.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_waiting", "not_before", postgresql_where=text("state in ('pending', 'queued', 'running')")),)

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    subject_kind: str
    subject_id: UUID
    name: str
    payload: dict[str, Any] = document()
    requested_seq: int
    state: str = Field(default="pending")
    not_before: datetime = instant()
    created_at: datetime = instant()
    attempts: int = 0
    lease_token: UUID | None = None
    lease_until: datetime | None = instant(nullable=True)
    progress: dict[str, Any] | None = document(nullable=True)
    error: str | None = None
    done_at: datetime | None = instant(nullable=True)
    remaining_days: int | None = None
    never_rests: bool = False
    version: int = 0
    failed_at: datetime | None = instant(nullable=True)
    retried_at: datetime | None = instant(nullable=True)
