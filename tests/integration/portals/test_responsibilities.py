"""Who answers for each stage: given to people of the house, and to nobody only where nobody answers yet."""

from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    """Marion Vidal, who leads the campaign."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


def test_a_responsibility_is_given_to_somebody_of_the_house_and_to_nobody_no_more(journey: Journey, manager: Visitor) -> None:
    solange = str(person_named(journey, "Solange Petit"))
    fields = manager.form(f"{HERE}/plan", "who-")

    assert manager.send(f"{HERE}/plan/responsibilities", {**fields, "who-budget": solange}).status_code == 303
    assert manager.send(f"{HERE}/plan/responsibilities", {**fields, "who-budget": ""}).status_code == 422

    assert "nobody yet" not in manager.words(f"{HERE}/plan")
    with journey.reading() as session:
        answerable = {row.stage: row.person_id for row in journey.facts(session).responsibilities}
    assert answerable["budget"] == UUID(solange)


def test_a_stage_for_which_nobody_answers_may_stay_so(journey: Journey, manager: Visitor) -> None:
    with journey.database.writing(SYSTEM) as session:
        for row in journey.facts(session).responsibilities:
            row.to_seq = row.from_seq if row.stage == "send" else None
    fields = manager.form(f"{HERE}/plan", "who-")

    assert fields["who-send"] == ""
    assert "nobody yet" in manager.words(f"{HERE}/plan")
    assert manager.send(f"{HERE}/plan/responsibilities", fields).status_code == 303


def test_whoever_answers_for_a_stage_stays_chosen_though_they_left_the_house(journey: Journey, manager: Visitor) -> None:
    bruno = str(person_named(journey, "Bruno Leroux"))
    manager.send(f"{HERE}/plan/responsibilities", {**manager.form(f"{HERE}/plan", "who-"), "who-budget": bruno})
    with journey.database.writing(SYSTEM) as session:
        for row in session.exec(select(Membership).where(Membership.person_id == UUID(bruno))):
            session.delete(row)
    fields = manager.form(f"{HERE}/plan", "who-")

    assert fields["who-budget"] == bruno
    assert manager.send(f"{HERE}/plan/responsibilities", fields).status_code == 303


def test_work_given_to_somebody_who_cannot_do_it_stays_with_the_managers(manager: Visitor, journey: Journey) -> None:
    fields = manager.form(f"{HERE}/plan", "who-") | {"who-plan": str(person_named(journey, "Solange Petit"))}

    assert manager.send(f"{HERE}/plan/responsibilities", fields).status_code == 303

    assert "Prepare the plan" in manager.words("/manager/").partition("Waiting for others")[0]
