"""One job: claim a message, do its work under a heartbeat, and bring the effect and `done` home in one transaction. Never twice."""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID, uuid4

from app.clock import SharedClock
from app.database import Database
from app.execute import Door
from app.files import Files
from app.outbox.claims import MOST_ATTEMPTS, Claim, LeaseLost, beat, claim, finish, finish_without_effect, give_up, note_failure, put_off
from app.outbox.nudge import RedisNudge
from app.settings import Settings
from tasks import catalogue  # noqa: F401 - fills the registry before anything is forked
from tasks.password_mail import send_letter
from tasks.registry import Work, function_of
from workflows.engine.command import Command
from workflows.engine.refusals import Paused, Refused
from workflows.parties.actor import SYSTEM
from workflows.service_task.process import FailServiceTask

log = logging.getLogger(__name__)


class Machine:
    """What jobs of one process share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)
        self.files = Files.from_settings(settings)
        self.door = Door(
            self.database, SharedClock(self.database.now), RedisNudge(settings.redis_url) if settings.redis_url else lambda: None
        )


@lru_cache(maxsize=1)
def _machine() -> Machine:
    return Machine(Settings.from_env())


def get_ready() -> None:
    """Do once, before jobs are forked, what each would do again: read the settings, get to know the database, ask it for the time.

    Connections do not survive a fork: none is left open.
    """
    machine = _machine()
    claim(machine.database, uuid4(), lease_seconds=1)
    machine.door.clock.now()
    machine.database.close()


def carry_out(message_id: str) -> None:
    """Run one message; the queue's entry point."""
    run(_machine(), UUID(message_id))


def write_letter(letter_id: str) -> None:
    """Send one e-mail with a link to choose a password; the queue's other entry point."""
    machine = _machine()
    send_letter(machine.database, machine.settings, UUID(letter_id))


def run(machine: Machine, message_id: UUID) -> bool:
    """Claim and run one message. False when it is not to be had: done, failed, or in other hands.

    While the campaign rests the work waits. Any other refusal of the effect is an answer, not a failure: what the work was for has moved
    on, and the message is done. Anything else that goes wrong gives the message back for a later attempt; after the last it is an incident.
    """
    held = claim(machine.database, message_id, lease_seconds=machine.settings.worker_lease_seconds)
    if held is None:
        return False
    if held.is_spent:
        _declare_failed(machine, held, held.error or "the worker died")
        return True
    try:
        with _heartbeat(machine, held) as progress:
            work = Work(
                database=machine.database,
                files=machine.files,
                settings=machine.settings,
                message_id=held.message_id,
                campaign_id=held.campaign_id,
                now=held.now,
                progress=progress,
            )
            _bring_home(machine, held, function_of(held.name)(work, held.payload))
    except LeaseLost:
        log.warning("%s is in other hands", held.name)
    except Exception as error:  # whatever happens in a task is the message's story, and the next attempt's chance
        log.exception("%s failed (attempt %s)", held.name, held.attempt)
        said = f"{type(error).__name__}: {error}"[:2000]
        if held.attempt < MOST_ATTEMPTS:
            give_up(machine.database, held, said)
        else:
            _declare_failed(machine, held, said)
    return True


def _bring_home(machine: Machine, held: Claim, commands: Sequence[Command]) -> None:
    """Write the effect and `done` in one transaction, which may take longer than a lease: the heart beats on meanwhile."""
    try:
        if commands:
            machine.door.execute_all(commands, actor=SYSTEM, finish=lambda session: finish(session, held))
        else:
            finish_without_effect(machine.database, held)
    except Paused:
        log.info("%s waits: its campaign rests", held.name)
        put_off(machine.database, held)
    except Refused as refusal:
        log.info("%s has nothing to change any more: %s", held.name, refusal)
        finish_without_effect(machine.database, held, refusal=refusal.code)


def _declare_failed(machine: Machine, held: Claim, error: str) -> None:
    command = FailServiceTask(subject_id=held.message_id, attempts=min(held.attempt, MOST_ATTEMPTS))
    try:
        machine.door.execute_all([command], actor=SYSTEM, finish=lambda session: note_failure(session, held, error=error))
    except LeaseLost:
        log.warning("%s is in other hands", held.name)


class Progress:
    """What a task last said of itself, for the heartbeat to carry."""

    def __init__(self) -> None:
        self._said: str | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        self._said = json.dumps({"step": step, "done": done, "total": total})

    def news(self) -> str | None:
        """The last word, as JSON text."""
        return self._said


@contextmanager
def _heartbeat(machine: Machine, held: Claim) -> Iterator[Progress]:
    progress = Progress()
    stop = threading.Event()
    lease = machine.settings.worker_lease_seconds

    def keep_beating() -> None:
        while not stop.wait(min(1.0, lease / 3)):
            try:
                beat(machine.database, held, lease_seconds=lease, progress=progress.news())
            except LeaseLost:
                return
            except Exception as trouble:  # a beat that fails is missed, not fatal: the lease decides
                log.warning("missed a heartbeat of %s: %s", held.name, trouble)

    thread = threading.Thread(target=keep_beating, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        stop.set()
        thread.join()
