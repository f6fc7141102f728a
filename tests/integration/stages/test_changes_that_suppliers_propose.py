"""A supplier proposes a change to its order: it waits for the project manager, who takes it up or lets the order stand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from tests.integration.stages.test_order import contact, current, renegotiate
from workflows.campaign.documents import PurchaseOrder as PurchaseOrderContent
from workflows.campaign.model import CampaignList
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.negotiation import CloseNegotiation
from workflows.campaign.stages.order import ConfirmOrders, ReturnToNegotiation
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder
from workflows.order.proposing import AcceptProposal, DeclineProposal, NotAListsOrder, NothingProposed, ProposeChange

Campaigns = Callable[[str], Played]


def propose(campaign: Played, order: PurchaseOrder, **change: object) -> PurchaseOrder:
    """Its supplier proposes a change; the order as it stands then."""
    campaign.ask(ProposeChange(subject_id=order.id, **change), by=contact(campaign, order))
    (after,) = campaign.rows(PurchaseOrder, col(PurchaseOrder.id) == order.id)
    return after


def tasks_about(campaign: Played, number: str) -> list[str]:
    return [name for name, label in campaign.tasks() if label == number]


def test_a_proposal_is_kept_and_waits_for_the_project_manager_while_the_order_stands(played: Campaigns) -> None:
    campaign = played("order")
    order = current(campaign)["CDR"]
    assert tasks_about(campaign, order.number) == ["acknowledge_order"]

    after = propose(campaign, order, quantity=900, deliver_on=date(2026, 9, 8), cpm=Decimal("190.5"), words="Segment presque épuisé.")

    assert (after.state, after.content_sha256, after.proposal_state) == ("issued", order.content_sha256, "waiting")
    assert after.proposal == {"quantity": 900, "deliver_on": "2026-09-08", "cpm": "190.5"}
    assert after.proposal_words == "Segment presque épuisé."
    assert tasks_about(campaign, order.number) == ["answer_proposal"]
    with pytest.raises(ConditionsUnmet):
        propose(campaign, order, quantity=800)


def test_a_proposal_changes_something_that_the_order_has(played: Campaigns) -> None:
    campaign = played("order")
    orders = current(campaign)
    service = next(order for order in orders.values() if order.list_id is None)

    with pytest.raises(NothingProposed):
        propose(campaign, orders["CDR"], words=" \n")
    with pytest.raises(NotAListsOrder):
        propose(campaign, service, cpm=Decimal(10))
    assert propose(campaign, service, words="Deux jours de plus.").proposal_state == "waiting"


def test_only_the_advertiser_answers_a_proposal_and_declines_it_with_a_reason(played: Campaigns) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], quantity=900)

    with pytest.raises(NotYourMove):
        campaign.ask(AcceptProposal(subject_id=order.id), by=contact(campaign, order))
    with pytest.raises(ReasonMissing):
        campaign.ask(DeclineProposal(subject_id=order.id, reason=" "))


def test_a_declined_proposal_lets_the_order_stand_and_asks_its_supplier_again(played: Campaigns) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], quantity=900)

    campaign.ask(DeclineProposal(subject_id=order.id, reason="Le volume compte."))

    stands = current(campaign)["CDR"]
    assert (stands.id, stands.state, stands.proposal_state, stands.proposal_answer) == (order.id, "issued", "declined", "Le volume compte.")
    assert tasks_about(campaign, order.number) == ["acknowledge_order"]
    (told,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_proposal_answered")
    assert told.payload == {"order_id": str(order.id), "is_accepted": False}
    campaign.accept_orders()
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))
    assert campaign.state == "delivery"


def test_what_is_taken_up_is_agreed_approved_and_ordered_anew_and_the_first_order_costs_nothing(played: Campaigns) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], cpm=Decimal(150), deliver_on=date(2026, 9, 16))
    campaign.accept_orders(but=["CDR"])

    campaign.ask(AcceptProposal(subject_id=order.id))

    taken = current(campaign)["CDR"]
    assert (taken.state, taken.proposal_state, taken.owed_amount) == ("cancelled", "accepted", None)
    assert tasks_about(campaign, order.number) == []
    assert campaign.unmet("confirm_orders") == {"order.not_accepted": {"orders": [order.number]}}
    renegotiate(campaign, "CDR", cpm=Decimal(150))
    new = current(campaign)["CDR"]
    assert (new.number, new.revision, new.state, new.proposal_state) == (order.number, 2, "issued", "")
    assert campaign.rows(CampaignList, CampaignList.id == new.list_id)[0].cpm == 150
    paper = next(one for one in campaign.issued("purchase_order") if one.document.content_sha256 == new.content_sha256)
    assert isinstance(paper.content, PurchaseOrderContent)
    assert paper.content.list_terms is not None
    assert paper.content.list_terms.delivery_deadline_on == date(2026, 9, 16)
    campaign.accept_orders()
    assert campaign.unmet("confirm_orders") == {}


def test_a_service_whose_other_day_is_taken_up_is_ordered_anew_for_that_day(played: Campaigns) -> None:
    campaign = played("order")
    order = next(one for one in current(campaign).values() if one.list_id is None)
    propose(campaign, order, deliver_on=date(2026, 10, 20))
    campaign.ask(AcceptProposal(subject_id=order.id))

    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="Un autre jour."))
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    new = current(campaign)[order.number]
    assert (new.revision, new.state, new.deliver_by) == (2, "issued", date(2026, 10, 20))


def test_a_supplier_that_accepts_the_order_after_all_takes_its_proposal_back(played: Campaigns) -> None:
    campaign = played("order")
    order = propose(campaign, current(campaign)["CDR"], quantity=900)

    campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=contact(campaign, order))

    assert (current(campaign)["CDR"].state, current(campaign)["CDR"].proposal_state) == ("accepted", "withdrawn")
    assert tasks_about(campaign, order.number) == []
