"""An approver answers a request to give a campaign up, at the cost that is shown; what is refused keeps what was typed."""

import pytest
from sqlmodel import col, select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, words
from workflows.campaign.any_stage.cancelling import RequestCancellation
from workflows.order.model import PurchaseOrder

ROOM = "/manager/campaigns/26A/cancellation"
PAGE = "/approver/campaigns/26A/cancellation"


@pytest.mark.parametrize(("answer", "field"), [("approve", "comment"), ("refuse", "reason")])
def test_a_refused_answer_to_a_cancellation_keeps_what_was_typed(journey: Journey, director: Visitor, answer: str, field: str) -> None:
    journey.reach("delivery")
    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Le don a baissé."))
    typed = {f"{answer}-{field}": "Le conseil en a délibéré mardi."}
    form = director.form(PAGE, f"{answer}-")

    refused = director.send(f"{PAGE}/{answer}", form | typed | {f"{answer}-seen_version": "1"})

    assert refused.status_code == 409
    assert "Le conseil en a délibéré mardi." in words(refused)
    assert ('<details class="more" open>' in refused.text) == (answer == "refuse"), "the form is not folded over what was typed"
    assert director.send(f"{PAGE}/{answer}", director.form(PAGE, f"{answer}-") | typed).status_code == 303


@pytest.mark.parametrize("stage", ["order"])
def test_what_the_project_manager_states_of_services_is_shown_with_its_justification_to_whoever_decides(
    journey: Journey, marion: Visitor, director: Visitor
) -> None:
    with journey.reading() as session:
        services = select(PurchaseOrder).where(PurchaseOrder.campaign_id == journey.campaign_id, col(PurchaseOrder.list_id).is_(None))
        order = max(session.exec(services), key=lambda one: one.total_amount)
    typed = {"state_owed-order_number": order.number, "state_owed-reason": "Papier coupé, facture du papetier."}

    too_much = marion.send("/manager/campaigns/26A/moves/state_owed", typed | {"state_owed-amount": "999999"})
    assert (too_much.status_code, "owes between nothing and what was ordered" in words(too_much)) == (409, True)
    assert "Papier coupé, facture du papetier." in words(too_much)
    assert f'<option selected value="{order.number}">' in too_much.text
    unsaid = marion.send("/manager/campaigns/26A/moves/state_owed", typed | {"state_owed-amount": "10", "state_owed-reason": ""})
    assert (unsaid.status_code, "Write the justification" in words(unsaid)) == (422, True)
    assert marion.send("/manager/campaigns/26A/moves/state_owed", typed | {"state_owed-amount": "0"}).status_code == 303
    assert marion.send("/manager/campaigns/26A/moves/state_owed", typed | {"state_owed-amount": "480.50"}).location == ROOM
    assert "€480.50" in marion.words(ROOM)

    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Le don a baissé."))
    shown = director.words(PAGE)
    assert "€480.50" in shown
    assert f"{order.number} (" in shown
    assert "as the project manager states: Papier coupé, facture du papetier." in shown
