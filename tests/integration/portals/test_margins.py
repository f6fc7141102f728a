"""The margin in the portals: a field of the brief, and a line beside every figure that was worked out with it."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.model import Campaign
from workflows.campaign.stages.budget import RefuseBudgetToPlan
from workflows.campaign.stages.plan import SubmitPlan

ROOM = "/manager/campaigns/26A"
BUDGET = "/approver/campaigns/26A/budget"
LINE = "Worked out with a margin of 42.5% and a handling cost of €1.20 for each order or gift."
FRENCH = "Calculé avec un taux de marge de 42,5 % et un coût de traitement de 1,20 € HT par commande ou par don."
SAID = {"margin_rate": "42.5", "handling_amount": "1.20"}


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def marion_in_french(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Marion Vidal"), "fr")


def say(marion: Visitor, **other: str) -> None:
    """Change the brief alone in this."""
    changed = {f"brief-{name}": value for name, value in (other or SAID).items()}
    assert marion.send(f"{ROOM}/plan/brief", marion.form(f"{ROOM}/plan", "brief") | changed).status_code == 303


def margin_of(journey: Journey, code: str = "26A") -> tuple[Decimal, Decimal]:
    with journey.reading() as session:
        campaign = session.exec(select(Campaign).where(Campaign.code == code)).one()
        return campaign.margin_rate, campaign.handling_amount


def test_the_plan_says_which_margin_its_returns_are_of_and_nothing_where_all_stays(
    journey: Journey, marion: Visitor, marion_in_french: Visitor
) -> None:
    form = marion.form(f"{ROOM}/plan", "brief")
    assert (form["brief-margin_rate"], form["brief-handling_amount"]) == ("100", "0.00")
    assert "Worked out with" not in marion.words(f"{ROOM}/plan")

    say(marion)

    assert margin_of(journey) == (Decimal("0.425"), Decimal("1.2"))
    assert LINE in marion.words(f"{ROOM}/plan")
    assert FRENCH in marion_in_french.words(f"{ROOM}/plan")
    journey.ask(SubmitPlan(subject_id=journey.campaign_id))
    assert LINE in marion.words(ROOM)


def test_fields_that_are_left_empty_let_all_of_it_stay(journey: Journey, marion: Visitor) -> None:
    say(marion)
    say(marion, margin_rate="", handling_amount="")

    assert margin_of(journey) == (1, 0)


@pytest.mark.parametrize(
    ("field", "value", "english", "french"),
    [
        ("margin_rate", "0", "More than 0 and 100 at most", "Plus de 0 et 100 au plus"),
        ("margin_rate", "101", "More than 0 and 100 at most", "Plus de 0 et 100 au plus"),
        ("margin_rate", "33.333", "two decimals at most", "deux décimales au plus"),
        ("handling_amount", "-1", "Number must be at least 0", "doit être"),
        ("handling_amount", "1.234", "to the cent", "au centime"),
        ("handling_amount", "cher", "to the cent", "au centime"),
    ],
)
def test_a_fault_is_told_at_its_field(
    journey: Journey, marion: Visitor, marion_in_french: Visitor, field: str, value: str, english: str, french: str
) -> None:
    for visitor, said in ((marion, english), (marion_in_french, french)):
        answer = visitor.send(f"{ROOM}/plan/brief", visitor.form(f"{ROOM}/plan", "brief") | {f"brief-{field}": value})

        assert answer.status_code == 422
        assert said in words(answer)
    assert margin_of(journey) == (1, 0)


def test_a_campaign_is_opened_with_a_margin_and_copied_with_it(journey: Journey, marion: Visitor) -> None:
    advertiser = marion.form("/manager/campaigns/new", "form-advertiser_id")["form-advertiser_id"]
    brief = {"campaign_code": "27F", "title": "Catalogue", "drop_on": "2027-03-23", "envelope_amount": "20,000.00", "vat_rate": "20"}
    form = {f"form-{name}": value for name, value in {**brief, **SAID, "advertiser_id": advertiser, "level": "individual"}.items()}
    assert marion.send("/manager/campaigns/new/form", form).status_code == 303
    copy = {"advertiser_id": advertiser, "source": "27F", "campaign_code": "27C", "title": "Copie", "drop_on": "2027-04-13"}
    assert marion.send("/manager/campaigns/new/copy", {f"copy-{name}": value for name, value in copy.items()}).status_code == 303

    assert margin_of(journey, "27F") == margin_of(journey, "27C") == (Decimal("0.425"), Decimal("1.2"))


def test_whoever_signs_a_budget_reads_what_it_assumes_and_that_it_is_not_what_it_was(
    journey: Journey, site: Flask, marion: Visitor, president: Visitor
) -> None:
    journey.reach("budget")
    before = president.words(BUDGET)
    assert "Worked out with" not in before
    journey.ask(RefuseBudgetToPlan(subject_id=journey.campaign_id, reason="Quelle marge ?"), by=journey.actors["presidence"])
    say(marion)
    journey.submit_plan()
    journey.close_negotiation()

    page = president.words(BUDGET)

    assert page.count(LINE) == 2
    assert "Margin rate 100.00% 42.50%" in page
    assert "Handling of an order or gift, without VAT €0.00 €1.20" in page
    needed, needed_before = (int(text.partition("Break-even: ")[2].partition(" ")[0].replace(",", "")) for text in (page, before))
    assert needed > 2 * needed_before
    assert FRENCH in Visitor(site, person_named(journey, "Solange Petit"), "fr").words(BUDGET)


def test_a_margin_is_stated_anew_where_the_results_are_read(journey: Journey, marion: Visitor, marion_in_french: Visitor) -> None:
    journey.reach("responses")
    assert "State the margin anew" in marion.words(f"{ROOM}/plan")
    journey.collect(answers={"26AMAIINAAR": 9, "26AALZP12AR": 4}, returned={})
    journey.publish()
    assert "contribution" in marion.words(f"{ROOM}/analysis")
    assert "Worked out with" not in marion.words(f"{ROOM}/analysis")
    form = marion.form(f"{ROOM}/analysis", "margin")

    wrong = marion.send(f"{ROOM}/analysis/margin", form | {"margin-margin_rate": "0"})
    answer = marion.send(f"{ROOM}/analysis/margin", form | {f"margin-{name}": value for name, value in SAID.items()})

    assert (wrong.status_code, "More than 0 and" in words(wrong)) == (422, True)
    assert answer.status_code == 303
    assert answer.location.endswith("/analysis#margin")
    journey.publish()
    page = marion.words(f"{ROOM}/analysis")
    assert LINE in page
    assert FRENCH in marion_in_french.words(f"{ROOM}/analysis")
    with journey.reading() as session:
        result = journey.facts(session).result
        assert result is not None
        cost = Decimal(result.body["kpis"]["campaign"]["roi"]["denominator"])
    left = 13 * (30 * Decimal("0.425") - Decimal("1.2")) - cost
    assert f"€390 cost €{cost:,.0f}, contribution −€{-left:,.0f}" in page
