"""Invoices for programs: sent as a command, listed and read with what differs, each supplier its own."""

from datetime import date

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.brought import an_invoice
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import give_contact
from workflows.engine.command import plain


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign whose lots are frozen: net statements are out."""
    opened.door.set_calendar(opened.campaign_id, opened.now)
    return opened


def asked(journey: Journey, **other: object) -> dict[str, object]:
    """The body of an invoice of what is due for a list, but for `other`."""
    with journey.reading() as session:
        command = plain(an_invoice(journey.facts(session), "ALZ", journey.now))
    named = ("subject_id", "order_number", "number", "invoiced_on", "quantity", "net_amount", "vat_amount", "total_amount")
    return {name: command[name] for name in named} | other


def test_a_supplier_s_program_sends_an_invoice_and_reads_that_it_is_matched(journey: Journey, site: Flask) -> None:
    give_contact(journey, "S-CRT")
    broker = Program(journey, site, "Contact S-CRT")

    sent = broker.send("send_invoice", asked(journey))

    assert (sent.status_code, sent.json["event"]) == (200, "campaign.invoice.sent")
    (invoice,) = broker.get("campaigns/26A/invoices").json["invoices"]
    assert (invoice["state"], invoice["findings"], invoice["has_file"], invoice["supplier"]) == ("matched", [], False, "S-CRT")
    assert invoice["net_amount"] == invoice["due_amount"] == asked(journey)["net_amount"]
    assert broker.get(f"invoices/{invoice['id']}").json == invoice
    assert broker.get(f"invoices/{invoice['id']}/file").status_code == 404
    again = broker.send("send_invoice", asked(journey))
    assert (again.status_code, again.json["code"]) == (409, "invoices.repeated")


def test_another_supplier_s_program_sees_nothing_of_it(journey: Journey, site: Flask) -> None:
    Program(journey, site, "Marion Vidal").send("send_invoice", asked(journey))
    (invoice,) = Program(journey, site, "Yann Kerbrat").get("campaigns/26A/invoices").json["invoices"]
    assert invoice["on_behalf"] is True

    give_contact(journey, "S-ECL")
    other = Program(journey, site, "Contact S-ECL")
    assert other.get("campaigns/26A/invoices").json["invoices"] == []
    assert other.get(f"invoices/{invoice['id']}").status_code == 404


def test_what_differs_is_read_point_by_point_and_disputed(journey: Journey, site: Flask) -> None:
    marion = Program(journey, site, "Marion Vidal")
    day = date(2026, 7, 7).isoformat()
    marion.send("send_invoice", asked(journey, invoiced_on=day))
    (invoice,) = marion.get("campaigns/26A/invoices").json["invoices"]
    (finding,) = invoice["findings"]
    assert (invoice["state"], finding["code"], finding["actual"]) == ("received", "not_before", day)
    assert int(finding["difference"]) < 0

    about = {"subject_id": str(journey.campaign_id), "invoice_id": invoice["id"]}
    assert marion.send("dispute_invoice", {**about, "reason": "Datée avant le relevé."}).status_code == 200

    assert marion.get(f"invoices/{invoice['id']}").json["state"] == "disputed"


def test_amounts_are_text_to_the_cent(journey: Journey, site: Flask) -> None:
    broker = Program(journey, site, "Marion Vidal")

    assert broker.send("send_invoice", asked(journey, net_amount="450.001")).status_code == 422


def test_a_program_sends_a_credit_note_and_reads_what_it_takes_back(journey: Journey, site: Flask) -> None:
    give_contact(journey, "S-CRT")
    broker = Program(journey, site, "Contact S-CRT")
    broker.send("send_invoice", asked(journey))
    (invoice,) = broker.get("campaigns/26A/invoices").json["invoices"]
    body = {
        "subject_id": asked(journey)["subject_id"],
        "invoice_id": invoice["id"],
        "number": "A-1",
        "invoiced_on": invoice["invoiced_on"],
        "net_amount": "10.00",
        "vat_amount": "2.00",
        "total_amount": "12.00",
    }

    sent = broker.send("send_credit_note", body)

    assert (sent.status_code, sent.json["event"]) == (200, "campaign.invoice.credited")
    found = {one["number"]: one for one in broker.get("campaigns/26A/invoices").json["invoices"]}
    note, corrected = found["A-1"], found[invoice["number"]]
    assert (note["credits"], note["state"], note["net_amount"]) == (invoice["number"], "deducted", "10.00")
    assert (corrected["credits"], corrected["credited_amount"], corrected["state"]) == ("", "10.00", "received")
    assert broker.send("send_credit_note", body).json["code"] == "invoices.credit_repeated"
