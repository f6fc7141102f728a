"""An overdue task is reminded of, then escalated: once each, by policy and the advertiser's working days, on record and by e-mail."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from app.execute import Door
from app.overdue import follow_up
from app.settings import Settings
from tasks.mail import mail_overdue
from tests.integration.mail.letters import deliver, plain
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.holding import HoldCampaign, ResumeCampaign
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.dispatch import Outcome
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person, Substitution
from workflows.parties.roles import Role
from workflows.trade.working_days import instant_at, local_day
from workflows.user_task.process import PostponeTask

Campaigns = Callable[[str], Played]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose budget waits for an approver, on the machine's calendar."""
    return played("budget")


def review(campaign: Played) -> UserTask:
    (task,) = campaign.rows(UserTask, UserTask.name == "review_budget", UserTask.state == "open")
    return cast("UserTask", task)


def overdue_beside(campaign: Played, *, due_at: datetime) -> UUID:
    """Another open task of the campaign, due at that moment."""
    with campaign.database.writing(SYSTEM) as session:
        like = session.exec(select(UserTask).where(UserTask.name == "review_budget", UserTask.state == "open")).one()
        task = UserTask(**{**like.model_dump(), "id": uuid4(), "name": "approve_cancellation", "due_at": due_at})
        session.add(task)
        return task.id


def join(campaign: Played, address: str, role: Role) -> UUID:
    """Somebody else of the advertiser's."""
    with campaign.database.writing(SYSTEM) as session:
        person = Person(email=address, name=address, created_at=BEGINNING)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=campaign.advertiser_id, role=role.value))
        return person.id


def look(campaign: Played, now: datetime) -> list[str]:
    """Look for overdue tasks at that moment; the events of the budget's review since."""
    follow_up(campaign.database, campaign.door, now=now)
    about = str(review(campaign).id).encode()
    rows = campaign.rows(Checkpoint, col(Checkpoint.event).in_(["user_task.reminded", "user_task.escalated"]), order=col(Checkpoint.seq))
    return [row.event.removeprefix("user_task.") for row in rows if about in row.body]


def due(campaign: Played) -> datetime:
    due_at = review(campaign).due_at
    assert due_at is not None
    return due_at


def letters(campaign: Played, settings: Settings, *, escalated: bool) -> list[EmailMessage]:
    """Do what a worker does with what was asked; the e-mails there are then."""
    asked = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_overdue")
    about = str(review(campaign).id)
    (message,) = [one for one in asked if one.payload == {"task_id": about, "escalated": escalated}]
    return deliver(mail_overdue, campaign, message, settings)


def test_a_task_is_reminded_of_and_then_escalated_once_each(campaign: Played) -> None:
    after = due(campaign)

    assert look(campaign, after) == []
    assert look(campaign, after + timedelta(days=5)) == ["reminded"]
    assert look(campaign, after + timedelta(days=12)) == ["reminded", "escalated"]
    assert look(campaign, after + timedelta(days=30)) == ["reminded", "escalated"]
    task = review(campaign)
    assert (task.priority, task.reminded_at, task.escalated_at) == ("urgent", after + timedelta(days=5), after + timedelta(days=12))


def test_a_reminder_waits_for_the_end_of_the_next_working_day(campaign: Played) -> None:
    after = due(campaign)
    with campaign.reading() as session:
        next_day = campaign.facts(session).campaign.policy.after(after, "remind_task")

    assert look(campaign, next_day) == []
    assert look(campaign, next_day + timedelta(seconds=1)) == ["reminded"]


def test_nobody_is_reminded_while_the_campaign_rests(campaign: Played) -> None:
    after = due(campaign)
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Le conseil attend."))

    follow_up(campaign.database, campaign.door, now=after + timedelta(days=60))

    assert campaign.rows(Checkpoint, Checkpoint.event == "user_task.reminded") == []
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))
    assert look(campaign, campaign.now) == []


def test_a_campaign_with_a_calendar_of_its_own_is_left_alone(campaign: Played) -> None:
    campaign.door.set_calendar(campaign.campaign_id, campaign.now)

    assert look(campaign, datetime(2099, 1, 1, tzinfo=UTC)) == []


def test_the_reminder_goes_to_those_who_could_do_it_and_the_escalation_to_those_policy_names(campaign: Played, settings: Settings) -> None:
    after = due(campaign)
    look(campaign, after + timedelta(days=5))
    reminded = {letter["to"]: letter for letter in letters(campaign, settings, escalated=False)}
    look(campaign, after + timedelta(days=12))
    escalated = {letter["to"] for letter in letters(campaign, settings, escalated=True)} - set(reminded)

    approvers = {campaign.president.email, campaign.deputy.email}
    assert set(reminded) == approvers
    assert escalated == {campaign.manager.email}
    assert "reste ouverte" in plain(reminded[campaign.president.email])


