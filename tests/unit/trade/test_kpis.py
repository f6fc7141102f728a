"""Key figures are ratios of sums, and have no value where there is nothing to divide by."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade import kpis
from workflows.trade.kpis import WHOLE, Counts, Margin, Ratio, kpi_table, sum_counts
from workflows.trade.sampling import wilson_interval

ALZ = Counts(
    gross=9767,
    net=8242,
    mailed=8242,
    undeliverable=201,
    responses=97,
    gifts=93,
    new=93,
    amount=Decimal("2910.00"),
    new_amount=Decimal("2910.00"),
    cost=Decimal("7703.49"),
)
money = st.decimals("0", "100000", places=2)
counts = st.builds(
    Counts,
    gross=st.integers(0, 10**6),
    net=st.integers(0, 10**6),
    mailed=st.integers(0, 10**6),
    responses=st.integers(0, 10**4),
    gifts=st.integers(0, 10**4),
    amount=money,
    cost=money,
)


@pytest.mark.parametrize(
    ("name", "numerator", "denominator", "value"),
    [
        ("response_rate", 97, 8242, "0.011769"),
        ("yield_rate", 93, 8242, "0.011284"),
        ("conversion_rate", 93, 97, "0.958763"),
        ("undeliverable_rate", 201, 8242, "0.024387"),
        ("retention_rate", 8242, 9767, "0.843862"),
        ("cost_per_contact", Decimal("7703.49"), 8242, "0.934663"),
        ("value_per_contact", Decimal("2910.00"), 8242, "0.353070"),
        ("cost_per_response", Decimal("7703.49"), 97, "79.417423"),
        ("acquisition_cost", Decimal("7703.49"), 93, "82.833226"),
        ("acquisition_cost_net", Decimal("4793.49"), 93, "51.542903"),
        ("average_gift", Decimal("2910.00"), 93, "31.290323"),
        ("revenue_per_mille", Decimal("2910.00"), 8242, "353.069643"),
        ("roi", Decimal("2910.00"), Decimal("7703.49"), "0.377751"),
        ("net_roi", Decimal("-4793.49"), Decimal("7703.49"), "-0.622249"),
    ],
)
def test_each_figure_is_its_formula(name: str, numerator: int | Decimal, denominator: int | Decimal, value: str) -> None:
    assert kpi_table(ALZ, WHOLE)[name] == Ratio(numerator, denominator, Decimal(value))


def test_a_response_rate_may_be_taken_on_what_arrived() -> None:
    assert kpis.response_rate_of_delivered(ALZ).denominator == 8041


def test_nothing_mailed_has_no_value() -> None:
    table = kpi_table(Counts(), WHOLE)
    assert {ratio.value for ratio in table.values()} == {None}


def test_a_contact_at_75_cents_and_two_and_a_half_per_cent_make_30_euros_a_recruit() -> None:
    mailing = Counts(mailed=1000, responses=25, gifts=25, new=25, cost=Decimal(750))
    assert kpis.acquisition_cost(mailing).value == 30


def test_8_per_cent_of_whom_12_of_whom_half_buy_for_800_euros_make_a_contact_worth_3_84() -> None:
    mailing = Counts(mailed=10_000, responses=800, gifts=48, amount=Decimal(48 * 800))
    assert kpis.value_per_contact(mailing).value == Decimal("3.84")


def test_a_gift_of_28_handled_at_1_20_loses_3_20_a_donor() -> None:
    mailing = Counts(mailed=1000, gifts=25, amount=Decimal(25 * 28), cost=Decimal(750))
    assert kpis.contribution(mailing, Margin(handling_amount=Decimal("1.2"))) / 25 == Decimal("-3.2")


@pytest.mark.parametrize(
    ("average", "margin"),
    [("10", WHOLE), ("25", Margin(rate=Decimal("0.4"))), ("30", Margin(rate=Decimal("0.4"), handling_amount=Decimal(2)))],
)
def test_2000_euros_over_500_000_mails_that_leave_10_euros_break_even_at_4_in_10_000(average: str, margin: Margin) -> None:
    ratio = kpis.break_even_rate(fixed_cost=Decimal(2000), piece_cost=Decimal(0), mailed=500_000, average=Decimal(average), margin=margin)
    assert ratio.value == Decimal("0.0004")


def test_no_rate_breaks_even_when_a_gift_is_worth_less_than_its_handling() -> None:
    ratio = kpis.break_even_rate(
        fixed_cost=Decimal(0),
        piece_cost=Decimal("0.5"),
        mailed=100,
        average=Decimal(1),
        margin=Margin(handling_amount=Decimal("1.2")),
    )
    assert ratio.value is None


def test_returns_are_euros_per_euro_so_break_even_is_one() -> None:
    even = Counts(amount=Decimal(500), cost=Decimal(500))
    assert kpis.roi(even, WHOLE).value == 1
    assert kpis.net_roi(even, WHOLE).value == 0


def test_a_margin_takes_its_share_and_its_handling_off_every_return_and_off_nothing_else() -> None:
    margin = Margin(rate=Decimal("0.4"), handling_amount=Decimal("1.2"))
    orders = Counts(mailed=1000, responses=30, gifts=25, amount=Decimal(2000), cost=Decimal(500))
    whole, kept = kpi_table(orders, WHOLE), kpi_table(orders, margin)
    assert kept["roi"] == Ratio(Decimal(770), Decimal(500), Decimal("1.54"))
    assert kept["net_roi"] == Ratio(Decimal(270), Decimal(500), Decimal("0.54"))
    assert kpis.contribution(orders, margin) == 270
    assert {name for name in whole if whole[name] != kept[name]} == {"roi", "net_roi"}


def test_penetration_is_the_share_of_the_universe_that_answered() -> None:
    assert kpis.penetration(25, 1000).value == Decimal("0.025")


def test_a_share_of_counted_things_has_an_interval_and_a_sum_of_money_has_none() -> None:
    rate = kpis.response_rate(ALZ)
    assert rate.interval == wilson_interval(97, 8242)
    assert kpis.average_gift(ALZ).interval is None
    assert Ratio.of(3, 2).interval is None
    assert kpis.response_rate(Counts()).interval is None


@given(st.lists(counts, max_size=5))
def test_sums_come_before_ratios(slices: list[Counts]) -> None:
    total = sum_counts(slices)
    assert total.mailed == sum(one.mailed for one in slices)
    assert total.amount == sum(one.amount for one in slices)
    assert kpis.response_rate(total) == Ratio.of(sum(one.responses for one in slices), total.mailed)


@given(counts)
def test_a_value_is_within_half_a_millionth_of_its_ratio(one: Counts) -> None:
    ratio = kpis.roi(replace(one, cost=one.cost + 1), WHOLE)
    assert ratio.value is not None
    assert abs(ratio.value * Decimal(ratio.denominator) - ratio.numerator) <= Decimal(ratio.denominator) / 2_000_000
