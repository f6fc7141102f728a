"""A supplier that owes an answer to the new days of its order is reminded of it, in whatever stage the campaign is by then."""

from collections.abc import Callable
from datetime import date

from sqlmodel import col

from app.settings import Settings
from tasks.mail import remind_orders
from tests.integration.mail.letters import deliver
from tests.integration.stages.played import Played
from workflows.campaign.moving_drop import MoveDrop
from workflows.engine.outbox import OutboxMessage


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
