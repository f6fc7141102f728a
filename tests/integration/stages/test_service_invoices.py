"""Invoices of services: what was proved of an order is due, controlled and decided as it is for lists."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.stages.invoiced import Campaigns, billed, biller, checks, decide, invoice_of, states
from tests.integration.stages.played import Played
from tests.integration.stages.test_send import deposit, pieces
from workflows.campaign.budget.overrun import ApproveOverrun
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice, WaiveInvoice
from workflows.campaign.invoices.invoicing import SendInvoice
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import BudgetOverrun, Override
from workflows.campaign.send.not_sending import LeaveLotUnsent
from workflows.campaign.stages.analysis import CloseCampaign
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.order.model import PurchaseOrder
from workflows.trade.money import round_cents, tax

PRINTER, MAILER, CAGING = "S-IMP", "S-ROU", "S-CAG"
PRINTED, SENT = (Decimal("0.118"), Decimal("0.031")), (Decimal("0.027"), Decimal("0.386"))
"""What each is paid for a piece: paper and print, personalisation; inserting, postage."""
HANDLED = Decimal("0.85")
"""What the caging house is paid for an answer."""


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose answers are closed, and whose results are published."""
    campaign = played("analysis")
    campaign.publish()
    campaign.certify_destruction()
    return campaign


def priced(prices: tuple[Decimal, ...], quantity: int) -> Decimal:
    return sum((round_cents(price * quantity) for price in prices), Decimal(0))


def due_of(campaign: Played, code: str) -> Decimal:
    amount: Decimal = billed(campaign)[code].amount.net_amount
    return amount


def order_of(campaign: Played, code: str) -> PurchaseOrder:
    (order,) = campaign.rows(
        PurchaseOrder,
        PurchaseOrder.supplier_id == campaign.supplier_id(code),
        col(PurchaseOrder.list_id).is_(None),
        col(PurchaseOrder.to_seq).is_(None),
    )
    assert isinstance(order, PurchaseOrder)
    return order


def posted(campaign: Played, change: Callable[[dict[str, int]], dict[str, int]] = dict, explanation: str = "") -> None:
    """Post every lot but for a change, and confirm the drop."""
    deposit(campaign, change(pieces(campaign)), explanation=explanation)
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


