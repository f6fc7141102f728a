"""A message is run by one at a time and has its effect once, whatever is sent twice, dies or comes too late."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col

from app.outbox.claims import MOST_ATTEMPTS, LeaseLost, beat, claim, give_up
from app.outbox.relay import due_messages
from tasks.jobs import run
from tasks.registry import Work
from tests.integration.engine.test_two_at_once import waits_for_a_lock
from tests.integration.outbox.messages import COMPUTED, Outbox, Task
from tests.patience import PATIENCE_SECONDS, wait_until
from workflows.campaign.stages.responses import CloseResponses
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.outbox import OutboxMessage

LEASE = 30


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Failures are on purpose here."""
    caplog.set_level(logging.CRITICAL, logger="tasks.jobs")


def effects(outbox: Outbox) -> int:
    return len(outbox.campaign.rows(Checkpoint, col(Checkpoint.event) == COMPUTED))


def test_a_claim_is_given_once(outbox: Outbox) -> None:
    message = outbox.add()

    held = claim(outbox.machine.database, message, lease_seconds=LEASE)

    assert held is not None
    assert (held.name, held.attempt, held.now) == ("compute_results", 1, outbox.campaign.now)
    assert claim(outbox.machine.database, message, lease_seconds=LEASE) is None


def test_a_message_that_is_run_twice_has_one_effect(outbox: Outbox) -> None:
    message = outbox.add()

    assert run(outbox.machine, message)
    assert not run(outbox.machine, message)

    assert (outbox.get(message).state, effects(outbox)) == ("done", 1)


