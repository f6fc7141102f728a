"""An overrun of the budget on pages: foreseen where lots are frozen, read and signed by an approver, followed by whoever froze them."""

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words

PAGE = "/approver/campaigns/26A/overrun"
ROOM = "/manager/campaigns/26A/overrun"


@pytest.fixture
def stage() -> str:
    return "lots"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign with lots that are made and hold more than was budgeted."""
    opened.record_lots()
    return opened


@pytest.fixture
def frozen(journey: Journey, marion: Visitor) -> Visitor:
    """Marion, who has frozen them in her room."""
    page = "/manager/campaigns/26A/lots"
    assert "With these lots the campaign is going to cost €10,090.72 without VAT; it may come to €9,558.56" in marion.words(page)
    assert marion.send("/manager/campaigns/26A/moves/freeze_lots", marion.form(page, "freeze_lots")).status_code == 303
    return marion


def sign(visitor: Visitor, answer: str, **typed: str) -> int:
    prefix = "refuse" if answer == "refuse" else "accept"
    return visitor.send(f"{PAGE}/{answer}", visitor.form(PAGE, prefix) | typed).status_code


def test_an_approver_reads_what_was_approved_what_is_forecast_and_why_and_signs_that(frozen: Visitor, president: Visitor) -> None:
    home = president.words("/approver/")
    assert "An overrun waits for you" in home
    assert "Forecast now €10,090.72 €810.56 above what was approved" in home

    page = president.words(PAGE)
    assert "Approved, without VAT €9,280.16 budget, version 1" in page
    assert "Allowed with the tolerance €9,558.56 3.0% above it" in page
    assert "Postage · Routage Val-de-Saône 8,207 → 9,973 €3,167.90 €3,849.58 +€681.68" in page
    assert "approved for what nobody foresaw; it is part of no forecast €270.30 €0.00" in page
    assert "orders are out" in page
    assert "were the campaign given up today" in page
    assert "The campaign may come to €10,090.72 without VAT, and no more." in page
    assert sign(president, "approve", **{"accept-comment": "La poste coûte ce qu’elle coûte."}) == 303

    assert "Approved. The project manager can order the mailing." in president.words("/approver/")
    assert "overrun to €10,090.72" in president.words("/approver/")
    assert "This overrun waits for nobody now." in president.words(PAGE)
    assert "“La poste coûte ce qu’elle coûte.”" in frozen.words(ROOM)
    assert "See what its lots cost above it" in frozen.words("/manager/campaigns/26A/budget")


def test_whoever_froze_the_lots_reads_what_waits_for_whom_and_why_it_was_refused(frozen: Visitor, president: Visitor) -> None:
    room = frozen.words("/manager/campaigns/26A/send")
    assert "The campaign is going to cost €10,090.72; €9,280.16 was approved, which with the tolerance allows €9,558.56." in room
    assert "Can be lifted by: Solange Petit" in room
    assert "Approve or refuse an overrun of the budget" in frozen.words("/manager/campaigns/26A")
    assert "An approver decides by" in frozen.words(ROOM)
    assert "Lots frozen by Marion Vidal" in frozen.words(ROOM)

    assert sign(president, "refuse", **{"refuse-reason": ""}) == 422
    assert sign(president, "refuse", **{"refuse-reason": "Trop de plis."}) == 303

    assert "“Trop de plis.”" in frozen.words(ROOM)
    assert "The campaign is going to cost €10,090.72" in frozen.words("/manager/campaigns/26A/send")


def test_one_whose_limit_is_below_the_forecast_supports_it_and_is_told_who_approves(frozen: Visitor, director: Visitor) -> None:
    assert "You can support it or refuse it." in director.words("/approver/")
    page = director.words(PAGE)
    assert "The amount, €10,090.72, is above what you may accept alone: €7,000.00. Can be lifted by: Solange Petit (up to €42,000)" in page

    assert sign(director, "endorse") == 303

    assert "You supported it. It waits for others." in director.words("/approver/")
    assert "You supported this overrun on" in director.words(PAGE)


def test_what_was_shown_and_is_no_more_is_not_signed_and_the_page_says_so(frozen: Visitor, president: Visitor) -> None:
    other = president.send(f"{PAGE}/approve", president.form(PAGE, "accept") | {"accept-forecast_amount": "1.00"})

    assert other.status_code == 409
    assert "The campaign is going to cost €10,090.72, not what you read." in words(other)


def test_there_is_no_page_for_an_overrun_that_is_not(journey: Journey, site: Flask) -> None:
    assert Visitor(site, person_named(journey, "Solange Petit")).open(PAGE).status_code == 404
    assert "No overrun" in Visitor(site, person_named(journey, "Marion Vidal")).words(ROOM)


def test_an_auditor_reads_the_signature_in_words(journey: Journey, frozen: Visitor, president: Visitor, site: Flask) -> None:
    assert sign(president, "approve") == 303
    with journey.reading() as session:
        seq = journey.facts(session).overrun_decisions[-1].from_seq

    entry = Visitor(site, person_named(journey, "Yann Kerbrat")).words(f"/auditor/campaigns/26A/entries/{seq}")

    assert "Overrun of the budget approved" in entry
    assert "What the campaign is going to cost, without VAT" in entry
    assert "€10,090.72" in entry
    assert "Hash of the forecast that was signed" in entry
