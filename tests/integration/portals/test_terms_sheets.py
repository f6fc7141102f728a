"""Terms sheets in the portals: a supplier reads its own and nobody else's, approvers what they sign on, managers, auditors, programs."""

from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, RefuseTerms, ReopenTerms
from workflows.engine.rendering import Drawn, RecordRendering
from workflows.parties.actor import SYSTEM

OF_THE_BROKER = ("ALZ", "BTN", "DOM")
"""The lists that are ordered from the broker."""


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.fixture
def owner(journey: Journey, site: Flask) -> Visitor:
    """The owner of CDR, which has no broker."""
    return Visitor(site, give_contact(journey, "S-CDR"))


def list_id(journey: Journey, code: str) -> UUID:
    with journey.reading() as session:
        return next(row.id for row in journey.facts(session).lists if row.code == code)


def page_of(journey: Journey, code: str = "CDR") -> str:
    return f"/supplier/lists/{list_id(journey, code)}/terms"


def draw(journey: Journey) -> dict[str, str]:
    """Draw every sheet there is; their ids by list and revision."""
    found = journey.issued("terms_sheet")
    for one in found:
        if one.document.state == "requested":
            drawn = {locale: f"%PDF {one.document.number} {locale}".encode() for locale in ("fr", "en")}
            pdfs = tuple(Drawn(locale=locale, pdf=pdf, sha256=sha256(pdf).hexdigest()) for locale, pdf in drawn.items())
            journey.ask(RecordRendering(subject_id=one.document.id, pdfs=pdfs), by=SYSTEM)
    return {f"{one.content.list_code}/{one.document.revision}": str(one.document.id) for one in found}


def agree_anew(journey: Journey, code: str = "CDR", cpm: Decimal = Decimal(150)) -> None:
    """The budget is refused, and the list agreed at another price."""
    about = {"subject_id": journey.campaign_id, "list_id": list_id(journey, code)}
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop cher."), by=journey.actors["presidence"])
    journey.ask(ReopenTerms(**about, reason="Prix à revoir."))
    journey.ask(AgreeTerms(**about, cpm=cpm))
    journey.ask(RecordConsent(**about))


# --- the supplier ---------------------------------------------------------------------------------------------------------------------


def test_a_supplier_finds_what_was_agreed_before_it_is_ordered_with_its_paper(journey: Journey, owner: Visitor) -> None:
    home = owner.words("/supplier/")
    assert "Nothing to do now" in home
    assert "Agreed, not ordered yet Cadre et Rivière – multi-acheteurs" in home
    assert "FC-26A-CDR/1" in home
    assert "2,980 addresses planned" in home

    page = owner.words(page_of(journey))
    for said in (
        "Nothing is expected of you",
        "This is no order",
        "per thousand, excluding VAT",
        "The PDF is being prepared.",
        "M1 A",
        "885",
    ):
        assert said in page, said
    drawn = draw(journey)
    path = f"/supplier/documents/{drawn['CDR/1']}.pdf"
    assert path in owner.open(page_of(journey)).text
    assert owner.open(path).data == b"%PDF FC-26A-CDR en"


def test_a_supplier_sees_no_other_s(journey: Journey, owner: Visitor, broker: Visitor) -> None:
    drawn = draw(journey)

    assert broker.open(page_of(journey)).status_code == 404
    assert owner.open(page_of(journey, "ALZ")).status_code == 404
    assert owner.open(f"/supplier/documents/{drawn['ALZ/1']}.pdf").status_code == 404
    assert "Cadre et Rivière" not in broker.words("/supplier/")
    home = broker.words("/supplier/")
    assert all(f"FC-26A-{code}/1" in home for code in OF_THE_BROKER)
    assert owner.open(f"/approver/campaigns/26A/terms/{drawn['CDR/1']}.pdf").status_code in (403, 404)


def test_while_it_is_negotiated_anew_the_page_says_so_then_shows_the_newest_and_the_one_before(journey: Journey, owner: Visitor) -> None:
    draw(journey)
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop cher."), by=journey.actors["presidence"])
    about = {"subject_id": journey.campaign_id, "list_id": list_id(journey, "CDR")}
    journey.ask(ReopenTerms(**about, reason="Prix à revoir."))
    assert "The list is negotiated anew, or done without" in owner.words(page_of(journey))
    assert "Agreed, not ordered yet" not in owner.words("/supplier/")

    journey.ask(AgreeTerms(**about, cpm=Decimal("151.25")))
    journey.ask(RecordConsent(**about))
    journey.ask(CloseNegotiation(subject_id=journey.campaign_id))
    draw(journey)

    page = owner.words(page_of(journey))
    assert "€151.25" in page
    assert "Earlier sheets of this list" in page
    assert "Terms sheet FC-26A-CDR/1" in page
    home = owner.words("/supplier/")
    assert "FC-26A-CDR/2" in home
    assert "FC-26A-CDR/1" not in home


