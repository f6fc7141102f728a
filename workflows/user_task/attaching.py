"""Files put with a user task, for whoever sees the task: kept as all files are, named by hash in the chain, purged with the campaign's.

A file's name may name people, so the chain knows it by a salted hash. Not for files of the trade (deliveries, slips, proofs): those have
moves of their own that read them. What the bytes are is looked at where they come in.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from sqlmodel import col, func, select

from workflows.campaign.data_protection.purging import destroy
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.records import StoredFile
from workflows.engine.checkpoints import hands_of
from workflows.engine.command import Command, free_text, unrecorded
from workflows.engine.process import Move
from workflows.engine.refusals import NotFound, Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.user_task.rules import PEOPLE, asker_has_a_say

ATTACHMENT = "attachment"
MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
MOST_FILES = 20
KNOWN_ENDINGS = ("pdf", "png", "jpg", "jpeg", "txt", "csv", "eml", "docx", "xlsx", "pptx", "odt", "ods", "odp")
"""What people show each other. No archives and no programs: nobody could see what is in them."""


class FileTooLarge(Refused):
    """A file that is larger than what is put with a task."""

    code = "user_task.file_too_large"


class FileIsEmpty(Refused):
    """A file without a byte."""

    code = "user_task.file_is_empty"


class FileEndingUnknown(Refused):
    """A kind of file that is not put with a task."""

    code = "user_task.file_ending_unknown"


class TooManyFiles(Refused):
    """The task has as many files as it may have."""

    code = "user_task.too_many_files"


class FileOfSomebodyElse(Refused):
    """Who put a file with a task takes it away again, or a project manager does."""

    code = "user_task.file_of_somebody_else"


@dataclass(frozen=True, kw_only=True)
class AttachFile(Command):
    """Put a file with a task."""

    file: KeptFile = unrecorded()
    file_name: str = free_text()


@dataclass(frozen=True, kw_only=True)
class WithdrawFile(Command):
    """Take a file away from a task: it is destroyed, and its hash stays."""

    file_id: UUID


def ending_of(name: str) -> str:
    """What a file's name ends with, in small letters and without the dot."""
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def file_may_be_attached(step: Step) -> None:
    """Refuse what is too large, empty, of an unknown kind, or one too many.

    :raises Refused: `FileTooLarge`, `FileIsEmpty`, `FileEndingUnknown` or `TooManyFiles`.
    """
    kept: KeptFile = step.command.file
    if kept.size > MOST_BYTES:
        raise FileTooLarge(most=MOST_MEGABYTES)
    if kept.size == 0:
        raise FileIsEmpty()
    if ending_of(step.command.file_name) not in KNOWN_ENDINGS:
        raise FileEndingUnknown(name=step.command.file_name, known=KNOWN_ENDINGS)
    here = select(func.count()).where(StoredFile.user_task_id == step.subject.id, col(StoredFile.purged_at).is_(None))
    if step.session.exec(here).one() >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)


def file_is_the_asker_s(step: Step) -> None:
    """Refuse to take away what somebody else put there, unless one leads the campaign.

    :raises NotFound: when the task has no such file any more.
    :raises FileOfSomebodyElse: when it is somebody else's.
    """
    row = _file(step)
    if step.actor.has_role(Role.PROJECT_MANAGER, step.subject.advertiser_id):
        return
    if step.actor.person_id not in hands_of(step.session.connection(), step.chain.id, row.from_seq):
        raise FileOfSomebodyElse()


def attach(step: Step) -> None:
    """Give the file its row, its place in the checkpoint and its end."""
    store(step, step.command.file, kind=ATTACHMENT).user_task_id = step.subject.id


def withdraw(step: Step) -> None:
    """Destroy its key now, and have its bytes deleted."""
    row = _file(step)
    row.to_seq = step.seq
    destroy(step, [row])


def _file(step: Step) -> StoredFile:
    row = step.session.get(StoredFile, step.command.file_id)
    if row is None or row.user_task_id != step.subject.id or row.purged_at is not None:
        raise NotFound(subject="stored_file")
    return row


ATTACHING = (
    Move(AttachFile, by=PEOPLE, event="user_task.file_attached", checks=(asker_has_a_say, file_may_be_attached), do=attach),
    Move(WithdrawFile, by=PEOPLE, event="user_task.file_withdrawn", checks=(asker_has_a_say, file_is_the_asker_s), do=withdraw),
)
