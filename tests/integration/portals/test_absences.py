"""People arrange their own absences on a page; the substitute sees another's work as theirs, and both are named."""

import re
from uuid import UUID

import pytest
from flask import Flask

from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, enrol, give_contact, person_named, words
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

TODAY = local_day(BEGINNING).isoformat()


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign in its plan, and an auditor of the same advertiser."""
    enrol(opened, "nadia@example.org", "Nadia Perrot", Role.AUDITOR)
    return opened


def absence(journey: Journey, substitute: UUID, **days: str) -> dict[str, str]:
    return {
        "role": f"{journey.advertiser_id}:project_manager",
        "substitute": str(substitute),
        "from_on": days.get("from_on", TODAY),
        "to_on": days.get("to_on", TODAY),
    }


def test_a_substitute_works_in_the_absent_persons_portal_until_it_is_ended(journey: Journey, site: Flask, marion: Visitor) -> None:
    nadia_id = person_named(journey, "Nadia Perrot")
    nadia = Visitor(site, nadia_id)
    assert nadia.open("/manager/").status_code == 403

    assert marion.send("/absences/", absence(journey, nadia_id)).status_code == 303

    assert "Marion Vidal Nadia Perrot Project manager" in marion.words("/absences/")
    assert nadia.open("/manager/").status_code == 200
    version = {"submit_plan-seen_version": nadia.form("/manager/campaigns/26A/plan", "submit_plan-")["submit_plan-seen_version"]}
    assert nadia.send("/manager/campaigns/26A/moves/submit_plan", version).status_code == 303
    assert re.search("Plan submitted[^—]*— Nadia Perrot, standing in for Marion Vidal", marion.words("/manager/campaigns/26A/history"))
    end = marion.open("/absences/").text.partition('action="/absences/')[2].partition("/end")[0]
    assert marion.send(f"/absences/{end}/end", {}).status_code == 303
    assert nadia.open("/manager/").status_code == 403


def test_what_makes_no_sense_comes_back_with_its_reason(journey: Journey, marion: Visitor) -> None:
    nadia_id = person_named(journey, "Nadia Perrot")

    backwards = marion.send("/absences/", absence(journey, nadia_id, to_on="2020-01-01"))
    assert backwards.status_code == 409
    assert "An absence ends after it begins" in words(backwards)
    assert marion.send("/absences/", absence(journey, nadia_id, to_on="soon")).status_code == 422
    assert marion.send("/absences/", {**absence(journey, nadia_id), "role": f"{journey.advertiser_id}:administrator"}).status_code == 422


def test_only_those_who_move_campaigns_hand_on_a_role(journey: Journey, site: Flask) -> None:
    supplier = Visitor(site, give_contact(journey, "S-CRT"))
    auditor = Visitor(site, person_named(journey, "Nadia Perrot"))

    assert [visitor.open("/absences/").status_code for visitor in (supplier, auditor)] == [403, 403]
