"""The engine's table of answers already given: a command sent twice under one key is carried out once and answered alike.

A row is written in the move's own transaction, so a key is known exactly when its move happened. A refusal leaves no row: a repeat asks
anew. What is asked is known by a fingerprint; that of commands is made here. Not for machines, whose messages are fenced by their claim.
"""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlmodel import Field, SQLModel

from workflows.engine.canonical import canonical_json
from workflows.engine.columns import instant, reference
from workflows.engine.command import Command, plain, sha256_of
from workflows.engine.refusals import Refused

LONGEST_KEY = 200
KEPT_DAYS = 30


class KeyReused(Refused):
    """The key was sent before with another command."""

    code = "engine.key_reused"


class KeyMalformed(Refused):
    """A key is 1 to 200 printable ASCII characters."""

    code = "engine.key_malformed"


class IdempotencyKey(SQLModel, table=True):
    """One answered key of one person. `fingerprint` is the SHA-256 of what was asked, `answer` what it came to."""

    __tablename__ = "idempotency_key"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(primary_key=True)
    advertiser_id: UUID = reference("advertiser.id")
    fingerprint: str
    answer: str
    answered_at: datetime = instant()


_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:person_id || ' ' || :key, 7215002))")
_FIND = text("select fingerprint, answer from idempotency_key where person_id = :person_id and key = :key")
_FORGET = text("delete from idempotency_key where person_id = :person_id and answered_at < now() - make_interval(days => :days)")
_KEEP = text(
    "insert into idempotency_key (person_id, key, advertiser_id, fingerprint, answer, answered_at)"
    " values (:person_id, :key, :advertiser_id, :fingerprint, :answer, now())"
)


def find_answer(connection: Connection, person_id: UUID, key: str, asked: str) -> str | None:
    """The answer this key was given, or None; from here to the end of the transaction nobody else answers it.

    :param asked: the fingerprint of what is asked now.
    :raises KeyMalformed: when it is no key.
    :raises KeyReused: when it was given to another wish.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise KeyMalformed(most=LONGEST_KEY)
    connection.execute(_LOCK, {"person_id": str(person_id), "key": key})
    row = connection.execute(_FIND, {"person_id": person_id, "key": key}).one_or_none()
    if row is None:
        return None
    if row.fingerprint != asked:
        raise KeyReused()
    answer: str = row.answer
    return answer


def keep_answer(connection: Connection, person_id: UUID, key: str, asked: str, *, advertiser_id: UUID, answer: Any) -> None:
    """Keep what a key was answered, and forget this person's answers that are older than a repeat may be."""
    connection.execute(_FORGET, {"person_id": person_id, "days": KEPT_DAYS})
    connection.execute(
        _KEEP,
        {
            "person_id": person_id,
            "key": key,
            "advertiser_id": advertiser_id,
            "fingerprint": asked,
            "answer": canonical_json(plain(answer)).decode(),
        },
    )


def fingerprint(commands: Sequence[Command]) -> str:
    """SHA-256 of commands as they were asked. A file counts by its bytes: sent again, it is kept under another id and is the same file."""
    return sha256_of(
        [{"command": command.name(), **{item.name: _asked(item, command) for item in dataclasses.fields(command)}} for command in commands]
    )


def _asked(item: dataclasses.Field[Any], command: Command) -> Any:
    value = getattr(command, item.name)
    return getattr(value, "sha256", value) if item.metadata.get("unrecorded") else value
