"""Suppliers' invoices: sent, controlled at once, matched or waiting; each counted once."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.invoiced import LISTS, Campaigns, billed, biller, checks, decide, invoice_of, states
from tests.integration.stages.played import Played
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice, InvoiceWithoutOrder
from workflows.campaign.invoices.invoicing import (
    MOST_BYTES,
    InvoiceAmountWrong,
    InvoiceNumberMissing,
    InvoiceNumberUsed,
    InvoiceRepeated,
    InvoiceTooLarge,
    InvoiceUnreadable,
    UnknownBiller,
)
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import NotYourMove
from workflows.parties.actor import Actor


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign whose answers are closed, and whose results are published."""
    campaign = played("analysis")
    campaign.publish()
    return campaign


def test_suppliers_are_asked_for_their_invoices_once_net_statements_are_out(played: Campaigns) -> None:
    campaign = played("lots")

    asked = {label for name, label in campaign.tasks() if name == "send_invoice"}

    assert asked == {due.order.number for due in billed(campaign).values()}
    assert set(billed(campaign)) == LISTS


def test_an_invoice_of_what_is_due_is_matched_at_once_by_the_rule_on_record(played: Campaigns) -> None:
    campaign = played("lots")
    amount = billed(campaign)["ALZ"].amount

    invoice = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"))

    assert (invoice.state, invoice.findings, invoice.on_behalf) == ("matched", [], False)
    assert states(campaign)["ALZ"] == "matched"
    found = checks(campaign, "campaign.invoice.sent")
    assert found[f"invoice_net_amount:{invoice.number}"] == (str(amount.net_amount), str(amount.net_amount), "ok")
    assert {verdict for _, _, verdict in found.values()} == {"ok"}
    assert ("send_invoice", amount.order_number) not in campaign.tasks()
    assert [name for name, _ in campaign.tasks() if name == "decide_invoice"] == []


def test_an_invoice_that_differs_waits_for_the_project_manager_with_what_differs(campaign: Played) -> None:
    amount = billed(campaign)["ALZ"].amount

    invoice = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"), net_amount=amount.net_amount + Decimal("0.01"))

    assert invoice.state == "received"
    assert invoice.findings == [
        {
            "code": "net_amount",
            "expected": str(amount.net_amount),
            "actual": str(amount.net_amount + Decimal("0.01")),
            "difference": "0.01",
        }
    ]
    assert ("decide_invoice", invoice.number) in campaign.tasks()
    assert checks(campaign, "campaign.invoice.sent")[f"invoice_net_amount:{invoice.number}"][2] == "warning"


