"""A supplier that is asked for counts gets the request by e-mail, in its language, with the day of the answer, and is reminded of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col

from app.overdue import follow_up
from app.settings import Settings
from tasks.mail import mail_document, mail_overdue
from tests.integration.mail.letters import deliver, drawn, leads_to, plain
from tests.integration.stages.played import Played
from workflows.campaign.counts.counting import GiveCounts, RequestCounts
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask

ASKED = """Bonjour,

Entraide Clairval prépare la campagne «\u00a0Appel d’automne\u00a0»\
 et vous demande combien d’adresses de votre fichier seraient disponibles.\
 La demande DC-26A-CDR, jointe en PDF, dit lesquelles, pour quel envoi et ce qu’il faut exclure.

Ce n’est pas une commande\u00a0: rien n’est dû.

Réponse attendue au plus tard le 8 juillet 2026.
"""
ASKED_IN_ENGLISH = """Hello,

Entraide Clairval is preparing the campaign “Appel d’automne”\
 and asks how many addresses of your list would be available.\
 Request DC-26A-CDR, attached as a PDF, says which, for which mailing and what to leave out.

It is no order: nothing is due.

An answer is expected by 8 July 2026.
"""


@pytest.fixture
def campaign(played: Callable[[str], Played]) -> Played:
    """A campaign that asks the owner of CDR, on the machine's calendar."""
    there = played("negotiation")
    there.ask(RequestCounts(subject_id=there.campaign_id, list_ids=(there.list_id("CDR"),)))
    return there


@pytest.mark.parametrize(
    ("locale", "subject", "said"),
    [
        ("fr", "Entraide Clairval – demande de comptage DC-26A-CDR", ASKED),
        ("en", "Entraide Clairval – request for counts DC-26A-CDR", ASKED_IN_ENGLISH),
    ],
    ids=["fr", "en"],
)
def test_the_request_goes_out_in_the_supplier_s_language_with_its_paper_and_the_day(
    campaign: Played, settings: Settings, locale: str, subject: str, said: str
) -> None:
    with campaign.behind_the_engine() as connection:
        connection.execute("update person set locale = %s where id = %s", [locale, campaign.actors["S-CDR"].person_id])

    (mail,) = deliver(mail_document, campaign, drawn(campaign, "count_request"), settings)

    assert mail["To"] == campaign.actors["S-CDR"].email
    assert mail["Subject"] == subject
    assert plain(mail).startswith(said)
    assert leads_to(mail, settings) == f"/supplier/lists/{campaign.list_id('CDR')}/counts"
    assert [part.get_filename() for part in mail.iter_attachments()] == [f"DC-26A-CDR-r1.{locale}.pdf"]


def test_a_supplier_that_does_not_answer_is_reminded_as_of_any_task_and_its_project_manager_is_told(
    campaign: Played, settings: Settings
) -> None:
    (task,) = campaign.rows(UserTask, col(UserTask.name) == "give_counts")

    follow_up(campaign.database, campaign.door, now=task.due_at + timedelta(days=5))
    (reminder,) = [one for one in campaign.rows(OutboxMessage, OutboxMessage.name == "mail_overdue") if str(task.id) in str(one.payload)]

    (mail,) = deliver(mail_overdue, campaign, reminder, settings)
    assert mail["To"] == campaign.actors["S-CDR"].email
    assert "8 juillet 2026" in plain(mail)
    assert leads_to(mail, settings) == f"/supplier/lists/{campaign.list_id('CDR')}/counts"


def test_a_supplier_that_has_answered_is_reminded_of_nothing(campaign: Played) -> None:
    (task,) = campaign.rows(UserTask, col(UserTask.name) == "give_counts")
    campaign.ask(
        GiveCounts(subject_id=campaign.campaign_id, list_id=campaign.list_id("CDR"), available={"M1": 885, "M2": 2095}),
        by=campaign.actors["S-CDR"],
    )

    follow_up(campaign.database, campaign.door, now=task.due_at + timedelta(days=30))

    assert not [one for one in campaign.rows(OutboxMessage, OutboxMessage.name == "mail_overdue") if str(task.id) in str(one.payload)]
