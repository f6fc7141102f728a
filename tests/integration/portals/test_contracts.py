"""Contracts with processors on their page: recorded, read back, refused in words; the orders that wait for one; who sees what."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, enrol, person_named
from workflows.campaign.processors.contracting import WithdrawContract
from workflows.campaign.processors.holding import contracts
from workflows.campaign.processors.records import ProcessorContract
from workflows.parties.roles import Role

ROOM, ORDERS = "/contracts/26A", "/manager/campaigns/26A/order"
PDF = b"%PDF-1.7 signed %%EOF"
MAILER = "Routage Val-de-Saône"


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.fixture
def dpo(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, enrol(journey, "dpo2@example.org", "Delphine Roy", Role.DPO))


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


@pytest.fixture
def unsigned(journey: Journey) -> Journey:
    """The campaign whose mailing house has no contract on record."""
    (row,) = signed(journey)
    journey.ask(WithdrawContract(subject_id=journey.campaign_id, contract_id=row.id, reason="Résilié."))
    return journey


def signed(journey: Journey) -> list[ProcessorContract]:
    """The contracts with the mailing house."""
    with journey.reading() as session:
        return [one for one in contracts(session, journey.advertiser_id) if one.supplier_id == journey.supplier_id("S-ROU")]


def record(who: Visitor, journey: Journey, *, file: Any = None, **changes: str) -> Any:
    typed = {"number": "RGPD-26", "signed_on": "2026-07-01", "signatory": "Paul Dubois", "ends_on": ""} | changes
    fields = {f"S-ROU-{name}": value for name, value in typed.items()}
    files = {"S-ROU-file": (BytesIO(file), "contrat.pdf")} if file else {}
    return who.send(f"{ROOM}/{journey.supplier_id('S-ROU')}", fields, **files)


def test_the_page_names_who_has_no_contract_and_a_manager_records_it_with_its_pdf(marion: Visitor, unsigned: Journey) -> None:
    assert f"{MAILER} no contract" in marion.words(ROOM)

    assert record(marion, unsigned, file=PDF, ends_on="31/12/2030").status_code == 303

    page = marion.words(ROOM)
    assert f"{MAILER} under contract" in page
    assert "RGPD-26 1 July 2026 Paul Dubois 31 December 2030" in page
    (row,) = signed(unsigned)
    assert marion.open(f"/contracts/signed/{row.id}").data == PDF


def test_the_data_protection_officer_records_one_too(dpo: Visitor, unsigned: Journey) -> None:
    assert record(dpo, unsigned).status_code == 303
    assert "Delphine Roy · 26A" in dpo.words(ROOM)


def test_a_form_that_is_wrong_says_what_and_keeps_what_was_typed(marion: Visitor, unsigned: Journey) -> None:
    answer = record(marion, unsigned, number="", signatory="Paul Dubois")
    assert answer.status_code == 422
    assert "Write the reference of the contract." in answer.text
    assert "Paul Dubois" in answer.text

    answer = record(marion, unsigned, signed_on="2030-01-01")
    assert answer.status_code == 409
    assert "is still to come" in answer.text

    answer = record(marion, unsigned, file=b"no paper at all")
    assert answer.status_code == 409
    assert "contrat.pdf is no whole PDF." in answer.text
    assert signed(unsigned) == []


def test_while_the_budget_waits_its_preparer_is_told_whose_contract_the_orders_will_wait_for(marion: Visitor, unsigned: Journey) -> None:
    assert f"is on record for: {MAILER}. Record them meanwhile" in marion.words("/manager/campaigns/26A/budget")
    record(marion, unsigned)

    assert "Record them meanwhile" not in marion.words("/manager/campaigns/26A/budget")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", f"on 11 January 2027, is on record for: {MAILER}. Record it, or ask an approver for leave"),
        ("fr", f"le 11 janvier 2027, n’est enregistré pour: {MAILER}. Enregistrez-le, ou demandez à un valideur"),
    ],
)
def test_orders_that_wait_say_whose_contract_is_missing_and_lead_to_it(
    marion: Visitor, unsigned: Journey, language: str, words: str
) -> None:
    unsigned.approve_budget()
    marion.client.post("/language", data={"lang": language, "csrf_token": marion.token})

    assert words in marion.words(ORDERS)
    assert f'href="{ROOM}"' in marion.open(ORDERS).text


def test_once_it_is_recorded_the_orders_are_sent_with_one_press_and_no_reason_is_asked(marion: Visitor, unsigned: Journey) -> None:
    unsigned.approve_budget()
    record(marion, unsigned)

    page = marion.open(ORDERS).text
    assert "issue_orders-contract_reason" not in page
    assert marion.send("/manager/campaigns/26A/moves/issue_orders", marion.form(ORDERS, "issue_orders")).status_code == 303
    assert "8 orders" in marion.words(ORDERS)


def test_with_an_approvers_leave_the_manager_writes_why_and_the_auditor_reads_it(
    marion: Visitor, president: Visitor, auditor: Visitor, unsigned: Journey
) -> None:
    unsigned.approve_budget()
    choice = f"{unsigned.campaign_id}:processor_contract"
    granted = president.send("/approver/overrides/grant", {"grant-control": choice, "grant-reason": "Being signed."})
    assert granted.status_code == 303

    send = "/manager/campaigns/26A/moves/issue_orders"
    answer = marion.send(send, marion.form(ORDERS, "issue_orders"))
    assert answer.status_code == 409
    assert "or write why the orders go out without." in answer.text
    fields = marion.form(ORDERS, "issue_orders") | {"issue_orders-contract_reason": "The amendment is signed on Monday."}
    assert marion.send(send, fields).status_code == 303

    assert "Orders to processors without a contract" in president.words("/approver/overrides")
    assert "Orders sent that had waited" in auditor.words("/auditor/exceptions?campaign=26A")


def test_a_contract_is_withdrawn_with_a_reason(marion: Visitor, unsigned: Journey) -> None:
    record(marion, unsigned)
    (row,) = signed(unsigned)
    there = f"{ROOM}/{row.id}/withdraw"
    assert marion.send(there, {f"withdraw-{row.id}-reason": ""}).status_code == 422

    assert marion.send(there, {f"withdraw-{row.id}-reason": "Typed twice."}).status_code == 303

    assert signed(unsigned) == []
    assert f"{MAILER} no contract" in marion.words(ROOM)


def test_a_form_that_is_sent_twice_is_written_once(marion: Visitor, unsigned: Journey) -> None:
    typed = {"S-ROU-number": "RGPD-26", "S-ROU-signed_on": "2026-07-01", "S-ROU-signatory": "Paul Dubois"}
    page = marion.form(ROOM) | typed
    for _ in range(2):
        marion.send(f"{ROOM}/{unsigned.supplier_id('S-ROU')}", page)

    assert len(signed(unsigned)) == 1


def test_an_administrator_reads_the_contracts_on_the_suppliers_page(administrator: Visitor, marion: Visitor, unsigned: Journey) -> None:
    there = f"/administration/suppliers/{unsigned.supplier_id('S-ROU')}"
    assert "Contracts with processors" not in administrator.words(there)
    record(marion, unsigned)

    assert "RGPD-26 1 July 2026 Paul Dubois" in administrator.words(there)


def test_nobody_else_reads_or_records_them(
    director: Visitor, mailer: Visitor, auditor: Visitor, marion: Visitor, unsigned: Journey
) -> None:
    record(marion, unsigned, file=PDF)
    (row,) = signed(unsigned)
    assert "RGPD-26" in auditor.words(ROOM)
    assert "Record" not in auditor.words(ROOM).replace("Recorded", "")
    for stranger in (director, mailer, auditor):
        assert stranger is auditor or stranger.open(ROOM).status_code in (403, 404)
        assert record(stranger, unsigned).status_code in (403, 404)
        assert stranger.send(f"{ROOM}/{row.id}/withdraw", {f"withdraw-{row.id}-reason": "Mine."}).status_code in (403, 404)
    assert mailer.open(f"/contracts/signed/{row.id}").status_code in (403, 404)
    assert marion.open("/contracts/27X").status_code == 404
    assert len(signed(unsigned)) == 1
