"""Orders: numbered, acknowledged by their hash, refused with a reason, and issued again only where their terms changed."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, ReopenTerms
from workflows.campaign.stages.order import ConfirmOrders, ReturnToNegotiation
from workflows.engine.documents import Document
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotFound
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder, CancelOrder, DeclineOrder, OrderContentDiffers
from workflows.plan_line.model import PlanLine

Campaigns = Callable[[str], Played]


def current(campaign: Played) -> dict[str, PurchaseOrder]:
    """The orders that count, by the list's code or, for services, by number."""
    rows = campaign.rows(PurchaseOrder, col(PurchaseOrder.to_seq).is_(None), order=col(PurchaseOrder.number))
    return {order.list_code or order.number: order for order in rows}


def contact(campaign: Played, order: PurchaseOrder):
    """Who speaks for an order's supplier."""
    return next(actor for actor in campaign.actors.values() if order.supplier_id in actor.supplier_ids)


def decline(campaign: Played, code: str, reason: str = "Plus de stock.") -> None:
    order = current(campaign)[code]
    campaign.ask(DeclineOrder(subject_id=order.id, reason=reason), by=contact(campaign, order))


def renegotiate(campaign: Played, code: str, **terms: Decimal) -> None:
    """Back to negotiation, one list in new terms, and an approved budget again."""
    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="Un fournisseur a refusé."))
    about = {"subject_id": campaign.campaign_id, "list_id": campaign.list_id(code)}
    if not campaign.unmet("close_negotiation"):
        campaign.ask(ReopenTerms(**about, reason="Nouvelle offre."))
    campaign.ask(AgreeTerms(**about, **terms))
    campaign.close_consent(code)
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()


def test_orders_are_numbered_one_after_the_other_and_each_says_what_it_is_under(played: Campaigns) -> None:
    campaign = played("order")
    orders = list(current(campaign).values())

    assert [order.number for order in orders] == [f"BC-26A-{number:03d}" for number in range(1, len(orders) + 1)]
    assert {order.list_code for order in orders if order.list_id} == {"ALZ", "BTN", "CDR", "DOM", "ECL"}
    assert len([order for order in orders if order.list_id is None]) == 3, "printer, mailer, caging"
    assert {order.revision for order in orders} == {1}
    papers = {paper.document.number: paper.document for paper in campaign.issued("purchase_order")}
    assert {order.number: order.content_sha256 for order in orders} == {number: one.content_sha256 for number, one in papers.items()}


def test_each_order_waits_for_its_own_supplier(played: Campaigns) -> None:
    campaign = played("order")
    labels = [label for name, label in campaign.tasks() if name == "acknowledge_order"]
    assert labels == [order.number for order in current(campaign).values()]

    order = current(campaign)["ALZ"]
    campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=contact(campaign, order))

    assert ("acknowledge_order", order.number) not in campaign.tasks()
    assert ("deliver_list", "ALZ") in campaign.tasks()
    assert {line.state for line in campaign.rows(PlanLine, col(PlanLine.list_code) == "ALZ")} == {"confirmed"}


def test_acknowledging_another_content_is_refused(played: Campaigns) -> None:
    campaign = played("order")
    order, other = current(campaign)["ALZ"], current(campaign)["BTN"]

    with pytest.raises(OrderContentDiffers):
        campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=other.content_sha256), by=contact(campaign, order))


def test_a_supplier_does_not_even_see_another_s_order(played: Campaigns) -> None:
    campaign = played("order")
    order = current(campaign)["CDR"]

    with pytest.raises(NotFound):
        campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=campaign.actors["S-ECL"])


def test_an_order_is_answered_once(played: Campaigns) -> None:
    campaign = played("order")
    order = current(campaign)["CDR"]
    supplier = contact(campaign, order)
    campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=supplier)

    with pytest.raises(MoveNotOpen):
        campaign.ask(DeclineOrder(subject_id=order.id, reason="Finalement non."), by=supplier)
    with pytest.raises(MoveNotOpen):
        campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=supplier)


def test_an_order_is_declined_only_with_a_reason_which_is_kept(played: Campaigns) -> None:
    campaign = played("order")
    with pytest.raises(ReasonMissing):
        decline(campaign, "CDR", " \n")

    decline(campaign, "CDR")

    order = current(campaign)["CDR"]
    assert (order.state, order.refusal_reason, order.answered_by_id) == ("refused", "Plus de stock.", contact(campaign, order).person_id)


