"""Proofs in the portals: whoever prints deposits a file, the manager signs exactly that or returns it, the auditor reads which it was."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import Proof, StoredFile
from workflows.parties.actor import SYSTEM

ROOM, THERE = "/manager/campaigns/26A/send", "/supplier/campaigns/26A/proofs"
FIRST, SECOND = b"%PDF-1.7 first %%EOF", b"%PDF-1.7 second %%EOF"


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def printer(journey: Journey, site: Flask) -> Visitor:
    """Whoever prints."""
    return Visitor(site, give_contact(journey, "S-IMP"))


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


def deposit(who: Visitor, content: bytes, name: str = "bat.pdf", message: str = "A") -> TestResponse:
    return who.send(f"{THERE}/{message}", {}, **{f"{message}-file": (BytesIO(content), name)})


def fields(manager: Visitor, message: str = "A") -> dict[str, str]:
    """What the form of a message would sign, with everything ticked."""
    page = manager.open(ROOM).text
    notice = page.split(f'name="proof-{message}-notice"')[1].split(">", 1)[1].split("</textarea>")[0]
    return manager.form(ROOM, f"proof-{message}-") | {f"proof-{message}-notice": notice, f"proof-{message}-read": "y"}


def rows(journey: Journey) -> list[Any]:
    with journey.database.reading(SYSTEM) as session:
        found = list(session.exec(select(Proof).order_by(col(Proof.message), col(Proof.version))))
        session.expunge_all()
    return found


def test_a_printer_is_asked_deposits_a_file_and_reads_that_it_is_looked_at(journey: Journey, printer: Visitor) -> None:
    assert "Deposit the proof of message A: Appel d’automne" in printer.words("/supplier/")
    assert "Lettre classique" in printer.words(THERE)

    answer = deposit(printer, FIRST)
    assert (answer.status_code, answer.location) == (303, THERE)

    said = printer.words(THERE)
    assert "The proof of message A is deposited. Thank you." in said
    assert "The advertiser looks at it." in said
    assert "Deposit the proof of message A" not in printer.words("/supplier/")
    (proof,) = rows(journey)
    shown = printer.open(f"/proofs/{proof.id}")
    assert (shown.data, shown.mimetype) == (FIRST, "application/pdf")
    assert shown.headers["Content-Disposition"] == "inline; filename=A-v1.pdf"


@pytest.mark.parametrize(
    ("content", "name", "mimetype"),
    [
        (b"\x89PNG\r\n\x1a\n.....IEND\xaeB`\x82", "bat.png", "image/png"),
        (b"\xff\xd8\xff\xe0......\xff\xd9", "bat.jpg", "image/jpeg"),
        (b"%PDF-1.4\n.....\n%%EOF\n", "no-name", "application/pdf"),
    ],
)
def test_a_proof_is_what_its_bytes_are_whatever_its_name_says(
    journey: Journey, printer: Visitor, content: bytes, name: str, mimetype: str
) -> None:
    assert deposit(printer, content, name).status_code == 303
    (proof,) = rows(journey)
    assert printer.open(f"/proofs/{proof.id}").mimetype == mimetype


@pytest.mark.parametrize("content", [b"", b"hello", b"<svg onload=alert(1)>", b"%PDF-1.7 cut off", b"PK\x03\x04 a document"])
def test_what_is_no_proof_is_refused_in_words_and_not_kept(journey: Journey, printer: Visitor, content: bytes) -> None:
    answer = deposit(printer, content)

    assert answer.status_code == 409
    assert "bat.pdf is no proof: send a whole PDF, or a PNG or JPEG picture." in words(answer)
    assert rows(journey) == []
    with journey.database.reading(SYSTEM) as session:
        assert session.exec(select(StoredFile).where(StoredFile.kind == "proof")).all() == []


def test_a_form_without_a_file_says_so(printer: Visitor) -> None:
    answer = printer.send(f"{THERE}/A", {})

    assert answer.status_code == 422
    assert "Choose the file to send." in words(answer)


def test_no_other_supplier_sees_a_proof(journey: Journey, site: Flask, printer: Visitor, mailer: Visitor) -> None:
    deposit(printer, FIRST)
    (proof,) = rows(journey)
    assert mailer.open(f"/proofs/{proof.id}").status_code == 200
    assert "Version 1" in mailer.words(THERE)

    for code in ("S-CRT", "S-CAG", "S-TEL"):
        stranger = Visitor(site, give_contact(journey, code))
        assert stranger.open(THERE).status_code == 404
        assert stranger.open(f"/proofs/{proof.id}").status_code == 404
        assert deposit(stranger, SECOND).status_code == 404
    assert len(rows(journey)) == 1


def test_the_manager_looks_at_the_file_and_signs_exactly_that(journey: Journey, printer: Visitor, marion: Visitor) -> None:
    assert "The proof is waited for from Imprimerie de la Loire." in marion.words(ROOM)
    assert 'name="proof-A-notice"' not in marion.open(ROOM).text
    deposit(printer, FIRST)
    assert "Look at version 1" in marion.words(ROOM)
    assert "You sign exactly version 1 and this notice" in marion.words(ROOM)

    asked = fields(marion)
    (proof,) = rows(journey)
    assert (asked["proof-A-proof_version"], asked["proof-A-proof_sha256"]) == ("1", proof.sha256)
    assert marion.send(f"{ROOM}/A/proof", asked).status_code == 303

    assert "Version 1 signed off by Marion Vidal" in marion.words(ROOM)
    assert [row.state for row in rows(journey)] == ["signed"]
    assert "Signed off" in printer.words(THERE)


def test_a_page_that_shows_an_older_version_signs_nothing_and_shows_the_newer_one(
    journey: Journey, printer: Visitor, marion: Visitor
) -> None:
    deposit(printer, FIRST)
    asked = fields(marion)
    deposit(printer, SECOND)

    late = marion.send(f"{ROOM}/A/proof", asked)

    assert late.status_code == 409
    assert "Version 2 is the newest proof of message A, and not the one that you looked at." in words(late)
    assert 'name="proof-A-proof_version" type="hidden" value="2"' in late.text
    assert "checked" not in late.text.split('name="proof-A-read"')[1].split(">")[0], "what was ticked was about another file"
    assert [row.state for row in rows(journey)] == ["superseded", "awaiting"]


def test_remarks_reach_whoever_prints_and_open_their_task_again(journey: Journey, printer: Visitor, marion: Visitor) -> None:
    deposit(printer, FIRST)
    back = marion.form(ROOM, "return-A-")

    assert marion.send(f"{ROOM}/A/return", back).status_code == 422
    assert marion.send(f"{ROOM}/A/return", back | {"return-A-remarks": "Le logo est flou."}).status_code == 303

    home = printer.words("/supplier/")
    assert "Correct the proof of message A: Appel d’automne" in home
    assert "“Le logo est flou.”" in home
    assert "Version 1 is to be corrected" in printer.words(THERE)
    assert "Version 1 was returned: the next one is waited for." in marion.words(ROOM)
    same = deposit(printer, FIRST)
    assert "This is the very file of version 1 of message A. Choose the corrected one." in words(same)
    assert deposit(printer, SECOND).status_code == 303
    assert [row.state for row in rows(journey)] == ["returned", "awaiting"]


def test_what_a_notice_lacks_is_read_before_it_is_signed(printer: Visitor, marion: Visitor) -> None:
    deposit(printer, FIRST)
    assert "The notice says all that the law asks for" in marion.words(ROOM)
    poor = fields(marion) | {"proof-A-notice": "Entraide Clairval vous écrit. CNIL."}

    checked = marion.send(f"{ROOM}/A/notice", poor)
    assert checked.status_code == 200
    assert "10 elements are missing" in words(checked)
    assert "where the address comes from — add the name of each list’s owner (Alizés Presse SAS" in words(checked)

    refused = marion.send(f"{ROOM}/A/proof", poor)
    assert refused.status_code == 409
    assert "how long they are kept (add for how many months or years)" in words(refused)
    assert "Name as the origin of the addresses: Alizés Presse SAS" in words(refused)
    assert "Entraide Clairval vous écrit. CNIL." in refused.text
    assert "To sign off" in words(refused)


def test_what_a_notice_lacks_is_said_in_french(site: Flask, journey: Journey, printer: Visitor) -> None:
    deposit(printer, FIRST)
    marion = Visitor(site, person_named(journey, "Marion Vidal"), "fr")

    refused = marion.send(f"{ROOM}/A/proof", fields(marion) | {"proof-A-notice": "Entraide Clairval vous écrit. CNIL."})
    assert "combien de temps elles sont conservées (ajouter pendant combien de mois ou d’années)" in words(refused)


def test_a_file_that_is_sent_twice_is_deposited_once(journey: Journey, printer: Visitor) -> None:
    once = printer.form(THERE, "form_key")
    for _ in range(2):
        assert printer.send(f"{THERE}/A", once, **{"A-file": (BytesIO(FIRST), "bat.pdf")}).status_code == 303
    assert len(rows(journey)) == 1


def test_an_auditor_reads_which_file_was_signed_by_whom_and_looks_at_it(
    journey: Journey, printer: Visitor, marion: Visitor, auditor: Visitor
) -> None:
    deposit(printer, FIRST)
    marion.send(f"{ROOM}/A/proof", fields(marion))
    (proof,) = rows(journey)

    said = auditor.words("/auditor/campaigns/26A/documents")
    assert "Message A, version 1" in said
    assert "Signed off" in said
    assert f"/proofs/{proof.id}" in auditor.open("/auditor/campaigns/26A/documents").text
    assert auditor.open(f"/proofs/{proof.id}").data == FIRST
    timeline = auditor.words("/auditor/campaigns/26A")
    assert "Proof deposited" in timeline
    assert "Proof signed off" in timeline


def test_a_proof_ends_with_the_addresses_that_it_may_show(journey: Journey, printer: Visitor, auditor: Visitor) -> None:
    deposit(printer, FIRST)
    (proof,) = rows(journey)
    with journey.database.writing(SYSTEM) as session:
        stored = session.get_one(StoredFile, proof.file_id)
        stored.purge_on = journey.now.date()
        session.add(stored)
    journey.ask(PurgeFiles(subject_id=journey.campaign_id), by=SYSTEM)

    assert "destroyed with the addresses" in auditor.words("/auditor/campaigns/26A/documents")
    assert auditor.open(f"/proofs/{proof.id}").status_code == 404
    assert "destroyed with the addresses" in printer.words(THERE)
