"""Whoever was handed addresses is asked by e-mail for its certificate of destruction, and reminded while it has not come."""

from collections.abc import Callable

from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_certificates
from tests.integration.mail.letters import deliver, leads_to, plain
from tests.integration.stages.played import Played
from workflows.engine.outbox import OutboxMessage


def asked(campaign: Played) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_certificates", order=col(OutboxMessage.not_before))


def test_the_mailer_is_told_what_is_asked_and_until_when(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("responses")

    (mail,) = deliver(mail_certificates, campaign, asked(campaign)[0], settings)

    assert mail["Subject"] == "Entraide Clairval – certificat de destruction avant le 25 janvier 2027\u00a0: Appel d’automne"
    said = plain(mail)
    assert "de l’attester le 25 janvier 2027 au plus tard" in said
    assert leads_to(mail, settings) == "/supplier/campaigns/26A/certificates"


def test_it_is_reminded_before_the_day(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("responses")

    (mail,) = deliver(mail_certificates, campaign, asked(campaign)[1], settings)

    assert "rappel\u00a0: certificat de destruction" in mail["Subject"]
    assert "Nous attendons encore" in plain(mail)


def test_whoever_has_certified_is_reminded_of_nothing(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("responses")
    campaign.certify_destruction()

    assert deliver(mail_certificates, campaign, asked(campaign)[1], settings) == []
