"""Credit notes in the portals: sent from the page of a disputed invoice, or entered by the manager; read by the auditor."""

from io import BytesIO
from typing import Any

from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.invoices.test_invoices import PDF, ROOM, dearer, rows, said, send
from tests.integration.portals.visiting import Visitor, give_contact


def disputed(marion: Visitor, journey: Journey, biller: Visitor, due: Any, page: str) -> Any:
    """An invoice of ten euros too much, disputed."""
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)
    marion.send(f"{ROOM}/{invoice.id}/dispute", {f"dispute-{invoice.id}-reason": "Dix euros de trop."})
    return invoice


def test_a_supplier_sends_a_credit_note_from_the_page_of_its_disputed_invoice(
    journey: Journey, marion: Visitor, auditor: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    invoice = disputed(marion, journey, biller, due, page)
    form = f"credit-{invoice.id}-"
    shown = biller.open(page).text
    assert "Send a credit note" in shown
    for name, amount in (("net_amount", "10.00"), ("vat_amount", "2.00"), ("total_amount", "12.00")):
        assert f'name="{form}{name}"' in shown
        assert f'value="{amount}"' in shown, "what is billed too much is filled in"
    amounts = {f"{form}net_amount": "10.00", f"{form}vat_amount": "2.00", f"{form}total_amount": "12.00"}
    fields = {**amounts, f"{form}number": "A-1", f"{form}invoiced_on": "2026-12-08"}
    there = f"{page}/credit/{invoice.id}"

    assert biller.send(there, fields).status_code == 422, "a credit note comes with its file"
    too_much = biller.send(there, {**fields, f"{form}net_amount": "90000"}, **{f"{form}file": (BytesIO(PDF), "avoir.pdf")})
    assert too_much.status_code == 409
    assert "no credit note takes back more" in too_much.text
    assert 'value="A-1"' in too_much.text, "what was typed stays"
    answer = biller.send(there, fields, **{f"{form}file": (BytesIO(PDF), "avoir.pdf")})

    assert (answer.status_code, answer.location) == (303, page)
    told = biller.words(page)
    assert "Your credit note A-1 has arrived. Thank you." in told
    assert "Credit note A-1" in told
    assert "It takes that back of invoice F-1." in told
    assert "Credit notes took €12.00 of it back" in told
    assert "Matched" in told
    assert "Send a credit note" not in told
    room = marion.words(ROOM)
    assert "−€10.00 of invoice F-1" in room
    assert "after credit notes" in room
    timeline = auditor.open("/auditor/campaigns/26A").text
    entry = timeline.split("Credit note received")[0].rsplit('href="', 1)[1].split('"')[0]
    shown = auditor.words(entry)
    assert "Credit note against what is left of its invoice, without VAT · A-1" in shown
    assert "F-1" in shown


def test_a_supplier_sends_no_credit_note_of_another_s_invoice(
    journey: Journey, site: Flask, marion: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    invoice = disputed(marion, journey, biller, due, page)
    other = Visitor(site, give_contact(journey, "S-ECL"))
    form = f"credit-{invoice.id}-"
    fields = {f"{form}number": "A-1", f"{form}invoiced_on": "2026-12-08"}
    amounts = {f"{form}net_amount": "1.00", f"{form}vat_amount": "0.20", f"{form}total_amount": "1.20"}

    answer = other.send(f"{page}/credit/{invoice.id}", {**fields, **amounts}, **{f"{form}file": (BytesIO(PDF), "avoir.pdf")})

    assert answer.status_code == 404
    assert len(rows(journey)) == 1


def test_the_manager_enters_a_credit_note_that_came_by_post(
    journey: Journey, marion: Visitor, biller: Visitor, due: Any, page: str
) -> None:
    send(biller, page, said(due, **dearer(due)))
    (invoice,) = rows(journey)
    fields = {"credit-number": "A-1", "credit-invoiced_on": "2026-12-08", "credit-net_amount": "10"}
    amounts = {"credit-vat_amount": "2", "credit-total_amount": "12"}
    unchosen = marion.send(f"{ROOM}/credit", {**fields, **amounts, "credit-invoice_id": ""})
    assert unchosen.status_code == 422
    assert "Choose the invoice." in unchosen.text

    answer = marion.send(f"{ROOM}/credit", {**fields, **amounts, "credit-invoice_id": str(invoice.id)})

    assert answer.status_code == 303
    assert {(one.number, one.state, one.on_behalf) for one in rows(journey)} == {("F-1", "matched", False), ("A-1", "deducted", True)}
    assert "Nothing: every invoice that came is clear or decided." in marion.words(ROOM)
