"""What one entry of a chain changed beside its subject: rows that began and ended with it, user tasks it opened and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.model import CampaignFact
from workflows.engine.user_tasks import UserTask

SHOWN = 8
"""So many rows of a table are named; more are only counted."""

_NAMES = ("number", "code", "name", "list_code", "segment", "message", "nature", "slip_number", "stage", "decision")
"""Columns by which people know a row, in the order in which they are told."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rows of one table: how many began and how many ended, and the names of the first of them."""

    table: str
    began: int
    ended: int
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskChange:
    """A user task that the entry opened, or closed as `done` or `cancelled`."""

    name: str
    label: str
    became: str


def list_changes(session: Session, campaign_id: UUID, seq: int) -> tuple[Change, ...]:
    """Rows of the campaign that begin or end with an entry, by table."""
    changes = []
    for table in sorted(CampaignFact.__subclasses__(), key=lambda one: str(one.__tablename__)):
        at_entry = (col(table.from_seq) == seq) | (col(table.to_seq) == seq)
        rows = list(session.exec(select(table).where(table.campaign_id == campaign_id, at_entry)))
        if rows:
            changes.append(
                Change(
                    table=str(table.__tablename__),
                    began=sum(row.from_seq == seq for row in rows),
                    ended=sum(row.to_seq == seq for row in rows),
                    names=_names(rows),
                )
            )
    return tuple(changes)


def list_task_changes(session: Session, campaign_id: UUID, seq: int) -> tuple[TaskChange, ...]:
    """User tasks that an entry opened and closed, by name."""
    touched = (col(UserTask.opened_seq) == seq) | (col(UserTask.closed_seq) == seq)
    rows = session.exec(select(UserTask).where(UserTask.campaign_id == campaign_id, touched).order_by(UserTask.name, UserTask.label))
    return tuple(TaskChange(name=row.name, label=row.label, became="open" if row.opened_seq == seq else row.state) for row in rows)


def _names(rows: Sequence[CampaignFact]) -> tuple[str, ...]:
    names = sorted({" ".join(str(value) for column in _NAMES if (value := getattr(row, column, None))) for row in rows} - {""})
    return tuple(names) if len(names) <= SHOWN else ()
