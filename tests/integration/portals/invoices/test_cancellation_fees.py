"""What a cancelled campaign owes, in the portals: its supplier is asked for an invoice and sends it; manager and auditor read it."""

from typing import Any

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.invoices.test_invoices import ROOM, said, send
from tests.integration.portals.visiting import Visitor
from workflows.campaign.any_stage.cancelling import ApproveCancellation, RequestCancellation
from workflows.campaign.invoices.expected import dues


@pytest.fixture
def stage() -> str:
    return "dedupe"


@pytest.fixture
def due(journey: Journey) -> Any:
    """What the order of a list owes once its campaign was given up."""
    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Le don a baissé."))
    with journey.reading() as session:
        owed = journey.facts(session).cancellations[-1].owed_amount
    journey.ask(ApproveCancellation(subject_id=journey.campaign_id, owed_amount=owed), by=journey.actors["presidence"])
    with journey.reading() as session:
        found = next(one for one in dues(journey.facts(session)).values() if one.row and one.row.code == "ALZ")
        assert found.order.owed_amount is not None
        return found


def test_a_supplier_finds_the_fee_as_a_thing_to_do_and_invoices_it(
    journey: Journey, biller: Visitor, marion: Visitor, auditor: Visitor, due: Any, page: str
) -> None:
    assert f"Invoice the cancellation: {due.row.name}" in biller.words("/supplier/")
    assert "this is what its cancellation terms give" in biller.words(page)
    assert page in biller.open(f"/supplier/orders/{due.order.id}").text
    assert f"{due.row.name}: cancellation fee" in marion.words(ROOM)

    today = f"{journey.now:%Y-%m-%d}"
    answer = send(biller, page, {name: text for name, text in said(due, invoiced_on=today).items() if name != "quantity"})
    assert answer.status_code == 303

    assert "Matched" in biller.words(page)
    assert f"Invoice the cancellation: {due.row.name}" not in biller.words("/supplier/")
    assert "F-1" in auditor.words("/auditor/campaigns/26A/invoices")
