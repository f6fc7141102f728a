"""What only letters or only e-mails cost is budgeted, ordered, forecast and charged on the pieces that go by that channel."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import col

from app.queries.brief import brief_of
from tests.integration.papers.brought_contracts import contracts_wanted
from tests.integration.stages.invoiced import billed
from tests.integration.stages.played import Played
from workflows.campaign.brief import CostRow
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.planning import project
from workflows.campaign.records import Lot
from workflows.campaign.results.figures import compute
from workflows.campaign.stages.plan import RevisePlan
from workflows.order.model import PurchaseOrder
from workflows.parties.actor import SYSTEM
from workflows.trade.costs import Budget, BudgetLine

LETTERS, MAILS = "affranchissement", "envoi_email"
PRICE = Decimal("0.02")


@pytest.fixture
def planned(played: Callable[[str], Played]) -> Played:
    """A campaign whose message B goes by e-mail, with postage for letters and a price for each e-mail."""
    campaign = played("plan")
    with campaign.reading() as session:
        brief = brief_of(campaign.facts(session))
    plan = tuple(replace(line, channel="email") if line.message == "B" else line for line in brief.plan)
    costs = tuple(replace(cost, basis="par_courrier") if cost.nature == LETTERS else cost for cost in brief.costs)
    mails = CostRow(nature=MAILS, basis="par_email", amount=PRICE, supplier="S-ESP")
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=plan, costs=(*costs, mails)))
    with campaign.database.writing(SYSTEM) as session:
        session.add_all(contracts_wanted(campaign.facts(session), campaign.now))
    return campaign


def line_of(budget: Budget, nature: str) -> BudgetLine:
    (line,) = (one for one in budget.lines if one.nature == nature)
    return line


def test_the_budget_multiplies_each_cost_by_the_pieces_of_its_channel(planned: Played) -> None:
    with planned.reading() as session:
        facts = planned.facts(session)
        budget, lines = planned_budget(facts), project(facts).lines
    by_mail = sum(one.net + one.line.seeds for one in lines if one.line.channel == "email")
    pieces = sum(one.net + one.line.seeds for one in lines)

    assert 0 < by_mail < pieces
    assert line_of(budget, MAILS).quantity == by_mail
    assert line_of(budget, LETTERS).quantity == pieces - by_mail
    assert line_of(budget, "mise_sous_pli").quantity == pieces, "what is counted by the piece counts every channel"


def test_orders_forecast_results_and_invoices_count_the_channel_and_its_lots_bear_what_it_costs(planned: Played) -> None:
    planned.reach("responses")
    lots = [lot for lot in planned.rows(Lot, col(Lot.to_seq).is_(None)) if lot.is_sent]
    by_mail = sum(lot.pieces for lot in lots if lot.channel == "email")
    by_post = sum(lot.pieces for lot in lots if lot.channel != "email")
    with planned.reading() as session:
        facts = planned.facts(session)
        forecast, results = forecast_budget(facts), compute(facts)

    assert (line_of(forecast, MAILS).quantity, line_of(forecast, LETTERS).quantity) == (by_mail, by_post)
    (order,) = planned.rows(PurchaseOrder, PurchaseOrder.supplier_id == planned.supplier_id("S-ESP"))
    assert [row[:2] for row in order.body["services"]] == [[MAILS, "par_email"]]
    due = {code: {line.nature: line.done for line in bill.services.lines} for code, bill in billed(planned).items() if bill.services}
    assert due["S-ESP"] == {MAILS: by_mail}
    assert due["S-ROU"][LETTERS] == by_post

    costs = {code: Decimal(figures["cost"]) for code, figures in results["lists"].items()}
    shared = {name: sum(Decimal(counts["cost"]) for counts in results["counts"][name].values()) for name in ("by_lot", "by_channel")}
    assert shared == dict.fromkeys(shared, sum(costs.values())), "shares add up to what the lists cost"
    own = [Decimal(figures["channel_costs"]["email"]) for figures in results["lists"].values() if "email" in figures["channel_costs"]]
    assert abs(sum(own) - PRICE * by_mail) <= Decimal("0.01") * len(own), "each list's is rounded to the cent"