def test_a_list_that_is_done_without_is_agreed_no_more(journey: Journey, owner: Visitor) -> None:
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop cher."), by=journey.actors["presidence"])
    journey.ask(RefuseTerms(subject_id=journey.campaign_id, list_id=list_id(journey, "CDR"), reason="Trop cher."))
    journey.ask(CloseNegotiation(subject_id=journey.campaign_id))

    assert "Agreed, not ordered yet" not in owner.words("/supplier/")
    assert "The list is negotiated anew, or done without" in owner.words(page_of(journey))


def test_once_it_is_ordered_the_order_names_the_sheet_and_the_page_leads_to_the_order(journey: Journey, owner: Visitor) -> None:
    drawn = draw(journey)
    journey.approve_budget()

    assert "Agreed, not ordered yet" not in owner.words("/supplier/")
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "CDR")
    page = owner.open(page_of(journey)).text
    assert f"/supplier/orders/{order.id}" in page
    read = owner.words(f"/supplier/orders/{order.id}")
    assert "Terms sheet FC-26A-CDR/1, of " in read
    assert f"/supplier/documents/{drawn['CDR/1']}.pdf" in owner.open(f"/supplier/orders/{order.id}").text


def test_in_french_the_page_says_it_in_french(journey: Journey, site: Flask) -> None:
    owner = Visitor(site, give_contact(journey, "S-CDR"), "fr")

    assert "Convenu, pas encore commandé" in owner.words("/supplier/")
    page = owner.words(page_of(journey))
    for said in ("Conditions convenues: Cadre et Rivière", "Rien n’est attendu de vous", "Accord du propriétaire"):
        assert said in page, said


# --- those who sign, negotiate and audit ----------------------------------------------------------------------------------------------


def test_an_approver_reads_what_was_agreed_from_the_budget_it_was_made_of(journey: Journey, president: Visitor) -> None:
    first = draw(journey)
    page = president.open("/approver/campaigns/26A/budget").text
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        assert f"/approver/campaigns/26A/terms/{first[f'{code}/1']}.pdf" in page
        assert f"FC-26A-{code}/1" in page
    assert president.open(f"/approver/campaigns/26A/terms/{first['CDR/1']}.pdf").data == b"%PDF FC-26A-CDR en"

    agree_anew(journey)
    journey.ask(CloseNegotiation(subject_id=journey.campaign_id))
    second = draw(journey)

    newest, earlier = (president.open(f"/approver/campaigns/26A/budget{which}").text for which in ("", "/1"))
    assert second["CDR/2"] in newest
    assert second["CDR/1"] not in newest
    assert second["CDR/1"] in earlier
    assert second["CDR/2"] not in earlier


def test_an_approver_gets_no_other_kind_of_document_there(journey: Journey, president: Visitor) -> None:
    (budget,) = journey.issued("budget_file")
    pdfs = (Drawn(locale="en", pdf=b"%PDF", sha256="0" * 64),)
    journey.ask(RecordRendering(subject_id=budget.document.id, pdfs=pdfs), by=SYSTEM)

    assert president.open(f"/approver/campaigns/26A/terms/{budget.document.id}.pdf").status_code == 404
    assert president.open(f"/approver/campaigns/99Z/terms/{draw(journey)['CDR/1']}.pdf").status_code == 404


def test_the_negotiation_s_room_shows_each_list_s_sheet_and_says_when_another_follows(journey: Journey, marion: Visitor) -> None:
    drawn = draw(journey)
    room = "/manager/campaigns/26A/negotiation"
    assert "Terms sheet FC-26A-CDR/1, of 6 July 2026" in marion.words(room)
    assert f"/manager/campaigns/26A/documents/{drawn['CDR/1']}/fr.pdf" in marion.open(room).text
    assert "another follows if the terms change" not in marion.words(room)

    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="Trop cher."), by=journey.actors["presidence"])
    journey.ask(ReopenTerms(subject_id=journey.campaign_id, list_id=list_id(journey, "CDR"), reason="Prix à revoir."))

    assert "It says what was agreed before; another follows if the terms change." in marion.words(room)
    assert "Terms sheet" in marion.words("/manager/campaigns/26A/documents")


def test_an_auditor_finds_it_among_the_documents(journey: Journey, site: Flask) -> None:
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))

    page = auditor.words("/auditor/campaigns/26A/documents")
    assert "FC-26A-CDR" in page
    assert "Terms sheet" in page


def test_a_program_of_a_supplier_that_was_asked_for_nothing_reads_its_own_sheet(journey: Journey, owner: Visitor, site: Flask) -> None:
    drawn = draw(journey)
    program = Program(journey, site, "Contact S-CDR")

    (read,) = program.get("campaigns/26A/documents").json["documents"]
    assert (read["kind"], read["number"], read["revision"], read["id"]) == ("terms_sheet", "FC-26A-CDR", 1, drawn["CDR/1"])
    assert program.get(f"documents/{drawn['CDR/1']}/fr.pdf").data == b"%PDF FC-26A-CDR fr"
    assert program.get(f"documents/{drawn['ALZ/1']}/fr.pdf").status_code == 404
    assert program.get("campaigns/26A").json["envelope_amount"] is None
