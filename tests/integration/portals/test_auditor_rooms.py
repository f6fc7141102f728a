"""What came in, what was posted, billed, exchanged and answered, as an auditor reads it: the manager's parts, the chain beside, no form."""

import re

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, enrol, person_named
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import StoredFile
from workflows.delivery.model import DeliveredFile
from workflows.parties.roles import Role

HOME = "/auditor/campaigns/26A"
ROOMS = ("delivery", "send", "invoices", "exchanges", "analysis")


@pytest.fixture
def stage() -> str:
    return "delivery"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign of which a file was refused, to its end."""
    opened.refuse_a_delivery("DOM")
    opened.reach("closed")
    return opened


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


def test_every_version_of_a_file_stands_with_its_hash_its_check_and_who_decided(journey: Journey, auditor: Visitor) -> None:
    page = auditor.open(f"{HOME}/delivery").text
    told = auditor.words(f"{HOME}/delivery")

    for file in rows(journey, DeliveredFile):
        assert file.name in told
    stored = {one.id: one for one in rows(journey, StoredFile)}
    for file in rows(journey, DeliveredFile):
        assert f'title="{stored[file.file_id].sha256}"' in page
    assert "Tranche 1, version 1, received on" in told
    assert "Rejected: “Fichier incomplet et doublement encodé.”" in told
    assert re.search(r"File rejected \(entry \d+\) — Marion Vidal", told)
    assert "kept encrypted until" in told
    assert "opposition.csv" in told
    for kept in stored:
        assert str(kept) not in page, "no file of people is opened here"


def test_what_was_posted_stands_slip_by_slip_with_its_entry(auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}/send")

    assert re.search(r"D-1 recorded for the mailer · entry \d+ 13 October 2026", told)
    assert "What was handed over and what went out, seeds included." in told


def test_every_invoice_stands_beside_what_was_due_with_its_file_and_its_entries(journey: Journey, auditor: Visitor) -> None:
    page, told = auditor.open(f"{HOME}/invoices").text, auditor.words(f"{HOME}/invoices")
    sent = rows(journey, Invoice)

    assert sent
    for one in sent:
        assert one.number in told
        assert (f'href="/invoices/{one.id}"' in page) == (one.file_id is not None)
        assert f'href="{HOME}/entries/{one.from_seq}"' in page
    assert "Amount due" in told


def test_the_results_are_those_that_the_project_manager_reads(auditor: Visitor, marion: Visitor) -> None:
    shown = auditor.words(f"{HOME}/analysis")
    known = marion.words("/manager/campaigns/26A/analysis")

    for part in ("By list", "By message", "La grille de montants paie.", "credited to nobody"):
        assert part in shown
        assert part in known
    figures = re.findall(r"\d[\d,.]*\s?%", known)
    assert figures
    assert set(figures) <= set(re.findall(r"\d[\d,.]*\s?%", shown))


def test_the_ledger_says_who_owes_whom_and_which_entry_says_so(auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}/exchanges")

    assert "What each partner let the house use, and what it got in return" in told
    assert "Dombes Solidarité The house owes it" in told
    assert re.search(r"26A · entry \d+ received of the partner", told)
    assert "You owe it" not in told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_room_of_an_auditor_has_a_form(journey: Journey, site: Flask, language: str) -> None:
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"), language)
    for room in ROOMS:
        main = auditor.open(f"{HOME}/{room}").text.split("<main", 1)[1].split("</main>")[0]
        assert "<form" not in main, room
        assert main.count("<h1") == 1
        assert f'href="{HOME}/{room}" aria-current="page"' in main


def test_these_rooms_are_closed_to_whoever_audits_nothing(journey: Journey, site: Flask) -> None:
    administrator = Visitor(site, enrol(journey, "ada@example.org", "Ada Roche", Role.ADMINISTRATOR))

    assert {administrator.open(f"{HOME}/{room}").status_code for room in ROOMS} == {403}
