"""A code typed from a coupon: the project manager, whoever enters the answers, and a program learn whose it is or where the slip is."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from app.queries.codes import read_code
from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.records import Lot
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.roles import Role
from workflows.trade.lot_codes import check_character

CODE = "2626AALZP1AR" + check_character("2626AALZP1AR")
SLIPPED = CODE[:7] + "2" + CODE[8:]
"""The Z of the list's part read as a 2."""
CODES = "/manager/codes"
COLLECTED = "/supplier/campaigns/26A/codes"


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign whose mail has dropped, one of its lots under a code with a check character."""
    with opened.database.writing(SYSTEM) as session:
        lot(session, "26AALZP12AR").code = CODE
    return opened.reach("responses")


def lot(session: Session, code: str) -> Lot:
    found: Lot = session.exec(select(Lot).where(col(Lot.code) == code)).one()
    return found


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Marion Vidal"))


@pytest.fixture
def caging(journey: Journey, site: Flask) -> Visitor:
    """Whoever opens the mail."""
    return Visitor(site, give_contact(journey, "S-CAG"))


def test_a_code_is_told_with_its_campaign_list_and_lot(manager: Visitor) -> None:
    page = manager.words(f"{CODES}?typed={CODE.lower()[:5]}+{CODE[5:]}")
    assert f"{CODE} is the code of a lot" in page
    assert "26A · Appel d’automne" in page
    assert "P12" in page
    assert 'href="/manager/campaigns/26A"' in manager.open(f"{CODES}?typed={CODE}").text


def test_a_slip_is_told_with_its_place_and_the_lot_it_was_meant_for(manager: Visitor) -> None:
    answer = manager.open(f"{CODES}?typed={SLIPPED}")
    assert "The check character does not hold" in answer.text
    assert "Character 8 is likely wrong: 2 was typed, the code has Z." in answer.text
    assert f"{CODE[:7]}<mark>2</mark>{CODE[8:]}" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("26", "11 of 13 characters are missing."),
        ("2626AÂLZP1AR8", "What is none of these, with its place: Â (6)."),
        (CODE + "99", "There are 2 characters too many."),
        ("25ZZZQQQ11AR" + check_character("25ZZZQQQ11AR"), "The check character holds, but no lot has this code"),
        ("<b>&", "No code is one slip away."),
    ],
)
def test_whatever_was_typed_the_page_says_what_is_wrong(manager: Visitor, typed: str, said: str) -> None:
    answer = manager.client.get(CODES, query_string={"typed": typed})
    assert answer.status_code == 200
    assert said in answer.text
    assert "<b>" not in answer.text


def test_before_anything_is_typed_there_is_only_the_field(manager: Visitor) -> None:
    page = manager.open(CODES).text
    assert 'name="typed"' in page
    assert 'id="reading"' not in page


def test_it_is_told_in_french_too(journey: Journey, site: Flask) -> None:
    visitor = Visitor(site, person_named(journey, "Marion Vidal"), "fr")
    assert "Le caractère 8 est sans doute faux" in visitor.words(f"{CODES}?typed={SLIPPED}")


def test_whoever_enters_the_answers_checks_the_codes_of_that_campaign(caging: Visitor) -> None:
    assert f"{CODE} is the code of a lot" in caging.words(f"{COLLECTED}?typed={CODE}")
    assert COLLECTED in caging.open("/supplier/campaigns/26A/responses").text


def test_a_supplier_to_whom_no_answers_come_learns_nothing_of_codes(journey: Journey, site: Flask) -> None:
    printer = Visitor(site, give_contact(journey, "S-CRT"))
    assert printer.open(f"{COLLECTED}?typed={CODE}").status_code == 404


def test_a_program_reads_the_same(journey: Journey, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")
    known, slipped = program.get(f"codes/{CODE}").json, program.get(f"codes/{SLIPPED}").json
    assert (known["check_holds"], [one["campaign"] for one in known["lots"]], known["likely"]) == (True, ["26A"], [])
    (likely,) = slipped["likely"]
    assert (likely["kind"], likely["position"], likely["typed"], likely["meant"], likely["lot"]["code"]) == ("other", 8, "2", "Z", CODE)


def test_a_code_of_a_void_lot_plan_says_that_nothing_was_printed(journey: Journey, manager: Visitor) -> None:
    with journey.database.writing(SYSTEM) as session:
        lot(session, CODE).to_seq = 99
    assert "nothing was printed with this code" in manager.words(f"{CODES}?typed={CODE}")
    with journey.reading() as session:
        (owner,) = read_code(session, CODE).owners
    assert owner.is_void


def test_a_code_of_another_advertiser_is_nobody_s(journey: Journey) -> None:
    stranger = Actor(person_id=uuid4(), grants=(Grant(advertiser_id=uuid4(), role=Role.PROJECT_MANAGER),))
    with journey.database.reading(stranger) as session:
        found = read_code(session, CODE)
    assert (found.owners, found.likely, found.typed.check_holds) == ((), (), True)