def test_a_message_that_is_run_while_it_runs_is_left_alone(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    told = []

    def work(_work: Work) -> Sequence[Command]:
        told.append(run(outbox.machine, message))
        return [outbox.figures()]

    task(work)
    run(outbox.machine, message)

    assert (told, effects(outbox)) == ([False], 1)


def test_a_run_that_lost_its_lease_leaves_no_effect(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    runs = []

    def work(_work: Work) -> Sequence[Command]:
        runs.append(len(runs))
        if len(runs) == 1:
            outbox.let_leases_run_out()
            run(outbox.machine, message)
        return [outbox.figures()]

    task(work)
    run(outbox.machine, message)

    assert (runs, effects(outbox)) == ([0, 1], 1), "both worked; only the one that held the message counted"
    assert (outbox.get(message).state, outbox.get(message).attempts) == ("done", 2)


def test_whoever_lost_a_message_neither_renews_nor_returns_it(outbox: Outbox) -> None:
    message = outbox.add()
    database = outbox.machine.database
    late = claim(database, message, lease_seconds=LEASE)
    outbox.let_leases_run_out()
    holder = claim(database, message, lease_seconds=LEASE)
    assert late is not None
    assert holder is not None

    with pytest.raises(LeaseLost):
        beat(database, late, lease_seconds=LEASE)
    give_up(database, late, "too late")

    assert (outbox.get(message).state, outbox.get(message).lease_token) == ("running", holder.token)


def test_a_task_that_fails_is_tried_again_and_at_last_left_failed_with_its_error(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")

    def work(_work: Work) -> Sequence[Command]:
        raise OSError("the disk is full")

    task(work)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert due_messages(outbox.machine.database) == [(message, attempt - 1)]
        run(outbox.machine, message)
        assert due_messages(outbox.machine.database) == [], "not at once"
        outbox.let_leases_run_out()

    left = outbox.get(message)
    assert (left.state, left.attempts, left.error) == ("failed", MOST_ATTEMPTS, "OSError: the disk is full")
    assert due_messages(outbox.machine.database) == []
    assert not run(outbox.machine, message)


def test_a_message_whose_runs_all_die_is_given_up_as_well(outbox: Outbox) -> None:
    message = outbox.add()

    for _ in range(MOST_ATTEMPTS):
        assert [found for found, _ in due_messages(outbox.machine.database)] == [message]
        assert claim(outbox.machine.database, message, lease_seconds=LEASE) is not None
        outbox.let_leases_run_out()
    assert [found for found, _ in due_messages(outbox.machine.database)] == [message]
    run(outbox.machine, message)

    assert due_messages(outbox.machine.database) == []
    left = outbox.get(message)
    assert (left.state, left.attempts, left.error) == ("failed", MOST_ATTEMPTS + 1, "the worker died")


def test_a_task_that_succeeds_after_a_failure_shows_no_error(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    runs = []

    def work(_work: Work) -> Sequence[Command]:
        runs.append(1)
        if len(runs) == 1:
            raise OSError("the disk is full")
        return [outbox.figures()]

    task(work)
    run(outbox.machine, message)
    run(outbox.machine, message)

    assert (outbox.get(message).state, outbox.get(message).error, effects(outbox)) == ("done", None, 1)


def test_an_effect_that_is_refused_is_done_and_says_why(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    task(lambda work: [outbox.figures(), CloseResponses(subject_id=outbox.campaign.campaign_id)])

    run(outbox.machine, message)

    assert (outbox.get(message).state, outbox.get(message).error) == ("done", "engine.move_not_open")
    assert effects(outbox) == 0, "what a task brings home is one transaction"


def test_a_task_that_nobody_wrote_fails_like_any_other(outbox: Outbox) -> None:
    message = outbox.add("make_coffee")

    run(outbox.machine, message)

    assert (outbox.get(message).state, outbox.get(message).error) == ("pending", "KeyError: 'make_coffee'")


def test_while_a_task_works_its_lease_is_renewed_and_its_progress_shown(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    outbox.machine.settings = outbox.settings.__class__.from_env(outbox.settings.to_env() | {"JALON_WORKER_LEASE_SECONDS": "1"})
    shown = []

    def work(work: Work) -> Sequence[Command]:
        began = outbox.get(message).lease_until
        work.progress("matching", 3, 7)
        wait_until(lambda: outbox.get(message).lease_until > began)
        shown.append(outbox.get(message).progress)
        return []

    task(work)
    run(outbox.machine, message)

    assert shown == [{"step": "matching", "done": 3, "total": 7}]


def test_while_an_effect_is_being_written_its_lease_is_renewed(outbox: Outbox, task: Task) -> None:
    message = outbox.add("attempt")
    outbox.machine.settings = outbox.settings.__class__.from_env(outbox.settings.to_env() | {"JALON_WORKER_LEASE_SECONDS": "1"})
    task(lambda _work: [outbox.figures()])

    with ThreadPoolExecutor(1) as pool, outbox.campaign.behind_the_engine() as other:
        with other.transaction():
            other.execute("select from campaign for no key update")
            ran = pool.submit(run, outbox.machine, message)
            waits_for_a_lock(outbox.campaign)
            began = outbox.get(message).lease_until
            wait_until(lambda: outbox.get(message).lease_until > began)
        ran.result(PATIENCE_SECONDS)

    assert outbox.get(message).state == "done"


def test_a_timer_waits_for_its_campaign_s_own_calendar(outbox: Outbox) -> None:
    message = outbox.add()
    day = timedelta(days=1)
    with outbox.campaign.behind_the_engine() as connection:
        connection.execute("update outbox_message set not_before = %s", [outbox.campaign.now + 2 * day])

    assert due_messages(outbox.machine.database) == []
    outbox.campaign.door.set_calendar(outbox.campaign.campaign_id, outbox.campaign.now + day)
    assert due_messages(outbox.machine.database) == []
    outbox.campaign.door.set_calendar(outbox.campaign.campaign_id, outbox.campaign.now + 2 * day)
    assert due_messages(outbox.machine.database) == [(message, 0)]


def test_a_campaign_without_a_calendar_lives_in_real_time(outbox: Outbox) -> None:
    past, future = outbox.add(), outbox.add()
    with outbox.campaign.behind_the_engine() as connection:
        connection.execute("update campaign set calendar_at = null")
        connection.execute("update outbox_message set not_before = now() - interval '1 minute' where id = %s", [past])
        connection.execute("update outbox_message set created_at = now(), not_before = now() + interval '1 hour' where id = %s", [future])

    assert due_messages(outbox.machine.database) == [(past, 0)]


def test_messages_are_due_in_the_order_they_were_asked_for(outbox: Outbox) -> None:
    wanted = []
    for _ in range(5):
        wanted.append(outbox.add())
        outbox.campaign.now += timedelta(hours=1)
    outbox.present()

    assert [found for found, _ in due_messages(outbox.machine.database)] == wanted
    assert len(outbox.campaign.rows(OutboxMessage)) == 5


def test_a_host_whose_clock_is_wrong_neither_takes_nor_loses_a_claim(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    message = outbox.add()
    held = claim(outbox.machine.database, message, lease_seconds=30)
    assert held is not None

    for wrong in (datetime(2001, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        monkeypatch.setattr("app.clock.SystemClock.now", lambda _self, wrong=wrong: wrong)
        monkeypatch.setattr(time, "time", wrong.timestamp)
        assert claim(outbox.machine.database, message, lease_seconds=30) is None
        assert due_messages(outbox.machine.database) == []
        beat(outbox.machine.database, held, lease_seconds=30)
