"""What a delivery note says beyond its count: criteria and records by segment, as the order asks, and what became of them in the file."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import accept, check, deliver, examine, order_of, rows
from tests.integration.portals.visiting import Visitor
from workflows.delivery.model import DeliveredFile


@pytest.fixture
def stage() -> str:
    return "order"


def test_a_delivery_note_says_what_the_order_asks_for(journey: Journey, broker: Visitor, marion: Visitor) -> None:
    order = order_of(journey, "ALZ")
    accept(broker, order)
    asked = broker.words(f"/supplier/lists/{order.list_id}/delivery")
    assert "Criteria applied" in asked
    assert "Records of segment P12" in asked

    report = deliver(broker, order.list_id, criteria="Payé depuis moins de 12 mois.", segment_0="1,000").location

    (file,) = rows(journey, DeliveredFile)
    assert (file.criteria, file.declared_segments) == ("Payé depuis moins de 12 mois.", {"P12": 1000})
    examine(journey, check("segment_as_declared:P12", 1000, 900, "failed"), count=1559, conforming=False)
    assert "Segment P12: 900; you announced 1,000." in broker.words(report)
    room = marion.words("/manager/campaigns/26A/delivery")
    assert "Criteria applied: “Payé depuis moins de 12 mois.”" in room
    assert "Segment P12: 900 records, 1,000 announced" in room
