"""The worker: a process for each job, and a queue that is told of its end. Whether effects happen once, `test_relay` asks."""

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import redis
from rq import Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from sqlmodel import select

from app.outbox.relay import JOB, QUEUE, Relay
from app.security.password_letters import ask_for_letter
from tasks import registry
from tests.integration.outbox.messages import Outbox
from tests.patience import PATIENCE_SECONDS
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with redis.Redis.from_url(redis_url) as connection:
        yield Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def work(outbox: Outbox) -> str:
    """Let a worker empty the queue; returns what it logged."""
    command = [sys.executable, "-m", "app.cli", "worker", "--burst"]
    done = subprocess.run(
        command, env=outbox.settings.child_environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_job_that_ended_well_leaves_nothing_in_the_queue(queued_outbox: Outbox, queue: Queue) -> None:
    message = queued_outbox.add()
    Relay(queued_outbox.machine.database, queued_outbox.settings.redis_url).send()
    assert [job.meta for job in queue.jobs] == [{"name": "compute_results"}]

    work(queued_outbox)

    assert queued_outbox.get(message).state == "done"
    left = [
        key for kind in ("job", "execution", "executions", "wip", "finished", "failed") for key in queue.connection.keys(f"rq:{kind}:*")
    ]
    assert left == []
    assert queue.intermediate_queue.get_job_ids() == []


def test_a_worker_sends_the_link_to_choose_a_password(queued_outbox: Outbox, queue: Queue) -> None:
    with queued_outbox.machine.database.writing(SYSTEM) as session:
        email = session.exec(select(Person.email).join(Membership).order_by(Person.email)).first()
        assert email is not None
        ask_for_letter(session, email)
    Relay(queued_outbox.machine.database, queued_outbox.settings.redis_url).send()

    work(queued_outbox)

    (letter,) = queued_outbox.settings.outbox_dir.glob("*.eml")
    assert f"To: {email}" in letter.read_text()
    assert queue.connection.keys("rq:failed:*") == []


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


def test_what_a_task_needs_is_loaded_when_the_first_one_comes_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[str] = []
    monkeypatch.setitem(sys.modules, "an_oven", SimpleNamespace(warm_up=lambda: warmed.append("oven")))
    monkeypatch.setitem(registry._NEEDS, "bake", "an_oven")

    assert [registry.make_ready(name) for name in ("", "compute_results", "bake", "bake")] == [False, False, True, False]
    assert warmed == ["oven"]


def test_a_worker_starts_with_neither_the_web_nor_the_printer_in_memory() -> None:
    """Each job is forked from what is loaded: every page of it is paid for again and again."""
    told = (
        "import sys, tasks.worker; print(*sorted({'flask', 'weasyprint', 'fontTools', 'polars', 'duckdb', 'alembic'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)

    assert done.stdout.strip() == ""
