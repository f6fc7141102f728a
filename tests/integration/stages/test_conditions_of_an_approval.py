"""A budget approved under conditions: no order goes out before they are met, and only what they ask for is left out."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.budget.conditions import CapOutOfRange, LeaveOutList, ListNotInBudget, ListStays, NothingLeft
from workflows.campaign.records import BudgetDecision, BudgetVersion
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.stages.budget import ApproveBudget, EndorseBudget
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, ReopenTerms
from workflows.campaign.stages.order import ConfirmOrders, IssueOrders, ReturnToNegotiation
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import Actor
from workflows.parties.roles import Role
from workflows.plan_line.model import PlanLine

Campaigns = Callable[[str], Played]


def budget_of(campaign: Played) -> BudgetVersion:
    budget: BudgetVersion = campaign.rows(BudgetVersion, order=col(BudgetVersion.number))[-1]
    return budget


def sign(campaign: Played, command: type[ApproveBudget] | type[EndorseBudget], by: Actor, **conditions: Any) -> None:
    campaign.ask(command(subject_id=campaign.campaign_id, budget_sha256=budget_of(campaign).sha256, **conditions), by=by)


def approve(campaign: Played, **conditions: Any) -> None:
    sign(campaign, ApproveBudget, campaign.president, **conditions)


def leave_out(campaign: Played, code: str) -> None:
    campaign.ask(LeaveOutList(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Condition de l’accord."))


def issue(campaign: Played) -> None:
    campaign.ask(IssueOrders(subject_id=campaign.campaign_id))


def ordered(campaign: Played) -> set[str]:
    """The lists of orders that are out."""
    return {order.list_code for order in campaign.rows(PurchaseOrder, col(PurchaseOrder.state) == "issued") if order.list_code}


def states(campaign: Played, code: str) -> set[str]:
    return {line.state for line in campaign.rows(PlanLine, col(PlanLine.list_code) == code, col(PlanLine.to_seq).is_(None))}


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    return played("budget")


def test_an_excluded_list_keeps_every_order_back_until_it_is_left_out_and_the_closed_move_says_who_lifts_it(campaign: Played) -> None:
    approve(campaign, excluded_lists=("DOM",))

    budget = budget_of(campaign)
    assert (campaign.state, budget.ordered_at, campaign.rows(PurchaseOrder)) == ("order", None, [])
    (unmet,) = campaign.move("issue_orders").unmet
    assert (unmet.code, unmet.lifted_by, unmet.since) == ("order.lists_excluded", Role.PROJECT_MANAGER, budget.approved_at)
    assert unmet.params == {"lists": ["DOM"]}
    with pytest.raises(ConditionsUnmet) as refusal:
        issue(campaign)
    assert refusal.value.unmet == (unmet,)
    assert set(campaign.unmet("confirm_orders")) == {"order.withheld"}
    assert campaign.tasks() == [("confirm_orders", ""), ("issue_orders", "")]

    leave_out(campaign, "DOM")
    assert campaign.unmet("issue_orders") == {}
    issue(campaign)

    assert states(campaign, "DOM") == {"refused"}
    assert ordered(campaign) == {"ALZ", "BTN", "CDR", "ECL"}
    assert {name for name, _ in campaign.tasks()} == {"confirm_orders", "acknowledge_order"}
    campaign.accept_orders()
    campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))
    assert campaign.state == "delivery"


def test_a_cap_keeps_every_order_back_until_what_is_left_is_within_it(campaign: Played) -> None:
    cap = budget_of(campaign).total_amount - Decimal("500.00")
    approve(campaign, cap_amount=cap)

    (unmet,) = campaign.move("issue_orders").unmet
    assert (unmet.code, unmet.lifted_by, unmet.since) == ("order.above_cap", Role.PROJECT_MANAGER, budget_of(campaign).approved_at)
    assert unmet.params == {"amount": budget_of(campaign).total_amount, "limit": cap}

    leave_out(campaign, "CDR")
    issue(campaign)

    assert "CDR" not in ordered(campaign)
    assert sum(order.total_amount for order in campaign.rows(PurchaseOrder)) <= cap
    expected, actual, verdict = campaign.controls("campaign.order.issued")["cap"]
    assert (Decimal(expected), Decimal(actual) <= cap, verdict) == (cap, True, "ok")


def test_conditions_that_hold_from_the_beginning_keep_nothing_back(campaign: Played) -> None:
    approve(campaign, cap_amount=budget_of(campaign).total_amount)

    assert len(ordered(campaign)) == 5
    assert set(campaign.unmet("issue_orders")) == {"order.nothing_withheld"}
    assert campaign.unmet("leave_out_list").keys() == {"order.nothing_withheld"}


def test_an_approval_without_conditions_orders_at_once_as_ever(campaign: Played) -> None:
    approve(campaign)

    assert len(ordered(campaign)) == 5
    assert budget_of(campaign).ordered_at is not None
    assert "issue_orders" not in {name for name, _ in campaign.tasks()}
    noted = campaign.controls("campaign.budget.approved")
    assert {code for code in noted if not code.startswith("processor_contract")} == {"budget_hash", "signatures"}


def test_conditions_of_several_signatures_add_up_to_the_lowest_cap_and_all_exclusions(campaign: Played) -> None:
    campaign.tune_policy({"approval_tiers": [{"up_to": None, "signatures": 2}]})
    total = budget_of(campaign).total_amount
    sign(campaign, EndorseBudget, campaign.deputy, cap_amount=total - 100, excluded_lists=("DOM",))
    approve(campaign, cap_amount=total - 10, excluded_lists=("ECL", "DOM"))

    assert campaign.unmet("issue_orders") == {
        "order.lists_excluded": {"lists": ["DOM", "ECL"]},
        "order.above_cap": {"amount": total, "limit": total - 100},
    }
    kept = campaign.controls("campaign.budget.approved")
    assert kept["cap"] == (str(total - 100), str(total), "warning")
    assert kept["excluded_lists"] == ("DOM, ECL", None, "warning")
    mine = campaign.rows(BudgetDecision, order=col(BudgetDecision.from_seq))[-1]
    assert (mine.cap_amount, mine.excluded_lists, mine.budget_sha256) == (total - 10, ["DOM", "ECL"], budget_of(campaign).sha256)

    leave_out(campaign, "DOM")
    leave_out(campaign, "ECL")
    issue(campaign)
    assert campaign.controls("campaign.order.issued")["excluded_lists"] == ("DOM, ECL", "DOM, ECL", "ok")


def test_the_checkpoint_of_a_signature_holds_its_conditions_beside_the_hash(campaign: Played) -> None:
    approve(campaign, cap_amount=Decimal("9000.00"), excluded_lists=("DOM",))

    (entry,) = campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.budget.approved")
    command = read_json(entry.body)["command"]
    assert command["budget_sha256"] == budget_of(campaign).sha256
    assert (command["cap_amount"], command["excluded_lists"]) == ("9000.00", ["DOM"])


@pytest.mark.parametrize("command", [ApproveBudget, EndorseBudget])
def test_conditions_that_cannot_be_met_are_refused(campaign: Played, command: type[ApproveBudget] | type[EndorseBudget]) -> None:
    total = budget_of(campaign).total_amount
    sign(campaign, EndorseBudget, campaign.deputy, excluded_lists=("DOM", "ECL"))

    for conditions, refusal in (
        ({"cap_amount": total + Decimal("0.01")}, CapOutOfRange),
        ({"cap_amount": Decimal(0)}, CapOutOfRange),
        ({"excluded_lists": ("XYZ",)}, ListNotInBudget),
        ({"excluded_lists": ("ALZ", "BTN", "CDR", "MAI")}, NothingLeft),
    ):
        with pytest.raises(refusal):
            sign(campaign, command, campaign.president, **conditions)


def test_only_what_a_condition_asks_for_is_left_out_by_a_project_manager_with_a_reason(campaign: Played) -> None:
    approve(campaign, excluded_lists=("DOM",))
    about = {"subject_id": campaign.campaign_id, "reason": "Condition de l’accord."}
    dom = campaign.list_id("DOM")

    for command, by, refusal in (
        (LeaveOutList(**about, list_id=campaign.list_id("ALZ")), campaign.manager, ListStays),
        (LeaveOutList(**about, list_id=campaign.campaign_id), campaign.manager, NotOfThisCampaign),
        (LeaveOutList(**about | {"reason": " "}, list_id=dom), campaign.manager, ReasonMissing),
        (LeaveOutList(**about, list_id=dom), campaign.president, NotYourMove),
        (IssueOrders(subject_id=campaign.campaign_id), campaign.president, NotYourMove),
    ):
        with pytest.raises(refusal):
            campaign.ask(command, by=by)
    leave_out(campaign, "DOM")
    with pytest.raises(NotOfThisCampaign):
        leave_out(campaign, "DOM")


def test_what_was_left_out_voids_nothing_and_any_other_change_still_does(campaign: Played) -> None:
    approve(campaign, excluded_lists=("DOM",))
    leave_out(campaign, "DOM")
    assert campaign.unmet("issue_orders") == {}

    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign_list set cpm = cpm + 1 where code = 'ALZ'")

    assert set(campaign.unmet("issue_orders")) == {"budget.approval_void"}


def test_only_the_suppliers_of_lists_that_were_never_ordered_are_told_that_no_order_comes(campaign: Played) -> None:
    approve(campaign, excluded_lists=("DOM",))
    leave_out(campaign, "DOM")
    assert campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_left_out") == [], "it may still be negotiated again"
    issue(campaign)

    (told,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_left_out")
    assert told.payload == {"lists": [str(campaign.list_id("DOM"))]}


def test_instead_the_manager_goes_back_and_another_budget_begins_without_conditions(campaign: Played) -> None:
    approve(campaign, cap_amount=Decimal("9000.00"), excluded_lists=("DOM",))
    leave_out(campaign, "DOM")
    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="Sans DOM, trop peu d’adresses."))
    dom = campaign.list_id("DOM")
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=dom, reason="Un autre prix."))
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=dom, technical_fee=Decimal(1)))
    campaign.close_consent("DOM")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    approve(campaign)

    assert "DOM" in ordered(campaign)
    noted = campaign.controls("campaign.budget.approved")
    assert {code for code in noted if not code.startswith("processor_contract")} == {"budget_hash", "signatures"}


def test_a_list_that_was_ordered_before_is_withdrawn_at_its_terms_when_a_later_budget_excludes_it(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders()
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="plan", reason="Une liste de plus."))
    campaign.submit_plan()
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    approve(campaign, excluded_lists=("DOM",))
    assert "order.lists_excluded" in campaign.unmet("issue_orders")

    leave_out(campaign, "DOM")
    issue(campaign)

    assert states(campaign, "DOM") == {"cancelled"}
    (withdrawn,) = campaign.rows(PurchaseOrder, col(PurchaseOrder.list_code) == "DOM")
    assert withdrawn.state == "cancelled"
    assert campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_left_out")[-1].payload == {"lists": []}
    assert len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_cancellation")) == 1
    campaign.accept_orders()
    assert campaign.unmet("confirm_orders") == {}
