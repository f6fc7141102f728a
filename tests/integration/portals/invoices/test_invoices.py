"""Invoices in the portals: a supplier sends one and reads what differs, the manager decides, the auditor reads what was decided."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.invoices.expected import dues
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import BudgetOverrun
from workflows.parties.actor import SYSTEM

ROOM = "/manager/campaigns/26A/invoices"
PDF = b"%PDF-1.7 an invoice %%EOF"


def said(due: Any, **other: str) -> dict[str, str]:
    taxed = due.amount.taxed
    fields = {
        "number": "F-1",
        "invoiced_on": "2026-12-08",
        "quantity": str(due.amount.quantity),
        "net_amount": str(taxed.net_amount),
        "vat_amount": str(taxed.vat_amount),
        "total_amount": str(taxed.gross_amount),
    }
    return {**fields, **other}


def send(who: Visitor, page: str, fields: dict[str, str], content: bytes = PDF, name: str = "facture.pdf") -> TestResponse:
    return who.send(page, fields, file=(BytesIO(content), name))


def dearer(due: Any) -> dict[str, str]:
    """The same for ten euros more, with twelve in all."""
    taxed = due.amount.taxed
    return {
        "net_amount": str(taxed.net_amount + 10),
        "vat_amount": str(taxed.vat_amount + 2),
        "total_amount": str(taxed.gross_amount + 12),
    }


def rows(journey: Journey) -> list[Any]:
    with journey.database.reading(SYSTEM) as session:
        found = list(session.exec(select(Invoice).order_by(col(Invoice.received_at), col(Invoice.number))))
        session.expunge_all()
    return found


def test_a_supplier_finds_a_card_sends_what_is_due_and_reads_that_all_matches(
    journey: Journey, biller: Visitor, due: Any, page: str
) -> None:
    assert f"Send your invoice: {due.row.name}" in biller.words("/supplier/")
    form = biller.open(page).text
    assert f'value="{due.amount.quantity:,}"' in form, "what is due is filled in"

    answer = send(biller, page, said(due))
    assert (answer.status_code, answer.location) == (303, page)

    told = biller.words(page)
    assert "Your invoice F-1 has arrived. Thank you." in told
    assert "Matched" in told
    assert "Order, quantity, price, VAT, total and date are all as they should be." in told
    assert f"Send your invoice: {due.row.name}" not in biller.words("/supplier/")
    (invoice,) = rows(journey)
    shown = biller.open(f"/invoices/{invoice.id}")
    assert (shown.data, shown.mimetype) == (PDF, "application/pdf")


def test_what_differs_is_told_in_plain_words_with_what_happens_next(biller: Visitor, due: Any, page: str) -> None:
    send(biller, page, said(due, **dearer(due)))

    told = biller.words(page)
    assert "€10.00 too much" in told
    assert "The advertiser looks at what differs" in told
    assert "Send the invoice" not in told, "another one would bill the order twice"


def test_the_same_invoice_again_is_told_and_not_counted(journey: Journey, biller: Visitor, due: Any, page: str) -> None:
    send(biller, page, said(due))

    assert send(biller, page, said(due)).status_code == 303

    assert "Invoice F-1 is here already, the very same: nothing is counted twice." in biller.words(page)
    assert len(rows(journey)) == 1


def test_another_invoice_under_the_same_number_is_refused_and_what_was_typed_stays(biller: Visitor, due: Any, page: str) -> None:
    send(biller, page, said(due))

    answer = send(biller, page, said(due, quantity="7"))

    assert answer.status_code == 409
    assert "Another invoice or credit note F-1 of this supplier is here already" in answer.text


@pytest.mark.parametrize(
    ("content", "name"), [(b"Facture", "facture.pdf"), (b"<html/>", "facture.xml")], ids=["no PDF", "no electronic invoice"]
)
def test_a_file_that_is_no_invoice_is_refused_by_its_bytes(
    journey: Journey, biller: Visitor, due: Any, page: str, content: bytes, name: str
) -> None:
    answer = send(biller, page, said(due), content, name)

    assert answer.status_code == 409
    assert f"{name} is no invoice" in answer.text
    assert rows(journey) == []


def test_a_supplier_sees_no_invoice_of_another(journey: Journey, site: Flask, biller: Visitor, due: Any, page: str) -> None:
    send(biller, page, said(due))
    (invoice,) = rows(journey)
    other = Visitor(site, give_contact(journey, "S-ECL"))

    assert other.open(page).status_code == 404
    assert other.open(f"/invoices/{invoice.id}").status_code == 404


def test_the_manager_reads_how_every_order_stands_and_disputes_what_differs(
    journey: Journey, marion: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)
    shown = marion.words(ROOM)
    assert "€10.00 too much" in shown
    assert f"{due.order.number}" in shown
    assert "Missing" in shown

    answer = marion.send(f"{ROOM}/{invoice.id}/dispute", {f"dispute-{invoice.id}-reason": "Dix euros de trop."})

    assert answer.status_code == 303
    assert "Disputed" in marion.words(ROOM)
    told = biller.words(page)
    assert "It is disputed, and not paid as it is" in told
    assert "“Dix euros de trop.”" in told
    assert f"Correct your invoice: {due.row.name}" in biller.words("/supplier/")
    assert send(biller, page, said(due, number="F-2")).status_code == 303
    assert "It takes the place of F-1." in biller.words(page)


def test_a_decision_without_a_reason_changes_nothing(journey: Journey, marion: Visitor, biller: Visitor, due: Any, page: str) -> None:
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)

    answer = marion.send(f"{ROOM}/{invoice.id}/accept", {f"accept-{invoice.id}-reason": ""})

    assert answer.status_code == 422
    assert "Write the reason" in answer.text
    assert rows(journey)[0].state == "received"


def test_an_accepted_invoice_above_the_budget_goes_to_an_approver(
    journey: Journey, marion: Visitor, president: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)

    marion.send(f"{ROOM}/{invoice.id}/accept", {f"accept-{invoice.id}-reason": "Prix convenu par téléphone."})

    assert "an approver decides" in marion.words(ROOM)
    waits = president.words("/approver/campaigns/26A/overrun")
    assert "F-1" in waits
    assert "mailing" not in waits
    with journey.database.reading(SYSTEM) as session:
        overrun = session.exec(select(BudgetOverrun).where(BudgetOverrun.invoice_id == invoice.id)).one()
        shown = {"overrun_sha256": overrun.sha256, "forecast_amount": str(overrun.forecast_amount)}
    form = president.form("/approver/campaigns/26A/overrun", "")
    assert president.send("/approver/campaigns/26A/overrun/approve", {**form, **shown}).status_code == 303
    assert rows(journey)[0].state == "accepted"


def test_the_manager_enters_an_invoice_that_came_by_post(journey: Journey, marion: Visitor, due: Any) -> None:
    fields = {f"enter-{name}": value for name, value in said(due).items()} | {"enter-order_number": due.order.number}

    assert marion.send(f"{ROOM}/enter", fields).status_code == 303

    (invoice,) = rows(journey)
    assert (invoice.state, invoice.on_behalf, invoice.file_id) == ("matched", True, None)
    assert "entered by Marion Vidal" in marion.words(ROOM)


def test_a_table_is_entered_whole_and_a_repeated_row_counts_once(journey: Journey, marion: Visitor, due: Any) -> None:
    head = "PO;FOURNISSEUR;NUMERO;DATE;QTE;MONTANT_HT;TVA;MONTANT_TTC\r\n"
    taxed = due.amount.taxed
    amounts = ";".join(str(one).replace(".", ",") for one in (taxed.net_amount, taxed.vat_amount, taxed.gross_amount))
    row = f"{due.order.number};{due.amount.supplier};F-1;08/12/2026;{due.amount.quantity};{amounts}\r\n"
    wrong = row.replace(due.amount.supplier, "S-XXX").replace("F-1", "F-2")

    refused = marion.send(f"{ROOM}/rows", {}, **{"rows-file": (BytesIO((head + row + wrong).encode()), "invoices.csv")})
    assert refused.status_code == 409
    assert "Row 2: No order of this campaign is with this supplier. Nothing was entered." in refused.text
    assert rows(journey) == []
    unread = marion.send(f"{ROOM}/rows", {}, **{"rows-file": (BytesIO((head + row.replace("08/12/2026", "hier")).encode()), "x.csv")})
    assert unread.status_code == 422
    assert "“hier” is no day" in unread.text

    answer = marion.send(f"{ROOM}/rows", {}, **{"rows-file": (BytesIO((head + row + row).encode()), "invoices.csv")})

    assert answer.status_code == 303
    assert "Invoices entered and controlled: 1; rows that were there before, and count once: 1." in marion.words(ROOM)
    assert [one.number for one in rows(journey)] == ["F-1"]


def test_the_manager_does_without_an_invoice_for_a_reason(marion: Visitor, due: Any) -> None:
    number = due.order.number

    answer = marion.send(f"{ROOM}/{number}/waive", {f"waive-{number}-reason": "Échange soldé."})

    assert answer.status_code == 303
    assert f"No invoice is expected for order {number}." in marion.words(ROOM)
    assert "Waived" in marion.words(ROOM)


def test_the_room_of_the_results_says_whose_invoice_keeps_the_campaign_open(journey: Journey, marion: Visitor, due: Any) -> None:
    journey.publish()

    shown = marion.words("/manager/campaigns/26A/analysis")

    assert "Invoices are missing for the orders" in shown
    assert due.order.number in shown
    assert ROOM in marion.open("/manager/campaigns/26A/analysis").text


def test_the_auditor_reads_what_was_controlled_and_finds_disputes_among_the_exceptions(
    journey: Journey, marion: Visitor, auditor: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)
    marion.send(f"{ROOM}/{invoice.id}/dispute", {f"dispute-{invoice.id}-reason": "Dix euros de trop."})

    assert "Invoice disputed" in auditor.words("/auditor/exceptions?campaign=26A")
    timeline = auditor.open("/auditor/campaigns/26A").text
    entry = timeline.split("Invoice received")[0].rsplit('href="', 1)[1].split('"')[0]
    shown = auditor.words(entry)
    for word in ("Order", "Date of the invoice", "Amount without VAT", "Total with VAT", "Amount billed, excluding VAT · F-1"):
        assert word in shown, word


def test_a_printer_reads_what_it_may_bill_line_by_line_and_bills_no_addresses(journey: Journey, site: Flask, marion: Visitor) -> None:
    with journey.reading() as session:
        due = next(one for one in dues(journey.facts(session)).values() if one.amount.supplier == "S-IMP")
    printer, page = Visitor(site, give_contact(journey, "S-IMP")), f"/supplier/campaigns/26A/invoices/{due.order.number}"
    assert "Send your invoice: Paper and print, personalisation" in printer.words("/supplier/")
    shown = printer.words(page)
    assert "What was done, as it was proved" in shown
    assert "€0.118" in shown
    assert "Addresses" not in shown
    assert page in printer.open(f"/supplier/orders/{due.order.id}").text
    fields = said(due)
    del fields["quantity"]

    answer = send(printer, page, fields)

    assert (answer.status_code, answer.location) == (303, page)
    assert "Matched" in printer.words(page)
    assert [(one.state, one.list_code, one.quantity) for one in rows(journey)] == [("matched", None, None)]
    room = marion.words(ROOM)
    assert f"What was done of order {due.order.number}: Paper and print, personalisation" in room


def test_what_services_are_due_above_their_ceiling_is_told(journey: Journey, site: Flask) -> None:
    with journey.database.writing(SYSTEM) as session:
        facts = journey.facts(session)
        handled = next(order for order in facts.live_orders if facts.suppliers[order.supplier_id].code == "S-CAG")
        order_number = handled.number
        handled.total_amount = Decimal("10.00")
        handled.body = {"services": [["traitement_dons", "par_retour", "11", "0.85"]]}
        session.add(handled)
    caging = Visitor(site, give_contact(journey, "S-CAG"))

    shown = caging.words(f"/supplier/campaigns/26A/invoices/{order_number}")

    assert "The order has a ceiling of €10.00: what was done above it, €16.35, is due once the advertiser agrees in writing." in shown


def test_an_empty_room_says_what_comes_there(opened: Journey, site: Flask) -> None:
    marion = Visitor(site, person_named(opened, "Marion Vidal"))

    assert "Due, without VAT" in marion.words(ROOM)
