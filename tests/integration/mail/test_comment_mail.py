"""A comment on a task is told to the colleagues it names, each in their language, while its words are still there."""

from collections.abc import Callable
from typing import cast

from sqlmodel import select

from app.settings import Settings
from tasks.mail import mail_comment
from tests.integration.mail.letters import deliver, plain
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played
from workflows.engine.checkpoints import ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.user_task.talking import CommentOnTask

Campaigns = Callable[[str], Played]


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


def test_a_colleague_reads_the_comment_and_finds_the_task(played: Campaigns, settings: Settings) -> None:
    campaign = played("plan")
    message = say(campaign)

    (letter,) = deliver(mail_comment, campaign, message, settings)

    assert letter["to"] == "nadia@example.org"
    assert letter["subject"].endswith("a comment for you")
    assert "Le fichier de Lyon manque." in plain(letter)
    assert f"https://jalon.example/manager/tasks/{message.payload['task_id']}" in plain(letter)


def test_an_approver_s_link_leads_to_what_is_to_be_decided(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")
    (task,) = campaign.rows(UserTask, UserTask.name == "review_budget", UserTask.state == "open")
    campaign.ask(CommentOnTask(subject_id=task.id, words="@Bruno Leroux, l’enveloppe tient."))
    (message,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment")

    (letter,) = deliver(mail_comment, campaign, message, settings)

    assert "https://jalon.example/approver/campaigns/26A/budget" in plain(letter)


def test_words_that_were_erased_meanwhile_are_told_to_nobody(played: Campaigns, settings: Settings) -> None:
    campaign = played("plan")
    message = say(campaign)
    with campaign.database.writing(SYSTEM) as session:
        for text in session.exec(select(ErasableText).where(ErasableText.field == "words")):
            session.delete(text)

    assert deliver(mail_comment, campaign, message, settings) == []


def test_who_is_mentioned_is_told_so(played: Campaigns, settings: Settings) -> None:
    campaign = played("plan")
    say(campaign)
    task = campaign.rows(UserTask, UserTask.state == "open")[0]
    campaign.ask(CommentOnTask(subject_id=task.id, words="@Nadia Perrot, merci de relancer Lyon."))
    (message,) = [one for one in campaign.rows(OutboxMessage, OutboxMessage.name == "mail_comment") if one.payload.get("mentioned")]

    (letter,) = deliver(mail_comment, campaign, message, settings)

    assert letter["to"] == "nadia@example.org"
    assert letter["subject"].endswith("you are mentioned")
    assert "somebody mentioned you:\n\n@Nadia Perrot, merci de relancer Lyon." in plain(letter)
