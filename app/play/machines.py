"""Who carries out service tasks during a play: a worker process of our own behind the queue, or this very process."""

import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from sqlalchemy import text

from app.database import Database
from app.outbox.relay import due_messages
from app.play.cast import Stuck
from app.play.worker import WorkerProcess
from app.settings import Settings
from workflows.parties.actor import SYSTEM

_OPEN = text(
    """
    select m.name, m.state, m.progress, m.error from outbox_message m join campaign c on c.id = m.campaign_id
     where m.campaign_id = :id and m.state in ('pending', 'queued', 'running', 'failed')
       and (m.not_before <= m.created_at or m.not_before <= coalesce(c.calendar_at, now()))
     order by m.created_at, m.id
    """
)
POLL_SECONDS = 0.05


def open_work(database: Database, campaign_id: UUID) -> list[tuple[str, str, dict[str, object] | None]]:
    """What is due and not done for a campaign: name, state and progress of each service task.

    :raises Stuck: when one failed for good.
    """
    with database.reading(SYSTEM) as session:
        rows = session.connection().execute(_OPEN, {"id": campaign_id}).all()
    for row in rows:
        if row.state == "failed":
            raise Stuck(f"{row.name}: {row.error}")
    return [(row.name, row.state, row.progress) for row in rows]


class Machines(Protocol):
    """Whatever carries out service tasks while people wait."""

    def settle(self, campaign_id: UUID) -> None:
        """Return when nothing that is due is left to do for the campaign.

        :raises Stuck: when a service task failed for good.
        """


class InProcess:
    """Runs service tasks here and now, without a queue."""

    def __init__(self, database: Database, run: Callable[[UUID], object]) -> None:
        self._database = database
        self._run = run

    def settle(self, campaign_id: UUID) -> None:
        """Run everything that is due."""
        while open_work(self._database, campaign_id):
            for message_id, _ in due_messages(self._database):
                self._run(message_id)

    def stop(self) -> None:
        """Nothing runs by itself."""


class OwnWorker:
    """Keeps one worker process alive while the play waits: a worker that dies is started again."""

    def __init__(
        self, database: Database, settings: Settings, watch: Callable[[list[tuple[str, str, dict[str, object] | None]]], None]
    ) -> None:
        self._database = database
        self._watch = watch
        self._worker = WorkerProcess(settings)

    def settle(self, campaign_id: UUID) -> None:
        """Wait until the worker has done everything that is due."""
        while work := open_work(self._database, campaign_id):
            self._watch(work)
            self._worker.keep_alive()
            time.sleep(POLL_SECONDS)
        self._watch([])

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._worker.pid

    def stop(self) -> None:
        """End the worker."""
        self._worker.stop()
