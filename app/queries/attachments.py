"""Files put with a user task: which, by whom, and the one that is fetched. Whoever sees the task sees its files; a supplier too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from app.queries.names import names_by_id
from app.queries.visible import see_task
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM, Actor


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One file; `purged_at` once its bytes are gone. `attached_by` is empty for somebody no longer here."""

    id: UUID
    name: str
    size: int
    sha256: str
    stored_at: datetime
    attached_by_id: UUID | None
    attached_by: str
    purged_at: datetime | None


def list_attachments(session: Session, task: Any) -> tuple[Attachment, ...]:
    """A task's files, the newest first, those that are gone too; the session has to see the chain."""
    files = list(session.exec(select(StoredFile).where(StoredFile.user_task_id == task.id).order_by(col(StoredFile.from_seq).desc())))
    if not files:
        return ()
    entries = select(Checkpoint).where(Checkpoint.campaign_id == task.campaign_id, col(Checkpoint.seq).in_([one.from_seq for one in files]))
    actors = {entry.seq: read_json(entry.body)["actor"]["id"] for entry in session.exec(entries)}
    people = {seq: UUID(actor) for seq, actor in actors.items() if actor}
    names = names_by_id(session, people.values())
    return tuple(
        Attachment(
            id=one.id,
            name=one.name,
            size=one.size,
            sha256=one.sha256,
            stored_at=one.stored_at,
            attached_by_id=people.get(one.from_seq),
            attached_by=names.get(people[one.from_seq], "") if one.from_seq in people else "",
            purged_at=one.purged_at,
        )
        for one in files
    )


def attachments_of(database: Database, actor: Actor, task_id: UUID) -> tuple[Attachment, ...]:
    """The files of a task that this person may see.

    :raises NotFound: when there is no such task for them.
    """
    see_task(database, actor, task_id)
    return read_attachments(database, [task_id])[task_id]


def read_attachments(database: Database, task_ids: Sequence[UUID]) -> dict[UUID, tuple[Attachment, ...]]:
    """The files of tasks that the asker was found to see, by task."""
    with database.reading(SYSTEM) as session:
        rows = session.exec(select(UserTask).where(col(UserTask.id).in_(task_ids)))
        return {task.id: list_attachments(session, task) for task in rows}


def get_attachment(database: Database, actor: Actor, file_id: UUID) -> StoredFile:
    """One file of a task that this person may see.

    :raises NotFound: when there is none, it is no attachment, or its bytes are gone.
    """
    with database.reading(SYSTEM) as session:
        row = session.get(StoredFile, file_id)
        if row is None or row.user_task_id is None or row.wrapped_key is None:
            raise NotFound(subject="stored_file")
        session.expunge(row)
    see_task(database, actor, row.user_task_id)
    return row
