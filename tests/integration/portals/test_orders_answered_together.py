"""A broker who got an order for each of several lists accepts them in one go, each exactly as it was shown."""

from uuid import uuid4

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.test_changes_that_suppliers_propose import propose
from tests.integration.portals.test_supplier import accept, order_of, rows
from tests.integration.portals.visiting import Visitor, words
from workflows.order.model import PurchaseOrder

TOGETHER = "/supplier/orders/answer"


@pytest.fixture
def stage() -> str:
    return "order"


@pytest.fixture
def orders(journey: Journey, broker: Visitor) -> list[PurchaseOrder]:
    """The broker's orders, none of them answered."""
    own = order_of(journey, "ALZ").supplier_id
    return [one for one in rows(journey, PurchaseOrder) if one.supplier_id == own]


def states(journey: Journey, orders: list[PurchaseOrder]) -> list[str]:
    now = {one.id: one.state for one in rows(journey, PurchaseOrder)}
    return [now[one.id] for one in orders]


def tick(shown: dict[str, str], *orders: PurchaseOrder) -> dict[str, str | list[str]]:
    return {**shown, "order": [str(one.id) for one in orders]}


def test_the_first_page_leads_to_all_that_wait_and_each_is_there_with_what_it_asks_for(
    broker: Visitor, orders: list[PurchaseOrder]
) -> None:
    assert f"{len(orders)} orders to answer" in broker.words("/supplier/")

    page = broker.words(TOGETHER)

    for one in orders:
        assert one.number in page
        assert f"€{one.total_amount:,.2f}" in page


def test_those_that_are_ticked_are_accepted_and_the_others_wait(journey: Journey, broker: Visitor, orders: list[PurchaseOrder]) -> None:
    *chosen, other = orders

    assert broker.send(TOGETHER, tick(broker.form(TOGETHER), *chosen)).status_code == 303

    assert states(journey, [*chosen, other]) == ["accepted"] * len(chosen) + ["issued"]
    assert f"{len(chosen)} orders are accepted" in broker.words("/supplier/")
    assert "orders to answer" not in broker.words("/supplier/"), "one is answered by itself"


def test_a_form_that_is_sent_twice_is_answered_alike(broker: Visitor, orders: list[PurchaseOrder]) -> None:
    sent = tick(broker.form(TOGETHER), *orders)
    assert [broker.send(TOGETHER, sent).status_code for _ in range(2)] == [303, 303]


def test_one_that_was_answered_meanwhile_is_told_and_keeps_no_other_back(
    journey: Journey, broker: Visitor, orders: list[PurchaseOrder]
) -> None:
    first, *others = orders
    sent = tick(broker.form(TOGETHER), *orders)
    accept(broker, first)

    answer = broker.send(TOGETHER, sent)

    assert answer.status_code == 409
    assert f"This was not taken {first.number} —" in words(answer)
    assert states(journey, others) == ["accepted"] * len(others)


def test_none_is_accepted_where_none_is_ticked(journey: Journey, broker: Visitor, orders: list[PurchaseOrder]) -> None:
    answer = broker.send(TOGETHER, tick(broker.form(TOGETHER)))
    assert answer.status_code == 422
    assert "Tick the orders that you accept." in words(answer)
    assert states(journey, orders) == ["issued"] * len(orders)


def test_an_order_whose_proposal_waits_is_not_among_them(journey: Journey, broker: Visitor, orders: list[PurchaseOrder]) -> None:
    propose(journey, broker, quantity="1,200")
    assert f"Read it {order_of(journey, 'ALZ').number}" not in broker.words(TOGETHER)


def test_others_orders_and_what_was_not_shown_are_not_accepted(journey: Journey, broker: Visitor, orders: list[PurchaseOrder]) -> None:
    stranger = next(one for one in rows(journey, PurchaseOrder) if one.supplier_id != orders[0].supplier_id)
    shown = broker.form(TOGETHER)
    forged = {f"{stranger.id}-{name}": value for name, value in (("seen_version", "1"), ("content_sha256", stranger.content_sha256))}

    assert broker.send(TOGETHER, tick(shown | forged, stranger)).status_code == 404
    assert broker.send(TOGETHER, tick({}, orders[0])).status_code == 400
    assert broker.send(TOGETHER, {"order": "none"}).status_code == 400
    assert broker.send(TOGETHER, {**forged, "order": str(uuid4())}).status_code == 400
    assert states(journey, orders) == ["issued"] * len(orders)


def test_without_any_the_page_leads_to_all_orders(broker: Visitor, orders: list[PurchaseOrder]) -> None:
    broker.send(TOGETHER, tick(broker.form(TOGETHER), *orders))
    assert broker.open(TOGETHER).headers["Location"].endswith("/supplier/orders")
