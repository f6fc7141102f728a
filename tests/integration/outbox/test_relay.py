"""The relay: Redis may lose everything or be away; the rows in the database are what counts."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlmodel import Session, col

from app.execute import Door
from app.outbox.claims import claim
from app.outbox.nudge import RedisNudge
from app.outbox.relay import JOB, LETTER_JOB, QUEUE, Relay
from app.security.password_letters import ask_for_letter
from tests.integration.outbox.messages import COMPUTED, Outbox
from tests.integration.stages.played import Played
from tests.patience import PATIENCE_SECONDS, wait_until
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.documents import Document
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

NOWHERE = "unix:///nonexistent/valkey.sock"


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with redis.Redis.from_url(redis_url) as connection:
        yield Queue(QUEUE, connection=connection, serializer=JSONSerializer)


@pytest.fixture
def relay(queued_outbox: Outbox, redis_url: str) -> Relay:
    return Relay(queued_outbox.machine.database, redis_url)


def waiting(queue: Queue) -> list[str]:
    """The messages that stand in the queue."""
    return [job.args[0] for job in queue.jobs]


@contextmanager
def running(relay: Relay) -> Iterator[threading.Thread]:
    """A relay at work in a thread of its own."""
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    yield thread
    relay.stop()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def holders(outbox: Outbox) -> list[int]:
    """The connections that hold the relays' lock in this database."""
    question = (
        "select pid from pg_locks where locktype = 'advisory' and granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    with outbox.campaign.behind_the_engine() as connection:
        return [pid for (pid,) in connection.execute(question)]


def test_a_link_to_choose_a_password_goes_to_the_queue_once_and_again_if_the_queue_lost_it(
    queued_outbox: Outbox, relay: Relay, queue: Queue
) -> None:
    with queued_outbox.machine.database.writing(SYSTEM) as session:
        ask_for_letter(session, "nobody@example.org")

    assert relay.send() == 1
    assert relay.send() == 0
    assert [job.func_name for job in queue.jobs] == [LETTER_JOB]

    queue.empty()
    with queued_outbox.campaign.behind_the_engine() as connection:
        connection.execute("update password_letter set due_at = now()")
    assert relay.send() == 1


def test_a_link_to_choose_a_password_goes_before_work_that_waits(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    queued_outbox.add()
    assert relay.send() == 1
    with queued_outbox.machine.database.writing(SYSTEM) as session:
        ask_for_letter(session, "nobody@example.org")
    assert relay.send() == 1

    assert [job.func_name for job in queue.jobs] == [LETTER_JOB, JOB]


def test_what_is_due_goes_to_the_queue_once(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    first, second = queued_outbox.add(), queued_outbox.add()

    assert relay.send() == 2
    assert relay.send() == 0

    assert sorted(waiting(queue)) == sorted([str(first), str(second)])
    assert {row.state for row in queued_outbox.campaign.rows(OutboxMessage)} == {"queued"}


def test_a_job_that_redis_lost_is_sent_again(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    message = queued_outbox.add()
    relay.send()
    queue.connection.flushall()
    assert relay.send() == 0, "not before it is missed"
    queued_outbox.let_leases_run_out()

    assert relay.send() == 1

    assert waiting(queue) == [str(message)]


def test_a_job_that_only_waits_long_is_not_sent_twice(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    message = queued_outbox.add()
    relay.send()
    queued_outbox.let_leases_run_out()

    assert relay.send() == 0

    assert waiting(queue) == [str(message)]


def test_a_job_whose_worker_died_before_it_began_is_sent_again(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    message = queued_outbox.add()
    relay.send()
    assert Queue.lmove(queue.connection, queue.key, timeout=None), "a worker took it out, and was heard of no more"
    queued_outbox.let_leases_run_out()

    assert relay.send() == 1

    assert waiting(queue) == [str(message)]


def test_jobs_that_wait_long_keep_none_that_was_lost_from_being_found(
    queued_outbox: Outbox, relay: Relay, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.relay._BATCH", 1)
    messages = sorted(queued_outbox.add() for _ in range(2))
    assert [relay.send(), relay.send()] == [1, 1]
    (lost,) = (job for job in queue.jobs if job.args[0] == str(messages[-1]))
    lost.delete()
    queued_outbox.let_leases_run_out()

    assert [relay.send(), relay.send()] == [0, 1]

    assert sorted(waiting(queue)) == [str(message) for message in messages]


def test_a_row_whose_lease_ran_out_is_sent_again_while_its_campaign_is_being_moved(queued_outbox: Outbox, relay: Relay) -> None:
    message, campaign = queued_outbox.add(), queued_outbox.campaign
    assert claim(queued_outbox.machine.database, message, lease_seconds=30)
    queued_outbox.let_leases_run_out()

    with ThreadPoolExecutor(1) as pool:

        def send_meanwhile(_session: Session) -> None:
            assert pool.submit(relay.send).result(PATIENCE_SECONDS) == 1

        campaign.door.execute_all([queued_outbox.figures()], actor=SYSTEM, now=campaign.now, finish=send_meanwhile)

    assert queued_outbox.get(message).state == "queued"


def test_a_run_whose_worker_died_is_sent_again_as_another_job(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    message = queued_outbox.add()
    relay.send()
    assert claim(queued_outbox.machine.database, message, lease_seconds=30)
    assert relay.send() == 0
    queued_outbox.let_leases_run_out()

    assert relay.send() == 1

    assert waiting(queue) == [str(message)] * 2
    assert len(set(queue.job_ids)) == 2


def test_moves_go_on_and_rows_wait_while_redis_is_away(played: Callable[[str], Played], redis_url: str, queue: Queue) -> None:
    campaign = played("plan")
    campaign.door.set_calendar(campaign.campaign_id, campaign.now)
    door = Door(campaign.database, campaign.door.clock, RedisNudge(NOWHERE))

    door.execute(SubmitPlan(subject_id=campaign.campaign_id), actor=campaign.manager)

    assert campaign.state == "negotiation"
    with pytest.raises(redis.RedisError):
        Relay(campaign.database, NOWHERE).send()
    (row,) = campaign.rows(OutboxMessage)
    assert (row.state, row.lease_until) == ("pending", None)
    assert Relay(campaign.database, redis_url).send() == 1
    assert waiting(queue) == [str(row.id)]


def test_a_nudge_wakes_the_relay_that_waits(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    with running(relay):
        wait_until(lambda: holders(queued_outbox) != [])
        message = queued_outbox.add()
        RedisNudge(queued_outbox.settings.redis_url)()
        wait_until(lambda: waiting(queue) == [str(message)])


def test_one_relay_works_and_another_takes_over_when_it_stops(queued_outbox: Outbox, relay: Relay, redis_url: str, queue: Queue) -> None:
    with running(relay):
        wait_until(lambda: len(holders(queued_outbox)) == 1)
        other = Relay(queued_outbox.machine.database, redis_url)
        with running(other):
            assert len(holders(queued_outbox)) == 1
            relay.stop()
            message = queued_outbox.add()
            wait_until(lambda: str(message) in waiting(queue))


def test_a_relay_that_stopped_holds_no_lock(queued_outbox: Outbox, relay: Relay) -> None:
    with running(relay):
        wait_until(lambda: len(holders(queued_outbox)) == 1)

    # The server lets go of it once it has read that the connection ended.
    wait_until(lambda: holders(queued_outbox) == [])


def test_a_relay_that_lost_its_database_comes_back(
    queued_outbox: Outbox, relay: Relay, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="app.outbox.relay")
    with running(relay):
        wait_until(lambda: len(holders(queued_outbox)) == 1)
        (pid,) = holders(queued_outbox)
        with queued_outbox.campaign.behind_the_engine() as connection:
            connection.execute("select pg_terminate_backend(%s)", [pid])
        message = queued_outbox.add()
        wait_until(lambda: waiting(queue) == [str(message)])


def test_a_worker_does_once_what_was_lost_and_sent_twice_and_survives_what_fails(queued_outbox: Outbox, relay: Relay, queue: Queue) -> None:
    outbox = queued_outbox
    figures, broken = outbox.add(), outbox.add("make_coffee")
    drawn = paper_to_draw(outbox)
    relay.send()
    queue.connection.flushall()
    outbox.let_leases_run_out()
    assert relay.send() == 3
    for message in (figures, drawn):
        queue.enqueue(JOB, str(message), result_ttl=0)

    command = [sys.executable, "-m", "app.cli", "worker", "--burst"]
    done = subprocess.run(
        command, env=outbox.settings.child_environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )

    assert done.returncode == 0, done.stderr
    assert [outbox.get(message).state for message in (figures, drawn)] == ["done", "done"], done.stderr
    assert len(outbox.campaign.rows(Checkpoint, col(Checkpoint.event) == COMPUTED)) == 1
    issued = outbox.campaign.rows(Document, col(Document.state) == "issued")
    assert [document.kind for document in issued] == ["media_plan"]
    with outbox.campaign.behind_the_engine() as connection:
        drawings = connection.execute("select locale, left(encode(pdf, 'escape'), 5) from document_pdf order by locale").fetchall()
    assert drawings == [("en", "%PDF-"), ("fr", "%PDF-")]
    assert outbox.get(broken).attempts >= 1
    assert outbox.get(broken).error == "KeyError: 'make_coffee'"


def paper_to_draw(outbox: Outbox) -> UUID:
    """A message that asks for the drawing of the campaign's first document."""
    (document,) = outbox.campaign.rows(Document, col(Document.kind) == "media_plan")
    return outbox.add("render_document", {"document_id": str(document.id)})


def test_the_relay_that_works_does_its_chore_and_survives_its_failing(
    queued_outbox: Outbox, redis_url: str, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="app.outbox.relay")
    done = threading.Event()

    def chore() -> None:
        done.set()
        raise ValueError("not today")

    after = threading.Event()
    with running(Relay(queued_outbox.machine.database, redis_url, every_minute=(chore, after.set))):
        assert done.wait(PATIENCE_SECONDS)
        assert after.wait(PATIENCE_SECONDS), "one that fails keeps no other from its turn"
        message = queued_outbox.add()
        wait_until(lambda: waiting(queue) == [str(message)])
