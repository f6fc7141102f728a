"""An overdue task is reminded of, then escalated: once each, by policy and the advertiser's working days, on record and by e-mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import cast

import pytest
from sqlmodel import col

from app.overdue import follow_up
from app.settings import Settings
from tasks.mail import mail_overdue
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.holding import HoldCampaign, ResumeCampaign
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask

Campaigns = Callable[[str], Played]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose budget waits for an approver, on the machine's calendar."""
    return played("budget")


def review(campaign: Played) -> UserTask:
    (task,) = campaign.rows(UserTask, UserTask.name == "review_budget", UserTask.state == "open")
    return cast("UserTask", task)


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
