"""A line's past counts for as much as it weighs."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.billing import BillingBasis, ListBill, ListKind, ListTerms, LossReason
from workflows.trade.costs import CostBasis, CostItem
from workflows.trade.kpis import WHOLE, Counts, Margin
from workflows.trade.lot_codes import LotRole
from workflows.trade.projection import (
    HistoryRow,
    Outcome,
    PlannedLine,
    ProjectionPolicy,
    Rates,
    Scenario,
    expected_rates,
    places_by_return,
    project_line,
    project_plan,
    shrink,
)

POLICY = ProjectionPolicy(
    prior_weight=5000,
    gift_prior_weight=100,
    rollout_decay=Decimal("0.9"),
    season_factor=Decimal(1),
    recency_factor=Decimal(1),
    scenario_confidence=0.8,
    start=Rates(
        retention_rate=Decimal("0.85"),
        undeliverable_rate=Decimal("0.03"),
        response_rate=Decimal("0.01"),
        conversion_rate=Decimal("0.95"),
        average_gift=Decimal(30),
    ),
)
TERMS = {
    "ALZ": ListTerms(
        cpm=Decimal(165),
        selection_cpm=Decimal(12),
        run_charge_cpm=Decimal(5),
        min_billing_rate=Decimal("0.85"),
        min_invoice_amount=Decimal(450),
        technical_fee=Decimal(90),
    )
}
ITEMS = [
    CostItem("affranchissement", CostBasis.PER_PIECE, Decimal("0.562")),
    CostItem("creation", CostBasis.FLAT, Decimal(1900)),
    CostItem("traitement_dons", CostBasis.PER_RESPONSE, Decimal("0.85")),
    CostItem("aleas", CostBasis.CONTINGENCY_PERCENT, Decimal(3)),
]


def past(list_code: str, segment: str, message: str, mailed: int, responses: int, channel: str = "postal") -> HistoryRow:
    kind = ListKind.HOUSE if list_code == "MAI" else ListKind.RENTAL
    counts = Counts(
        gross=mailed * 10 // 7,
        net=mailed,
        mailed=mailed,
        undeliverable=mailed // 50,
        responses=responses,
        gifts=responses,
        amount=Decimal(responses * 30),
    )
    return HistoryRow("2025-10", list_code, segment, channel, message, kind, counts)


def line(list_code: str, segment: str, message: str = "A", gross: int = 1000, role: LotRole = LotRole.TEST) -> PlannedLine:
    kind = ListKind.HOUSE if list_code == "MAI" else ListKind.RENTAL
    return PlannedLine(list_code, segment, "postal", message, role, kind, gross, seeds=6)


HISTORY = [
    past("ALZ", "P12", "A", 27_071, 322),
    past("ALZ", "P12", "B", 41_899, 575),
    past("ALZ", "P24", "A", 13_722, 125),
    past("MAI", "INA", "A", 4_000, 220),
    past("ALZ", "P12", "A", 90_000, 9_000, channel="email"),
]


def test_the_vector_of_the_trade_reference_holds() -> None:
    rate = shrink(35, 2000, Decimal("0.012"), 5000)
    assert round(rate, 4) == Decimal("0.0136")


def test_nothing_tried_leaves_the_parent_and_nothing_at_all_is_an_error() -> None:
    assert shrink(0, 0, Decimal("0.012"), 5000) == Decimal("0.012")
    with pytest.raises(ValueError, match="needs trials"):
        shrink(0, 0, Decimal("0.012"), 0)


@given(st.integers(0, 1000), st.integers(0, 10_000), st.decimals("0", "1", places=4), st.integers(1, 9999))
def test_a_shrunk_rate_lies_between_the_parent_and_what_was_seen(responses: int, more: int, prior: Decimal, weight: int) -> None:
    trials = responses + more
    rate = shrink(responses, trials, prior, weight)
    seen = Decimal(responses) / trials if trials else prior
    tiny = Decimal("1e-20")
    assert min(prior, seen) - tiny <= rate <= max(prior, seen) + tiny


def test_a_line_with_a_long_past_expects_its_past() -> None:
    rates = expected_rates(line("ALZ", "P12"), HISTORY, POLICY)
    assert abs(rates.response_rate - Decimal(322) / 27_071) < Decimal("0.0003")
    assert abs(rates.retention_rate - Decimal("0.70")) < Decimal("0.01")
    assert abs(rates.undeliverable_rate - Decimal("0.02")) < Decimal("0.001")
    assert abs(rates.average_gift - 30) < Decimal("0.01")


def test_a_message_that_did_better_is_expected_to_do_better() -> None:
    a, b = (expected_rates(line("ALZ", "P12", message), HISTORY, POLICY) for message in "AB")
    assert b.response_rate > a.response_rate


def test_a_new_segment_expects_what_its_list_did() -> None:
    rates = expected_rates(line("ALZ", "NEW"), HISTORY, POLICY)
    assert Decimal("0.011") < rates.response_rate < Decimal("0.0135")


def test_another_channel_and_another_kind_of_list_hardly_speak_for_a_line() -> None:
    without_email = [row for row in HISTORY if row.channel == "postal"]
    rented = expected_rates(line("NEW", "X"), HISTORY, POLICY)
    assert rented.response_rate < Decimal("0.02")
    assert abs(rented.response_rate - expected_rates(line("NEW", "X"), without_email, POLICY).response_rate) < Decimal("0.001")
    assert expected_rates(line("MAI", "INA"), HISTORY, POLICY).response_rate > Decimal("0.03")


def test_a_first_campaign_starts_from_the_policy() -> None:
    assert expected_rates(line("ALZ", "P12"), [], POLICY) == POLICY.start


def test_a_rollout_does_a_little_less_well_than_its_test() -> None:
    test, rollout = (
        expected_rates(line("ALZ", "P12", role=role), HISTORY, POLICY).response_rate for role in (LotRole.TEST, LotRole.ROLLOUT)
    )
    assert abs(rollout - test * Decimal("0.9")) < Decimal("0.000001")
    seasonal = replace(POLICY, season_factor=Decimal("1.1"))
    assert expected_rates(line("ALZ", "P12"), HISTORY, seasonal).response_rate > test


def test_a_rate_that_was_stated_takes_the_place_of_the_projected_one_which_stays_beside_it() -> None:
    projected = project_line(line("ALZ", "P12", role=LotRole.ROLLOUT), HISTORY, POLICY)
    stated = project_line(replace(line("ALZ", "P12", role=LotRole.ROLLOUT), stated_rate=Decimal("0.025")), HISTORY, POLICY)
    assert stated.rates == replace(projected.rates, response_rate=Decimal("0.025"))
    assert stated.projected_rate == projected.projected_rate == projected.rates.response_rate
    assert stated.net == projected.net
    assert stated.central.responses == round(stated.net * Decimal("0.025"), 2)
    assert stated.outcomes[Scenario.LOW].responses < stated.central.responses < stated.outcomes[Scenario.HIGH].responses


def test_scenarios_lie_around_the_centre_and_narrow_with_evidence() -> None:
    known, unknown = (project_line(line("ALZ", segment), HISTORY, POLICY) for segment in ("P12", "NEW"))
    for projection in (known, unknown):
        low, central, high = (projection.outcomes[scenario].responses for scenario in Scenario)
        assert 0 < low < central < high
    assert (known.evidence, unknown.evidence) == (27_071, 0)

    def width(projection: object) -> Decimal:
        outcomes = projection.outcomes  # type: ignore[attr-defined]
        return (outcomes[Scenario.HIGH].responses - outcomes[Scenario.LOW].responses) / outcomes[Scenario.CENTRAL].responses

    assert width(known) < width(unknown)


def test_a_plan_bills_each_list_as_a_whole_and_shares_its_cost_among_the_lines() -> None:
    lines = [line("ALZ", "P12", gross=9000), line("ALZ", "P24", gross=767), line("MAI", "INA", gross=500)]
    plan = project_plan(lines, HISTORY, TERMS, ITEMS, POLICY)
    assert plan.net == sum(one.net for one in plan.lines)
    bill = plan.bills["ALZ"]
    assert bill.delivered == 9767
    assert bill.billable == 8302
    assert bill.due_amount == Decimal("1584.36")
    assert plan.bills["MAI"].due_amount == 0
    central = plan.outcomes[Scenario.CENTRAL]
    assert central.cost == sum(one.central.cost for one in plan.lines)
    pieces = plan.net + 18
    expected = bill.due_amount + pieces * Decimal("0.562") + 1900 + central.responses * Decimal("0.85")
    assert abs(central.cost - expected) < Decimal("0.03")
    assert plan.outcomes[Scenario.LOW].amount < central.amount < plan.outcomes[Scenario.HIGH].amount


def test_losses_that_are_never_billed_are_expected_where_no_loss_ever_is() -> None:
    lines = [line("ALZ", "P12", gross=9000), line("ALZ", "P24", gross=767)]
    usual = project_plan(lines, HISTORY, TERMS, ITEMS, POLICY).bills["ALZ"]

    def bill(*reasons: LossReason, basis: BillingBasis = BillingBasis.DELIVERED) -> ListBill:
        agreed = {"ALZ": replace(TERMS["ALZ"], unbilled_reasons=reasons, billing_basis=basis)}
        return project_plan(lines, HISTORY, agreed, ITEMS, POLICY).bills["ALZ"]

    assert bill(LossReason.REJECTED, LossReason.INTRA) == usual, "history does not say how many are lost for what"
    assert bill(basis=BillingBasis.ORDERED) == usual, "all that is ordered is expected to be delivered"
    for basis in BillingBasis:
        net = bill(*LossReason, basis=basis)
        assert (net.billable, net.run_quantity, net.unbilled) == (usual.net, 0, usual.delivered - usual.net)
        assert net.due_amount < usual.due_amount


def test_lines_are_ranked_by_what_they_return_and_a_line_without_cost_stands_in_front() -> None:
    assert places_by_return([Decimal("0.4"), None, Decimal("1.2"), Decimal("0.4")]) == [3, 1, 2, 4]


def test_handling_puts_few_large_gifts_before_many_small_ones() -> None:
    many_small = Outcome(Decimal(10), Decimal(10), Decimal(100), Decimal(50))
    few_large = Outcome(Decimal(1), Decimal(1), Decimal(90), Decimal(50))
    handled = Margin(handling_amount=Decimal(5))
    assert [places_by_return([one.roi(margin).value for one in (many_small, few_large)]) for margin in (WHOLE, handled)] == [[1, 2], [2, 1]]
    assert few_large.roi(Margin(rate=Decimal("0.5"), handling_amount=Decimal(5))).value == Decimal("0.8")


def test_the_same_line_twice_bears_its_cost_twice() -> None:
    twice = project_plan([line("ALZ", "P12"), line("ALZ", "P12")], HISTORY, TERMS, ITEMS, POLICY)
    first, second = twice.lines
    assert abs(first.central.cost - second.central.cost) <= Decimal("0.01")
    assert twice.outcomes[Scenario.CENTRAL].cost == first.central.cost + second.central.cost


def test_a_rented_list_without_terms_is_an_error() -> None:
    with pytest.raises(KeyError):
        project_plan([line("ALZ", "P12")], HISTORY, {}, ITEMS, POLICY)


def test_an_empty_plan_expects_nothing() -> None:
    plan = project_plan([], HISTORY, {}, ITEMS, POLICY)
    assert plan.net == 0
    assert plan.outcomes[Scenario.CENTRAL].roi(WHOLE).value is None
