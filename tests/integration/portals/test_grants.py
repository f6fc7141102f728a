"""An approver lets a control be passed over where policy asks for that; the form offers what policy leaves to approvers, once."""

import pytest
from flask import Flask
from sqlmodel import col, select

from app.saved_policy import save_policy
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.records import Override
from workflows.parties.actor import SYSTEM

REVIEWS = "/approver/overrides"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """Two campaigns; the second follows a policy that leaves weak tests to approvers."""
    body = {**DEFAULT_POLICY, "overrides": {**DEFAULT_POLICY["overrides"], "inconclusive_test": "budget_approver"}}
    with opened.database.writing(SYSTEM) as session:
        save_policy(session, opened.advertiser_id, body, seen_number=1, by=None, now=opened.now)
    opened.open("26B")
    return opened


def grants(journey: Journey) -> list[tuple[str, str]]:
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(Override).where(col(Override.is_grant)))
        return [(row.control, row.reason) for row in found]


def test_what_policy_leaves_to_approvers_is_offered_and_granted_once(journey: Journey, president: Visitor) -> None:
    page = president.open(REVIEWS).text
    assert "26B · A test that is too small to show anything" in page
    assert "26A ·" not in page, "its policy leaves nothing to approvers"

    fields = president.form(REVIEWS, "grant-")
    assert president.send(f"{REVIEWS}/grant", fields | {"grant-reason": ""}).status_code == 422
    assert grants(journey) == []
    answer = president.send(f"{REVIEWS}/grant", fields | {"grant-reason": "Pour cette vague."})

    assert answer.status_code == 303
    assert grants(journey) == [("inconclusive_test", "Pour cette vague.")]
    assert 'id="grant"' not in president.open(REVIEWS).text
    assert president.send(f"{REVIEWS}/grant", fields | {"grant-reason": "Encore."}).status_code == 404


def test_a_control_that_is_not_offered_is_not_granted(journey: Journey, president: Visitor) -> None:
    fields = president.form(REVIEWS, "grant-")
    other = fields["grant-control"].replace("inconclusive_test", "deposit")
    assert president.send(f"{REVIEWS}/grant", {"grant-control": other, "grant-reason": "Pourquoi pas."}).status_code == 422
    assert grants(journey) == []


def test_only_an_approver_gives_leave(journey: Journey, site: Flask) -> None:
    manager = Visitor(site, person_named(journey, "Marion Vidal"))
    assert manager.send(f"{REVIEWS}/grant", {"grant-reason": "Moi."}).status_code == 403
