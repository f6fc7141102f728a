"""Certificates of destruction in the portals: the supplier's card and page, the manager's room, the auditor's exceptions, programs."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import ANSWERED, Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.any_stage.cancelling import ApproveCancellation, RequestCancellation
from workflows.campaign.data_protection.certificates import NoteLateCertificates
from workflows.campaign.records import DestructionCertificate
from workflows.parties.actor import SYSTEM

THERE, ROOM = "/supplier/campaigns/26A/certificates", "/manager/campaigns/26A/certificates"
PDF = b"%PDF-1.7 signed %%EOF"


@pytest.fixture
def stage() -> str:
    return "responses"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign whose mail is posted, eight weeks later."""
    opened.door.set_calendar(opened.campaign_id, ANSWERED)
    return opened


@pytest.fixture
def manager(marion: Visitor) -> Visitor:
    return marion


@pytest.fixture
def mailer(journey: Journey, site: Flask) -> Visitor:
    """Whoever was handed the file."""
    return Visitor(site, give_contact(journey, "S-ROU"))


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


def owed(journey: Journey) -> DestructionCertificate:
    with journey.reading() as session:
        (row,) = journey.facts(session).certificates
    return row


def filled(prefix: str = "", **changes: str) -> dict[str, str]:
    """A certificate as somebody types it."""
    typed = {
        "method": "overwritten",
        "destroyed_on": "2026-10-13",
        "copies": "gone",
        "remaining": "",
        "remaining_until_on": "",
        "operator": "Service informatique",
        "signatory": "Mme Roulier",
    }
    return {f"{prefix}{name}": value for name, value in (typed | changes).items()}


def certify(who: Visitor, journey: Journey, *, file: Any = None, **changes: str) -> Any:
    return who.send(f"{THERE}/{owed(journey).id}", filled(**changes), **({"file": file} if file else {}))


def test_a_card_with_the_day_of_the_order_leads_to_the_files_and_what_is_asked(journey: Journey, mailer: Visitor) -> None:
    home = mailer.words("/supplier/")
    assert "Certify destruction: Appel d’automne" in home
    assert "25 January 2027" in home

    page = mailer.words(THERE)

    assert "mailing_postal.csv" in page
    assert "f" * 64 in mailer.open(THERE).text
    for asked in ("How were they destroyed?", "Destroyed on", "Copies and backups", "Carried out by", "Signatory"):
        assert asked in page


def test_what_is_certified_leaves_the_card_and_stands_on_the_page(journey: Journey, mailer: Visitor) -> None:
    answer = certify(mailer, journey, file=(BytesIO(PDF), "attestation.pdf"))

    assert answer.status_code == 303
    assert owed(journey).state == "certified"
    assert "Certify destruction" not in mailer.words("/supplier/")
    page = mailer.words(THERE)
    assert "Nothing more is expected of you for these files." in page
    assert "Overwritten" in page
    assert mailer.open(f"/certificates/{owed(journey).id}").data == PDF


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"operator": ""}, 422, "Write who destroyed the files."),
        ({"copies": "remain"}, 422, "Write which copies or backups remain."),
        ({"copies": "remain", "remaining": "bande"}, 422, "Write the day on which they will be gone."),
        ({"destroyed_on": "2126-10-13"}, 409, "is still to come. Certify once the files are destroyed."),
        ({"destroyed_on": "2026-10-01"}, 409, "so they cannot be destroyed since"),
    ],
    ids=["nobody", "which", "until", "to_come", "before"],
)
def test_what_is_amiss_is_said_and_what_was_typed_stays(
    journey: Journey, mailer: Visitor, changes: dict[str, str], status: int, sentence: str
) -> None:
    answer = certify(mailer, journey, **changes)

    assert answer.status_code == status
    assert sentence in answer.text
    assert 'value="Mme Roulier"' in answer.text
    assert owed(journey).state == "awaited"


def test_copies_that_remain_are_certified_with_their_day(journey: Journey, mailer: Visitor, auditor: Visitor) -> None:
    assert certify(mailer, journey, copies="remain", remaining="bande", remaining_until_on="2027-01-31").status_code == 303

    assert "bande: kept until 31 January 2027" in mailer.words(THERE)
    assert "bande: kept until 31 January 2027" in auditor.words("/auditor/exceptions")


def test_nobody_else_finds_the_page_or_the_paper(journey: Journey, mailer: Visitor, site: Flask) -> None:
    certify(mailer, journey, file=(BytesIO(PDF), "attestation.pdf"))
    other = Visitor(site, give_contact(journey, "S-CRT"))

    assert other.open(THERE).status_code == 404
    assert other.send(f"{THERE}/{owed(journey).id}", filled()).status_code == 404
    assert other.open(f"/certificates/{owed(journey).id}").status_code == 404


