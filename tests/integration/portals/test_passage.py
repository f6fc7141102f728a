"""The campaign's page draws the way it made: a return is counted, failed work and a decision against a control are marked."""

from pathlib import Path

import pytest
from sqlmodel import select

from app.queries.passage import Passage, get_passage
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, make_site, person_named
from workflows.campaign.model import Campaign
from workflows.campaign.stages.budget import RefuseBudget
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign whose budget was refused once, and whose negotiation is closed again."""
    with opened.reading() as session:
        budget = opened.facts(session).budget
    assert budget is not None
    opened.ask(RefuseBudget(subject_id=opened.campaign_id, reason="Trop cher"), by=opened.actors["presidence"])
    opened.close_negotiation()
    return opened


def passage(journey: Journey) -> Passage:
    with journey.reading() as session:
        return get_passage(session, journey.facts(session).campaign, now=journey.now)


def test_a_refused_budget_is_a_way_back_and_the_stage_counts_both_visits(journey: Journey) -> None:
    made = passage(journey)

    assert [(way.left, way.entered, way.count) for way in made.returns] == [("budget", "negotiation", 1)]
    assert [stage.visits for stage in made.stages[:4]] == [1, 2, 2, 0]
    assert made.stages[2].state == "current"


def test_failed_work_is_marked_in_the_stage_that_asked_for_it(journey: Journey) -> None:
    with journey.database.writing(SYSTEM) as session:
        asked = session.exec(select(OutboxMessage).order_by(OutboxMessage.requested_seq)).first()
        assert asked is not None
        asked.state = "failed"

    made = passage(journey)

    assert made.incidents == 1
    assert made.stages[0].incidents == 1


def test_an_override_is_found_in_the_chain_itself(journey: Journey) -> None:
    journey.reach("dedupe").record_dedupe()
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Campaign, journey.campaign_id).minimum_net_quantity = 1_000_000
    assert passage(journey).overrides == 0
    journey.approve_dedupe()

    made = passage(journey)

    assert {stage.stage: stage.overrides for stage in made.stages if stage.overrides} == {"dedupe": 1}


def test_the_page_says_what_the_drawing_shows(journey: Journey, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    site = make_site(journey, database_urls, tmp_path)
    manager = Visitor(site, person_named(journey, "Marion Vidal"))
    answer = manager.open("/manager/campaigns/26A").text

    assert "Sent back 1 time." in manager.words("/manager/campaigns/26A")
    assert "Budget → Negotiation: 1" in answer
    assert "style=" not in answer


def test_a_project_manager_sends_failed_work_back_and_sees_that_nobody_knows_yet(
    journey: Journey, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    with journey.database.writing(SYSTEM) as session:
        failed = session.exec(select(OutboxMessage).where(OutboxMessage.name == "mail_budget")).first()
        assert failed is not None
        failed.state, failed.failed_at, failed.attempts, failed.error = "failed", journey.now, 5, "ConnectionRefusedError: nobody listens"
        message_id = failed.id
    marion = Visitor(make_site(journey, database_urls, tmp_path), person_named(journey, "Marion Vidal"))
    with journey.reading() as session:
        page = f"/manager/campaigns/{journey.facts(session).campaign.code}/incidents"

    assert "nobody listens" in marion.words(page)
    answer = marion.send(f"{page}/{message_id}/retry", marion.form(page, f"retry-{message_id}"))

    assert answer.status_code == 303
    assert "not yet confirmed" in marion.words(page)