def test_a_task_that_cannot_be_moved_keeps_no_other_waiting(campaign: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    after = due(campaign)
    carry_out = Door.execute
    broken: list[object] = []

    def break_the_first(door: Door, command: Command, **asked: Any) -> Outcome:
        if not broken:
            broken.append(command.subject_id)
            raise RuntimeError("a row that nobody can read")
        return carry_out(door, command, **asked)

    other = overdue_beside(campaign, due_at=after - timedelta(days=3))
    monkeypatch.setattr(Door, "execute", break_the_first)
    logged: list[str] = []
    monkeypatch.setattr("app.overdue.log.exception", lambda words, *values: logged.append(words % values))

    made = follow_up(campaign.database, campaign.door, now=after + timedelta(days=5))

    assert broken == [other], "the longest overdue came first"
    assert made == 1
    assert review(campaign).reminded_at is not None
    assert logged == [f"an overdue task could not be followed up: task={other}"]


def test_tasks_that_nothing_is_to_be_done_about_yet_use_up_no_place(campaign: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    after = due(campaign)
    monkeypatch.setattr("app.overdue.MOST", 1)
    other = overdue_beside(campaign, due_at=after + timedelta(hours=1))
    assert look(campaign, after + timedelta(days=5)) == ["reminded"]

    made = follow_up(campaign.database, campaign.door, now=after + timedelta(days=5))

    assert made == 1, "the reminded one waits for its escalation and is no longer in the way"
    (row,) = campaign.rows(UserTask, UserTask.id == other)
    assert row.reminded_at is not None


def test_a_task_that_is_set_aside_is_left_alone_until_its_day(campaign: Played) -> None:
    after = due(campaign)
    day = local_day(after) + timedelta(days=20)
    campaign.ask(PostponeTask(subject_id=review(campaign).id, until_on=day))

    assert look(campaign, instant_at(day, time(0)) - timedelta(seconds=1)) == []
    assert look(campaign, instant_at(day, time(0))) == ["reminded"]
    assert look(campaign, instant_at(day, time(1))) == ["reminded"], "the reminder is given the working days that policy leaves it"
    assert look(campaign, after + timedelta(days=27)) == ["reminded", "escalated"]


@pytest.mark.parametrize("role", ["nobody", "administrator"])
def test_an_escalation_that_reaches_nobody_says_so_once_and_writes_to_nobody(campaign: Played, role: str) -> None:
    after = due(campaign)
    campaign.tune_policy({"escalation": {"budget_approver": role}})

    look(campaign, after + timedelta(days=5))
    assert look(campaign, after + timedelta(days=12)) == ["reminded", "escalated"]
    assert look(campaign, after + timedelta(days=40)) == ["reminded", "escalated"]

    (entry,) = campaign.rows(Checkpoint, Checkpoint.event == "user_task.escalated")
    (check,) = read_json(entry.body)["checks"]
    assert (check["code"], check["actual"], check["verdict"]) == ("told_to_nobody", 0, "warning")
    assert [one.payload["escalated"] for one in campaign.rows(OutboxMessage, OutboxMessage.name == "mail_overdue")] == [False]


def test_an_administrator_is_sent_to_a_page_that_is_theirs(campaign: Played, settings: Settings) -> None:
    after = due(campaign)
    campaign.tune_policy({"escalation": {"budget_approver": "administrator"}})
    join(campaign, "ada@example.org", Role.ADMINISTRATOR)
    look(campaign, after + timedelta(days=5))
    look(campaign, after + timedelta(days=12))

    (letter,) = letters(campaign, settings, escalated=True)

    assert letter["to"] == "ada@example.org"
    page = f"https://jalon.example/administration/undone?advertiser={campaign.advertiser_id}#task-{review(campaign).id}"
    assert page in plain(letter)


def test_whoever_stands_in_for_an_absent_person_is_reminded_too(campaign: Played, settings: Settings) -> None:
    after = due(campaign)
    nadia, omar = join(campaign, "nadia@example.org", Role.AUDITOR), join(campaign, "omar@example.org", Role.AUDITOR)
    today = local_day(campaign.now)
    with campaign.database.writing(SYSTEM) as session:
        for substitute, last in ((nadia, today), (omar, today - timedelta(days=1))):
            session.add(
                Substitution(
                    advertiser_id=campaign.advertiser_id,
                    person_id=campaign.president.person_id,
                    substitute_id=substitute,
                    role=Role.BUDGET_APPROVER.value,
                    from_on=today - timedelta(days=5),
                    to_on=last,
                    arranged_by_id=substitute,
                    arranged_at=campaign.now,
                )
            )
    look(campaign, after + timedelta(days=5))

    reminded = {letter["to"] for letter in letters(campaign, settings, escalated=False)}

    assert reminded == {campaign.president.email, campaign.deputy.email, "nadia@example.org"}
