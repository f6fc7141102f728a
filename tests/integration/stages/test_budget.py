"""The budget: two pairs of eyes, a limit, and a hash that says exactly what was approved."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.budget.deciding import ApproverLimitExceeded, PreparerMayNotDecide
from workflows.campaign.records import BudgetDecision, BudgetVersion
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.budget import ApproveBudget, BudgetDiffers, EndorseBudget, RefuseBudget, RefuseBudgetToPlan
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, ReopenTerms
from workflows.campaign.stages.order import ConfirmOrders, ReturnToNegotiation
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.refusals import ConditionsUnmet
from workflows.order.model import PurchaseOrder
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]


def budgets(campaign: Played) -> list[BudgetVersion]:
    return campaign.rows(BudgetVersion, order=col(BudgetVersion.number))


def approve(campaign: Played, sha256: str | None = None) -> ApproveBudget:
    return ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=sha256 or budgets(campaign)[-1].sha256)


def test_whoever_prepared_a_budget_decides_nothing_about_it(played: Campaigns) -> None:
    campaign = played("budget")
    both = replace(campaign.manager, grants=campaign.manager.grants + campaign.president.grants)
    sha256 = budgets(campaign)[-1].sha256
    about = {"subject_id": campaign.campaign_id}

    for command in (
        ApproveBudget(**about, budget_sha256=sha256),
        EndorseBudget(**about, budget_sha256=sha256),
        RefuseBudget(**about, reason="Trop cher."),
        RefuseBudgetToPlan(**about, reason="Trop cher."),
    ):
        with pytest.raises(PreparerMayNotDecide):
            campaign.ask(command, by=both)


def test_an_approver_accepts_nothing_above_their_limit_but_may_endorse_it(played: Campaigns) -> None:
    campaign = played("budget")
    (budget,) = budgets(campaign)

    with pytest.raises(ApproverLimitExceeded) as refusal:
        campaign.ask(approve(campaign), by=campaign.deputy)
    assert refusal.value.params == {"limit": Decimal(7000), "amount": budget.total_amount}

    campaign.ask(EndorseBudget(subject_id=campaign.campaign_id, budget_sha256=budget.sha256, comment="Bon équilibre."), by=campaign.deputy)
    assert campaign.state == "budget"
    campaign.ask(approve(campaign), by=campaign.president)
    decisions = campaign.rows(BudgetDecision, order=col(BudgetDecision.decided_at))
    assert [(one.decision, one.person_id, one.limit_amount, one.budget_sha256) for one in decisions] == [
        ("endorsed", campaign.deputy.person_id, Decimal(7000), budget.sha256),
        ("approved", campaign.president.person_id, Decimal(42000), budget.sha256),
    ]


def test_under_a_cap_an_approver_accepts_as_much_as_the_cap_and_no_more(played: Campaigns) -> None:
    campaign = played("budget")
    above = replace(approve(campaign), cap_amount=Decimal("7000.01"))

    with pytest.raises(ApproverLimitExceeded) as refusal:
        campaign.ask(above, by=campaign.deputy)
    assert refusal.value.params == {"limit": Decimal(7000), "amount": Decimal("7000.01")}

    campaign.ask(replace(above, cap_amount=Decimal("7000.00")), by=campaign.deputy)
    (decision,) = campaign.rows(BudgetDecision)
    assert (decision.decision, decision.limit_amount, decision.cap_amount) == ("approved", Decimal(7000), Decimal(7000))
    assert (campaign.state, budgets(campaign)[-1].ordered_at) == ("order", None)


def test_the_cap_of_an_endorsement_bounds_what_the_next_approver_accepts(played: Campaigns) -> None:
    campaign = played("budget")
    (budget,) = budgets(campaign)
    about = {"subject_id": campaign.campaign_id, "budget_sha256": budget.sha256}
    campaign.ask(EndorseBudget(**about, cap_amount=Decimal("6500.00")), by=campaign.president)

    assert campaign.ask(approve(campaign), by=campaign.deputy).state == "order"


def test_a_limit_to_the_cent_is_enough(played: Campaigns) -> None:
    campaign = played("budget")
    total = budgets(campaign)[-1].total_amount
    just_enough = replace(campaign.deputy, grants=tuple(replace(grant, approval_limit_amount=total) for grant in campaign.deputy.grants))

    assert campaign.ask(approve(campaign), by=just_enough).state == "order"


def test_a_signature_under_another_budget_is_refused(played: Campaigns) -> None:
    campaign = played("budget")

    for sha256 in ("0" * 64, budgets(campaign)[-1].sha256.upper()):
        with pytest.raises(BudgetDiffers):
            campaign.ask(approve(campaign, sha256), by=campaign.president)


def test_a_budget_is_not_approved_once_what_it_was_made_of_changed(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign_list set cpm = cpm + 1 where code = 'ALZ'")

    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(approve(campaign), by=campaign.president)

    (unmet,) = refusal.value.unmet
    assert (unmet.code, unmet.lifted_by, unmet.since) == ("budget.not_current", Role.PROJECT_MANAGER, budgets(campaign)[-1].prepared_at)


@pytest.mark.parametrize(
    "change",
    [
        "update campaign_list set cpm = cpm + 1 where code = 'ALZ'",
        "update campaign_list set min_billing_rate = 0.9 where code = 'BTN'",
        "update plan_line set gross_qty = gross_qty + 1 where position = 1",
        "update cost_item set amount = amount * 2 where position = 1",
        "update campaign set envelope_amount = envelope_amount + 1",
    ],
)
def test_terms_that_changed_after_the_approval_close_the_confirmation_of_orders(played: Campaigns, change: str) -> None:
    campaign = played("order")
    campaign.accept_orders()
    assert campaign.move("confirm_orders").is_open

    with campaign.behind_the_engine() as connection:
        connection.execute(change.encode())

    (unmet,) = campaign.move("confirm_orders").unmet
    assert (unmet.code, unmet.lifted_by) == ("budget.approval_void", Role.BUDGET_APPROVER)
    with pytest.raises(ConditionsUnmet):
        campaign.ask(ConfirmOrders(subject_id=campaign.campaign_id))


def test_results_that_another_campaign_publishes_leave_an_approval_as_it_is(played: Campaigns) -> None:
    campaign = played("order")
    campaign.accept_orders()

    with campaign.behind_the_engine() as connection:
        connection.execute(
            "insert into history_row (id, advertiser_id, campaign, list_code, segment, channel, message, nature, gross, net, mailed,"
            " undeliverable, responses, gifts, amount, cost) select gen_random_uuid(), advertiser_id, '25Z', list_code, segment, channel,"
            " message, nature, 90000, 40000, 39000, 900, 4000, 3900, 90000, 9000 from history_row where list_code = 'ALZ' limit 1"
        )

    assert campaign.unmet("confirm_orders") == {}


@pytest.mark.parametrize(
    ("refuse", "state", "tasks"),
    [
        (RefuseBudget, "negotiation", ["close_negotiation"]),
        (RefuseBudgetToPlan, "plan", ["prepare_plan"]),
    ],
)
def test_a_refused_budget_goes_back_with_its_reason(played: Campaigns, refuse: type, state: str, tasks: list[str]) -> None:
    campaign = played("budget")
    with pytest.raises(ReasonMissing):
        campaign.ask(refuse(subject_id=campaign.campaign_id, reason="  "), by=campaign.deputy)

    campaign.ask(refuse(subject_id=campaign.campaign_id, reason="Le papier est trop cher."), by=campaign.deputy)

    assert campaign.state == state
    assert [name for name, _ in campaign.tasks()] == tasks
    (budget,) = budgets(campaign)
    (decision,) = campaign.rows(BudgetDecision)
    assert (decision.decision, decision.comment, decision.budget_sha256) == ("refused", "Le papier est trop cher.", budget.sha256)
    assert budget.to_seq == campaign.campaign.chain_seq
    assert budget.approved_at is None


def test_a_budget_made_after_a_refusal_has_a_new_number_and_asks_its_approvers_again(played: Campaigns) -> None:
    campaign = played("budget")
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="Négociez ALZ."), by=campaign.deputy)
    alz = campaign.list_id("ALZ")
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=alz, reason="Le budget est refusé."))
    campaign.ask(AgreeTerms(subject_id=campaign.campaign_id, list_id=alz, min_invoice_amount=Decimal(300)))
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))
    assert refusal.value.unmet[0].params == {"lists": ["ALZ"]}

    campaign.close_consent("ALZ")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    first, second = budgets(campaign)
    assert (first.number, second.number) == (1, 2)
    assert second.total_amount < first.total_amount
    assert campaign.tasks() == [("review_budget", "")]
    with pytest.raises(BudgetDiffers):
        campaign.ask(approve(campaign, first.sha256), by=campaign.president)
    assert campaign.ask(approve(campaign, second.sha256), by=campaign.president).state == "order"
    assert {order.budget_sha256 for order in campaign.rows(PurchaseOrder)} == {second.sha256}


def test_a_budget_that_went_back_to_the_plan_comes_again_without_settling_what_was_settled(played: Campaigns) -> None:
    campaign = played("budget")
    campaign.ask(RefuseBudgetToPlan(subject_id=campaign.campaign_id, reason="Une autre fois."), by=campaign.president)

    campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))
    assert campaign.tasks() == [("close_negotiation", "")]
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    first, second = budgets(campaign)
    assert (second.number, second.sha256) == (2, first.sha256), "the same facts are the same budget"


def test_an_approval_is_void_once_the_campaign_negotiates_again(played: Campaigns) -> None:
    campaign = played("order")
    campaign.ask(ReturnToNegotiation(subject_id=campaign.campaign_id, reason="ALZ propose mieux."))

    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    approved, waiting = budgets(campaign)
    assert approved.approved_at is not None
    assert approved.to_seq == waiting.from_seq
    assert waiting.approved_at is None
