"""Whoever posts, sends or calls gets its order by e-mail in words of its own, and is told so of a proof that was refused."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_deposit_refused, mail_document
from tests.integration.mail.letters import deliver, drawn, plain
from tests.integration.stages.played import Played
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.send.correcting import RefuseDeposit
from workflows.campaign.send.proving import RecordDeposit
from workflows.engine.outbox import OutboxMessage

OF_THE_POST = ("dépôt", "déposé", "bordereau", "plis", "routage")


def ordered(played: Callable[[str], Played], channel: str) -> Played:
    """A campaign whose mailing house sends everything by one channel."""
    campaign = played("send")
    with campaign.behind_the_engine() as connection:
        connection.execute("update lot set channel = %s", [channel])
    campaign.order_mailing()
    campaign.reach_drop()
    return campaign


@pytest.mark.parametrize(
    ("channel", "subject", "said"),
    [
        ("postal", "ordre de routage ", "le numéro du bordereau, le jour et les plis de chaque lot"),
        ("email", "ordre d’envoi ", "le nombre de messages envoyés de chaque lot"),
        ("phone", "ordre de campagne d’appels ", "le premier et le dernier jour, et le nombre de personnes appelées de chaque lot"),
    ],
)
def test_an_order_is_mailed_in_the_words_of_its_channel(
    played: Callable[[str], Played], settings: Settings, channel: str, subject: str, said: str
) -> None:
    campaign = ordered(played, channel)
    (mail,) = deliver(mail_document, campaign, drawn(campaign, "mailing_order"), settings)

    html = mail.get_body(("html",))
    assert html is not None
    assert subject in mail["Subject"]
    for text in (plain(mail), html.get_content()):
        assert said in text
        assert channel == "postal" or [word for word in OF_THE_POST if word in text] == []


@pytest.mark.parametrize(
    ("channel", "subject", "said"),
    [
        ("sms", "preuve d’envoi P-1 à redonner", "prouvez de nouveau l’envoi avant le "),
        ("phone", "compte rendu d’appels P-1 à refaire", "rendez de nouveau compte des appels avant le "),
    ],
)
def test_a_refused_proof_is_told_in_the_same_words(
    played: Callable[[str], Played], settings: Settings, channel: str, subject: str, said: str
) -> None:
    campaign = ordered(played, channel)
    pieces = {lot.code: lot.pieces for lot in campaign.rows(Lot) if lot.is_sent}
    proof = RecordDeposit(subject_id=campaign.campaign_id, deposited_on=date(2026, 10, 13), slip_number="P-1", quantities=pieces)
    campaign.ask(proof, by=campaign.actors["S-ROU"])
    (deposit,) = campaign.rows(Deposit)
    campaign.ask(RefuseDeposit(subject_id=campaign.campaign_id, deposit_id=deposit.id, reason="Illisible."))
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_deposit_refused")

    (mail,) = deliver(mail_deposit_refused, campaign, message, settings)

    assert subject in mail["Subject"]
    assert said in plain(mail)
    assert [word for word in OF_THE_POST if word in plain(mail)] == []
