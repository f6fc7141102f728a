"""A supplier that owes an answer to the new days of its order is reminded of it, in whatever stage; signers of the budget are told."""

from collections.abc import Callable
from datetime import date

from sqlmodel import col

from app.settings import Settings
from tasks.budget_mail import mail_moved_drop
from tasks.mail import remind_orders
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.engine.outbox import OutboxMessage


def told(campaign: Played) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_moved_drop", order=col(OutboxMessage.requested_seq))


def test_who_has_not_accepted_the_new_days_is_reminded_after_the_order_stage_too(
    played: Callable[[str], Played], settings: Settings
) -> None:
    campaign = played("dedupe")
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=date(2026, 10, 20), reason="L’imprimeur a du retard."))
    campaign.accept_orders(but=("ALZ", "BTN"))
    messages = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "remind_orders", order=col(OutboxMessage.requested_seq))

    reminders = deliver(remind_orders, campaign, messages[-1], settings)

    assert [[number for number in ("BC-26A-001", "BC-26A-002", "BC-26A-003") if number in mail["Subject"]] for mail in reminders] == [
        ["BC-26A-001"],
        ["BC-26A-002"],
    ]


def test_whoever_signed_the_budget_is_told_of_the_day_and_why(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("delivery")
    campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=date(2026, 10, 20), reason="L’imprimeur a du retard."))
    (message,) = told(campaign)

    mails = deliver(mail_moved_drop, campaign, message, settings)

    assert [mail["To"] for mail in mails] == ["presidence@clairval.example"]
    assert mails[0]["Subject"] == "Appel d’automne – dépôt déplacé au 20 octobre 2026"
    said = plain(mails[0])
    assert "est déplacé du 13 octobre 2026 au 20 octobre 2026" in said
    assert "L’imprimeur a du retard." in said
    assert "Votre signature reste valable" in said


def test_of_a_drop_moved_twice_only_the_last_day_is_told(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("delivery")
    for day in (20, 27):
        campaign.ask(MoveDrop(subject_id=campaign.campaign_id, drop_on=date(2026, 10, day), reason="Encore."))
    first, last = told(campaign)

    assert deliver(mail_moved_drop, campaign, first, settings) == []
    assert len(deliver(mail_moved_drop, campaign, last, settings)) == 1
