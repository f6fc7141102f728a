"""A project manager moves the drop in the retroplanning's room: which day first, then what it changes, and why; others read the new day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, make_site, person_named, words
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.model import Campaign
from workflows.parties.actor import SYSTEM

HERE = "/manager/campaigns/26A"
PAGE = f"{HERE}/schedule"
LATER = date(2026, 10, 20)


@pytest.fixture
def stage() -> str:
    return "delivery"


def drop_of(journey: Journey) -> date:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(Campaign, journey.campaign_id).drop_on


def test_the_day_is_looked_at_before_anything_moves(journey: Journey, marion: Visitor) -> None:
    shown = marion.words(f"{PAGE}?to-drop_on=2026-10-20")

    assert "First promised 13 October 2026 Planned now 13 October 2026 never moved" in shown
    assert "What a drop on 20 October 2026 changes" in shown
    assert "8 orders go out again, their days changed and nothing else" in shown
    assert "Owners clear the new mailing window by accepting: ALZ, BTN, CDR" in shown
    assert "The approval of the budget stands" in shown
    assert "Address files end on 18 January 2027" in shown
    assert drop_of(journey) == date(2026, 10, 13)


def test_it_is_moved_with_a_reason_and_the_page_keeps_what_was_promised(journey: Journey, marion: Visitor) -> None:
    fields = marion.form(f"{PAGE}?to-drop_on=2026-10-20", "drop-")
    silent = marion.send(f"{PAGE}/drop", fields)
    assert silent.status_code == 422
    assert "8 orders go out again" in words(silent), "what it changes is still there to be read"

    answer = marion.send(f"{PAGE}/drop", {**fields, "drop-reason": "L’imprimeur a du retard."})
    assert answer.status_code == 303, words(answer)

    assert drop_of(journey) == LATER
    shown = marion.words(PAGE)
    assert "First promised 13 October 2026 Planned now 20 October 2026 moved once" in shown
    assert "Moved from 13 October 2026 to 20 October 2026: “L’imprimeur a du retard.”" in shown
    assert "End first planned" in shown
    assert "Drop moved" in marion.words(f"{HERE}/history")


def test_a_weak_day_is_warned_of_and_a_day_that_cannot_be_is_refused(marion: Visitor) -> None:
    weak = marion.words(f"{PAGE}?to-drop_on=2026-12-26")
    past = marion.words(f"{PAGE}?to-drop_on=2026-01-05")
    same = marion.words(f"{PAGE}?to-drop_on=2026-10-13")
    odd = marion.words(f"{PAGE}?to-drop_on=bientôt")

    assert "a day on which nobody works" in weak
    assert "Whole weeks that the offer runs after the mail has landed: 0" in weak
    assert "is not ahead. The drop is planned for a day to come." in past
    assert "is planned for 13 October 2026 already" in same
    assert "Write a day, such as 23/03/2027." in odd
    for page in (past, same, odd):
        assert "go out again" not in page


def test_who_sends_the_form_twice_moves_it_once_and_who_looked_at_an_older_state_looks_again(journey: Journey, marion: Visitor) -> None:
    fields = {**marion.form(f"{PAGE}?to-drop_on=2026-10-20", ""), "drop-reason": "Retard."}
    first, second = marion.send(f"{PAGE}/drop", fields), marion.send(f"{PAGE}/drop", fields)

    assert (first.status_code, second.status_code) == (303, 303)
    with journey.reading() as session:
        assert len(journey.facts(session).drop_moves) == 1
    anew = {**marion.form(f"{PAGE}?to-drop_on=2026-10-27", ""), "drop-reason": "Retard.", "drop-seen_version": fields["drop-seen_version"]}
    late = marion.send(f"{PAGE}/drop", anew)
    assert late.status_code == 409
    assert drop_of(journey) == LATER


def test_answers_to_the_new_days_are_recorded_in_whatever_stage_they_come(journey: Journey, marion: Visitor) -> None:
    journey.ask(MoveDrop(subject_id=journey.campaign_id, drop_on=LATER, reason="Retard."))
    shown = marion.words(f"{HERE}/order")
    assert "revision 2" in shown
    assert "Record that it accepts" in shown
    assert "The new mailing window still has to be accepted by the owners of: ALZ, BTN" in marion.words(f"{HERE}/delivery")


def test_suppliers_approvers_and_auditors_read_of_the_new_day_where_they_read_the_old_one(journey: Journey, site: Flask) -> None:
    before = journey.now.date()
    journey.now += timedelta(days=3)
    journey.ask(MoveDrop(subject_id=journey.campaign_id, drop_on=LATER, reason="Retard."))
    broker = Visitor(site, give_contact(journey, "S-CRT"), language="fr")
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    president = Visitor(site, person_named(journey, "Solange Petit"))
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "ALZ")

    shown = broker.words(f"/supplier/orders/{order.id}")
    assert "Le dépôt prévu le 13 octobre 2026 est déplacé au 20 octobre 2026" in shown
    assert "seules ses dates changent" in shown
    assert "The drop has been moved to 20 October 2026 since." in president.words("/approver/campaigns/26A/budget")
    assert "Drop planned for 13 October 2026" in auditor.words(f"/auditor/campaigns/26A/past?on={before}")
    assert "Drop planned for 20 October 2026" in auditor.words("/auditor/campaigns/26A/past")


def test_once_the_mail_is_posted_nothing_offers_to_move_the_drop(journey: Journey, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    journey.reach("responses")
    site = make_site(journey, database_urls, tmp_path)
    shown = Visitor(site, person_named(journey, "Marion Vidal")).words(PAGE)

    assert "Dropped 13 October 2026" in shown
    assert "Move the drop" not in shown
