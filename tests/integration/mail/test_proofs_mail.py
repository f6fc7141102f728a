"""Whoever prints is asked for the proofs by e-mail, once for all messages, and again for one that is to be corrected."""

from collections.abc import Callable

from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_proofs
from tests.integration.mail.letters import deliver, leads_to, plain
from tests.integration.stages.played import Played
from workflows.campaign.model import Message
from workflows.campaign.send.proofs import ReturnProof
from workflows.engine.outbox import OutboxMessage


def asked(campaign: Played) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_proofs", order=col(OutboxMessage.requested_seq))


def test_a_printer_is_asked_once_for_the_proofs_of_all_messages(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("send")
    (message,) = asked(campaign)

    (mail,) = deliver(mail_proofs, campaign, message, settings)

    assert mail["To"] == "devis@imprimerie-loire.example"
    assert mail["Subject"] == "Entraide Clairval – bon à tirer attendu\u00a0: Appel d’automne"
    said = plain(mail)
    assert "messages A, B, avant le " in said
    assert leads_to(mail, settings) == "/supplier/campaigns/26A/proofs"


def test_a_proof_that_was_brought_meanwhile_is_not_asked_for(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("send")
    (message,) = asked(campaign)
    campaign.deposit_proof("A")

    (mail,) = deliver(mail_proofs, campaign, message, settings)
    assert "message B, avant le " in plain(mail)


def test_remarks_send_whoever_prints_to_the_page_where_they_are(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")
    (row,) = campaign.rows(Message, col(Message.code) == "A", col(Message.to_seq).is_(None))
    about = {"subject_id": campaign.campaign_id, "message_id": row.id, "proof_version": proof.version}
    campaign.ask(ReturnProof(**about, remarks="Secret de la rédaction."))

    (mail,) = deliver(mail_proofs, campaign, asked(campaign)[-1], settings)

    assert "bon à tirer à corriger" in mail["Subject"]
    assert "du message A de la campagne" in plain(mail)
    assert "Secret" not in plain(mail)
