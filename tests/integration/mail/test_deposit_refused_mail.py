"""A mailer is told by e-mail that its deposit was refused, and until when another is waited for."""

from collections.abc import Callable

from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_deposit_refused
from tests.integration.mail.letters import deliver, leads_to, plain
from tests.integration.stages.played import Played
from tests.integration.stages.test_corrected_deposits import mailer, prove, refuse
from workflows.engine.outbox import OutboxMessage


def test_a_mailer_is_told_of_a_refused_deposit_and_where_the_reason_is(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("send")
    campaign.order_mailing()
    campaign.reach_drop()
    refuse(campaign, prove(campaign), reason="Secret de la comptabilité.")
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_deposit_refused")

    (mail,) = deliver(mail_deposit_refused, campaign, message, settings)

    assert mail["To"] == mailer(campaign).email
    assert "bordereau de dépôt D-1 à refaire" in mail["Subject"]
    said = plain(mail)
    assert "a refusé le bordereau de dépôt D-1" in said
    assert "prouvez de nouveau le dépôt avant le " in said
    assert leads_to(mail, settings) == "/supplier/campaigns/26A/send"
    assert "Secret" not in said


def test_nobody_is_told_once_another_deposit_came(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("send")
    campaign.order_mailing()
    campaign.reach_drop()
    refuse(campaign, prove(campaign))
    prove(campaign, slip_number="D-2")
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_deposit_refused")

    assert deliver(mail_deposit_refused, campaign, message, settings) == []