def test_nothing_is_stated_for_services_before_the_mail_is_posted(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()

    assert {PRINTER, MAILER, CAGING}.isdisjoint(billed(campaign))


def test_once_posted_the_pieces_of_the_deposit_are_due_line_by_line_and_suppliers_are_asked(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    mailed = sum(pieces(campaign).values())
    posted(campaign)

    assert due_of(campaign, PRINTER) == priced(PRINTED, mailed)
    assert due_of(campaign, MAILER) == priced(SENT, mailed)
    assert CAGING not in billed(campaign), "answers still come"
    asked = {label for name, label in campaign.tasks() if name == "send_invoice"}
    assert {order_of(campaign, PRINTER).number, order_of(campaign, MAILER).number} <= asked


def test_answers_are_due_once_they_are_closed_whatever_they_answer(played: Campaigns) -> None:
    campaign = played("analysis")

    assert due_of(campaign, CAGING) == round_cents(HANDLED * 31), "thirty that say what they answer and one that does not"
    assert ("send_invoice", order_of(campaign, CAGING).number) in campaign.tasks()


def test_a_lot_left_unsent_once_it_was_signed_off_is_due_to_its_printer_and_not_to_its_mailer(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    all_pieces = pieces(campaign)
    gone = next(iter(all_pieces))
    campaign.ask(LeaveLotUnsent(subject_id=campaign.campaign_id, lot=gone, reason="Encart arrivé abîmé."))
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))
    posted(campaign, lambda every: {code: quantity for code, quantity in every.items() if code != gone})

    assert due_of(campaign, PRINTER) == priced(PRINTED, sum(all_pieces.values()))
    assert due_of(campaign, MAILER) == priced(SENT, sum(all_pieces.values()) - all_pieces[gone])


def test_a_lot_left_unsent_before_it_was_signed_off_is_due_to_nobody(played: Campaigns) -> None:
    campaign = played("send")
    all_pieces = pieces(campaign)
    gone = next(iter(all_pieces))
    campaign.ask(LeaveLotUnsent(subject_id=campaign.campaign_id, lot=gone, reason="Encart arrivé abîmé."))
    campaign.order_mailing()
    posted(campaign, lambda every: {code: quantity for code, quantity in every.items() if code != gone})

    left = sum(all_pieces.values()) - all_pieces[gone]
    assert (due_of(campaign, PRINTER), due_of(campaign, MAILER)) == (priced(PRINTED, left), priced(SENT, left))


def test_who_sends_a_channel_bills_the_pieces_of_that_channel_alone(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    mailed = pieces(campaign)
    by_email = next(iter(mailed))
    posted(campaign)
    with campaign.behind_the_engine() as connection:
        connection.execute("update supplier set kind = 'esp' where code = %s", (PRINTER,))
        connection.execute("update lot set channel = 'email' where code = %s", (by_email,))
        connection.commit()

    assert due_of(campaign, PRINTER) == priced(PRINTED, mailed[by_email])
    assert due_of(campaign, MAILER) == priced(SENT, sum(mailed.values()) - mailed[by_email])


def test_no_more_is_due_than_the_order_and_the_lots_that_were_ordered_to_be_mailed_come_to(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    mailed = pieces(campaign)
    more = next(iter(mailed))
    posted(campaign, lambda every: {**every, more: every[more] + 5000}, explanation="Deux liasses de trop.")

    bill = billed(campaign)[MAILER].services
    assert bill.done_amount == priced(SENT, sum(mailed.values()) + 5000)
    assert bill.most_amount == max(order_of(campaign, MAILER).total_amount, priced(SENT, sum(mailed.values())))
    assert due_of(campaign, MAILER) == bill.most_amount < bill.done_amount


def test_an_invoice_of_what_was_proved_is_matched_at_once_by_the_rule_on_record(campaign: Played) -> None:
    due = due_of(campaign, PRINTER)

    invoice = campaign.send_invoice(PRINTER, by=biller(campaign, PRINTER))

    assert (invoice.state, invoice.findings, invoice.list_code, invoice.due_amount) == ("matched", [], None, due)
    assert states(campaign)[PRINTER] == "matched"
    found = checks(campaign, "campaign.invoice.sent")
    assert found[f"invoice_net_amount:{invoice.number}"] == (str(due), str(due), "ok")
    assert f"invoice_quantity:{invoice.number}" not in found, "its lines count different things"
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()


def test_a_cent_more_than_was_proved_waits_for_the_project_manager(campaign: Played) -> None:
    campaign.tune_policy({"tolerances": {"budget_overrun_share": "0.9"}})
    invoice = campaign.send_invoice(MAILER, by=biller(campaign, MAILER), net_amount=due_of(campaign, MAILER) + Decimal("0.01"))

    assert (invoice.state, [one["code"] for one in invoice.findings]) == ("received", ["net_amount"])
    assert ("decide_invoice", invoice.number) in campaign.tasks()

    decide(campaign, AcceptInvoice, invoice, "Un centime d’arrondi.")

    assert invoice_of(campaign, invoice.number).state == "accepted"
    (passed,) = [one for one in campaign.rows(Override) if one.control == "invoice"]
    assert passed.about == invoice.number


def test_an_invoice_of_services_dated_before_the_posting_says_so(campaign: Played) -> None:
    invoice = campaign.send_invoice(PRINTER, invoiced_on=date(2026, 10, 12))

    assert [(one["code"], one["expected"]) for one in invoice.findings] == [("not_before", "2026-10-13")]


def test_a_dispute_says_what_was_done_line_by_line(campaign: Played) -> None:
    due = due_of(campaign, PRINTER)
    invoice = campaign.send_invoice(PRINTER, net_amount=due + 100)

    decide(campaign, DisputeInvoice, invoice, "Cent euros de trop.")

    (issued,) = campaign.issued("invoice_dispute")
    said = issued.content
    assert issued.document.supplier_id == campaign.supplier_id(PRINTER)
    assert (said.list_code, said.statement, said.due_amount, said.due_qty) == ("", "", due, None)
    assert [(row.nature, row.unit_price) for row in said.services] == [("papier_impression", PRINTED[0]), ("personnalisation", PRINTED[1])]
    assert sum(row.amount for row in said.services) == due
    assert ("send_invoice", invoice.order_number) in campaign.tasks()


def test_an_accepted_invoice_above_the_budget_waits_for_an_approver_as_that_of_a_list_does(campaign: Played) -> None:
    before = states(campaign)
    invoice = campaign.send_invoice(PRINTER, net_amount=due_of(campaign, PRINTER) + 20_000)

    decide(campaign, AcceptInvoice, invoice, "Papier plus cher, accord donné.")

    assert invoice_of(campaign, invoice.number).state == "above_budget"
    (overrun,) = campaign.rows(BudgetOverrun, BudgetOverrun.invoice_id == invoice.id)
    assert ("reapprove_budget", "") in campaign.tasks()
    answer = ApproveOverrun(
        subject_id=campaign.campaign_id, overrun_sha256=overrun.sha256, forecast_amount=overrun.forecast_amount, comment="Vu."
    )
    campaign.ask(answer, by=campaign.president)
    assert states(campaign) == {**before, PRINTER: "accepted"}


def test_what_is_accepted_above_the_forecast_of_a_supplier_is_counted_once(campaign: Played) -> None:
    campaign.tune_policy({"tolerances": {"budget_overrun_share": "9"}})
    due = due_of(campaign, PRINTER)
    decide(campaign, AcceptInvoice, campaign.send_invoice(PRINTER, net_amount=due + 100))

    (_code, (_expected, forecast, _verdict)) = next(
        one for one in checks(campaign, "campaign.invoice.accepted").items() if one[0] == "overrun"
    )
    before = campaign.rows(BudgetOverrun, order=col(BudgetOverrun.from_seq))[0].forecast_amount
    assert Decimal(forecast) == before + 100


def test_an_invoice_that_came_before_the_posting_is_looked_at_again_once_it_is_proved(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    campaign.reach_drop()
    taxed = tax(priced(PRINTED, sum(pieces(campaign).values())), Decimal("0.20"))
    early = SendInvoice(
        subject_id=campaign.campaign_id,
        order_number=order_of(campaign, PRINTER).number,
        number="I-1",
        invoiced_on=date(2026, 10, 13),
        net_amount=taxed.net_amount,
        vat_amount=taxed.vat_amount,
        total_amount=taxed.gross_amount,
    )
    campaign.ask(early, by=campaign.actors[PRINTER])
    assert [one["code"] for one in invoice_of(campaign, "I-1").findings] == ["order"]
    assert ("decide_invoice", "I-1") in campaign.tasks()

    posted(campaign)

    assert (invoice_of(campaign, "I-1").state, states(campaign)[PRINTER]) == ("matched", "matched")
    assert ("decide_invoice", "I-1") not in campaign.tasks()
    assert ("send_invoice", early.order_number) not in campaign.tasks(), "nobody is asked for what is here"


def test_the_end_waits_for_invoices_of_services_where_policy_wants_them(campaign: Played) -> None:
    for code in billed(campaign):
        if code not in (PRINTER, MAILER, CAGING):
            campaign.send_invoice(code)
    numbers = {order_of(campaign, code).number for code in (PRINTER, MAILER, CAGING)}
    assert set(campaign.unmet("close_campaign")["invoices.missing"]["orders"]) == numbers

    differs = campaign.send_invoice(PRINTER, net_amount=Decimal("1.00"))
    assert campaign.unmet("close_campaign")["invoices.undecided"]["invoices"] == [differs.number]
    decide(campaign, DisputeInvoice, differs)
    campaign.send_invoice(MAILER)
    campaign.ask(WaiveInvoice(subject_id=campaign.campaign_id, order_number=order_of(campaign, CAGING).number, reason="Offert."))

    assert ("send_invoice", order_of(campaign, CAGING).number) not in campaign.tasks()
    assert states(campaign)[CAGING] == "waived"
    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))
    assert campaign.state == "closed"


def test_a_campaign_of_a_policy_that_asked_for_lists_alone_waits_for_no_invoice_of_services(played: Campaigns) -> None:
    campaign = played("send")
    campaign.tune_policy({"analysis": {"service_invoices_required": False}})
    campaign.order_mailing()
    posted(campaign)

    asked = {label for name, label in campaign.tasks() if name == "send_invoice"}
    assert order_of(campaign, PRINTER).number not in asked
    differs = campaign.send_invoice(PRINTER, by=campaign.actors[PRINTER], net_amount=Decimal("1.00"))
    assert differs.state == "received", "it may be sent all the same"

    campaign.collect({}, {})
    campaign.publish()
    missing = campaign.unmet("close_campaign")
    assert "invoices.undecided" not in missing
    assert order_of(campaign, MAILER).number not in missing["invoices.missing"]["orders"]


def test_services_are_billed_once(campaign: Played) -> None:
    first = campaign.send_invoice(PRINTER, number="I-1")

    second = campaign.send_invoice(PRINTER, number="I-2")

    assert [(one["code"], one["actual"]) for one in second.findings] == [("billed_once", first.number)]
    assert len(campaign.rows(Invoice)) == 2
