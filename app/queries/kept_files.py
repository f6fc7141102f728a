"""A stored file on its way to somebody who sees what it belongs to: the row is asked for as them, the file is read as the machine."""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from app.database import Database, say_who_asks
from workflows.campaign.records import StoredFile
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM, Actor


class WithFile(Protocol):
    """A row that may have a file."""

    @property
    def file_id(self) -> UUID | None: ...


Row = TypeVar("Row", bound=WithFile)


def get_with_file(database: Database, actor: Actor, kind: type[Row], row_id: UUID, *, subject: str) -> tuple[Row, StoredFile]:
    """One row and its file.

    :raises NotFound: when there is none for this person, it came without a file, or the file's bytes are gone.
    """
    with database.reading(actor) as session:
        row = session.get(kind, row_id)
        if row is None or row.file_id is None:
            raise NotFound(subject=subject)
        return row, take_out(session, row.file_id)


def files_of_kind(session: Session, campaign_id: UUID, kind: str) -> dict[UUID, StoredFile]:
    """The rows of a campaign's files of one kind, by id."""
    statement = select(StoredFile).where(StoredFile.campaign_id == campaign_id, StoredFile.kind == kind)
    return {row.id: row for row in session.exec(statement)}


def take_out(session: Session, file_id: UUID) -> StoredFile:
    """The file's row, read as the machine, out of its session with everything that was read there.

    :raises NotFound: when its bytes are gone.
    """
    say_who_asks(session, SYSTEM)
    stored = session.get_one(StoredFile, file_id)
    session.expunge_all()
    if stored.wrapped_key is None:
        raise NotFound(subject="stored_file")
    return stored
