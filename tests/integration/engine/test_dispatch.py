"""Dispatch: one move is all of its effects or none of them, for whoever may see and ask, one at a time."""

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import col

from app.execute import Door
from tests.integration.stages.played import Played
from workflows.campaign.budget.deciding import ApproverLimitExceeded
from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.send.not_sending import UnknownLot
from workflows.campaign.send.proving import RecordDeposit
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent, ReturnToPlan
from workflows.campaign.stages.plan import RevisePlan, SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.dispatch import available_moves, dispatch
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotFound, NotYourMove, ProcessChanged, Refused, Stale
from workflows.engine.registry import Registry
from workflows.engine.user_tasks import UserTask
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Supplier
from workflows.parties.roles import Role
from workflows.plan_line.model import PlanLine
from workflows.plan_line.process import PLAN_LINE
from workflows.processes import REGISTRY

Campaigns = Callable[[str], Played]


def refused(campaign: Played, command: Command, reason: type[Refused], by: Actor | None = None) -> Refused:
    """Ask, be refused for that reason, and find every row of every table as it was."""
    before = campaign.trace()
    with pytest.raises(reason) as refusal:
        campaign.ask(command, by=by)
    assert campaign.trace() == before
    return refusal.value


def test_a_refusal_leaves_no_trace_whatever_its_reason(played: Campaigns) -> None:
    campaign = played("budget")
    about = {"subject_id": campaign.campaign_id}
    sha256 = campaign.issued("budget_file")[0].document.content_sha256

    refused(campaign, CloseNegotiation(**about), MoveNotOpen)
    refused(campaign, ApproveBudget(**about, budget_sha256=sha256), NotYourMove)
    refused(campaign, ApproveBudget(**about, budget_sha256=sha256, seen_version=1), Stale, by=campaign.president)
    refused(campaign, ApproveBudget(**about, budget_sha256=_budget(campaign)), ApproverLimitExceeded, by=campaign.deputy)
    refused(campaign, ApproveBudget(subject_id=uuid4(), budget_sha256=sha256), NotFound, by=campaign.president)


def test_a_refusal_halfway_through_takes_back_what_was_done(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    with campaign.reading() as session:
        code, pieces = next((lot.code, lot.quantity + lot.seeds) for lot in campaign.facts(session).lots)

    command = RecordDeposit(
        subject_id=campaign.campaign_id, deposited_on=date(2026, 10, 13), slip_number="1", quantities={code: pieces, "ZZZ": 1}
    )
    campaign.reach_drop()
    refused(campaign, command, UnknownLot)


def test_a_refusal_of_what_follows_takes_back_the_move_itself(played: Campaigns) -> None:
    campaign = played("plan")
    candidate, *others = PLAN_LINE.stages
    renamed = dataclasses.replace(PLAN_LINE, stages=(dataclasses.replace(candidate, state="idea"), *others))
    before = campaign.trace()

    with pytest.raises(ProcessChanged), campaign.database.writing(campaign.manager) as session:
        dispatch(
            session, Registry(CAMPAIGN, renamed), SubmitPlan(subject_id=campaign.campaign_id), actor=campaign.manager, now=campaign.now
        )

    assert campaign.trace() == before


def test_several_commands_are_one_transaction(played: Campaigns) -> None:
    campaign = played("plan")
    about = {"subject_id": campaign.campaign_id}
    before = campaign.trace()

    with pytest.raises(ConditionsUnmet):
        campaign.door.execute_all([SubmitPlan(**about), CloseNegotiation(**about)], actor=campaign.manager, now=campaign.now)

    assert campaign.trace() == before


def test_each_of_several_commands_is_asked_by_the_same_person(played: Campaigns) -> None:
    """Whoever works for two advertisers sees each command's subject as themself, not as the one before was carried out."""
    campaign = played("plan")
    other = another_advertiser_s(campaign)
    both = dataclasses.replace(campaign.manager, grants=campaign.manager.grants + other.manager.grants)
    asked = [SubmitPlan(subject_id=campaign.campaign_id), SubmitPlan(subject_id=other.campaign_id)]

    outcomes = campaign.door.execute_all(asked, actor=both, now=campaign.now)

    assert [outcome.state for outcome in outcomes] == ["negotiation", "negotiation"]


def test_the_second_of_several_commands_reaches_nothing_that_its_asker_does_not_see(played: Campaigns) -> None:
    campaign = played("order")
    orders = {order.list_code: order for order in campaign.rows(PurchaseOrder)}
    mine, another_s = (AcknowledgeOrder(subject_id=orders[code].id, content_sha256=orders[code].content_sha256) for code in ("ECL", "CDR"))

    with pytest.raises(NotFound):
        campaign.door.execute_all([mine, another_s], actor=campaign.actors["S-ECL"], now=campaign.now)


def test_a_page_that_was_overtaken_is_told_so(played: Campaigns) -> None:
    campaign = played("plan")
    seen = campaign.campaign.version
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, seen_version=seen, costs=campaign.kit.brief.costs))

    stale = refused(campaign, SubmitPlan(subject_id=campaign.campaign_id, seen_version=seen), Stale)

    assert stale.params == {"seen": seen, "version": seen + 1}
    campaign.ask(SubmitPlan(subject_id=campaign.campaign_id, seen_version=seen + 1))


