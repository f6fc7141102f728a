"""What stays of what people give or buy: said in the brief, signed with the budget, told anew afterwards, and used for every return."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col

from tests.integration.stages.followed import mailed, open_one
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.stating_margin import StateMargin
from workflows.campaign.rebriefing import FIGURES, ChangeBrief
from workflows.campaign.records import CampaignResult
from workflows.campaign.values import ValueNotAllowed
from workflows.engine.canonical import read_json
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import MoveNotOpen

Campaigns = Callable[[str], Played]
RATE, HANDLING = Decimal("0.4"), Decimal("1.25")
KEPT = {"rate": "0.400000", "handling_amount": "1.25"}


def rebrief(campaign: Played, **other: Any) -> None:
    """Say the brief anew as it stands, but for this."""
    now = campaign.campaign
    told = {name: getattr(now, name) for name in FIGURES} | {name: now.dedupe[name] for name in ("level", "allocation")}
    campaign.ask(ChangeBrief(subject_id=campaign.campaign_id, suppressions=tuple(now.dedupe["suppressions"]), **(told | other)))


def state(campaign: Played, rate: Decimal = RATE, handling: Decimal = HANDLING) -> None:
    campaign.ask(StateMargin(subject_id=campaign.campaign_id, margin_rate=rate, handling_amount=handling))


def budget_body(campaign: Played) -> dict[str, Any]:
    with campaign.reading() as session:
        budget = campaign.facts(session).budget
        assert budget is not None
        body: dict[str, Any] = read_json(budget.body)
    return body


def near(value: Decimal | str, wanted: Decimal, within: str = "0.00001") -> bool:
    return abs(Decimal(value) - wanted) < Decimal(within)


def test_a_brief_that_says_none_is_of_the_whole_and_nothing_kept_of_it_speaks_of_a_margin(played: Campaigns) -> None:
    campaign = played("budget")

    assert (campaign.campaign.margin_rate, campaign.campaign.handling_amount) == (1, 0)
    central = budget_body(campaign)["expected"]["central"]
    assert set(central) == {"responses", "amount", "cost", "roi"}
    assert near(central["roi"], Decimal(central["amount"]) / Decimal(central["cost"]))
    assert "margin" not in budget_body(campaign)
    assert "margin" not in campaign.campaign.projection
    assert campaign.issued("budget_file")[0].content.margin is None


def test_returns_of_the_plan_and_of_the_budget_are_of_the_margin_that_the_brief_says(played: Campaigns) -> None:
    whole = played("budget").issued("budget_file")[0].content
    campaign = played("plan")
    rebrief(campaign, margin_rate=RATE, handling_amount=HANDLING)
    campaign.reach("budget")

    projection = campaign.campaign.projection
    central = projection["outcomes"]["central"]
    kept = Decimal(central["amount"]) * RATE - Decimal(central["gifts"]) * HANDLING
    assert projection["margin"] == KEPT
    assert near(central["roi"], kept / Decimal(central["cost"]))
    (plan,) = campaign.issued("media_plan")
    assert (plan.content.margin.rate, plan.content.margin.handling_amount) == (RATE, HANDLING)
    assert near(plan.content.roi, Decimal(central["roi"]))
    assert all(near(line.roi, Decimal(one["roi"])) for line, one in zip(plan.content.lines, projection["lines"], strict=True))
    assert "target_roi" in {check.code for check in plan.content.targets if check.verdict == "warning"}

    body, (budget,) = budget_body(campaign), campaign.issued("budget_file")
    assert (body["margin"], body["expected"]["central"]["gifts"]) == (KEPT, central["gifts"])
    assert body["total_amount"] == str(whole.total_amount)
    row = next(one for one in budget.content.scenarios if one.code == "central")
    assert near(row.contribution_amount, kept - Decimal(central["cost"]), "0.01")
    answers = Decimal(central["responses"])
    each = kept / answers - Decimal("0.85")  # what the treatment of an answer costs in this kit
    before = Decimal(central["amount"]) / answers - Decimal("0.85")
    assert near(budget.content.break_even_rate * each, whole.break_even_rate * before, "0.001")


@pytest.mark.parametrize("other", [{"margin_rate": Decimal(0)}, {"margin_rate": Decimal("1.2")}, {"handling_amount": Decimal(-1)}])
def test_no_brief_says_such_a_margin(played: Campaigns, other: dict[str, Decimal]) -> None:
    campaign = played("plan")

    with pytest.raises(ValueNotAllowed) as refusal:
        rebrief(campaign, **other)

    assert refusal.value.params["field"] == next(iter(other))
    assert campaign.campaign.margin_rate == 1


@pytest.mark.parametrize("stage", ["plan", "negotiation", "budget"])
def test_until_the_budget_is_approved_the_brief_alone_says_it(played: Campaigns, stage: str) -> None:
    with pytest.raises(MoveNotOpen):
        state(played(stage))


def test_a_margin_that_is_stated_anew_voids_no_approval_and_stands_on_the_chain(played: Campaigns) -> None:
    campaign = played("order")
    before, signed = campaign.campaign.chain_seq, budget_body(campaign)

    state(campaign)

    assert (campaign.campaign.margin_rate, campaign.campaign.handling_amount) == (RATE, HANDLING)
    assert campaign.campaign.chain_seq == before + 1
    assert budget_body(campaign) == signed
    assert "budget.approval_void" not in campaign.unmet("confirm_orders")
    campaign.reach("delivery")
    with pytest.raises(ValueNotAllowed):
        state(campaign, Decimal("0.12345"))


def test_a_budget_that_was_signed_with_a_margin_is_found_again_after_another_is_stated(played: Campaigns) -> None:
    campaign = played("plan")
    rebrief(campaign, margin_rate=RATE, handling_amount=HANDLING)
    campaign.reach("order")

    state(campaign, Decimal(1), Decimal(0))

    assert "budget.approval_void" not in campaign.unmet("confirm_orders")
    assert budget_body(campaign)["margin"] == KEPT


def test_results_are_of_the_margin_and_computed_and_published_anew_where_it_changes(played: Campaigns) -> None:
    campaign = played("responses")
    campaign.collect(answers={"26AMAIINAAR": 9, "26AALZP12AR": 4}, returned={})
    campaign.publish()
    whole = results(campaign)
    asked = len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "compute_results"))

    state(campaign)

    assert len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "compute_results")) == asked + 1
    campaign.publish()
    now = results(campaign)
    assert (now["margin"], "margin" in whole) == (KEPT, False)
    figures, before = now["kpis"]["campaign"], whole["kpis"]["campaign"]
    kept = 13 * (30 * RATE - HANDLING)
    assert near(figures["roi"]["numerator"], kept, "0.01")
    assert near(figures["roi"]["value"], kept / Decimal(figures["roi"]["denominator"]))
    assert {name for name in figures if figures[name] != before[name]} == {"roi", "net_roi"}
    report = campaign.issued("results_report")[-1].content
    assert (report.margin.rate, report.margin.handling_amount) == (RATE, HANDLING)
    contribution = next(row.value for row in report.kpis if row.code == "contribution")
    assert near(contribution, kept - Decimal(figures["roi"]["denominator"]), "0.01")
    assert near(report.campaign.roi, Decimal(figures["roi"]["value"]))


def results(campaign: Played) -> dict[str, Any]:
    (row,) = campaign.rows(CampaignResult, col(CampaignResult.to_seq).is_(None))
    body: dict[str, Any] = row.body
    return body


def test_a_follow_up_begins_with_the_margin_of_its_campaign(played: Campaigns) -> None:
    campaign = mailed(played)
    state(campaign)

    followed = open_one(campaign, "ALZ")

    assert (followed.margin_rate, followed.handling_amount) == (RATE, HANDLING)
