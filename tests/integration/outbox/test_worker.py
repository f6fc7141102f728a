"""The worker: a process for each job, and a queue that is told of its end. Whether effects happen once, `test_relay` asks."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from app.outbox.relay import JOB, QUEUE, Relay
from tests.integration.outbox.messages import Outbox


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with redis.Redis.from_url(redis_url) as connection:
        yield Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def work(outbox: Outbox) -> str:
    """Let a worker empty the queue; returns what it logged."""
    command = [sys.executable, "-m", "app.cli", "worker", "--burst"]
    done = subprocess.run(command, env=outbox.settings.child_environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_job_that_ended_well_leaves_nothing_in_the_queue(queued_outbox: Outbox, queue: Queue) -> None:
    message = queued_outbox.add()
    Relay(queued_outbox.machine.database, queued_outbox.settings.redis_url).send()
    assert queue.connection.keys("rq:job:*") != []

    work(queued_outbox)

    assert queued_outbox.get(message).state == "done"
    left = [
        key for kind in ("job", "execution", "executions", "wip", "finished", "failed") for key in queue.connection.keys(f"rq:{kind}:*")
    ]
    assert left == []
    assert queue.intermediate_queue.get_job_ids() == []


def test_a_job_that_ends_without_an_answer_or_not_at_all_is_kept_as_failed_and_the_next_goes_on(
    queued_outbox: Outbox, queue: Queue
) -> None:
    wrong = queue.enqueue(JOB, "no message")
    endless = queue.enqueue("signal.pause", job_timeout=1)
    killed = queue.enqueue("os.abort")
    message = queued_outbox.add()
    last = queue.enqueue(JOB, str(message), result_ttl=0)

    logged = work(queued_outbox)

    for job in (wrong, endless, killed):
        assert job.get_status() == JobStatus.FAILED
    assert queue.failed_job_registry.count == 3
    assert queue.started_job_registry.count == 0
    assert "badly formed hexadecimal UUID string" in logged
    assert "JobTimeoutException" in logged
    assert queued_outbox.get(message).state == "done"
    assert not last.exists(last.id, connection=queue.connection)
