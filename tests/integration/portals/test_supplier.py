"""A supplier comes in, sees what there is to do, and does it: answers orders, delivers, proves a posting, brings what came back."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import col, select

from app.erasure import erase
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import seal
from tests.integration.portals.visiting import Visitor, give_contact, words
from workflows.campaign.records import ResponseBatch, StoredFile
from workflows.campaign.send.handing_over import TakeMailing
from workflows.campaign.stages.send import ConfirmDrop
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import AcceptDelivery, RecordExamination, RejectDelivery
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.documents import Document
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.engine.rendering import Drawn, RecordRendering
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role


@pytest.fixture
def stage() -> str:
    return "order"


def rows(journey: Journey, table: Any, *where: Any) -> list[Any]:
    with journey.database.reading(SYSTEM) as session:
        found = list(session.exec(select(table).where(*where)))
        session.expunge_all()
        return found


def order_of(journey: Journey, code: str) -> PurchaseOrder:
    return rows(journey, PurchaseOrder, PurchaseOrder.list_code == code)[0]


def test_a_contact_who_is_staff_too_sees_here_their_own_suppliers_orders_alone(journey: Journey, site: Flask, broker: Visitor) -> None:
    with journey.database.writing(SYSTEM) as session:
        person = session.exec(select(Person).where(Person.name == "Contact S-CRT")).one()
        session.add(Membership(person_id=person.id, advertiser_id=journey.advertiser_id, role=Role.AUDITOR.value))
        supplier_id = session.exec(select(Supplier.id).where(Supplier.code == "S-CRT")).one()
    orders = rows(journey, PurchaseOrder)

    page = broker.words("/supplier/orders")

    assert {one.number for one in orders if one.number in page} == {one.number for one in orders if one.supplier_id == supplier_id}
    stranger = next(one for one in orders if one.supplier_id != supplier_id)
    assert broker.open(f"/supplier/orders/{stranger.id}").status_code == 404


def accept(visitor: Visitor, order: PurchaseOrder) -> None:
    path = f"/supplier/orders/{order.id}"
    assert visitor.send(f"{path}/acknowledge", {**visitor.form(path, "accept"), "accept-comment": ""}).status_code == 303


def deliver(visitor: Visitor, list_id: object, content: bytes = b"NOM;CP\n", **note: Any) -> Any:
    path = f"/supplier/lists/{list_id}/delivery"
    proposed = visitor.form(path)
    data = {"tranche": proposed["tranche"], "file_version": proposed["file_version"], "declared_count": "1559", **note}
    return visitor.send(path, data, file=(BytesIO(content), "alizes.csv"))


def examine(journey: Journey, *checks: dict[str, Any], count: int, conforming: bool = True, **report: Any) -> DeliveredFile:
    """What the machine would have found in the newest file."""
    file = rows(journey, DeliveredFile, col(DeliveredFile.state) == "received")[0]
    found = {"kind": "csv", "encoding": "utf-8", "defects": [], "fatal": [], **report}
    journey.ask(RecordExamination(subject_id=file.id, record_count=count, conforming=conforming, report=found, findings=checks), by=SYSTEM)
    return file


def check(code: str, expected: Any, actual: Any, verdict: str) -> dict[str, Any]:
    return {"code": code, "expected": expected, "actual": actual, "tolerance": None, "verdict": verdict, "override": None}


@pytest.mark.parametrize(("language", "todo"), [("fr", "3 choses à faire"), ("en", "3 things to do")])
def test_the_first_page_says_how_much_there_is_to_do_in_the_readers_language(
    journey: Journey, site: Flask, language: str, todo: str
) -> None:
    visitor = Visitor(site, give_contact(journey, "S-CRT"), language)

    page = visitor.words("/supplier/")

    assert page.startswith("Entraide Clairval")
    assert todo in page
    assert "BC-26A-001" in page


def test_an_order_is_shown_exactly_and_accepted_under_its_hash(journey: Journey, broker: Visitor) -> None:
    order = order_of(journey, "ALZ")
    page = broker.words(f"/supplier/orders/{order.id}")
    assert "Alizés Presse – abonnés actifs" in page
    assert f"€{order.total_amount:,.2f}" in page
    assert order.content_sha256 in broker.open(f"/supplier/orders/{order.id}").text

    accept(broker, order)

    assert order_of(journey, "ALZ").state == "accepted"
    home = broker.words("/supplier/")
    assert "Send the addresses: Alizés Presse – abonnés actifs" in home
    assert "1,559 records ordered" in home


def test_an_acceptance_of_another_text_is_refused_in_words(journey: Journey, broker: Visitor) -> None:
    order = order_of(journey, "ALZ")
    path = f"/supplier/orders/{order.id}"

    answer = broker.send(
        f"{path}/acknowledge", {**broker.form(path, "accept"), "accept-content_sha256": "0" * 64, "accept-comment": "Oui."}
    )

    assert answer.status_code == 409
    assert "Read the latest version, then acknowledge it." in words(answer)
    assert "Oui." in answer.text
    assert order_of(journey, "ALZ").state == "issued"


def test_a_supplier_is_told_that_somebody_was_taken_out_of_an_order_and_accepts_what_it_reads(
    journey: Journey, broker: Visitor, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    order = order_of(journey, "ALZ")
    path = f"/supplier/orders/{order.id}"
    assert "taken out of this order" not in broker.words(path)
    settings = Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)})
    erase(journey.door, settings, journey.manager.person_id, asked_by_id=None)

    told = broker.words(path)
    accept(broker, order)

    assert "a copy you received earlier has another hash" in told
    answered = order_of(journey, "ALZ")
    assert (answered.state, answered.content_sha256 != order.content_sha256) == ("accepted", True)


def test_a_version_that_no_history_takes_cannot_be_read(journey: Journey, broker: Visitor) -> None:
    path = f"/supplier/orders/{order_of(journey, 'ALZ').id}"

    sent = {**broker.form(path, "accept"), "accept-comment": "", "accept-seen_version": "9" * 40}

    assert broker.send(f"{path}/acknowledge", sent).status_code == 409
    assert broker.send(f"{path}/acknowledge", sent | {"form_key": "once"}).status_code == 400
    assert order_of(journey, "ALZ").state == "issued"


def test_an_order_is_refused_with_its_reason(journey: Journey, broker: Visitor) -> None:
    path = f"/supplier/orders/{order_of(journey, 'ALZ').id}"
    assert broker.send(f"{path}/decline", {**broker.form(path, "decline"), "decline-reason": " "}).status_code == 422

    assert broker.send(f"{path}/decline", {**broker.form(path, "decline"), "decline-reason": "Le segment est épuisé."}).status_code == 303

    assert order_of(journey, "ALZ").refusal_reason == "Le segment est épuisé."
    assert "You refused this order Le segment est épuisé." in broker.words(path)


def test_another_suppliers_order_list_and_papers_do_not_exist(journey: Journey, broker: Visitor) -> None:
    theirs = order_of(journey, "CDR")
    paper = rows(journey, Document, Document.subject_id == theirs.id)[0]

    assert broker.open(f"/supplier/orders/{theirs.id}").status_code == 404
    assert broker.send(f"/supplier/orders/{theirs.id}/acknowledge", {}).status_code == 404
    assert broker.open(f"/supplier/lists/{theirs.list_id}/delivery").status_code == 404
    assert broker.open(f"/supplier/documents/{paper.id}.pdf").status_code == 404
    assert broker.open("/supplier/campaigns/26A/send").status_code == 404


def test_an_order_is_read_as_pdf_once_it_is_drawn(journey: Journey, broker: Visitor, marion: Visitor) -> None:
    order = order_of(journey, "ALZ")
    paper = rows(journey, Document, Document.subject_id == order.id)[0]
    assert "The PDF is being prepared." in broker.words(f"/supplier/orders/{order.id}")

    pdfs = tuple(Drawn(locale=locale, pdf=b"%PDF-" + locale.encode(), sha256="0" * 64) for locale in ("fr", "en"))
    journey.ask(RecordRendering(subject_id=paper.id, pdfs=pdfs), by=SYSTEM)

    answer = broker.open(f"/supplier/documents/{paper.id}.pdf")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", b"%PDF-en")
    for reader, path in ((broker, f"/supplier/documents/{paper.id}.pdf"), (marion, f"/manager/campaigns/26A/documents/{paper.id}/en.pdf")):
        assert reader.open(path).headers["Content-Disposition"] == "inline; filename=BC-26A-001-r1.en.pdf"


def test_a_delivered_file_is_reported_on_as_a_person_would(journey: Journey, broker: Visitor) -> None:
    order = order_of(journey, "ALZ")
    accept(broker, order)

    answer = deliver(broker, order.list_id, declared_count="1 559")
    assert answer.status_code == 303
    assert "is being read" in broker.words(answer.location)
    assert "With the advertiser now" in broker.words("/supplier/")

    defects = [
        {"code": "leading_zero_lost", "count": 31, "repaired": True, "rows": [2, 7]},
        {"code": "bad_postcode", "count": 2, "repaired": False, "rows": [8, 1040]},
    ]
    empty = {"postcode": {"count": 12, "rows": [3, 5, 1204]}, "town": {"count": 1, "rows": [44]}}
    examine(journey, check("empty:postcode", "0.02", "0.0077", "warning"), count=1559, defects=defects, empty=empty)

    report = broker.words(answer.location)
    assert "1,559 records, as announced." in report
    assert "12 without a postcode (lines 3, 5, 1204 and 9 more)." in report
    assert "1 without a town (line 44)." in report
    assert "31 postcodes had lost their first zero: repaired, nothing to do." in report
    assert "2 impossible postcodes (lines 8, 1040)." in report
    assert "Nothing to do: Entraide Clairval looks at it and accepts it." in report


def test_a_refused_file_says_why_and_asks_for_its_next_version(journey: Journey, broker: Visitor) -> None:
    order = order_of(journey, "ALZ")
    accept(broker, order)
    report = deliver(broker, order.list_id).location
    file = examine(journey, check("count_as_declared", 1559, 1200, "failed"), count=1200, conforming=False)
    assert "1,200 records; you announced 1,559." in broker.words(report)
    assert "Send a corrected file: Alizés Presse" in broker.words("/supplier/")

    journey.ask(RejectDelivery(subject_id=file.id, reason="Il manque un segment."))

    assert "Not accepted: Il manque un segment." in broker.words(report)
    proposed = broker.form(f"/supplier/lists/{order.list_id}/delivery")
    assert (proposed["tranche"], proposed["file_version"]) == ("1", "2")


def test_a_list_in_two_parts_asks_for_the_rest(journey: Journey, broker: Visitor) -> None:
    order = order_of(journey, "ALZ")
    accept(broker, order)
    deliver(broker, order.list_id, declared_count="900")
    journey.ask(AcceptDelivery(subject_id=examine(journey, count=900).id))

    assert "Send the rest: Alizés Presse" in broker.words("/supplier/")
    assert "900 of 1,559 records accepted" in broker.words("/supplier/")
    proposed = broker.form(f"/supplier/lists/{order.list_id}/delivery")
    assert (proposed["tranche"], proposed["file_version"]) == ("2", "1")


def test_a_file_that_is_not_taken_leaves_nothing_behind_and_keeps_its_note(journey: Journey, broker: Visitor, tmp_path: Path) -> None:
    order = order_of(journey, "ALZ")
    accept(broker, order)
    deliver(broker, order.list_id)
    before = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]

    answer = deliver(broker, order.list_id, content=b"again", tranche="1", file_version="1", declared_count="1601")

    assert answer.status_code == 409
    assert "Version 1 of tranche 1 was delivered before." in words(answer)
    assert 'value="1601"' in answer.text
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == before
    assert len(rows(journey, StoredFile, StoredFile.kind == "delivery")) == 1


def seal_lots(journey: Journey, folder: Path, content: bytes) -> None:
    """Put real sealed files where the journey has none."""
    archive = folder / "lots.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("mailing_postal.csv", content)
        target.writestr("net/ALZ.csv", b"secret")
    seal(journey.database, folder, archive)


def takings(journey: Journey) -> int:
    return sum(b"campaign.send.taken" in one.body for one in rows(journey, Checkpoint))


def test_the_mailer_takes_the_file_it_posts_and_each_taking_is_on_record(mailed: Journey, mailer: Visitor, tmp_path: Path) -> None:
    seal_lots(mailed, tmp_path, b"CODE_CAMP;CODE_LOT\r\n" * 9000)
    asked = mailer.words("/supplier/campaigns/26A/send")
    assert "Download mailing_postal.csv" in asked
    assert "CSV, separator “;”, line ends CR LF, one line of titles · UTF-8" in asked

    answer = mailer.send("/supplier/campaigns/26A/mailings/mailing_postal.csv", {})

    assert (answer.status_code, answer.data) == (200, b"CODE_CAMP;CODE_LOT\r\n" * 9000)
    assert answer.headers["Content-Disposition"] == "attachment; filename=26A_mailing_postal.csv"
    answer.close()
    assert takings(mailed) == 1
    assert mailer.send("/supplier/campaigns/26A/mailings/net%2FALZ.csv", {}).status_code == 404
    assert mailer.send("/supplier/campaigns/26A/mailings/ALZ.csv", {}).status_code == 409
    assert takings(mailed) == 1


def test_nobody_but_the_mailer_takes_it_and_not_before_the_mailing_is_ordered(journey: Journey, broker: Visitor, mailer: Visitor) -> None:
    journey.reach("send")
    command = TakeMailing(subject_id=journey.campaign_id, file="mailing_postal.csv")
    with journey.database.reading(SYSTEM) as session:
        contact = session.exec(select(Supplier.id).where(col(Supplier.code) == "S-ROU")).one()
        other = session.exec(select(Supplier.id).where(col(Supplier.code) == "S-CRT")).one()

    def speaker(supplier_id: UUID) -> Actor:
        return Actor(person_id=uuid4(), grants=(Grant(advertiser_id=journey.advertiser_id, role=Role.SUPPLIER, supplier_id=supplier_id),))

    with pytest.raises(ConditionsUnmet) as refusal:
        journey.ask(command, by=speaker(contact))
    assert [one.code for one in refusal.value.unmet] == ["send.mailing_not_ordered"]
    journey.order_mailing()
    with pytest.raises(NotYourMove):
        journey.ask(command, by=speaker(other))
    assert broker.send("/supplier/campaigns/26A/mailings/mailing_postal.csv", {}).status_code == 404
    assert takings(journey) == 0


def test_a_supplier_sees_what_it_may_invoice_and_how_it_comes_about(mailed: Journey, broker: Visitor) -> None:
    statement = next(one for one in mailed.issued("net_statement") if one.content.list_code == "ALZ")

    page = broker.words(f"/supplier/statements/{statement.document.id}")

    assert f"€{statement.content.due_amount:,.2f}" in page
    assert f"Kept {statement.content.net_qty:,}" in page
    assert "Write the order number BC-26A-001 on your invoice." in page
    assert f"€{statement.content.due_amount:,.2f}" in broker.words("/supplier/statements")
    assert "Cadre et Rivière" not in broker.words("/supplier/statements")
    broker.send("/language", {"lang": "fr"})
    assert "Rejets d’adresse (RNVP)" in broker.words(f"/supplier/statements/{statement.document.id}")


def test_whoever_opens_the_mail_brings_what_came_back_once(mailed: Journey, mailer: Visitor, site: Flask) -> None:
    caging = Visitor(site, give_contact(mailed, "S-CAG"))
    path = "/supplier/campaigns/26A/responses"
    proposed = mailer.form("/supplier/campaigns/26A/send")
    mailer.send("/supplier/campaigns/26A/send", {**proposed, "deposited_on": "2026-10-13", "slip_number": "D-77", "explanation": ""})
    assert "Nothing is collected for this campaign now." in caging.words(path)
    mailed.ask(ConfirmDrop(subject_id=mailed.campaign_id))
    assert "Bring what came back: Appel d’automne" in caging.words("/supplier/")

    def bring() -> Any:
        return caging.send(path, {"kind": "responses"}, file=(BytesIO(b"DATE;CODE_LOT;ID_UNIQUE;TYPE;MONTANT\n"), "retours.csv"))

    assert bring().status_code == 303
    again = bring()

    assert again.status_code == 409
    assert "retours.csv was imported before, so nothing was counted twice." in words(again)
    assert len(rows(mailed, ResponseBatch)) == 1
