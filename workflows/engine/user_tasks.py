"""The engine's table of user tasks: work opened for people by a move, and closed by one.

A move writes them with its other effects (see `effects`). Not for who may see them; the database says that.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from workflows.engine.columns import document, instant, key, reference


class UserTask(SQLModel, table=True):
    """One piece of a person's work. `campaign_id` is the chain it belongs to, `subject_*` the row it is about.

    States: `open`, `suspended` while its chain rests (with the working days that were left until it was due), `done`, `cancelled`.
    `assignee_id` has it in hand, handed on by `delegated_by_id`; until `follow_up_on` it rests in the inbox. `version` counts such changes.
    `mentioned` are those, by their ids, who were mentioned in a comment and have not looked yet.
    `ticks` are the points of its checklist that are ticked: by the point's code, `by` whom and `at` what moment.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_open", "advertiser_id", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_user_task_of_advertiser", "advertiser_id", "state"),
    )

    id: UUID = key()
    campaign_id: UUID = reference("campaign.id")
    advertiser_id: UUID = Field(foreign_key="advertiser.id")
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
    remaining_days: int | None = None
    version: int = 1
    priority: str = "normal"
    follow_up_on: date | None = None
    delegated_by_id: UUID | None = reference("person.id", nullable=True)
    reminded_at: datetime | None = instant(nullable=True)
    escalated_at: datetime | None = instant(nullable=True)
    mentioned: list[str] = document(many=True)
    ticks: dict[str, Any] = document()


def open_tasks(session: Session, *where: Any) -> list[UserTask]:
    """Open user tasks that satisfy the given clauses, oldest first."""
    statement = (
        select(UserTask).where(UserTask.state == "open", *where).order_by(col(UserTask.opened_at), col(UserTask.name), col(UserTask.label))
    )
    return list(session.exec(statement))


def open_task(session: Session, name: str, subject_id: UUID) -> UserTask | None:
    """The open user task of that name about that row; the oldest where several people are asked the same."""
    return next(iter(open_tasks(session, UserTask.name == name, UserTask.subject_id == subject_id)), None)
