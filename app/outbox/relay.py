"""The relay: turns outbox rows into jobs, and sends again what the queue no longer holds. Several may stand by; one at a time works.

Redis is disposable. A row stays `pending` until it is queued, `queued` until a worker claims it; a queued row whose job no longer stands in
the queue, and a running row whose lease ran out, go back to `pending`: whoever claims it after its last attempt declares it failed.
Sending twice is harmless, for a claim is given once.

E-mails with a link to choose a password belong to no campaign and have rows of their own: they go to the queue in the same round, before
all else that waits there.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import OperationalError

from app.database import Database, as_asked
from app.outbox.nudge import RedisNudge
from workflows.parties.actor import SYSTEM

LOCK = 7_215_001
"""The advisory lock that says which relay works."""
QUEUE = "machines"
JOB = "tasks.jobs.carry_out"
LETTER_JOB = "tasks.jobs.write_letter"
JOB_TIMEOUT_SECONDS = 3600
RESEND_SECONDS = 5
LETTER_RESEND_SECONDS = 300
CHORE_SECONDS = 60
_BATCH = 200

log = logging.getLogger(__name__)

_LOST = text(
    """
    update outbox_message set state = 'pending', lease_token = null, error = 'the worker died'
     where state = 'running' and lease_until < now()
    """
)
_OF_DUE = """
      from outbox_message m join campaign c on c.id = m.campaign_id
     where m.state = 'pending'
       and (m.never_rests or not (c.state = 'on_hold' and (m.subject_kind = 'campaign' or m.remaining_days is not null)))
       and (m.not_before <= m.created_at or m.not_before <= coalesce(c.calendar_at, now())) and coalesce(m.lease_until, now()) <= now()
"""
_DUE = text(
    f"select m.id, m.name, m.attempts {_OF_DUE} order by m.created_at, m.requested_seq, m.id limit :batch for update of m skip locked"
)
_LETTERS_DUE = "from password_letter where done_at is null and due_at <= now()"
_IS_WORK = as_asked(
    "select exists (select from outbox_message where state in ('queued', 'running') and lease_until < now())"  # noqa: S608
    f" or exists (select {_OF_DUE}) or exists (select {_LETTERS_DUE})"
)
"""Asked every second, so by a plan that is kept: planning what follows costs more than all else of a round that finds nothing."""
_QUEUED = text(
    "update outbox_message set state = 'queued', lease_until = now() + make_interval(secs => :seconds)"
    " where id = any (:ids) and state = 'pending'"
)
_LETTERS = text(
    "update password_letter set due_at = now() + make_interval(secs => :seconds)"  # noqa: S608
    f" where id in (select id {_LETTERS_DUE} order by asked_at limit :batch for update skip locked) returning id, attempts"
)
"""A letter that was lost with the queue is sent again later; one that a worker still sends is in its hands."""
_SILENT = text(
    "select id, attempts from outbox_message where state = 'queued' and lease_until < now() order by id limit :batch for update skip locked"
)
_WAITS = text("update outbox_message set lease_until = now() + make_interval(secs => :seconds) where id = any (:ids) and state = 'queued'")
_AGAIN = text("update outbox_message set state = 'pending', lease_until = null where id = any (:ids) and state = 'queued'")


def due_messages(database: Database) -> list[tuple[UUID, int]]:
    """Messages whose time has come, with their attempts so far; runs whose lease ran out count again. For running without a queue."""
    with database.writing(SYSTEM) as session:
        connection = session.connection()
        connection.execute(_LOST)
        return [(row.id, row.attempts) for row in connection.execute(_DUE, {"batch": _BATCH})]


class Relay:
    """Moves rows from the outbox to the queue until it is stopped.

    :param every_minute: what the relay that works does beside, in this order. Trouble with one is logged, and the others and rows go on.
    """

    def __init__(self, database: Database, redis_url: str, every_minute: Sequence[Callable[[], object]] = ()) -> None:
        self._database = database
        self._redis = redis.Redis.from_url(redis_url)
        self._queue = Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)
        self._nudge = RedisNudge(redis_url)
        self._stopped = threading.Event()
        self._every_minute = every_minute
        self._chore_due = 0.0

    def stop(self) -> None:
        """Let `run` return after its present round."""
        self._stopped.set()

    def run(self) -> None:
        """Work while holding the lock; wait for it while another relay works. Trouble with Redis or the database is waited out."""
        while not self._stopped.is_set():
            try:
                with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    if connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar():
                        try:
                            self._work(connection)
                        finally:
                            # The lock belongs to the connection: back in the pool it would still hold it.
                            connection.invalidate()
            except (redis.RedisError, OperationalError) as trouble:
                log.warning("the relay waits: %s", trouble)
            self._stopped.wait(1)

    def _work(self, holding: Connection) -> None:
        """Work for as long as the connection that holds the lock lives."""
        try:
            while not self._stopped.is_set():
                holding.execute(text("select 1"))
                if self.send() == 0:
                    self._do_chores()
                    self._nudge.wait(1)
        finally:
            self._redis.close()

    def _do_chores(self) -> None:
        if time.monotonic() < self._chore_due:
            return
        self._chore_due = time.monotonic() + CHORE_SECONDS
        for chore in self._every_minute:
            try:
                chore()
            except Exception:
                log.exception("what the relay does every minute failed")

    def send(self) -> int:
        """Send what is due and what was lost; returns how many rows went to the queue."""
        ((is_work,),) = self._database.asked(SYSTEM, _IS_WORK, {})
        if not is_work:
            return 0
        with self._database.writing(SYSTEM) as session:
            connection = session.connection()
            connection.execute(_LOST)
            self._look_for(connection, connection.execute(_SILENT, {"batch": _BATCH}).all())
            due = connection.execute(_DUE, {"batch": _BATCH}).all()
            for row in due:
                self._enqueue(JOB, row.id, row.name, row.attempts)
            if due:
                connection.execute(_QUEUED, {"ids": [row.id for row in due], "seconds": RESEND_SECONDS})
            letters = connection.execute(_LETTERS, {"seconds": LETTER_RESEND_SECONDS, "batch": _BATCH}).all()
            for letter in letters:
                self._enqueue(LETTER_JOB, letter.id, "password_letter", letter.attempts)
            return len(due) + len(letters)

    def _enqueue(self, job: str, row_id: UUID, name: str, attempts: int) -> None:
        self._queue.enqueue(
            job,
            str(row_id),
            job_id=_job_id(row_id, attempts),
            job_timeout=JOB_TIMEOUT_SECONDS,
            result_ttl=0,
            failure_ttl=24 * 3600,
            meta={"name": name},
            # Somebody waits for a letter to come in; a worker takes it before what machines have to do.
            at_front=job == LETTER_JOB,
        )

    def _look_for(self, connection: Connection, silent: Sequence[Row[Any]]) -> None:
        """Let rows whose jobs stand in the queue wait on, and send the others again.

        A worker that took a job out claims its row soon. Where it died between the two, the job's own state in Redis still says `queued`,
        and RQ looks for it after ten minutes: only the queue itself says what is held.
        """
        if not silent:
            return
        standing = set(self._queue.get_job_ids())
        held = {row.id for row in silent if _job_id(row.id, row.attempts) in standing}
        connection.execute(_WAITS, {"ids": list(held), "seconds": RESEND_SECONDS})
        connection.execute(_AGAIN, {"ids": [row.id for row in silent if row.id not in held]})


def _job_id(message_id: UUID, attempts: int) -> str:
    return f"{message_id.hex}-{attempts}"
