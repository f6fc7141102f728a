"""The engine's table of user tasks: work opened for people by a move, and closed by one.

A move writes them as rows, with statements built once: it happens in every move, and no handler holds them as objects. Not for who may see
them; the database says that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Index, bindparam, insert, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from workflows.engine.columns import instant, key, reference


class UserTask(SQLModel, table=True):
    """One piece of a person's work. `campaign_id` is the chain it belongs to, `subject_*` the row it is about."""

    __tablename__ = "user_task"
    __table_args__ = (Index("ix_user_task_open", "advertiser_id", "due_at", postgresql_where=text("state = 'open'")),)

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = reference("advertiser.id")
    subject_kind: str
    subject_id: UUID = Field(index=True)
    label: str = ""
    name: str
    stage: str
    candidate_role: str
    supplier_id: UUID | None = reference("supplier.id", nullable=True)
    assignee_id: UUID | None = reference("person.id", nullable=True)
    state: str = "open"
    opened_at: datetime = instant()
    due_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_by_id: UUID | None = reference("person.id", nullable=True)
    opened_seq: int
    closed_seq: int | None = None


def open_tasks(session: Session, *where: Any) -> list[UserTask]:
    """Open user tasks that satisfy the given clauses, oldest first."""
    statement = (
        select(UserTask).where(UserTask.state == "open", *where).order_by(col(UserTask.opened_at), col(UserTask.name), col(UserTask.label))
    )
    return list(session.exec(statement))


_OPEN = insert(UserTask)
_CLOSE = (
    update(UserTask)
    .where(col(UserTask.state) == "open")
    .values(state=bindparam("as_"), closed_at=bindparam("at"), closed_by_id=bindparam("by"), closed_seq=bindparam("seq"))
)
_CLOSE_NAMED = _CLOSE.where(col(UserTask.name) == bindparam("named"), col(UserTask.subject_id) == bindparam("about"))
_CLOSE_STAGE = _CLOSE.where(col(UserTask.stage) == bindparam("left"))
_CLOSE_STAGE_OF_CHAIN = _CLOSE_STAGE.where(col(UserTask.campaign_id) == bindparam("chain"))
_CLOSE_STAGE_OF_SUBJECT = _CLOSE_STAGE.where(col(UserTask.subject_id) == bindparam("about"))


@dataclass(frozen=True, kw_only=True)
class Closing:
    """How open tasks are closed: as `done` (somebody did what they asked) or `cancelled` (the subject moved on without it)."""

    as_: str
    at: datetime
    by: UUID | None
    seq: int


def open_all(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Open user tasks, given as values of their columns."""
    if rows:
        connection.execute(_OPEN, rows)


def close_named(connection: Connection, closing: Closing, name: str, subject_id: UUID) -> None:
    """Close the open tasks of that name about one row."""
    connection.execute(_CLOSE_NAMED, {**vars(closing), "named": name, "about": subject_id})


def close_stage(
    connection: Connection, closing: Closing, stage: str, *, chain_id: UUID | None = None, subject_id: UUID | None = None
) -> None:
    """Close what a stage left open, anywhere in a chain or about one row."""
    if chain_id is not None:
        connection.execute(_CLOSE_STAGE_OF_CHAIN, {**vars(closing), "left": stage, "chain": chain_id})
    else:
        connection.execute(_CLOSE_STAGE_OF_SUBJECT, {**vars(closing), "left": stage, "about": subject_id})
