"""What the supplier's pages share: the blueprint, who asks, and the way in for a command. Not for pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

from flask import Blueprint, current_app
from sqlmodel import Session

from app.portals.shared.once import sent_key
from app.security.sessions import current_actor
from workflows.engine.command import Command
from workflows.engine.refusals import NotFound, Refused

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from app.factory import Jalon
    from workflows.campaign.keeping import KeptFile


blueprint = Blueprint("supplier", __name__, url_prefix="/supplier")


def jalon() -> "Jalon":
    """The application's rooms."""
    found: Jalon = current_app.extensions["jalon"]
    return found


def now() -> datetime:
    """The present, where a campaign has none of its own."""
    return jalon().clock.now()


@contextmanager
def reading() -> Iterator[Session]:
    """Read as the person who asks: the rows of other suppliers do not exist."""
    with jalon().database.reading(current_actor()) as session:
        yield session


def execute(command: Command) -> Refused | None:
    """Carry out a command; what refuses it is returned, to be said on the page.

    :raises NotFound: when it is about something that is not this supplier's.
    """
    try:
        jalon().door.execute(command, actor=current_actor(), key=sent_key())
    except NotFound:
        raise
    except Refused as refusal:
        return refusal
    return None


def execute_with_file(upload: "FileStorage", command: "Callable[[KeptFile], Command]") -> Refused | None:
    """Carry out a command that takes an uploaded file; a refused one leaves no file behind.

    :raises NotFound: when it is about something that is not this supplier's.
    """
    try:
        with jalon().files.keeping(cast(BinaryIO, upload.stream), upload.filename or "file") as kept:
            outcome = jalon().door.execute(command(kept), actor=current_actor(), key=sent_key())
        if outcome.repeated:
            jalon().files.discard(kept)
    except NotFound:
        raise
    except Refused as refusal:
        return refusal
    return None
