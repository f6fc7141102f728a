"""A supplier whose list was negotiated and is not ordered does not wait for an order; one that was never ordered is told so once."""

from collections.abc import Callable

from sqlmodel import col

from app.settings import Settings
from tasks.mail import mail_left_out
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.budget.conditions import LeaveOutList
from workflows.campaign.records import BudgetVersion
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.order import IssueOrders
from workflows.engine.outbox import OutboxMessage


def test_the_supplier_of_an_excluded_list_reads_that_no_order_comes(played: Callable[[str], Played], settings: Settings) -> None:
    campaign = played("budget")
    (budget,) = campaign.rows(BudgetVersion)
    about = {"subject_id": campaign.campaign_id}
    campaign.ask(ApproveBudget(**about, budget_sha256=budget.sha256, excluded_lists=("DOM",)), by=campaign.president)
    campaign.ask(LeaveOutList(**about, list_id=campaign.list_id("DOM"), reason="Exclu."))
    campaign.ask(IssueOrders(**about))
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_left_out")

    (mail,) = deliver(mail_left_out, campaign, message, settings)

    assert mail["Subject"] == "Entraide Clairval – Dombes Solidarité – donateurs n’est pas commandé"
    assert "sans Dombes Solidarité – donateurs. Aucune commande ne suivra ce qui avait été convenu" in plain(mail)
    assert "Rien n’est dû." in plain(mail)
