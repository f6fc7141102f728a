"""An overrun that waits tells those who may decide about it, and nobody where none does."""

from collections.abc import Callable
from decimal import Decimal

from sqlmodel import col

from app.settings import Settings
from tasks.budget_mail import mail_overrun, mail_signatures
from tests.integration.mail.letters import deliver, plain
from tests.integration.stages.played import Played
from workflows.campaign.budget.overrun import EndorseOverrun
from workflows.campaign.invoices.decisions import AcceptInvoice
from workflows.campaign.records import BudgetOverrun
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import Actor

Campaigns = Callable[[str], Played]


def asked(campaign: Played, name: str) -> OutboxMessage:
    found: OutboxMessage = campaign.rows(OutboxMessage, col(OutboxMessage.name) == name, order=col(OutboxMessage.requested_seq))[-1]
    return found


def endorse(campaign: Played, by: Actor) -> OutboxMessage:
    (overrun,) = campaign.rows(BudgetOverrun)
    command = EndorseOverrun(
        subject_id=campaign.campaign_id, overrun_sha256=overrun.sha256, forecast_amount=overrun.forecast_amount, comment="Oui."
    )
    campaign.ask(command, by=by)
    return asked(campaign, "mail_signatures")


def test_approvers_are_told_where_to_decide_and_until_when_and_not_once_it_is_accepted(played: Campaigns, settings: Settings) -> None:
    campaign = played("lots")
    campaign.freeze_lots_above_budget()

    mails = {mail["To"]: mail for mail in deliver(mail_overrun, campaign, asked(campaign, "mail_overrun"), settings)}

    assert set(mails) == {campaign.deputy.email, campaign.president.email}
    text = plain(mails[campaign.president.email])
    assert mails[campaign.president.email]["Subject"] == "Appel d’automne – un dépassement attend votre décision"
    assert "https://jalon.example/approver/campaigns/26A/overrun" in text
    assert "Réponse attendue au plus tard le" in text


def test_nobody_is_told_of_what_was_accepted_meanwhile_or_is_within_the_budget(played: Campaigns, settings: Settings) -> None:
    accepted = played("send")
    assert deliver(mail_overrun, accepted, asked(accepted, "mail_overrun"), settings) == []

    within = played("lots")
    within.tune_policy({"tolerances": {"budget_overrun_share": "0.5"}})
    within.freeze_lots_above_budget()
    assert deliver(mail_overrun, within, asked(within, "mail_overrun"), settings) == []


def test_whoever_could_close_it_is_told_once_the_other_signatures_are_there(played: Campaigns, settings: Settings) -> None:
    campaign = played("lots")
    campaign.tune_policy({"approval_tiers": [{"up_to": None, "signatures": 2}]})
    campaign.freeze_lots_above_budget()

    (mail,) = deliver(mail_signatures, campaign, endorse(campaign, campaign.deputy), settings)

    assert mail["To"] == campaign.president.email
    assert "https://jalon.example/approver/campaigns/26A/overrun" in plain(mail)


def test_of_an_invoice_above_the_budget_approvers_read_that_it_is_one(played: Campaigns, settings: Settings) -> None:
    campaign = played("analysis")
    invoice = campaign.send_invoice("ALZ", net_amount=Decimal("9000.00"))
    assert invoice.due_amount is not None
    campaign.ask(AcceptInvoice(subject_id=campaign.campaign_id, invoice_id=invoice.id, reason="Le courtier maintient son prix."))

    mails = {mail["To"]: mail for mail in deliver(mail_overrun, campaign, asked(campaign, "mail_overrun"), settings)}

    text = plain(mails[campaign.president.email])
    assert "Une facture a été acceptée" in text
    assert "routeur" not in text