def test_a_refused_page_is_told_the_same_by_its_buttons(played: Campaigns) -> None:
    campaign = played("plan")
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=(), costs=()))

    move = campaign.move("submit_plan")
    refusal = refused(campaign, SubmitPlan(subject_id=campaign.campaign_id), ConditionsUnmet)

    assert (move.allowed, move.is_open, move.to) == (True, False, "negotiation")
    assert move.unmet == refusal.unmet
    assert not campaign.move("submit_plan", by=campaign.president).allowed


def test_each_move_of_a_stage_is_open_to_its_audience_alone(played: Campaigns) -> None:
    campaign = played("budget")

    def allowed(actor: Actor) -> set[str]:
        with campaign.database.reading(SYSTEM) as session:
            row = session.get_one(Campaign, campaign.campaign_id)
            moves = available_moves(session, CAMPAIGN, row, actor=actor, now=campaign.now)
        return {move.name for move in moves if move.allowed}

    everywhere = {"assign_responsibility", "hold_campaign", "cancel_campaign", "request_cancellation", "state_owed", "follow_policy"}
    everywhere |= {"record_exchange", "withdraw_exchange", "record_contract", "withdraw_contract"}
    everywhere |= {"send_invoice", "enter_invoices", "send_credit_note", "accept_invoice", "dispute_invoice", "waive_invoice"}
    assert allowed(campaign.manager) == everywhere | {"answer_question", "move_drop", "state_basis"}
    deciding = {"approve_cancellation", "refuse_cancellation", "grant_override", "review_override"}
    answers = {"approve_budget", "endorse_budget", "refuse_budget", "refuse_budget_to_plan", "ask_about_budget"}
    assert allowed(campaign.deputy) == answers | deciding
    assert allowed(campaign.as_role(Role.DPO)) == {"record_contract", "withdraw_contract"}
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert allowed(campaign.as_role(role)) == set()
    assert allowed(Actor(person_id=uuid4())) == set()


def test_somebody_of_another_advertiser_does_not_learn_that_the_campaign_exists(played: Campaigns) -> None:
    campaign = played("plan")
    stranger = Actor(person_id=uuid4(), grants=(Grant(advertiser_id=uuid4(), role=Role.PROJECT_MANAGER),))

    refused(campaign, SubmitPlan(subject_id=campaign.campaign_id), NotFound, by=stranger)


def test_the_engine_itself_keeps_suppliers_apart_even_where_the_database_would_not(played: Campaigns) -> None:
    campaign = played("order")
    order = campaign.rows(PurchaseOrder, col(PurchaseOrder.list_code) == "CDR")[0]
    command = AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256)

    with campaign.database.writing(SYSTEM) as session, pytest.raises(NotYourMove):
        dispatch(session, REGISTRY, command, actor=campaign.actors["S-ECL"], now=campaign.now)


def test_smaller_machines_move_in_the_same_transaction_and_chain(played: Campaigns) -> None:
    campaign = played("plan")
    before = campaign.campaign.chain_seq

    outcome = campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))

    entries = campaign.rows(Checkpoint, col(Checkpoint.seq) > before, order=col(Checkpoint.seq))
    agreed, approved = ["plan_line.agreed"], ["plan_line.owner_approved"]
    assert outcome.seq == entries[0].seq
    assert [entry.event for entry in entries] == ["campaign.plan.submitted", *agreed, *approved, *agreed, *approved]
    house = campaign.rows(PlanLine, col(PlanLine.list_code) == "MAI")
    assert {(line.state, line.version) for line in house} == {("owner_approved", 2)}
    assert campaign.campaign.version == outcome.version, "the campaign itself moved once"


