"""A stored file on its way to somebody who was shown to see what it belongs to. Not for who may: each asks that of its own row first."""

from uuid import UUID

from sqlmodel import Session

from app.database import say_who_asks
from workflows.campaign.records import StoredFile
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM


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
