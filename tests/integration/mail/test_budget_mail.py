"""A budget that waits tells those who may decide about it: once, in their language, and again when it comes back changed."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import col, select

from app.settings import Settings
from tasks.budget_mail import mail_budget, mail_signatures
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.records import BudgetVersion
from workflows.campaign.stages.budget import EndorseBudget, RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, ReopenTerms
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Person

Campaigns = Callable[[str], Played]


def asked(campaign: Played) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_budget", order=col(OutboxMessage.requested_seq))


def speak(campaign: Played, person_id: UUID | None, locale: str) -> None:
    with campaign.database.writing(SYSTEM) as session:
        person = session.exec(select(Person).where(Person.id == person_id)).one()
        person.locale = locale
        session.add(person)


def test_every_approver_is_told_in_their_language_where_to_decide_and_until_when(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")
    speak(campaign, campaign.deputy.person_id, "en")
    (message,) = asked(campaign)

    mails = {mail["To"]: mail for mail in deliver(mail_budget, campaign, message, settings)}

    assert set(mails) == {campaign.deputy.email, campaign.president.email}
    english, french = plain(mails[campaign.deputy.email]), plain(mails[campaign.president.email])
    assert mails[campaign.deputy.email]["Subject"] == "Appel d’automne – a budget waits for your decision"
    assert "Budget DB-26A/1 of the campaign" in english
    assert "An answer is expected by 9 July 2026." in english
    assert "Réponse attendue au plus tard le 9 juillet 2026." in french
    assert "https://jalon.example/approver/campaigns/26A/budget" in french


def test_a_repeated_attempt_sends_the_same_e_mails_and_no_more(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")
    (message,) = asked(campaign)

    first = [mail["Message-ID"] for mail in deliver(mail_budget, campaign, message, settings)]

    assert [mail["Message-ID"] for mail in deliver(mail_budget, campaign, message, settings)] == first
    assert len(set(first)) == 2


def test_a_budget_that_comes_back_changed_is_announced_anew_and_the_old_one_no_more(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="Trop cher."), by=campaign.president)
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id("ALZ")}
    campaign.ask(ReopenTerms(**about, reason="Remise obtenue."))
    campaign.ask(AgreeTerms(**about, technical_fee=1))
    campaign.ask(RecordConsent(**about))
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    old, new = asked(campaign)

    assert deliver(mail_budget, campaign, old, settings) == []

    mails = deliver(mail_budget, campaign, new, settings)
    assert len(mails) == 2
    assert "DB-26A/2" in plain(mails[0])


def test_nobody_is_told_of_a_budget_that_is_decided(played: Campaigns, settings: Settings) -> None:
    campaign = played("order")
    (message,) = asked(campaign)

    assert deliver(mail_budget, campaign, message, settings) == []


def endorse(campaign: Played, by: Actor) -> OutboxMessage:
    """Somebody supports the budget; the message that came of it."""
    (budget,) = campaign.rows(BudgetVersion)
    campaign.ask(EndorseBudget(subject_id=campaign.campaign_id, budget_sha256=budget.sha256), by=by)
    message: OutboxMessage = campaign.rows(
        OutboxMessage, col(OutboxMessage.name) == "mail_signatures", order=col(OutboxMessage.requested_seq)
    )[-1]
    return message


def test_whoever_signed_first_is_told_once_the_other_signatures_are_there(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")
    campaign.tune_policy({"approval_tiers": [{"up_to": None, "signatures": 2}]})
    first = endorse(campaign, campaign.president)
    assert deliver(mail_signatures, campaign, first, settings) == [], "nobody's would be the last whose limit is enough"

    second = endorse(campaign, campaign.deputy)

    (mail,) = deliver(mail_signatures, campaign, second, settings)
    assert mail["To"] == campaign.president.email
    assert "la vôtre serait la dernière" in plain(mail)
    assert len(deliver(mail_signatures, campaign, endorse(campaign, campaign.deputy), settings)) == 1, "a third tells nobody again"


def test_where_one_signs_alone_nobody_is_told_of_a_support(played: Campaigns, settings: Settings) -> None:
    campaign = played("budget")

    assert deliver(mail_signatures, campaign, endorse(campaign, campaign.deputy), settings) == []
