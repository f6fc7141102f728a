"""A running campaign is bent and not broken: held and resumed, sent back, added to, given up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col

from app.saved_policy import save_policy
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.cancelling import (
    ApproveCancellation,
    AskerMayNotDecide,
    CancelCampaign,
    OwedDiffers,
    RefuseCancellation,
    RequestCancellation,
)
from workflows.campaign.any_stage.holding import CampaignCancelled, HoldCampaign, ResumeCampaign
from workflows.campaign.any_stage.repinning import FollowPolicy, PolicyNotNewer, PolicyNotNewest
from workflows.campaign.any_stage.reworking import MailIsPosted, NoWayBack, ReturnToStage
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.policy import PolicyVersion
from workflows.campaign.records import Cancellation, Lot, MergePurgeRun, StoredFile
from workflows.campaign.results.figures import list_bills
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.send.proving import RecordDeposit
from workflows.campaign.stages.order import ConfirmOrders
from workflows.campaign.stages.plan import EnvelopeNotPositive, RevisePlan, SubmitPlan
from workflows.delivery.model import DeliveredFile
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, Paused
from workflows.engine.user_tasks import UserTask
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder
from workflows.parties.actor import SYSTEM
from workflows.plan_line.model import PlanLine
from workflows.trade.billing import price_per_thousand
from workflows.trade.working_days import local_day, working_days_between

Campaigns = Callable[[str], Played]


def hold(campaign: Played) -> None:
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Le conseil attend."))


def an_order(campaign: Played) -> PurchaseOrder:
    return campaign.rows(PurchaseOrder, col(PurchaseOrder.to_seq).is_(None), order=col(PurchaseOrder.number))[0]


def request(campaign: Played) -> Cancellation:
    campaign.ask(RequestCancellation(subject_id=campaign.campaign_id, reason="Le don a baissé."))
    return campaign.rows(Cancellation)[-1]


# --- on hold --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["plan", "order", "dedupe", "responses"])
def test_a_campaign_rests_and_goes_on_where_it_stood(played: Campaigns, stage: str) -> None:
    campaign = played(stage)
    open_before = campaign.tasks()

    hold(campaign)

    assert campaign.state == "on_hold"
    assert campaign.tasks() == []
    assert campaign.tasks("suspended") == open_before
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))
    assert campaign.state == stage
    assert campaign.tasks() == open_before
    assert len(campaign.rows(MergePurgeRun)) < 2, "nothing was begun twice"


def test_what_is_due_keeps_the_working_days_it_had_left(played: Campaigns) -> None:
    campaign = played("order")

    def left() -> dict[object, int]:
        today = local_day(campaign.now)
        return {task.id: working_days_between(today, local_day(task.due_at)) for task in campaign.rows(UserTask, UserTask.state == "open")}

    before, timers = left(), campaign.rows(OutboxMessage, OutboxMessage.name == "remind_orders")
    hold(campaign)
    campaign.now += timedelta(days=17)
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))

    assert left() == before
    moved = campaign.rows(OutboxMessage, OutboxMessage.name == "remind_orders")
    assert [one.not_before > other.not_before for one, other in zip(moved, timers, strict=True)] == [True]
    assert [one.remaining_days for one in moved] == [None]


def test_while_it_rests_nobody_moves_anything_of_it_and_everybody_is_told_who_lifts_that(played: Campaigns) -> None:
    campaign = played("order")
    order = an_order(campaign)
    hold(campaign)

    with pytest.raises(Paused) as refusal:
        campaign.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256))
    with pytest.raises(Paused):
        campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))

    (unmet,) = refusal.value.unmet
    assert (unmet.code, unmet.lifted_by, unmet.since) == ("campaign.on_hold", "project_manager", campaign.campaign.rested_at)
    assert campaign.move("acknowledge_order", process="order", subject_id=order.id).unmet == (unmet,)


def test_a_hold_needs_its_reason_and_a_campaign_that_rests_is_not_held_again(played: Campaigns) -> None:
    campaign = played("plan")

    with pytest.raises(ReasonMissing):
        campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason=" "))
    hold(campaign)
    with pytest.raises(Paused):
        hold(campaign)


# --- back to an earlier stage -----------------------------------------------------------------------------------------------------


def test_going_back_to_the_plan_keeps_orders_lines_and_deliveries_as_they_are(played: Campaigns) -> None:
    campaign = played("delivery")
    orders = {order.number: order.state for order in campaign.rows(PurchaseOrder)}
    lines = {line.id: line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))}

    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="plan", reason="Un fichier de plus."))
    campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))
    campaign.close_negotiation()
    campaign.approve_budget()

    assert campaign.state == "order"
    assert {order.number: order.state for order in campaign.rows(PurchaseOrder)} == orders
    assert {line.id: line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))} == lines
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))


def test_going_back_to_the_dedupe_from_the_send_voids_run_lots_and_proofs(played: Campaigns) -> None:
    campaign = played("send")
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="dedupe", reason="Une liste était périmée."))

    first, second = campaign.rows(MergePurgeRun, order=col(MergePurgeRun.number))
    assert (first.state, first.void_reason, second.state) == ("void", "Une liste était périmée.", "requested")
    assert campaign.rows(Lot, col(Lot.to_seq).is_(None)) == []
    assert campaign.rows(Lot) != [], "what counted once is kept"
    assert "processed" in {line.state for line in campaign.rows(PlanLine)}


def test_going_back_to_the_deliveries_lets_the_lines_be_processed_anew(played: Campaigns) -> None:
    campaign = played("lots")
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="delivery", reason="Exclure un fichier."))

    assert campaign.state == "delivery"
    assert "processed" not in {line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))}
    campaign.start_dedupe()
    assert campaign.state == "dedupe"


def test_nobody_goes_back_before_the_post_or_where_no_way_leads(played: Campaigns) -> None:
    posted = played("responses")
    with pytest.raises(MoveNotOpen):
        posted.ask(ReturnToStage(subject_id=posted.campaign_id, stage="lots", reason="Trop tard."))

    early = played("order")
    with pytest.raises(NoWayBack):
        early.ask(ReturnToStage(subject_id=early.campaign_id, stage="analysis", reason="Trop tôt."))


def test_mail_that_is_posted_is_not_made_anew(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    pieces = {lot.code: lot.quantity + lot.seeds for lot in campaign.rows(Lot, col(Lot.to_seq).is_(None))}
    posted = RecordDeposit(subject_id=campaign.campaign_id, deposited_on=date(2026, 10, 13), slip_number="D-1", quantities=pieces)
    campaign.reach_drop()
    campaign.ask(posted)

    with pytest.raises(MailIsPosted):
        campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="lots", reason="Trop tard."))


# --- given up -----------------------------------------------------------------------------------------------------------------------


def test_before_any_order_the_project_manager_cancels_alone(played: Campaigns) -> None:
    campaign = played("negotiation")

    campaign.ask(CancelCampaign(subject_id=campaign.campaign_id, reason="Plus de budget."))

    assert (campaign.state, campaign.campaign.stood_in) == ("cancelled", "negotiation")
    assert campaign.tasks() == []
    assert {line.state for line in campaign.rows(PlanLine, col(PlanLine.to_seq).is_(None))} == {"cancelled"}
    with pytest.raises(CampaignCancelled):
        campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))


def test_once_orders_are_out_an_approver_who_did_not_ask_decides(played: Campaigns) -> None:
    campaign = played("order")

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(CancelCampaign(subject_id=campaign.campaign_id, reason="Plus de budget."))
    assert [unmet.code for unmet in refusal.value.unmet] == ["cancellation.money_committed"]
    asked = request(campaign)
    assert campaign.state == "order"
    assert ("approve_cancellation", "") in campaign.tasks()

    campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=asked.owed_amount), by=campaign.president)

    assert campaign.state == "cancelled"
    assert {order.state for order in campaign.rows(PurchaseOrder)} == {"cancelled"}
    assert campaign.tasks() == campaign.tasks("suspended") == []
    told = campaign.rows(OutboxMessage, OutboxMessage.name == "mail_cancellation")
    assert {order for one in told for order in one.payload["orders"]} == {str(order.id) for order in campaign.rows(PurchaseOrder)}
    assert campaign.rows(OutboxMessage, OutboxMessage.state == "pending", OutboxMessage.name == "remind_orders") == []


def test_whoever_asked_does_not_decide_and_a_refusal_lets_the_campaign_go_on(played: Campaigns) -> None:
    campaign = played("order")
    asked = request(campaign)
    both = campaign.as_role(campaign.president.grants[0].role, approval_limit_amount=Decimal(1_000_000))

    with pytest.raises(AskerMayNotDecide):
        campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=asked.owed_amount), by=both)
    campaign.ask(RefuseCancellation(subject_id=campaign.campaign_id, reason="Trop engagé."), by=campaign.president)

    assert campaign.state == "order"
    assert campaign.rows(Cancellation)[-1].decision == "refused"
    assert ("approve_cancellation", "") not in campaign.tasks()
    request(campaign)


def test_what_is_owed_grows_with_what_the_suppliers_did_and_is_signed_as_shown(played: Campaigns) -> None:
    before, after = played("order"), played("dedupe")

    assert request(before).owed_amount == 0, "nothing before extraction"
    asked = request(after)
    by_clause = dict.fromkeys((order.number for order in after.rows(PurchaseOrder, col(PurchaseOrder.list_id).is_(None))), Decimal(0))
    for order in after.rows(PurchaseOrder, col(PurchaseOrder.list_id).is_not(None)):
        (terms,) = after.rows(CampaignList, CampaignList.id == order.list_id)
        files = after.rows(DeliveredFile, DeliveredFile.list_id == order.list_id, DeliveredFile.state == "accepted")
        came = sum(file.record_count for file in files)
        charged = (price_per_thousand(came, price) for price in (terms.selection_cpm, terms.run_charge_cpm))
        by_clause[order.number] = sum(charged, terms.technical_fee)
    assert {number: Decimal(amount) for number, amount in asked.owed.items()} == by_clause, "fees, selection and run charge after it"
    with pytest.raises(OwedDiffers):
        after.ask(ApproveCancellation(subject_id=after.campaign_id, owed_amount=asked.owed_amount + 1), by=after.president)


def test_once_the_mail_is_posted_an_order_costs_what_its_net_statement_bills(played: Campaigns) -> None:
    campaign = played("responses")
    owed = {number: Decimal(amount) for number, amount in request(campaign).owed.items()}

    with campaign.reading() as session:
        bills = list_bills(CampaignFacts(session, session.get_one(Campaign, campaign.campaign_id)))
    orders = campaign.rows(PurchaseOrder, col(PurchaseOrder.to_seq).is_(None))
    assert owed == {order.number: bills[order.list_code].due_amount if order.list_code else order.total_amount for order in orders}


def test_a_cancelled_campaign_loses_its_address_files_and_keeps_their_hashes(played: Campaigns) -> None:
    campaign = played("dedupe")
    asked = request(campaign)
    campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=asked.owed_amount), by=campaign.president)

    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)

    files = campaign.rows(StoredFile)
    assert files
    assert all(file.wrapped_key is None and file.purged_at is not None and len(file.sha256) == 64 for file in files)
    (destroying,) = campaign.rows(OutboxMessage, OutboxMessage.name == "destroy_blobs")
    assert set(destroying.payload["blobs"]) == {file.blob_id.hex for file in files}


# --- another policy, another envelope --------------------------------------------------------------------------------------------


def save(campaign: Played, **delays: int) -> PolicyVersion:
    """The next version of the policy."""
    with campaign.database.writing(SYSTEM) as session:
        body = {**DEFAULT_POLICY, "delays": {**DEFAULT_POLICY["delays"], **delays}}
        return save_policy(session, campaign.advertiser_id, body, seen_number=1, by=None, now=campaign.now)


def follow(campaign: Played, version: PolicyVersion, sha256: str = "") -> None:
    campaign.ask(
        FollowPolicy(
            subject_id=campaign.campaign_id,
            policy_number=version.number,
            policy_sha256=sha256 or version.sha256,
            reason="Le conseil l'a voté.",
        )
    )


def test_a_campaign_keeps_its_policy_until_it_is_moved_and_then_says_so_in_every_checkpoint(played: Campaigns) -> None:
    campaign = played("budget")
    version = save(campaign, review_budget=9)
    before = campaign.campaign.policy_number

    follow(campaign, version)

    with campaign.reading() as session:
        after = campaign.facts(session).campaign
        assert (before, after.policy_number, after.policy.days("review_budget")) == (1, 2, 9)
    entry = campaign.rows(Checkpoint, order=col(Checkpoint.seq))[-1]
    assert entry.event == "campaign.policy.followed"
    assert b'"policy":{"version":2}' in entry.body


def test_only_the_newest_policy_as_it_was_looked_at_is_followed(played: Campaigns) -> None:
    campaign = played("budget")
    version = save(campaign, review_budget=9)

    with pytest.raises(PolicyNotNewest):
        follow(campaign, version, sha256="0" * 64)
    follow(campaign, version)
    with pytest.raises(PolicyNotNewer):
        follow(campaign, version)


def test_an_envelope_is_raised_in_the_plan_and_never_to_nothing(played: Campaigns) -> None:
    campaign = played("plan")

    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, envelope_amount=Decimal("250000.00")))

    assert campaign.campaign.envelope_amount == Decimal("250000.00")
    with pytest.raises(EnvelopeNotPositive):
        campaign.ask(RevisePlan(subject_id=campaign.campaign_id, envelope_amount=Decimal(0)))
