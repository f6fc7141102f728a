"""Credit notes: what a supplier takes back of an invoice is deducted, and what is left is controlled anew."""

from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.engine.test_two_at_once import both_ask
from tests.integration.papers.journey import kept
from tests.integration.stages.invoiced import Campaigns, billed, biller, checks, decide, invoice_of, states
from tests.integration.stages.played import Played
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.invoices.crediting import CreditNoteDayWrong, CreditNoteRepeated, CreditNoteTooLarge, SendCreditNote
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice
from workflows.campaign.invoices.invoicing import InvoiceAmountWrong, InvoiceNumberUsed, InvoiceUnreadable, SendInvoice
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import BudgetOverrun, StoredFile
from workflows.campaign.rules import NotOfThisCampaign
from workflows.parties.actor import Actor
from workflows.trade.money import tax


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose answers are closed, and whose results are published."""
    campaign = played("analysis")
    campaign.publish()
    campaign.certify_destruction()
    return campaign


def a_note(campaign: Played, invoice: Invoice, net: str | Decimal, **other: Any) -> SendCreditNote:
    taxed = tax(Decimal(net), Decimal("0.20"))
    said = {
        "number": "A-1",
        "invoiced_on": campaign.now.date(),
        "net_amount": taxed.net_amount,
        "vat_amount": taxed.vat_amount,
        "total_amount": taxed.gross_amount,
    }
    return SendCreditNote(subject_id=campaign.campaign_id, invoice_id=invoice.id, **{**said, **other})


def credit(campaign: Played, invoice: Invoice, net: str | Decimal, *, by: Actor | None = None, **other: Any) -> Invoice:
    asked = a_note(campaign, invoice, net, **other)
    campaign.ask(asked, by=by)
    return invoice_of(campaign, asked.number)


def due_of(campaign: Played, code: str) -> Decimal:
    amount: Decimal = billed(campaign)[code].amount.net_amount
    return amount


def disputed(campaign: Played, code: str = "S-IMP", more: str = "10.00") -> Invoice:
    """An invoice of so much more than is due, disputed."""
    invoice = campaign.send_invoice(code, number="F-1", net_amount=due_of(campaign, code) + Decimal(more))
    decide(campaign, DisputeInvoice, invoice, "Trop.")
    return invoice_of(campaign, "F-1")


def test_a_credit_note_of_what_was_billed_too_much_matches_a_disputed_invoice_by_the_rule_on_record(campaign: Played) -> None:
    invoice, due = disputed(campaign), due_of(campaign, "S-IMP")

    note = credit(campaign, invoice, "10.00", by=biller(campaign, "S-IMP"), file=kept("avoir.pdf"), media_type="application/pdf")

    assert (note.credits_id, note.state, note.net_amount, note.on_behalf) == (invoice.id, "deducted", Decimal("10.00"), False)
    assert note.order_number == invoice.order_number
    settled = invoice_of(campaign, "F-1")
    assert (settled.state, settled.findings, settled.net_amount) == ("matched", [], due + 10)
    assert states(campaign)["S-IMP"] == "matched"
    found = checks(campaign, "campaign.invoice.credited")
    assert found["credit_note:A-1"] == (str(due + 10), "10.00", "ok")
    assert found["invoice_net_amount:F-1"] == (str(due), str(due), "ok")
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()
    (stored,) = campaign.rows(StoredFile, col(StoredFile.kind) == "invoice")
    assert note.file_id == stored.id


def test_a_credit_note_that_leaves_a_difference_lets_the_invoice_wait_again_with_what_still_differs(campaign: Played) -> None:
    invoice, due = disputed(campaign), due_of(campaign, "S-IMP")

    credit(campaign, invoice, "4.00")

    waiting = invoice_of(campaign, "F-1")
    assert waiting.state == "received"
    (finding,) = waiting.findings
    assert (finding["code"], finding["actual"], finding["difference"]) == ("net_amount", str(due + 6), "6.00")
    assert ("decide_invoice", "F-1") in campaign.tasks()
    assert ("send_invoice", invoice.order_number) not in campaign.tasks()

    credit(campaign, waiting, "6.00", number="A-2")

    assert invoice_of(campaign, "F-1").state == "matched"
    assert ("decide_invoice", "F-1") not in campaign.tasks()


def test_addresses_taken_back_of_a_list_count_with_their_amount(campaign: Played) -> None:
    amount = billed(campaign)["BTN"].amount
    invoice = campaign.send_invoice("BTN", number="F-1", quantity=amount.quantity + 100, net_amount=amount.net_amount + 15)
    assert invoice.state == "received"

    credit(campaign, invoice, "15.00", quantity=100)

    assert invoice_of(campaign, "F-1").state == "matched"


def test_an_invoice_that_is_credited_whole_bills_nothing_and_another_is_asked_for(campaign: Played) -> None:
    invoice = disputed(campaign)

    credit(campaign, invoice, invoice.net_amount)

    assert invoice_of(campaign, "F-1").state == "credited"
    assert states(campaign)["S-IMP"] == "missing"
    assert ("send_invoice", invoice.order_number) in campaign.tasks()
    assert invoice.order_number in campaign.unmet("close_campaign")["invoices.missing"]["orders"]
    again = campaign.send_invoice("S-IMP", number="F-2")
    assert (again.state, again.replaces_id) == ("matched", None)


def test_a_replaced_invoice_is_credited_for_the_books_and_the_one_that_counts_stays(campaign: Played) -> None:
    invoice = disputed(campaign)
    campaign.send_invoice("S-IMP", number="F-2")

    credit(campaign, invoice, "5.00")
    assert invoice_of(campaign, "F-1").state == "replaced", "something of it is left, which nobody pays"
    credit(campaign, invoice, invoice.net_amount - 5, number="A-2")

    assert (invoice_of(campaign, "F-1").state, states(campaign)["S-IMP"]) == ("credited", "matched")


def test_an_unknown_order_s_invoice_is_settled_by_a_credit_note_of_all_of_it(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1", order_number="BC-26A-999", by=biller(campaign, "ALZ"))

    credit(campaign, invoice, invoice.net_amount)

    assert invoice_of(campaign, "F-1").state == "credited"
    assert ("decide_invoice", "F-1") not in campaign.tasks()


def test_what_was_clear_and_is_taken_back_in_part_differs_until_somebody_decides(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1")

    credit(campaign, invoice, "20.00")

    assert invoice_of(campaign, "F-1").state == "received"
    decide(campaign, AcceptInvoice, invoice, "Geste commercial.")
    assert invoice_of(campaign, "F-1").state == "accepted"
    assert checks(campaign, "campaign.invoice.accepted")["invoice:F-1"][:2] == (str(invoice.net_amount), str(invoice.net_amount - 20))


def test_a_credit_note_takes_an_accepted_excess_out_of_the_forecast_and_its_overrun_away(campaign: Played) -> None:
    with campaign.reading() as session:
        before = forecast_budget(campaign.facts(session)).total_amount
    invoice = campaign.send_invoice("ALZ", number="F-1", net_amount=due_of(campaign, "ALZ") + 5000)
    decide(campaign, AcceptInvoice, invoice, "Prix convenu.")
    assert invoice_of(campaign, "F-1").state == "above_budget"
    assert ("reapprove_budget", "") in campaign.tasks()

    credit(campaign, invoice, "5000.00")

    assert invoice_of(campaign, "F-1").state == "matched"
    assert ("reapprove_budget", "") not in campaign.tasks()
    assert campaign.rows(BudgetOverrun, BudgetOverrun.invoice_id == invoice.id, col(BudgetOverrun.to_seq).is_(None)) == []
    with campaign.reading() as session:
        assert forecast_budget(campaign.facts(session)).total_amount == before


def test_of_two_invoices_above_the_budget_the_other_still_waits_when_one_is_settled(campaign: Played) -> None:
    for code, number in (("ALZ", "F-1"), ("BTN", "F-2")):
        decide(campaign, AcceptInvoice, campaign.send_invoice(code, number=number, net_amount=due_of(campaign, code) + 5000), "Convenu.")
    second = invoice_of(campaign, "F-2")

    credit(campaign, second, "5000.00")

    assert (invoice_of(campaign, "F-1").state, invoice_of(campaign, "F-2").state) == ("above_budget", "matched")
    (open_overrun,) = campaign.rows(BudgetOverrun, col(BudgetOverrun.invoice_id).is_not(None), col(BudgetOverrun.to_seq).is_(None))
    assert open_overrun.invoice_id == invoice_of(campaign, "F-1").id
    assert ("reapprove_budget", "") in campaign.tasks()


@pytest.mark.parametrize(
    ("net", "other"),
    [("10000.00", {}), ("1.00", {"vat_amount": Decimal("5000.00")}), ("1.00", {"quantity": 10**6})],
    ids=["net", "VAT", "addresses"],
)
def test_no_more_is_taken_back_than_is_left(campaign: Played, net: str, other: dict[str, Any]) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1")

    with pytest.raises(CreditNoteTooLarge) as refusal:
        credit(campaign, invoice, net, **other)

    assert refusal.value.params["net_amount"] == invoice.net_amount
    assert len(campaign.rows(Invoice)) == 1


def test_credit_notes_add_up_to_no_more_than_the_invoice(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1")
    credit(campaign, invoice, invoice.net_amount - 1)

    with pytest.raises(CreditNoteTooLarge):
        credit(campaign, invoice, "1.01", number="A-2")
    credit(campaign, invoice, "1.00", number="A-2")
    with pytest.raises(CreditNoteTooLarge):
        credit(campaign, invoice, "0.01", number="A-3")


def test_a_credit_note_is_of_a_day_from_its_invoice_to_today(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1", invoiced_on=date(2026, 12, 1))

    for day in (date(2026, 11, 30), date(2027, 12, 31)):
        with pytest.raises(CreditNoteDayWrong):
            credit(campaign, invoice, "1.00", invoiced_on=day)
    with pytest.raises(InvoiceAmountWrong):
        credit(campaign, invoice, "0.00")
    with pytest.raises(InvoiceUnreadable):
        credit(campaign, invoice, "1.00", file=kept("avoir.doc"))
    assert len(campaign.rows(Invoice)) == 1


def test_a_number_counts_once_among_invoices_and_credit_notes(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1")
    same = a_note(campaign, invoice, "1.00")
    campaign.ask(same)

    with pytest.raises(CreditNoteRepeated):
        campaign.ask(same)
    with pytest.raises(InvoiceNumberUsed):
        credit(campaign, invoice, "2.00")
    with pytest.raises(InvoiceNumberUsed):
        credit(campaign, invoice, "1.00", number="F-1")
    with pytest.raises(InvoiceNumberUsed):
        campaign.send_invoice("ALZ", number="A-1")
    assert len(campaign.rows(Invoice)) == 2


def test_nobody_credits_the_invoice_of_another_supplier(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ", number="F-1")

    with pytest.raises(NotOfThisCampaign):
        credit(campaign, invoice, "1.00", by=biller(campaign, "S-IMP"))


def test_a_dispute_after_a_credit_note_says_what_is_left(campaign: Played) -> None:
    invoice = disputed(campaign)
    credit(campaign, invoice, "4.00")

    decide(campaign, DisputeInvoice, invoice, "Encore six euros de trop.")

    said = campaign.issued("invoice_dispute")[-1].content
    assert (said.invoiced_amount, said.credited_amount) == (due_of(campaign, "S-IMP") + 6, Decimal("4.00"))


def test_the_report_of_results_names_credit_notes_and_what_they_left(played: Campaigns) -> None:
    campaign = played("analysis")
    credit(campaign, disputed(campaign), "10.00")

    campaign.publish()

    (issued,) = campaign.issued("results_report")
    row = next(one for one in issued.content.invoices if one.invoice_number == "F-1")
    assert (row.invoice_state, row.invoiced_amount, row.credit_notes) == ("matched", due_of(campaign, "S-IMP"), ("A-1",))


def another(campaign: Played) -> Played:
    """A second campaign with the same suppliers, as far."""
    other = copy(campaign)
    other.open("26B")
    return other.reach("lots")


def of_what_is_due(campaign: Played, **other: Any) -> SendInvoice:
    taxed = billed(campaign)["ALZ"].amount.taxed
    said = {
        "order_number": billed(campaign)["ALZ"].order.number,
        "number": "F-1",
        "invoiced_on": campaign.now.date(),
        "quantity": billed(campaign)["ALZ"].amount.quantity,
        "net_amount": taxed.net_amount,
        "vat_amount": taxed.vat_amount,
        "total_amount": taxed.gross_amount,
    }
    return SendInvoice(subject_id=campaign.campaign_id, **{**said, **other})


def test_one_number_sent_in_two_campaigns_at_the_same_instant_is_refused_to_the_second(played: Campaigns) -> None:
    campaign = played("lots")
    other = another(campaign)
    first, second = of_what_is_due(campaign), of_what_is_due(other)
    campaign.now = other.now
    sender = biller(campaign, "ALZ")

    lost = both_ask(campaign, (first, sender), (second, sender))

    assert isinstance(lost, InvoiceNumberUsed)
    assert lost.params["number"] == "F-1"
    assert [one.number for one in campaign.rows(Invoice)] == ["F-1"]
    assert other.rows(Invoice) == []