def test_user_tasks_are_opened_with_a_date_done_by_their_doer_and_cancelled_by_who_leaves(played: Campaigns) -> None:
    campaign = played("negotiation")
    (settle,) = [task for task in campaign.rows(UserTask) if (task.name, task.label) == ("settle_list", "ALZ")]
    assert (settle.stage, settle.candidate_role, settle.supplier_id) == ("negotiation", "project_manager", None)
    assert settle.due_at is not None
    assert settle.due_at.date() == date(2026, 7, 16), "seven working days after the 6th, with the 14th off"

    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=settle.subject_id))
    consent = campaign.ask(RecordConsent(subject_id=campaign.campaign_id, list_id=settle.subject_id))
    back = campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Encore une liste."))

    tasks = {(task.name, task.label, task.opened_seq): task for task in campaign.rows(UserTask)}
    done = tasks["settle_list", "ALZ", settle.opened_seq]
    assert (done.state, done.closed_by_id, done.closed_seq) == ("done", campaign.manager.person_id, consent.seq)
    left = tasks["settle_list", "BTN", settle.opened_seq]
    assert (left.state, left.closed_seq) == ("cancelled", back.seq)


def test_a_move_asks_machines_for_work_in_its_own_transaction(played: Campaigns) -> None:
    campaign = played("plan")
    before = {row.id for row in campaign.rows(OutboxMessage)}

    outcome = campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))

    asked = [row for row in campaign.rows(OutboxMessage) if row.id not in before]
    assert [(row.name, row.state, row.requested_seq) for row in asked] == [("render_document", "pending", outcome.seq)]


def test_a_state_that_no_process_knows_moves_no_more_until_somebody_moves_it_over(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set state = 'brainstorming'")

    refusal = refused(campaign, SubmitPlan(subject_id=campaign.campaign_id), ProcessChanged)

    assert refusal.params == {"state": "brainstorming"}
    with campaign.database.reading(SYSTEM) as session:
        row = session.get_one(Campaign, campaign.campaign_id)
        assert available_moves(session, CAMPAIGN, row, actor=campaign.manager, now=campaign.now) == ()


def test_the_relay_is_nudged_once_a_move_is_committed_and_not_when_it_is_refused(played: Campaigns) -> None:
    campaign = played("plan")
    seen: list[str] = []
    door = Door(campaign.database, campaign.door.clock, lambda: seen.append(campaign.state))

    with pytest.raises(MoveNotOpen):
        door.execute(CloseNegotiation(subject_id=campaign.campaign_id), actor=campaign.manager)
    door.execute(SubmitPlan(subject_id=campaign.campaign_id), actor=campaign.manager)

    assert seen == ["negotiation"]


def test_a_campaign_lives_on_its_own_calendar_where_it_has_one(played: Campaigns) -> None:
    campaign = played("plan")
    its_present = campaign.now + timedelta(days=40)
    campaign.door.set_calendar(campaign.campaign_id, its_present)

    outcome = campaign.door.execute(RevisePlan(subject_id=campaign.campaign_id, costs=campaign.kit.brief.costs), actor=campaign.manager)

    (entry,) = campaign.rows(Checkpoint, col(Checkpoint.seq) == outcome.seq)
    assert entry.at == its_present


def another_advertiser_s(campaign: Played) -> Played:
    """The same campaign under another code, for an advertiser and a manager of their own."""
    with campaign.behind_the_engine() as connection:
        (advertiser_id,) = connection.execute(
            "insert into advertiser (id, name, siren, vat_number, address, postcode, town)"
            " select gen_random_uuid(), 'Autre Maison', siren, vat_number, address, postcode, town from advertiser returning id"
        ).fetchone()
        (person_id,) = connection.execute(
            "insert into person (id, email, name, locale, created_at)"
            " values (gen_random_uuid(), 'autre@maison.example', 'Une Autre', 'fr', now()) returning id"
        ).fetchone()
        kept = ", ".join(name for name in Supplier.model_fields if name not in ("id", "advertiser_id"))
        connection.execute(
            f"insert into supplier (id, advertiser_id, {kept}) select gen_random_uuid(), '{advertiser_id}', {kept} from supplier"
        )
    other = campaign.on(campaign.database)
    other.advertiser_id = advertiser_id
    manager = Actor(person_id=person_id, grants=(Grant(advertiser_id=advertiser_id, role=Role.PROJECT_MANAGER),))
    other.actors = {"chef.projet": manager}
    other.open("27X")
    assert other.campaign.envelope_amount == Decimal(10500)
    return other


def _budget(campaign: Played) -> str:
    with campaign.reading() as session:
        budget = campaign.facts(session).budget
    assert budget is not None
    return budget.sha256
