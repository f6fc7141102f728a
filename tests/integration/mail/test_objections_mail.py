"""A supplier of a list is told that a file of its people waits, in its language, until it has it."""

from collections.abc import Callable

from app.settings import Settings
from tasks.mail import mail_objections
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from tests.integration.stages.test_objections import asked, hand_over, take, write


def test_each_supplier_is_told_what_waits_and_until_when_and_not_once_it_has_it(
    played: Callable[[str], Played], settings: Settings
) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT", "S-ECL")
    hand_over(campaign)
    take(campaign, "S-ECL", by="S-ECL")
    (message,) = asked(campaign, "mail_objections")

    (mail,) = deliver(mail_objections, campaign, message, settings)

    assert mail["To"] == campaign.actors["S-CRT"].email
    assert mail["Subject"] == "Entraide Clairval – oppositions et plis non distribués à retirer"
    assert "de vos fichiers : 3 en tout" in plain(mail)
    assert "il est à vous jusqu’au 11 janvier 2027, puis détruit" in plain(mail)
