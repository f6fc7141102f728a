"""Work that a machine gave up is an incident: on record, in the inbox, and for a person to send back or to settle."""

import logging
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlmodel import col

from app.outbox.claims import MOST_ATTEMPTS
from app.outbox.relay import due_messages
from app.queries.incidents import Incident, list_incidents
from tasks.jobs import run
from tasks.registry import Work
from tests.integration.outbox.messages import Outbox, Task
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.refusals import MoveNotOpen, Refused
from workflows.engine.user_tasks import UserTask
from workflows.service_task.process import ResolveServiceTask, RetryServiceTask

SECRET = "no place for Madeleine Haddad"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Failures are on purpose here."""
    caplog.set_level(logging.CRITICAL, logger="tasks.jobs")


@pytest.fixture
def poison(outbox: Outbox, task: Task) -> UUID:
    """A message whose work fails each time, after its last attempt."""

    def work(_work: Work) -> Sequence[Command]:
        raise OSError(SECRET)

    task(work)
    message = outbox.add("attempt")
    wear_out(outbox, message)
    return message


def wear_out(outbox: Outbox, message: UUID) -> None:
    for _ in range(MOST_ATTEMPTS):
        outbox.let_leases_run_out()
        assert run(outbox.machine, message)


def incidents(outbox: Outbox) -> list[Incident]:
    with outbox.campaign.reading() as session:
        return list_incidents(session, outbox.campaign.campaign)


def open_tasks(outbox: Outbox) -> list[UserTask]:
    return list(outbox.campaign.rows(UserTask, UserTask.name == "settle_incident", UserTask.state == "open"))


def events(outbox: Outbox) -> list[str]:
    return [row.event for row in outbox.campaign.rows(Checkpoint, col(Checkpoint.event).startswith("service_task."))]


def test_giving_up_leaves_a_checkpoint_without_the_error_and_a_user_task(outbox: Outbox, poison: UUID) -> None:
    (found,) = incidents(outbox)
    (entry,) = outbox.campaign.rows(Checkpoint, Checkpoint.event == "service_task.failed")

    assert (found.standing, found.attempts, found.error) == ("open", MOST_ATTEMPTS, f"OSError: {SECRET}")
    assert [task.subject_id for task in open_tasks(outbox)] == [poison]
    assert SECRET not in entry.body.decode()


def test_what_is_tried_again_is_not_confirmed_before_it_is_done(outbox: Outbox, poison: UUID, task: Task) -> None:
    outbox.campaign.ask(RetryServiceTask(subject_id=poison))
    (waiting,) = incidents(outbox)
    again = due_messages(outbox.machine.database)
    task(lambda work: [outbox.figures()])
    run(outbox.machine, poison)
    (done,) = incidents(outbox)

    assert (waiting.standing, again, done.standing) == ("retried", [(poison, 0)], "confirmed")
    assert events(outbox) == ["service_task.failed", "service_task.retried"]
    assert open_tasks(outbox) == []


def test_what_fails_again_is_an_incident_again(outbox: Outbox, poison: UUID) -> None:
    outbox.campaign.ask(RetryServiceTask(subject_id=poison))
    wear_out(outbox, poison)

    (found,) = incidents(outbox)
    assert found.standing == "open"
    assert [task.subject_id for task in open_tasks(outbox)] == [poison]


def test_what_is_settled_otherwise_is_tried_no_more_and_says_how(outbox: Outbox, poison: UUID) -> None:
    outbox.campaign.ask(ResolveServiceTask(subject_id=poison, reason="Sent by hand."))

    (found,) = incidents(outbox)
    assert (found.standing, found.reason) == ("resolved", "Sent by hand.")
    assert found.settled_by
    assert due_messages(outbox.machine.database) == []
    with pytest.raises(MoveNotOpen):
        outbox.campaign.ask(RetryServiceTask(subject_id=poison))


def test_settling_needs_a_reason(outbox: Outbox, poison: UUID) -> None:
    with pytest.raises(Refused, match="reason"):
        outbox.campaign.ask(ResolveServiceTask(subject_id=poison, reason=" "))
    assert incidents(outbox)[0].standing == "open"
