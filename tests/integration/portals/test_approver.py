"""An approver reads one budget and answers it; what is closed says why, what is refused keeps what was typed."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.jalon import EXTENSION
from app.overdue import follow_up
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.model import Campaign
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, ReopenTerms
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person
from workflows.parties.roles import Role

PAGE = "/approver/campaigns/26A/budget"


@pytest.fixture
def stage() -> str:
    return "budget"


def day_of(moment: datetime) -> str:
    """A day as pages write it."""
    return f"{moment.day} {moment:%B %Y}"


def state_of(journey: Journey) -> str:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(Campaign, journey.campaign_id).state


def total_of(journey: Journey) -> Decimal:
    with journey.reading() as session:
        budget = journey.facts(session).budget
        assert budget is not None
        return budget.total_amount


def ordered_of(journey: Journey) -> Decimal:
    """What the budget pays to suppliers: creation, processing and contingency are not ordered from anybody."""
    with journey.reading() as session:
        lines = planned_budget(journey.facts(session)).lines
    return sum((line.amount.net_amount for line in lines if line.supplier), Decimal(0))


def test_a_budget_that_waits_stands_on_one_page_with_all_that_bears_on_it(journey: Journey, president: Visitor) -> None:
    assert "One budget waits for you" in president.words("/approver/")

    page = president.words(PAGE)

    assert f"€{total_of(journey):,.2f}" in page
    assert "Envelope €10,500.00" in page
    assert "Where the money goes" in page
    assert "Postage" in page
    assert all(scenario in page for scenario in ("Cautious", "Expected", "Favourable", "Break-even"))
    expected = page.partition(" responses are expected; the target is 160.")[0].rpartition(" ")[2]
    assert f"Expected {expected} €" in page
    assert f"responses; {expected} are expected." in page
    assert "tests are too small for a verdict" in page
    assert "Prepared and submitted — Marion Vidal" in page
    assert f"8 purchase orders are written and sent at once, for €{ordered_of(journey):,.2f} without VAT in all." in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_are_written_in_both_languages(journey: Journey, site: Flask, language: str) -> None:
    reader = Visitor(site, person_named(journey, "Bruno Leroux"), language)

    assert reader.open("/approver/").status_code == 200
    assert reader.open(PAGE).status_code == 200


def test_an_approver_below_the_amount_is_told_who_may_approve_and_can_support_it(
    journey: Journey, director: Visitor, president: Visitor
) -> None:
    page = director.words(PAGE)

    assert "is above what you may accept alone: €7,000.00." in page
    assert "Solange Petit (up to €42,000)" in page
    assert "Support it" in page

    answer = director.send(f"{PAGE}/endorse", {**director.form(PAGE, "accept"), "accept-comment": "Prudent, mais juste."})

    assert answer.status_code == 303
    assert state_of(journey) == "budget"
    assert "You supported it." in director.words("/approver/")
    assert "Support it" not in director.words(PAGE)
    assert "“Prudent, mais juste.”" in president.words(PAGE)


def test_approving_above_the_limit_is_refused_in_words_and_keeps_what_was_typed(journey: Journey, director: Visitor) -> None:
    answer = director.send(f"{PAGE}/approve", {**director.form(PAGE, "accept"), "accept-comment": "Allons-y."})

    assert answer.status_code == 409
    assert "Your answer was not taken" in words(answer)
    assert "is above what you may accept alone" in words(answer)
    assert "Allons-y." in answer.text
    assert state_of(journey) == "budget"


def test_approving_lets_the_orders_be_written_and_is_found_again(journey: Journey, president: Visitor) -> None:
    answer = president.send(f"{PAGE}/approve", {**president.form(PAGE, "accept"), "accept-comment": ""})

    assert answer.status_code == 303
    assert state_of(journey) == "order"
    home = president.words("/approver/")
    assert "Nothing waits for you" in home
    assert "Decided before Appel d’automne" in home
    assert "This budget waits for nobody now." in president.words(f"{PAGE}/1")


def test_a_refusal_asks_for_its_reason_before_anything_moves(journey: Journey, president: Visitor) -> None:
    answer = president.send(f"{PAGE}/refuse", {**president.form(PAGE, "refuse"), "refuse-back_to": "plan", "refuse-reason": " "})

    assert answer.status_code == 422
    assert "Write why: whoever prepares the next version works from it." in words(answer)
    assert state_of(journey) == "budget"


@pytest.mark.parametrize("back_to", ["negotiation", "plan"])
def test_a_refused_budget_goes_back_where_the_approver_says(journey: Journey, president: Visitor, back_to: str) -> None:
    data = {**president.form(PAGE, "refuse"), "refuse-back_to": back_to, "refuse-reason": "Trop de tests trop petits."}

    assert president.send(f"{PAGE}/refuse", data).status_code == 303
    assert state_of(journey) == back_to
    assert "“Trop de tests trop petits.”" in president.words("/approver/")


def test_the_next_version_says_what_changed_in_words_and_euros(journey: Journey, president: Visitor) -> None:
    journey.ask(RefuseBudget(subject_id=journey.campaign_id, reason="CDR est trop cher."), by=journey.actors["presidence"])
    with journey.reading() as session:
        wanted = next(row for row in journey.facts(session).lists if row.code == "CDR")
    journey.ask(ReopenTerms(subject_id=journey.campaign_id, list_id=wanted.id, reason="Le prix est à revoir."))
    journey.ask(AgreeTerms(subject_id=journey.campaign_id, list_id=wanted.id, cpm=Decimal("172.50")))
    journey.ask(RecordConsent(subject_id=journey.campaign_id, list_id=wanted.id))
    journey.ask(CloseNegotiation(subject_id=journey.campaign_id))

    page = president.words(PAGE)

    assert "What changed since version 1" in page
    assert "Solange Petit, 6 July 2026: refused “CDR est trop cher.”" in page
    assert "List Cadre et Rivière – multi-acheteurs price per thousand €188.00 → €172.50" in page
    assert "List Alizés" not in page.split("In words and euros")[1].split("Who had a hand")[0]
    assert "This is an earlier version" in president.words(f"{PAGE}/1")


def test_whoever_prepared_the_budget_decides_nothing(journey: Journey, site: Flask) -> None:
    preparer = person_named(journey, "Marion Vidal")
    with journey.database.writing(SYSTEM) as session:
        limit = Decimal(90000)
        session.add(
            Membership(
                person_id=preparer, advertiser_id=journey.advertiser_id, role=Role.BUDGET_APPROVER.value, approval_limit_amount=limit
            )
        )
    page = Visitor(site, preparer).words(PAGE)

    assert "You prepared this budget, so somebody else has to decide about it." in page
    assert "Approve €" not in page
    assert "Support it" not in page


def test_an_answer_to_a_page_that_is_out_of_date_is_refused_kindly(journey: Journey, president: Visitor, director: Visitor) -> None:
    seen = president.form(PAGE, "accept")
    assert director.send(f"{PAGE}/endorse", {**director.form(PAGE, "accept"), "accept-comment": ""}).status_code == 303

    answer = president.send(f"{PAGE}/approve", {**seen, "accept-comment": "Vu."})

    assert answer.status_code == 409
    assert "Somebody changed this while you were reading." in words(answer)
    assert "Vu." in answer.text
    assert state_of(journey) == "budget"


def test_an_approver_of_another_advertiser_finds_nothing(journey: Journey, site: Flask) -> None:
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Les Amis du Fleuve")
        stranger = Person(email="henri@fleuve.example", name="Henri Vasseur", created_at=BEGINNING)
        session.add_all([other, stranger])
        session.flush()
        session.add(Membership(person_id=stranger.id, advertiser_id=other.id, role=Role.BUDGET_APPROVER.value))
        stranger_id = stranger.id
    reader = Visitor(site, stranger_id)

    assert reader.open(PAGE).status_code == 404
    assert "Nothing waits for you" in reader.words("/approver/")


def test_an_approver_sees_that_they_were_reminded_and_that_it_was_escalated(journey: Journey, president: Visitor) -> None:
    with journey.reading() as session:
        task = open_task(session, "review_budget", journey.campaign_id)
    assert task is not None
    assert task.due_at is not None
    assert "reminded on" not in president.words("/approver/") + president.words(PAGE)

    assert follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=5)) == 1
    for page in ("/approver/", PAGE):
        assert f"reminded on {day_of(task.due_at + timedelta(days=5))}" in president.words(page)
    follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=12))
    for page in ("/approver/", PAGE):
        assert f"escalated on {day_of(task.due_at + timedelta(days=12))}" in president.words(page)


def test_the_day_on_which_it_is_late_is_that_of_paris(journey: Journey, site: Flask) -> None:
    with journey.reading() as session:
        task = open_task(session, "review_budget", journey.campaign_id)
    assert task is not None
    assert task.due_at is not None
    site.extensions[EXTENSION].clock.move_to(task.due_at.replace(hour=23, minute=30))
    reader = Visitor(site, person_named(journey, "Solange Petit"))

    assert "late: due yesterday" in reader.words("/approver/")
    assert f"Decide by {day_of(task.due_at)} (yesterday)" in reader.words(PAGE)
    assert 'class="is-late"' in reader.open(PAGE).text