def test_the_manager_sees_who_blocks_records_what_came_by_post_and_closes(journey: Journey, manager: Visitor) -> None:
    journey.tune_policy({"analysis": {"invoices_required": False, "service_invoices_required": False}})
    journey.collect({"26AALZP12AR": 9}, {"26AALZP12AR": 4})
    journey.publish()
    blocked = manager.words("/manager/campaigns/26A/analysis")
    assert "Certificates of destruction still to come by 25 January 2027: Routage Val-de-Saône." in blocked
    assert "Routage Val-de-Saône" in manager.words(ROOM)
    there = f"{ROOM}/{owed(journey).id}"
    prefix = "record-S-ROU-"
    assert manager.send(there, filled(prefix)).status_code == 422

    answer = manager.send(there, filled(prefix), **{f"{prefix}file": (BytesIO(PDF), "courrier.pdf")})

    assert answer.status_code == 303
    assert owed(journey).state == "certified"
    assert manager.send("/manager/campaigns/26A/moves/close_campaign", manager.form("/manager/campaigns/26A/analysis", "close_campaign-"))
    assert journey.state == "closed"


def test_a_paper_that_is_no_pdf_is_refused(journey: Journey, manager: Visitor) -> None:
    answer = manager.send(
        f"{ROOM}/{owed(journey).id}", filled("record-S-ROU-"), **{"record-S-ROU-file": (BytesIO(b"bonjour"), "courrier.txt")}
    )

    assert answer.status_code == 409
    assert "courrier.txt is no whole PDF." in answer.text


def test_what_is_missing_late_or_let_be_stands_among_the_auditor_s_exceptions(journey: Journey, manager: Visitor, auditor: Visitor) -> None:
    assert "not certified yet" in auditor.words("/auditor/exceptions")
    there = f"{ROOM}/{owed(journey).id}/waive"
    assert manager.send(there, {"waive-S-ROU-reason": ""}).status_code == 422

    assert manager.send(there, {"waive-S-ROU-reason": "Société liquidée."}).status_code == 303

    assert "“Société liquidée.”" in auditor.words("/auditor/exceptions")
    assert "“Société liquidée.”" in manager.words(ROOM)
    assert "Files of people handed to Routage Val-de-Saône" in auditor.words("/auditor/campaigns/26A/documents")


def test_a_late_one_is_in_the_manager_s_inbox_with_the_way_to_its_room(journey: Journey, manager: Visitor) -> None:
    journey.now = journey.now.replace(year=2027, month=2)
    journey.ask(NoteLateCertificates(subject_id=journey.campaign_id, certificate_ids=(owed(journey).id,)), by=SYSTEM)

    inbox = manager.open("/manager/")

    assert "Get the certificate of destruction that is late (S-ROU)" in inbox.text
    assert f"{ROOM}#S-ROU" in inbox.text


def test_programs_list_them_and_read_the_signed_paper(journey: Journey, mailer: Visitor, site: Flask) -> None:
    certify(mailer, journey, file=(BytesIO(PDF), "attestation.pdf"))
    marion, own = Program(journey, site, "Marion Vidal"), Program(journey, site, "Contact S-ROU")
    give_contact(journey, "S-CRT")

    (line,) = marion.get("campaigns/26A/certificates").json["certificates"]

    assert (line["supplier_code"], line["state"], line["due_on"], line["has_paper"]) == ("S-ROU", "certified", "2027-01-25", True)
    assert [file["name"] for file in line["files"]] == ["mailing_postal.csv"]
    assert own.get("campaigns/26A/certificates").json["certificates"] == [line]
    assert own.get(f"certificates/{line['id']}").data == PDF
    assert Program(journey, site, "Contact S-CRT").get("campaigns/26A/certificates").json["certificates"] == []


def test_a_campaign_given_up_still_leads_everybody_to_what_is_missing(journey: Journey, mailer: Visitor, manager: Visitor) -> None:
    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Plus de budget."))
    with journey.reading() as session:
        amount = journey.facts(session).cancellation.owed_amount
    journey.ask(ApproveCancellation(subject_id=journey.campaign_id, owed_amount=amount), by=journey.actors["presidence"])

    assert 'href="/manager/campaigns/26A/certificates"' in manager.open("/manager/campaigns/26A/cancellation").text
    assert "Wait for it no more" in manager.words(ROOM)
    assert "Certify destruction: Appel d’automne" in mailer.words("/supplier/")
    assert certify(mailer, journey).status_code == 303
    assert owed(journey).state == "certified"


@pytest.mark.parametrize("stage", ["send"])
def test_a_file_that_went_to_the_printer_is_noted_while_the_mailing_is_made(journey: Journey, manager: Visitor) -> None:
    journey.order_mailing()
    assert "Note a file that went to a supplier by other means" in manager.words(ROOM)
    proposed = manager.form(ROOM, "hand-over-")

    assert manager.send(f"{ROOM}/handed", proposed).status_code == 303

    page = manager.words(ROOM)
    assert "Files of people handed over" in page
    assert "mailing_postal.csv" in page