def test_a_declined_order_blocks_the_confirmation_and_says_which(played: Campaigns) -> None:
    campaign = played("order")
    decline(campaign, "CDR")
    campaign.accept_orders()

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))
    (unmet,) = refusal.value.unmet
    assert (unmet.code, unmet.params) == ("order.not_accepted", {"orders": [current(campaign)["CDR"].number]})


def test_the_list_of_a_declined_order_alone_is_negotiated_again(played: Campaigns) -> None:
    campaign = played("order")
    decline(campaign, "CDR")
    campaign.accept_orders()

    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="CDR a refusé."))

    assert [task for task in campaign.tasks() if task[0] == "settle_list"] == [("settle_list", "CDR")]
    states = {line.list_code: line.state for line in campaign.rows(PlanLine)}
    assert states["CDR"] == "candidate"
    assert {states[code] for code in ("ALZ", "BTN", "DOM", "ECL", "MAI")} == {"confirmed"}


def test_only_what_changed_is_ordered_again_as_a_new_revision(played: Campaigns) -> None:
    campaign = played("order")
    decline(campaign, "CDR")
    campaign.accept_orders()
    before = current(campaign)

    renegotiate(campaign, "CDR", cpm=Decimal(195))

    after = current(campaign)
    assert after["CDR"].number == before["CDR"].number
    assert (after["CDR"].revision, after["CDR"].state) == (2, "issued")
    untouched = [name for name in before if name != "CDR"]
    assert [after[name].id for name in untouched] == [before[name].id for name in untouched]
    assert {after[name].state for name in untouched} == {"accepted"}
    documents = [paper.document for paper in campaign.issued("purchase_order") if paper.document.number == after["CDR"].number]
    assert [document.revision for document in documents] == [1, 2]
    assert [name for name in campaign.tasks() if name[0] == "acknowledge_order"] == [("acknowledge_order", after["CDR"].number)]


def test_an_accepted_order_whose_terms_changed_is_withdrawn_for_its_next_revision(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders()
    before = current(campaign)["ALZ"]

    renegotiate(campaign, "ALZ", min_invoice_amount=Decimal(300))

    (old,) = campaign.rows(PurchaseOrder, col(PurchaseOrder.id) == before.id)
    new = current(campaign)["ALZ"]
    assert (old.state, old.to_seq is None) == ("cancelled", False)
    assert (new.revision, new.state, new.total_amount < old.total_amount) == (2, "issued", True)
    with pytest.raises(MoveNotOpen):
        campaign.ask(AcknowledgeOrder(subject_id=old.id, content_sha256=old.content_sha256), by=contact(campaign, old))


def test_the_budget_signed_again_as_it_was_orders_nothing_anew(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders(but=["ALZ"])
    before = {name: order.id for name, order in current(campaign).items()}

    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="Pour voir."))
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    campaign.approve_budget()

    assert {name: order.id for name, order in current(campaign).items()} == before
    assert [task for task in campaign.tasks() if task[0] == "acknowledge_order"] == [("acknowledge_order", current(campaign)["ALZ"].number)]


def test_a_cancelled_order_asks_its_supplier_for_nothing_any_more(played: Campaigns) -> None:
    campaign = played("order")
    order = current(campaign)["CDR"]

    campaign.ask(CancelOrder(subject_id=order.id, reason="Liste abandonnée."))

    assert ("acknowledge_order", order.number) not in campaign.tasks()
    withdrawn = campaign.rows(PurchaseOrder, PurchaseOrder.id == order.id)[0]
    assert withdrawn.owed_amount == 0, "nothing before extraction"
    (told,) = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_cancellation")
    assert told.payload["orders"] == {str(order.id): "0.00"}


def test_an_order_withdrawn_after_it_was_accepted_asks_for_no_delivery_any_more(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders()
    assert ("deliver_list", "ALZ") in campaign.tasks()

    renegotiate(campaign, "ALZ", min_invoice_amount=Decimal(300))
    assert ("deliver_list", "ALZ") not in campaign.tasks()

    campaign.accept_orders()
    assert campaign.tasks().count(("deliver_list", "ALZ")) == 1


def test_entering_the_stage_asks_for_a_reminder_two_working_days_later(played: Campaigns) -> None:
    campaign = played("order")

    (timer,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "remind_orders")
    assert (timer.created_at.date().isoformat(), timer.not_before.date().isoformat()) == ("2026-07-06", "2026-07-08")


def test_papers_of_orders_are_requested_in_the_move_that_issues_them(played: Campaigns) -> None:
    campaign = played("order")

    wanted = {str(row.id) for row in campaign.rows(Document, col(Document.kind) == "purchase_order")}
    asked = {row.payload["document_id"] for row in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "render_document")}
    assert wanted <= asked
