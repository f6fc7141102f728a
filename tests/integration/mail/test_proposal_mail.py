"""A supplier is told what became of the change that it proposed, and is not reminded of an order while its proposal waits."""

from collections.abc import Callable

import pytest

from app.settings import Settings
from tasks.mail import mail_proposal_answered, remind_orders
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from tests.integration.stages.test_changes_that_suppliers_propose import propose
from tests.integration.stages.test_order import current
from workflows.engine.outbox import OutboxMessage
from workflows.order.proposing import AcceptProposal, DeclineProposal


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (AcceptProposal, "Entraide Clairval retient votre proposition\u00a0: la commande BC-26A-003"),
        (DeclineProposal, "reste telle qu’émise et attend votre réponse"),
    ],
)
def test_the_supplier_reads_what_became_of_its_proposal(
    played: Callable[[str], Played], settings: Settings, answer: type[AcceptProposal] | type[DeclineProposal], said: str
) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], quantity=900)
    campaign.ask(answer(subject_id=order.id, **({"reason": "Non."} if answer is DeclineProposal else {})))
    (message,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_proposal_answered")

    (mail,) = deliver(mail_proposal_answered, campaign, message, settings)

    assert mail["Subject"] == f"Entraide Clairval – réponse à votre proposition sur la commande {order.number}"
    assert said in plain(mail)


def test_nobody_is_reminded_of_an_order_whose_change_waits_for_an_answer(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("order")
    (message,) = campaign.rows(OutboxMessage, OutboxMessage.name == "remind_orders")
    order = propose(campaign, current(campaign)["CDR"], quantity=900)

    reminders = deliver(remind_orders, campaign, message, settings)

    assert len(reminders) == len(current(campaign)) - 1
    assert not any(order.number in mail["Subject"] for mail in reminders)
