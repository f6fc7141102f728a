"""The calendar of drops: every campaign on its day, the lists it uses and who else does, what contact pressure says, what moved."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, enrol
from workflows.campaign.any_stage.cancelling import CancelCampaign
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.model import Campaign
from workflows.campaign.records import MergePurgeRun
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role

PAGE = "/manager/drops"


@pytest.fixture
def stage() -> str:
    return "negotiation"


def another(journey: Journey, drop_on: date) -> None:
    """Open a second campaign of the same brief, whose drop is moved to that day."""
    first = journey.campaign_id
    journey.now = BEGINNING
    journey.open("26B")
    journey.ask(MoveDrop(subject_id=journey.campaign_id, drop_on=drop_on, reason="Après la rentrée."))
    journey.campaign_id = first


def card(visitor: Visitor, code: str) -> str:
    """What the page says of one campaign's drop."""
    page = visitor.words(PAGE)
    return page.split(f"{code} · Appel d’automne", 1)[1].split("Move the drop", 1)[0]


def test_the_campaigns_lead_to_a_calendar_with_each_drop_in_its_month_and_week(journey: Journey, marion: Visitor) -> None:
    assert f'href="{PAGE}"' in marion.open("/manager/campaigns").text

    told = marion.words(PAGE)
    assert "1 drop" in told
    assert "October 2026 Week 42, 12 Oct to 18 October 2026 13 October 2026 · 26A · Appel d’automne Planned" in told
    assert "ALZ Alizés Presse" in told
    assert "another one uses too near" not in told
    assert "Your policy sets no cap on how often somebody is written to." in told


def test_a_list_of_two_near_drops_is_marked_at_both_and_a_house_list_is_not(journey: Journey, marion: Visitor) -> None:
    another(journey, date(2026, 10, 20))

    told = marion.words(PAGE)
    assert "2 drops · 2 use a list that another one uses too near" in told
    assert "ALZ, BTN, CDR, DOM, ECL also in 26B, 7 days after Policy keeps 15 days between" in card(marion, "26A")
    assert "ALZ, BTN, CDR, DOM, ECL also in 26A, 7 days before Policy keeps 15 days between" in card(marion, "26B")
    assert "Agree other lists" in told


@pytest.mark.parametrize("day", [date(2026, 10, 28), date(2026, 11, 17)], ids=["as_far_as_policy_asks", "farther"])
def test_a_list_of_two_drops_that_lie_apart_is_not_marked(journey: Journey, marion: Visitor, day: date) -> None:
    another(journey, day)

    assert "another one uses too near" not in marion.words(PAGE)


def test_a_drop_that_was_moved_says_from_when_and_a_weak_day_why(journey: Journey, marion: Visitor) -> None:
    another(journey, date(2026, 12, 22))

    told = card(marion, "26B")
    assert "Moved from 13 October 2026." in told
    assert "the end of December, when the post is full" in told
    assert "Mail should not drop from 18 December 2026 to 31 December 2026: the end of December" in marion.words(PAGE)


def test_caps_stand_with_the_drops_they_count_and_with_what_the_dedupe_found(journey: Journey, marion: Visitor) -> None:
    another(journey, date(2026, 11, 3))
    journey.campaign_id = campaigns(journey)["26B"]
    journey.tune_policy({"pressure": {"person_90": 1, "email_30": 2, "phone_30": 1}})

    told = card(marion, "26B")
    assert "Contact pressure: 1 drop before it counts" in told
    assert "more than 90 days between two sends to a person" in told
    assert "2 e-mails to a person within 30 days 1 campaign that calls a person within 30 days" in told
    assert "26A (21 days before, planned)" in told
    assert "How many people it takes is known after the dedupe." in told
    assert "Contact pressure" not in card(marion, "26A")


def campaigns(journey: Journey) -> dict[str, UUID]:
    """The campaigns there are, by code."""
    with journey.reading() as session:
        return {one.code: one.id for one in session.exec(select(Campaign))}


@pytest.mark.parametrize(("action", "told"), [("suppress", "12 records suppressed"), ("reserve", "12 records to the reserve")])
def test_what_the_dedupe_took_for_contact_pressure_stands_with_its_drop(journey: Journey, marion: Visitor, action: str, told: str) -> None:
    journey.tune_policy({"pressure": {"person_90": 1, "action": action}})
    journey.reach("lots")
    with journey.database.writing(SYSTEM) as session:
        run = session.exec(select(MergePurgeRun)).one()
        caps = [{"kind": "person", "days": 90, "most": 1}]
        run.report = {**(run.report or {}), "pressure": {"action": action, "caps": caps, "over": {"ALZ": 7, "BTN": 5}}}
        session.add(run)

    assert f"Contact pressure: {told}" in marion.words(PAGE)


def test_a_drop_that_was_is_posted_on_its_day(journey: Journey, marion: Visitor) -> None:
    journey.reach("responses")

    assert "13 October 2026 · 26A · Appel d’automne Mail posted" in marion.words(PAGE)


def test_a_campaign_that_was_given_up_presses_on_nobody(journey: Journey, marion: Visitor) -> None:
    another(journey, date(2026, 10, 20))
    journey.ask(CancelCampaign(subject_id=campaigns(journey)["26B"], reason="Plus de budget."))

    told = marion.words(PAGE)
    assert "26B" not in told
    assert "another one uses too near" not in told


def test_the_calendar_is_a_project_managers(journey: Journey, site: Flask) -> None:
    auditor = Visitor(site, enrol(journey, "audit@example.org", "Alix Aubry", Role.AUDITOR))

    assert auditor.open(PAGE).status_code == 403
