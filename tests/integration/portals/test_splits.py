"""What came in parts, put together on the auditor's page: approvals each within a limit, and lots posted on several slips."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, person_named
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.records import Lot
from workflows.campaign.send.proving import RecordDeposit

PAGE = "/auditor/exceptions"


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


def approve_twice(journey: Journey, limit: int, second_drop: date | None = None) -> None:
    """Let one person approve a campaign, and another of the same brief, with this limit."""
    signer = journey.actors["presidence"]
    grants = tuple(replace(grant, approval_limit_amount=Decimal(limit)) for grant in signer.grants)
    journey.actors["presidence"] = replace(signer, grants=grants)
    journey.approve_budget()
    journey.now = BEGINNING
    journey.open("26B")
    if second_drop:
        journey.ask(MoveDrop(subject_id=journey.campaign_id, drop_on=second_drop, reason="Après les fêtes."))
    journey.reach("order")


def split_part(told: str) -> str:
    """What the page says of split approvals."""
    return told.split("Approvals split below a limit", 1)[1].split("Lots sent in parts", maxsplit=1)[0]


def test_two_approvals_that_are_above_a_limit_together_stand_as_one(journey: Journey, auditor: Visitor) -> None:
    approve_twice(journey, 12000)

    for page in (PAGE, f"{PAGE}?campaign=26A", f"{PAGE}?campaign=26B"):
        told = split_part(auditor.words(page))
        assert "Solange Petit 26A · " in told
        assert "26B · " in told
        assert "€12,000.00" in told
        assert "Routage Val-de-Saône" in told


@pytest.mark.parametrize(("limit", "second"), [(42000, None), (12000, date(2027, 1, 19))], ids=["within", "months_apart"])
def test_approvals_within_a_limit_together_or_far_apart_are_ordinary(
    journey: Journey, auditor: Visitor, limit: int, second: date | None
) -> None:
    approve_twice(journey, limit, second)

    assert "No approvals are above a limit only together." in split_part(auditor.words(PAGE))


def test_a_lot_on_two_slips_stands_there_with_both(journey: Journey, auditor: Visitor) -> None:
    journey.reach("send").order_mailing()
    journey.reach_drop()
    assert "Every lot was sent at once." in auditor.words(PAGE)
    lot = min(rows(journey, Lot), key=lambda one: one.code)
    for slip, pieces in (("D-1", 17), ("D-2", lot.pieces - 17)):
        posted = {"deposited_on": date(2026, 10, 13), "slip_number": slip, "quantities": {lot.code: pieces}, "rest_follows": slip == "D-1"}
        journey.ask(RecordDeposit(subject_id=journey.campaign_id, **posted))

    told = auditor.words(PAGE).split("Lots sent in parts", 1)[1]
    assert f"{lot.code} D-1 13 October 2026: 17 D-2 13 October 2026: {lot.pieces - 17} {lot.pieces}" in told
