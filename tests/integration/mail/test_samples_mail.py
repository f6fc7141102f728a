"""Owners of lists are asked by e-mail to approve the sample mail piece, one letter for all their lists, and again when it changes."""

from collections.abc import Callable

from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_samples
from tests.integration.mail.letters import deliver, leads_to, plain
from tests.integration.stages.played import Played
from tests.integration.stages.sampled import agree, attach, consent
from workflows.engine.outbox import OutboxMessage

ASKED = """Bonjour,

Entraide Clairval prépare la campagne «\u00a0Appel d’automne\u00a0» (26A) et vous demande d’approuver le message que recevraient les\
 adresses de votre fichier Cadre et Rivière – multi-acheteurs. Ce n’est pas une commande\u00a0: rien n’est dû.

Réponse attendue au plus tard le 13 juillet 2026\u00a0: un clic si vous êtes d’accord, un mot sinon.
"""
ASKED_AGAIN = """Hello,

The mail piece that you approved for the campaign “Appel d’automne” (26A) has changed, and Entraide Clairval asks you to look at it\
 again before Cadre et Rivière – multi-acheteurs is used. Your approval of the version before does not hold for it.
"""


def asked(campaign: Played) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_samples", order=col(OutboxMessage.requested_seq))


def test_an_owner_is_asked_to_look_at_the_mail_piece(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    attach(campaign, "A")

    (mail,) = deliver(mail_samples, campaign, asked(campaign)[-1], settings)

    assert mail["To"] == campaign.actors["S-CDR"].email
    assert mail["Subject"] == "Entraide Clairval – message à approuver\u00a0: Appel d’automne"
    assert plain(mail).startswith(ASKED), plain(mail)
    assert leads_to(mail, settings) == f"/supplier/lists/{campaign.list_id('CDR')}/sample"


def test_a_broker_gets_one_letter_for_all_its_lists(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ", "BTN")
    attach(campaign, "A")

    mails = deliver(mail_samples, campaign, asked(campaign)[-1], settings)

    assert [mail["To"] for mail in mails] == [campaign.actors["S-CRT"].email]
    assert "de vos fichiers Alizés Presse – abonnés actifs, " in plain(mails[0])
    assert leads_to(mails[0], settings) == ""


def test_a_change_asks_again_and_says_that_it_changed(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("negotiation")
    with campaign.behind_the_engine() as connection:
        connection.execute("update person set locale = 'en' where id = %s", [campaign.actors["S-CDR"].person_id])
    agree(campaign, "CDR")
    consent(campaign, "CDR", attach(campaign, "A", "1.pdf"), by=campaign.actors["S-CDR"])
    attach(campaign, "A", "2.pdf")

    (mail,) = deliver(mail_samples, campaign, asked(campaign)[-1], settings)

    assert mail["Subject"] == "Entraide Clairval – mail piece to approve again: Appel d’automne"
    assert plain(mail).startswith(ASKED_AGAIN), plain(mail)


def test_nobody_is_asked_about_what_was_answered_meanwhile(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece)

    assert deliver(mail_samples, campaign, asked(campaign)[-1], settings) == []
