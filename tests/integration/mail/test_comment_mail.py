"""A comment on a task is told to the colleagues it names, each in their language, while its words are still there."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from sqlmodel import select

from app.files import Files
from app.settings import Settings
from tasks.mail import mail_comment
from tasks.registry import Work
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played
from workflows.engine.checkpoints import ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.user_task.process import CommentOnTask

Campaigns = Callable[[str], Played]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"JALON_DATA_DIR": str(tmp_path), "JALON_BASE_URL": "https://jalon.example"})


def say(campaign: Played) -> OutboxMessage:
    """Marion says something to Nadia, who reads English."""
    with campaign.database.writing(SYSTEM) as session:
        nadia = Person(email="nadia@example.org", name="Nadia Perrot", locale="en", created_at=BEGINNING)
        session.add(nadia)
        session.flush()
        session.add(Membership(person_id=nadia.id, advertiser_id=campaign.advertiser_id, role=Role.PROJECT_MANAGER.value))
        nadia_id = nadia.id
    task = campaign.rows(UserTask, UserTask.state == "open")[0]
    campaign.ask(CommentOnTask(subject_id=task.id, words="Le fichier de Lyon manque.", tell=(nadia_id,)))
    return cast("OutboxMessage", campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment")[0])


def deliver(campaign: Played, message: OutboxMessage, settings: Settings) -> list[EmailMessage]:
    """Do what a worker does with the message; the e-mails there are then."""
    work = Work(
        database=campaign.database,
        files=Files.from_settings(settings),
        settings=settings,
        message_id=message.id,
        campaign_id=campaign.campaign_id,
        now=campaign.now,
        progress=lambda _step, _done, _total: None,
    )
    assert mail_comment(work, message.payload) == []
    paths = sorted(settings.outbox_dir.glob("*.eml")) if settings.outbox_dir.is_dir() else []
    return [cast("EmailMessage", email.message_from_bytes(path.read_bytes(), policy=email.policy.default)) for path in paths]


def test_a_colleague_reads_the_comment_and_finds_the_task(played: Campaigns, settings: Settings) -> None:
    campaign = played("plan")
    message = say(campaign)

    (letter,) = deliver(campaign, message, settings)

    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["to"] == "nadia@example.org"
    assert letter["subject"].endswith("a comment for you")
    assert "Le fichier de Lyon manque." in body.get_content()
    assert f"https://jalon.example/manager/tasks/{message.payload['task_id']}" in body.get_content()


def test_words_that_were_erased_meanwhile_are_told_to_nobody(played: Campaigns, settings: Settings) -> None:
    campaign = played("plan")
    message = say(campaign)
    with campaign.database.writing(SYSTEM) as session:
        for text in session.exec(select(ErasableText).where(ErasableText.field == "words")):
            session.delete(text)

    assert deliver(campaign, message, settings) == []
