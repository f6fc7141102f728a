"""The way in for a form's command: carried out once however often the form is sent, its refusal given back to be said on the page.

Not for a project manager's rooms, which send several commands at once and tell overtaken ones apart: ``manager.rooms`` does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

from flask_babel import gettext as _

from app.jalon import jalon
from app.portals.shared.once import sent_key
from app.security.sessions import current_actor
from workflows.engine.command import Command
from workflows.engine.refusals import NotFound, Refused

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from workflows.campaign.keeping import KeptFile


def execute(command: Command, *, apart: bool = False) -> Refused | None:
    """Carry out a command as the person who asks; what refuses it is returned.

    :param apart: whether the form sends several commands, each answered by itself.
    :raises NotFound: when it is about something that is not theirs to see.
    """
    try:
        key = sent_key()
        key = f"{key}:{command.subject_id}" if key and apart else key
        jalon().door.execute(command, actor=current_actor(), key=key)
    except NotFound:
        raise
    except Refused as refusal:
        return refusal
    return None


def execute_with_file(upload: "FileStorage", command: "Callable[[KeptFile], Command]", *, name: str = "") -> Refused | None:
    """Carry out a command that takes an uploaded file; a refused or repeated one leaves no file behind.

    :param name: what the file is kept under, where that is not the name it came with.
    :raises NotFound: when it is about something that is not theirs to see.
    """
    rooms = jalon()
    try:
        with rooms.files.keeping(cast(BinaryIO, upload.stream), name or file_name(upload)) as kept:
            outcome = rooms.door.execute(command(kept), actor=current_actor(), key=sent_key())
        if outcome.repeated:
            rooms.files.discard(kept)
    except NotFound:
        raise
    except Refused as refusal:
        return refusal
    return None


def file_name(upload: "FileStorage") -> str:
    """The name a file had on its sender's machine, without its folders; a plain one where it has none."""
    return (upload.filename or "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1].replace("\x00", "") or str(_("file"))
