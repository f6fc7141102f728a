"""What a campaign is going to cost stands beside it, for pages with many of them: by its plan, then its budget, then its lots."""

from collections.abc import Callable
from decimal import Decimal

from tests.integration.stages.played import Played
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.snapshot import planned_budget

Campaigns = Callable[[str], Played]


def test_before_a_plan_is_submitted_nothing_is_foreseen(played: Campaigns) -> None:
    assert played("plan").campaign.forecast_amount is None


def test_a_plan_foresees_what_its_lines_cost_together(played: Campaigns) -> None:
    campaign = played("negotiation").campaign
    assert campaign.projection is not None
    costs = [Decimal(line["cost"]) for line in campaign.projection["lines"]]
    assert campaign.forecast_amount == sum(costs) > 0


def test_a_budget_foresees_what_is_agreed_by_now_without_what_is_set_aside(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.reading() as session:
        facts = campaign.facts(session)
        planned = planned_budget(facts)
        assert planned.contingency_amount > 0
        assert facts.campaign.forecast_amount == planned.total_amount - planned.contingency_amount


def test_lots_foresee_what_is_there_to_be_mailed(played: Campaigns) -> None:
    before, campaign = played("lots").campaign.forecast_amount, played("send")
    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert facts.campaign.forecast_amount == forecast_budget(facts).total_amount != before
