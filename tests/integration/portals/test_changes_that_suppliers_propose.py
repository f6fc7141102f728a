"""A change to an order on pages: proposed by its supplier, read and answered by the project manager, filled in where terms are agreed."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import order_of
from tests.integration.portals.visiting import Visitor

ORDERS = "/manager/campaigns/26A/order"


@pytest.fixture
def stage() -> str:
    return "order"


def propose(journey: Journey, broker: Visitor, **change: str) -> int:
    path = f"/supplier/orders/{order_of(journey, 'ALZ').id}"
    typed = {f"propose-{name}": value for name, value in change.items()}
    return broker.send(f"{path}/propose", broker.form(path, "propose") | typed).status_code


def answer(journey: Journey, marion: Visitor, how: str, **words: str) -> int:
    order = order_of(journey, "ALZ")
    key = f"{'take-up' if how == 'accept' else 'let-stand'}-{order.number}"
    fields = marion.form(ORDERS, key) | {f"{key}-{name}": value for name, value in words.items()}
    return marion.send(f"{ORDERS}/{order.id}/proposal/{how}", fields).status_code


def test_a_share_above_the_whole_is_no_proposal(journey: Journey, broker: Visitor) -> None:
    assert propose(journey, broker, min_billing_rate="150") == 422


def test_a_supplier_proposes_a_change_and_reads_that_it_waits(journey: Journey, broker: Visitor) -> None:
    path = f"/supplier/orders/{order_of(journey, 'ALZ').id}"
    assert propose(journey, broker) == 409, "nothing is proposed"

    assert propose(journey, broker, quantity="1,200", cpm="150.5", words="Fewer, and cheaper.") == 303

    page = broker.words(path)
    assert "Your proposal waits for an answer Quantity · 1,200 Price for a thousand addresses · €150.50 “Fewer, and cheaper.”" in page
    assert "Propose a change" not in page
    assert "Accept the order" in page
    assert "Somebody’s name was taken out" not in page


def test_the_project_manager_reads_it_and_lets_the_order_stand(journey: Journey, broker: Visitor, marion: Visitor) -> None:
    propose(journey, broker, quantity="1,200")
    assert f"Answer the change proposed to the order {order_of(journey, 'ALZ').number}" in marion.words("/manager/")
    assert "It proposes a change Quantity · 1,200" in marion.words(ORDERS)

    assert answer(journey, marion, "decline") == 422
    assert answer(journey, marion, "decline", reason="We need them all.") == 303

    assert "Its proposal was declined Quantity · 1,200 Answered: “We need them all.”" in marion.words(ORDERS)
    page = broker.words(f"/supplier/orders/{order_of(journey, 'ALZ').id}")
    assert "Your proposal was declined: the order stands as issued Quantity · 1,200 Answer: “We need them all.”" in page
    assert "Propose a change" in page


def test_what_is_taken_up_is_filled_in_where_the_terms_are_agreed(journey: Journey, broker: Visitor, marion: Visitor) -> None:
    propose(journey, broker, cpm="150.5", quantity="1,200")

    assert answer(journey, marion, "accept", comment="Agreed.") == 303
    assert "Your proposal was taken up: another order follows" in broker.words(f"/supplier/orders/{order_of(journey, 'ALZ').id}")
    back = marion.form(ORDERS, "return_to_negotiation") | {"return_to_negotiation-reason": "A proposal."}
    assert marion.send("/manager/campaigns/26A/moves/return_to_negotiation", back).status_code == 303

    page = marion.words("/manager/campaigns/26A/negotiation")
    assert "Its supplier’s proposal is to be agreed Quantity · 1,200 Price for a thousand addresses · €150.50" in page
    assert "A quantity is changed in the plan." in page
    assert marion.form("/manager/campaigns/26A/negotiation", "terms-ALZ")["terms-ALZ-cpm"] == "150.50"