def test_the_file_of_an_invoice_is_kept_beyond_the_addresses_and_named_in_the_entry(campaign: Played) -> None:
    file = kept("facture.pdf")

    invoice = campaign.send_invoice("ALZ", by=biller(campaign, "ALZ"), file=file, media_type="application/pdf")

    (stored,) = campaign.rows(StoredFile, col(StoredFile.kind) == "invoice")
    assert (invoice.file_id, invoice.sha256, invoice.media_type) == (stored.id, file.sha256, "application/pdf")
    entry = max(campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.invoice.sent"), key=lambda one: one.seq)
    assert read_json(entry.body)["files"] == [{"kind": "invoice", "sha256": file.sha256, "size": file.size}]


def test_a_file_that_is_no_invoice_is_refused(campaign: Played) -> None:
    with pytest.raises(InvoiceUnreadable):
        campaign.send_invoice("ALZ", file=kept("facture.doc"), media_type="")
    large = kept("facture.pdf")
    object.__setattr__(large, "size", MOST_BYTES + 1)
    with pytest.raises(InvoiceTooLarge):
        campaign.send_invoice("ALZ", file=large, media_type="application/pdf")
    assert campaign.rows(Invoice) == []


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"number": "  "}, InvoiceNumberMissing),
        ({"number": "F" * 41}, InvoiceNumberMissing),
        ({"net_amount": Decimal("0.00")}, InvoiceAmountWrong),
        ({"net_amount": Decimal("-10.00"), "vat_amount": Decimal("2.00")}, InvoiceAmountWrong),
        ({"vat_amount": Decimal("1.005")}, InvoiceAmountWrong),
        ({"quantity": -1}, InvoiceAmountWrong),
        ({"net_amount": Decimal(10**12)}, InvoiceAmountWrong),
    ],
    ids=["no number", "a long number", "nothing", "less than nothing", "less than a cent", "a negative quantity", "more than can be kept"],
)
def test_what_no_invoice_says_is_refused(campaign: Played, other: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        campaign.send_invoice("ALZ", **other)


def test_the_same_invoice_again_is_told_and_counts_once(campaign: Played) -> None:
    sent = campaign.send_invoice("ALZ", number="F-1")

    with pytest.raises(InvoiceRepeated) as refusal:
        campaign.send_invoice("ALZ", number=" F-1 ", invoiced_on=sent.invoiced_on)

    assert refusal.value.params == {"number": "F-1"}
    assert len(campaign.rows(Invoice)) == 1


def test_another_invoice_under_the_same_number_is_refused(campaign: Played) -> None:
    sent = campaign.send_invoice("ALZ", number="F-1")

    with pytest.raises(InvoiceNumberUsed) as refusal:
        campaign.send_invoice("ALZ", number="F-1", invoiced_on=sent.invoiced_on, quantity=1)

    assert refusal.value.params == {"number": "F-1", "invoiced_on": sent.invoiced_on, "amount": sent.total_amount}


def test_another_supplier_may_use_the_same_number(campaign: Played) -> None:
    suppliers = {code: due.amount.supplier for code, due in billed(campaign).items()}
    other = next(code for code in suppliers if suppliers[code] != suppliers["ALZ"])

    campaign.send_invoice("ALZ", number="F-1")
    campaign.send_invoice(other, number="F-1")

    assert len(campaign.rows(Invoice)) == 2


def test_a_second_invoice_of_an_order_is_told_to_bill_it_again(campaign: Played) -> None:
    campaign.send_invoice("ALZ", number="F-1")

    second = campaign.send_invoice("ALZ", number="F-2")

    assert [(one["code"], one["actual"]) for one in second.findings] == [("billed_once", "F-1")]
    assert states(campaign)["ALZ"] == "received"


def test_an_invoice_of_an_order_that_nobody_knows_can_only_be_disputed(campaign: Played) -> None:
    supplier = biller(campaign, "ALZ")
    invoice = campaign.send_invoice("ALZ", by=supplier, order_number="BC-26A-999")

    assert [one["code"] for one in invoice.findings] == ["order"]
    assert (invoice.list_code, invoice.due_amount) == (None, None)
    with pytest.raises(InvoiceWithoutOrder):
        decide(campaign, AcceptInvoice, invoice)

    decide(campaign, DisputeInvoice, invoice)
    assert invoice_of(campaign, invoice.number).state == "disputed"


def test_a_supplier_bills_nothing_of_another_s_order(campaign: Played) -> None:
    suppliers = {code: due.amount.supplier for code, due in billed(campaign).items()}
    other = next(code for code in suppliers if suppliers[code] != suppliers["ALZ"])

    invoice = campaign.send_invoice("ALZ", by=campaign.actors[suppliers[other]])

    assert [one["code"] for one in invoice.findings] == ["supplier"]
    assert states(campaign)["ALZ"] == "missing"


def test_only_whoever_the_campaign_ordered_from_sends_invoices(campaign: Played) -> None:
    stranger = Actor(person_id=campaign.president.person_id, grants=campaign.president.grants)
    with pytest.raises(NotYourMove):
        campaign.send_invoice("ALZ", by=stranger)
    with pytest.raises(UnknownBiller):
        campaign.send_invoice("ALZ", supplier_id=campaign.advertiser_id)


def test_before_the_net_statement_there_is_nothing_to_invoice(played: Campaigns) -> None:
    campaign = played("dedupe")
    campaign.record_dedupe()

    assert billed(campaign) == {}
    assert "send_invoice" not in {name for name, _ in campaign.tasks()}


def test_an_invoice_that_came_by_post_is_entered_by_the_manager_on_record(campaign: Played) -> None:
    invoice = campaign.send_invoice("ALZ")

    assert invoice.on_behalf
    assert invoice.sent_by_id == campaign.manager.person_id
