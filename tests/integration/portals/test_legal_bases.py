"""Legal bases in the portals: the supplier's card and form, the manager's rooms, the approver's page, the auditor, programs."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from app.queries.brief import brief_of
from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from tests.integration.portals.visiting import words as words_of
from workflows.campaign.counts.counting import RequestCounts
from workflows.campaign.stages.negotiation import ReturnToPlan
from workflows.campaign.stages.plan import RevisePlan
from workflows.campaign.terms.records import ListBasis
from workflows.campaign.terms.stating import StateBasis

ROOM = "/manager/campaigns/26A/negotiation"
TYPED = {
    "legal_basis": "legitimate_interest",
    "collected_from_on": "2023-01-02",
    "collected_until_on": "",
    "collected_through": "paper",
    "objections_purged_on": "2026-06-15",
    "data_role": "separate",
}


@pytest.fixture
def owner(journey: Journey, site: Flask) -> Visitor:
    """The owner of CDR, which has no broker."""
    return Visitor(site, give_contact(journey, "S-CDR"))


def list_id(journey: Journey, code: str = "CDR") -> UUID:
    with journey.reading() as session:
        return next(row.id for row in journey.facts(session).lists if row.code == code)


def page_of(journey: Journey, page: str, code: str = "CDR") -> str:
    return f"/supplier/lists/{list_id(journey, code)}/{page}"


def ask(journey: Journey, *codes: str) -> None:
    journey.ask(RequestCounts(subject_id=journey.campaign_id, list_ids=tuple(list_id(journey, code) for code in codes)))


def bases(journey: Journey) -> list[ListBasis]:
    with journey.reading() as session:
        return list(journey.facts(session).list_bases)


def prefixed(code: str, **changes: str) -> dict[str, str]:
    return {f"basis-{code}-{name}": value for name, value in (TYPED | changes).items()}


# --- the supplier ---------------------------------------------------------------------------------------------------------------------


def test_a_supplier_that_is_asked_for_counts_states_the_basis_beside_them(journey: Journey, owner: Visitor) -> None:
    ask(journey, "CDR")
    page = owner.words(page_of(journey, "counts"))
    assert "Legal basis of the addresses To be stated" in page
    assert "existing relation" not in page, "nobody else's people are its customers"

    assert owner.send(page_of(journey, "basis"), TYPED).status_code == 303

    (said,) = bases(journey)
    assert (said.legal_basis, said.collected_from_on, said.on_behalf) == ("legitimate_interest", date(2023, 1, 2), False)
    page = owner.words(page_of(journey, "counts"))
    assert "Legal basis of the addresses Stated" in page
    assert "since 2 January 2023 · paper form · objections taken out on 15 June 2026 · separate controllers" in page


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"legal_basis": ""}, 422, "Choose the legal basis."),
        ({"objections_purged_on": ""}, 422, "Write the day on which the list was last held against its opposition list."),
        ({"collected_from_on": ""}, 422, "Write since when people were told, or agreed."),
        ({"collected_until_on": "2022-01-01"}, 409, "Write since when the people of CDR were told or agreed"),
        ({"objections_purged_on": "2199-01-01"}, 409, "none of its days is after today"),
        ({"legal_basis": "consent", "collected_through": ""}, 409, "Write how the people of CDR gave their consent."),
    ],
    ids=["no basis", "no purge", "no day", "ends first", "to come", "no means"],
)
def test_what_is_amiss_is_said_and_what_was_typed_stays(
    journey: Journey, owner: Visitor, changes: dict[str, str], status: int, sentence: str
) -> None:
    ask(journey, "CDR")

    answer = owner.send(page_of(journey, "basis"), TYPED | changes)

    assert answer.status_code == status
    assert sentence in words_of(answer)
    assert bases(journey) == []


def test_nobody_else_states_it(journey: Journey, owner: Visitor, broker: Visitor) -> None:
    ask(journey, "CDR", "ALZ")

    assert broker.send(page_of(journey, "basis"), TYPED).status_code == 404
    assert owner.send(page_of(journey, "basis", "ALZ"), TYPED).status_code == 404
    assert bases(journey) == []


def test_what_the_advertiser_recorded_for_a_supplier_is_marked_and_may_be_corrected(
    journey: Journey, owner: Visitor, marion: Visitor
) -> None:
    ask(journey, "CDR")
    assert marion.send(f"{ROOM}/CDR/basis", prefixed("CDR")).status_code == 303

    page = owner.words(page_of(journey, "counts"))
    assert "The advertiser recorded it for you." in page
    assert owner.send(page_of(journey, "basis"), TYPED | {"legal_basis": "consent"}).status_code == 303
    assert [(one.legal_basis, one.on_behalf) for one in bases(journey)] == [("consent", False)]


def test_an_order_leads_to_stating_what_nobody_stated_and_says_it_once_it_is(journey: Journey, owner: Visitor) -> None:
    journey.reach("order")
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "CDR")
    page = owner.open(f"/supplier/orders/{order.id}").text
    assert "The legal basis of this list is not stated yet" in page
    assert page_of(journey, "basis") in page

    assert "Legal basis of the addresses To be stated" in owner.words(page_of(journey, "basis"))
    assert owner.send(page_of(journey, "basis"), TYPED).status_code == 303

    assert "not stated yet" not in owner.words(f"/supplier/orders/{order.id}")
    terms = owner.words(page_of(journey, "terms"))
    assert "Legal basis of the addresses Stated" in terms
    assert "Earlier sheets of this list" in terms, "the sheet is issued anew, the one before stays"


# --- the manager ----------------------------------------------------------------------------------------------------------------------


def test_the_negotiation_names_lists_without_a_basis_until_it_is_recorded_for_them(journey: Journey, marion: Visitor) -> None:
    assert "Legal bases to look at No legal basis is stated:" in marion.words(ROOM)

    assert marion.send(f"{ROOM}/ALZ/basis", prefixed("ALZ", collected_until_on="2026-03-31")).status_code == 303
    house = {name: value for name, value in prefixed("MAI", legal_basis="existing_relation").items() if "data_role" not in name}
    assert marion.send(f"{ROOM}/MAI/basis", house).status_code == 303

    room = marion.words(ROOM)
    assert "from 2 January 2023 to 31 March 2026" in room
    assert "Existing relation" in room
    assert "Recorded on" in room
    told = room.partition("No legal basis is stated:")[2].partition(".")[0]
    assert "(CDR)" in told
    assert "(ALZ)" not in told
    assert "(MAI)" not in told


def test_a_basis_that_does_not_carry_its_channel_is_said_plainly(journey: Journey, marion: Visitor) -> None:
    with journey.reading() as session:
        plan = brief_of(journey.facts(session)).plan
    journey.ask(ReturnToPlan(subject_id=journey.campaign_id, reason="Canal."))
    by_mail = tuple(replace(row, channel="email") if row.list_code == "ALZ" else row for row in plan)
    journey.ask(RevisePlan(subject_id=journey.campaign_id, plan=by_mail))
    journey.submit_plan()

    assert marion.send(f"{ROOM}/ALZ/basis", prefixed("ALZ")).status_code == 303

    room = marion.words(ROOM)
    assert "By e-mail and SMS people have to agree beforehand" in room
    assert "Does not carry its channel" in room


# --- approver, auditor, program ---------------------------------------------------------------------------------------------------------


def test_whoever_signs_the_budget_and_whoever_prepared_it_read_which_lists_state_none(
    journey: Journey, marion: Visitor, president: Visitor
) -> None:
    journey.ask(StateBasis(subject_id=journey.campaign_id, list_id=list_id(journey, "ALZ"), **{k: v for k, v in TYPED.items() if v} | DAYS))
    journey.reach("budget")

    page = president.words("/approver/campaigns/26A/budget")
    assert "No legal basis is stated:" in page
    assert "On what basis people are written to" in page
    assert "Legitimate interest, persons informed and able to object · since 2 January 2023" in page
    assert "No legal basis is stated:" in marion.words("/manager/campaigns/26A/budget")


DAYS = {"collected_from_on": date(2023, 1, 2), "objections_purged_on": date(2026, 6, 15)}


def test_a_program_of_a_supplier_states_it_too(journey: Journey, owner: Visitor, site: Flask) -> None:
    ask(journey, "CDR")
    program = Program(journey, site, "Contact S-CDR")

    read = program.get("campaigns/26A").json
    assert "state_basis" in [move["command"] for move in read["moves"] if move["allowed"]]
    asked = {"subject_id": read["id"], "list_id": str(list_id(journey)), **{k: v for k, v in TYPED.items() if v}}
    assert program.send("state_basis", asked).status_code == 200
    assert [one.legal_basis for one in bases(journey)] == ["legitimate_interest"]
    (read,) = program.get("campaigns/26A/legal-bases").json["legal_bases"]
    assert (read["list_code"], read["stated"]["collected_through"], read["doubts"]) == ("CDR", "paper", [])

    every = {one["list_code"]: one for one in Program(journey, site, "Marion Vidal").get("campaigns/26A/legal-bases").json["legal_bases"]}
    assert every["ALZ"] == {
        "list_code": "ALZ",
        "channels": ["postal"],
        "stated": None,
        "doubts": [{"doubt": "unstated", "channels": ["postal"]}],
    }


def test_the_auditor_reads_what_was_stated_in_words(journey: Journey, marion: Visitor, site: Flask) -> None:
    assert marion.send(f"{ROOM}/ALZ/basis", prefixed("ALZ")).status_code == 303
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))

    history = auditor.words("/auditor/campaigns/26A")
    assert "Legal basis of a list stated" in history
