"""Claims on outbox rows: who runs a message now, until when, and what becomes of it. All times are the database's.

A claim is a conditional update that sets a token and a lease; its heartbeat renews the lease; the effect and `done` are one transaction
that holds only while the token does. A run that lost its lease finds its token gone and changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.database import Database
from workflows.parties.actor import SYSTEM

MOST_ATTEMPTS = 5
BACKOFF_SECONDS = 2


class LeaseLost(RuntimeError):
    """Another run took the message over; this one must leave no effect."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One run of one message."""

    message_id: UUID
    token: UUID
    campaign_id: UUID
    name: str
    payload: dict[str, Any]
    attempt: int
    error: str
    now: datetime

    @property
    def is_spent(self) -> bool:
        """Whether it was tried as often as may be: its last run died without a word."""
        return self.attempt > MOST_ATTEMPTS


_CLAIM = (
    # What is for a campaign that is on hold waits until the campaign goes on; work for its orders, files and documents does not, nor what
    # never rests.
    """
    update outbox_message m set state = 'running', lease_token = %(token)s, lease_until = now() + make_interval(secs => %(lease)s),
           attempts = attempts + 1, error = case when attempts >= %(most)s then error end
      from campaign c
     where m.id = %(id)s and c.id = m.campaign_id
       and (m.never_rests or not (c.state = 'on_hold' and (m.subject_kind = 'campaign' or m.remaining_days is not null)))
       and (m.state in ('pending', 'queued') or (m.state = 'running' and m.lease_until < now()))
    returning m.campaign_id, m.name, m.payload, m.attempts, m.error, coalesce(c.calendar_at, now()) as now
    """
)
_BEAT = (
    "update outbox_message set lease_until = now() + make_interval(secs => %(lease)s),"
    " progress = coalesce(cast(%(progress)s as jsonb), progress)"
    " where id = %(id)s and lease_token = %(token)s and state = 'running'"
)
_DONE = (
    "update outbox_message set state = 'done', done_at = now(), error = %(error)s"
    " where id = %(id)s and lease_token = %(token)s and state = 'running'"
)
_FAIL = """
    update outbox_message set state = 'pending', error = %(error)s, lease_token = null,
           lease_until = now() + make_interval(secs => %(backoff)s * attempts)
     where id = %(id)s and lease_token = %(token)s and state = 'running'
    """
_FAILED = (
    "update outbox_message set error = %(error)s, lease_token = null, lease_until = null where id = %(id)s and lease_token = %(token)s"
)
_WAIT = (
    "update outbox_message set state = 'pending', attempts = attempts - 1, lease_token = null, lease_until = null"
    " where id = %(id)s and lease_token = %(token)s and state = 'running'"
)


def claim(database: Database, message_id: UUID, *, lease_seconds: int) -> Claim | None:
    """Take a message to run it, or None when it is done, failed, or in other hands."""
    token = uuid4()
    values = {"id": message_id, "token": token, "lease": lease_seconds, "most": MOST_ATTEMPTS}
    row = database.alone(SYSTEM, _CLAIM, values).fetchone()
    if row is None:
        return None
    campaign_id, name, payload, attempts, error, now = row
    return Claim(
        message_id=message_id,
        token=token,
        campaign_id=campaign_id,
        name=name,
        payload=payload,
        attempt=attempts,
        error=error or "",
        now=now,
    )


def beat(database: Database, held: Claim, *, lease_seconds: int, progress: str | None = None) -> None:
    """Renew the lease, and show progress (JSON text) where there is some.

    :raises LeaseLost: when the message is in other hands.
    """
    values = {"id": held.message_id, "token": held.token, "lease": lease_seconds, "progress": progress}
    if database.alone(SYSTEM, _BEAT, values).rowcount == 0:
        raise LeaseLost(str(held.message_id))


def finish(session: Session, held: Claim) -> None:
    """Declare the message done in the transaction of its effect.

    :raises LeaseLost: when the message is in other hands; the transaction must roll back.
    """
    values = {"id": held.message_id, "token": held.token, "error": None}
    if session.connection().exec_driver_sql(_DONE, values).rowcount == 0:
        raise LeaseLost(str(held.message_id))


def finish_without_effect(database: Database, held: Claim, *, refusal: str | None = None) -> None:
    """Declare the message done where nothing changes by it, or where what it asked for was refused.

    :raises LeaseLost: when the message is in other hands.
    """
    values = {"id": held.message_id, "token": held.token, "error": refusal}
    if database.alone(SYSTEM, _DONE, values).rowcount == 0:
        raise LeaseLost(str(held.message_id))


def give_up(database: Database, held: Claim, error: str) -> None:
    """Give the message back for a later attempt."""
    database.alone(SYSTEM, _FAIL, {"id": held.message_id, "token": held.token, "error": error, "backoff": BACKOFF_SECONDS})


def note_failure(session: Session, held: Claim, *, error: str) -> None:
    """Keep why the message failed, in the transaction that declares it failed.

    :raises LeaseLost: when the message is in other hands; the transaction must roll back.
    """
    values = {"id": held.message_id, "token": held.token, "error": error}
    if session.connection().exec_driver_sql(_FAILED, values).rowcount == 0:
        raise LeaseLost(str(held.message_id))


def put_off(database: Database, held: Claim) -> None:
    """Give the message back without counting the run: what it is for rests just now."""
    database.alone(SYSTEM, _WAIT, {"id": held.message_id, "token": held.token})
