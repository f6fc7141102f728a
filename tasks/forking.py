"""RQ's worker for jobs that answer to the outbox: it forks a process for each, which works and does nothing else.

Whatever the queue is told about a job, the worker tells it, before the fork and after the end. RQ lets the forked process do so, which
opens a connection of its own and copies every page of memory that the client of Redis lives on. Not for what a job does: that is `jobs`.
"""

import gc
import logging
import os
import time
from typing import NoReturn

from redis.client import Pipeline
from rq import Queue, Worker
from rq.job import Job, JobStatus
from rq.timeouts import JobTimeoutException
from rq.worker import WorkerStatus

from tasks import registry

HEARTBEAT_SECONDS = 5.0
"""How often Redis hears that this worker lives, which it takes for dead after minutes. RQ says so three times a job."""

log = logging.getLogger(__name__)


def share_what_is_loaded() -> None:
    """Keep what is loaded now in memory shared with every job forked from here on, instead of letting the collector's marks copy it."""
    gc.collect()
    gc.freeze()


class ForkingWorker(Worker):
    """Runs jobs of one queue whose results and retries are somebody else's: the outbox's."""

    _heartbeat_due = 0.0

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run one job in a process of its own. One that ended well is forgotten; one that did not is kept for who looks into the queue."""
        if registry.make_ready(job.meta.get("name", "")):
            share_what_is_loaded()
        execution = self.prepare_execution(job)
        self.prepare_job_execution(job, remove_from_intermediate_queue=True)
        self.fork_work_horse(job, queue)
        self.monitor_work_horse(job, queue, execution)
        with self.connection.pipeline() as pipeline:
            if job.get_status(refresh=False) == JobStatus.STARTED:
                self.cleanup_execution(job, pipeline, execution)
                pipeline.delete(job.key)
            self.set_state(WorkerStatus.IDLE, pipeline)
            pipeline.execute()

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Tell Redis that this worker lives; unasked for a certain time, not more often than needed."""
        if timeout is None and pipeline is None:
            if time.monotonic() < self._heartbeat_due:
                return
            self._heartbeat_due = time.monotonic() + HEARTBEAT_SECONDS
        super().heartbeat(timeout, pipeline)

    def main_work_horse(self, job: Job, _queue: Queue) -> NoReturn:
        """What the forked process does."""
        code = os.EX_SOFTWARE
        try:
            self.setup_work_horse_signals()  # type: ignore[no-untyped-call]
            self._is_horse = True
            with self.death_penalty_class(job.timeout, JobTimeoutException, job_id=job.id):
                job.perform()
            code = os.EX_OK
        except Exception:
            log.exception("job %s ended without an answer", job.id)
        finally:
            os._exit(code)
