"""The retroplanning of a campaign says in words what moved the drop, keeps to the rail, and is nobody else's."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.queries.campaign import get_head
from app.queries.retroplanning import RetroplanningView, get_retroplanning
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, make_site, person_named
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.model import Campaign
from workflows.delivery.model import DeliveredFile
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import add_working_days, instant_at

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign, with each stage begun on its planned day; it waits for files."""
    ends_on = steps(opened)
    for stage, move in (
        ("plan", opened.submit_plan),
        ("negotiation", opened.close_negotiation),
        ("budget", opened.approve_budget),
        ("order", opened.confirm_orders),
    ):
        opened.now = morning(ends_on[stage])
        move()
    return opened


def morning(day: date) -> datetime:
    return instant_at(day, time(8))


def steps(journey: Journey) -> dict[str, date]:
    """The planned end of each step."""
    with journey.reading() as session:
        planned = journey.facts(session).campaign.retroplanning
    assert planned is not None
    return {step["step"]: date.fromisoformat(step["finish_on"]) for step in planned["steps"]}


def view(journey: Journey, now: datetime) -> RetroplanningView:
    with journey.reading() as session:
        found = get_retroplanning(journey.facts(session), now=now)
    assert found is not None
    return found


def live(journey: Journey, now: datetime) -> None:
    """Let the campaign live on a day of its own."""
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Campaign, journey.campaign_id).calendar_at = now


def test_a_campaign_that_keeps_its_days_has_nothing_to_explain(journey: Journey) -> None:
    shown = view(journey, journey.now)

    assert shown.outlook.shifts == ()
    assert shown.outlook.drop_expected_on == shown.outlook.drop_planned_on
    assert [control.code for control in shown.outlook.controls if control.passed_on] == ["C1", "C2", "C3", "C4"]


def test_files_that_do_not_come_move_everything_behind_them_and_the_page_says_so(
    journey: Journey, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    journey.now = morning(steps(journey)["delivery"])
    journey.deliver_everything()
    waiting = lose_a_list(journey, "ALZ")
    late_on = add_working_days(steps(journey)["delivery"], 4)
    live(journey, morning(late_on))
    site = make_site(journey, database_urls, tmp_path)
    drop_on = view(journey, journey.now).outlook.drop_planned_on
    moved_on = add_working_days(drop_on, 4)

    manager = Visitor(site, person_named(journey, "Marion Vidal"))
    page = manager.words(f"{HERE}/schedule")
    french = Visitor(site, person_named(journey, "Marion Vidal"), language="fr").words(f"{HERE}/schedule")

    assert waiting > 0
    assert "Delivery of the files: ALZ is 4 working days late. The drop moves from" in page
    assert f"expected on {moved_on.day} {moved_on:%B %Y}: 4 working days after" in page
    assert "ALZ a 4 jours ouvrés de retard. Le dépôt passe du" in french
    assert "critical path" in page


def lose_a_list(journey: Journey, code: str) -> int:
    """As if a list had not come yet: its files and lines stand where they stood before."""
    with journey.database.writing(SYSTEM) as session:
        files = session.exec(select(DeliveredFile).where(col(DeliveredFile.list_code) == code)).all()
        for file in files:
            file.state = "received"
        for line in journey.facts(session).live_lines:
            if line.list_code == code:
                session.add(line)
                line.state = "confirmed"
        return len(files)


def test_the_page_and_the_rail_tell_the_same_drop_also_while_the_mailing_is_under_way(journey: Journey) -> None:
    days = steps(journey)
    journey.now = morning(days["delivery"])
    journey.deliver_everything()
    journey.start_dedupe()
    journey.now = morning(days["dedupe"])
    journey.record_dedupe()
    journey.approve_dedupe()
    journey.now = morning(days["lots"])
    journey.freeze_lots()
    journey.now = morning(add_working_days(days["proof"], -1))
    journey.order_mailing()
    now = morning(add_working_days(days["inserting"], -1))

    with journey.reading() as session:
        facts = journey.facts(session)
        head = get_head(session, facts.campaign, journey.manager, now=now)
        shown = get_retroplanning(facts, now=now)

    assert shown is not None
    assert shown.outlook.drop_expected_on == shown.outlook.drop_planned_on == head.schedule.predicted_drop_on
    assert head.schedule.health == "on_time"
    proof = next(step for step in shown.outlook.steps if step.step == "proof")
    assert proof.finished_on == add_working_days(days["proof"], -1)


def test_a_list_knows_the_last_day_on_which_its_owner_can_be_asked(journey: Journey) -> None:
    with journey.reading() as session:
        leads = {row.code: row.lead_days for row in journey.facts(session).live_lists if not row.is_house}
    shown = view(journey, journey.now)
    needed_on = steps(journey)["delivery"]

    assert {row.code: row.order_by_on for row in shown.lists if row.order_by_on} == {
        code: add_working_days(needed_on, -lead) for code, lead in leads.items()
    }


def test_only_who_leads_the_campaign_sees_its_retroplanning(journey: Journey, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    site = make_site(journey, database_urls, tmp_path)
    approver = Visitor(site, journey.actors["presidence"].person_id)

    assert approver.open(f"{HERE}/schedule").status_code == 403


def test_orders_that_wait_since_the_drop_was_moved_make_no_step_late_that_is_behind(journey: Journey) -> None:
    journey.ask(MoveDrop(subject_id=journey.campaign_id, drop_on=date(2026, 10, 20), reason="L’imprimeur a du retard."))
    shown = view(journey, morning(add_working_days(steps(journey)["order"], 3)))

    assert shown.outlook.harmless == ()
    assert shown.outlook.shifts == ()
    assert shown.outlook.drop_expected_on == date(2026, 10, 20)
    passed = [control for control in shown.outlook.controls if control.passed_on]
    assert [(control.code, control.slack) for control in passed] == [("C1", 0), ("C2", 0), ("C3", 0), ("C4", 0)]
