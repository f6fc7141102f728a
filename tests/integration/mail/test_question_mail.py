"""A question about a budget is told to those who could answer it, its answer to whoever asked."""

from collections.abc import Callable

import pytest
from sqlmodel import col, delete

from app.settings import Settings
from tasks.budget_mail import mail_answer, mail_question
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.budget.asking import AnswerQuestion, AskAboutBudget
from workflows.campaign.records import BudgetQuestion
from workflows.engine.checkpoints import ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """The president has asked something about the budget."""
    campaign = played("budget")
    campaign.ask(AskAboutBudget(subject_id=campaign.campaign_id, words="Pourquoi deux imprimeurs ?"), by=campaign.president)
    return campaign


def requested(campaign: Played, name: str) -> OutboxMessage:
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == name)
    found: OutboxMessage = message
    return found


def answer(campaign: Played) -> None:
    (question,) = campaign.rows(BudgetQuestion)
    campaign.ask(AnswerQuestion(subject_id=campaign.campaign_id, question_id=question.id, words="Le second fait les enveloppes."))


def test_project_managers_read_the_question_and_where_to_answer_it(campaign: Played, settings: Settings) -> None:
    (mail,) = deliver(mail_question, campaign, requested(campaign, "mail_question"), settings)

    assert mail["To"] == campaign.manager.email
    assert mail["Subject"] == "Appel d’automne – un valideur a une question"
    text = plain(mail)
    assert "un valideur demande :\n\nPourquoi deux imprimeurs ?\n\nRéponse attendue au plus tard le " in text
    assert "https://jalon.example/manager/campaigns/26A/budget#question-1" in text


def test_whoever_asked_reads_the_answer_below_the_question(campaign: Played, settings: Settings) -> None:
    answer(campaign)

    (mail,) = deliver(mail_answer, campaign, requested(campaign, "mail_answer"), settings)

    assert mail["To"] == campaign.president.email
    assert "Pourquoi deux imprimeurs ?\n\nLa réponse :\n\nLe second fait les enveloppes.\n\nLire et décider :\n" in plain(mail)


def test_nobody_is_asked_what_was_answered_or_decided_meanwhile(campaign: Played, settings: Settings) -> None:
    answer(campaign)

    assert deliver(mail_question, campaign, requested(campaign, "mail_question"), settings) == []


def test_words_that_were_erased_are_told_to_nobody(campaign: Played, settings: Settings) -> None:
    answer(campaign)
    with campaign.database.writing(SYSTEM) as session:
        session.execute(delete(ErasableText).where(col(ErasableText.field) == "words"))

    assert deliver(mail_answer, campaign, requested(campaign, "mail_answer"), settings) == []
