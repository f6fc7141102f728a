"""A budget adds up, and each list bears its own cost."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.costs import (
    RENTAL_NATURE,
    CostBasis,
    CostItem,
    CostQuantities,
    ListActivity,
    PlannedListBill,
    ServiceBill,
    ServiceLine,
    cost_lists,
    plan_budget,
    share_cost,
)

ITEMS = [
    CostItem("papier_impression", CostBasis("par_pli"), Decimal("0.118"), "S-IMP"),
    CostItem("personnalisation", CostBasis("par_pli"), Decimal("0.031"), "S-IMP"),
    CostItem("mise_sous_pli", CostBasis("par_pli"), Decimal("0.027"), "S-ROU"),
    CostItem("affranchissement", CostBasis("par_pli"), Decimal("0.386"), "S-ROU"),
    CostItem("creation", CostBasis("forfait"), Decimal("1900.00")),
    CostItem("traitement_informatique", CostBasis("par_adresse_brute"), Decimal("0.009")),
    CostItem("traitement_dons", CostBasis("par_retour"), Decimal("0.85"), "S-CAG"),
    CostItem("aleas", CostBasis("pourcent"), Decimal(3)),
]
VAT = Decimal("0.20")


def test_a_budget_rolls_up_by_nature_and_by_supplier() -> None:
    budget = plan_budget(
        [
            PlannedListBill("ALZ", "S-CRT", 1559, Decimal("450.00")),
            PlannedListBill("MAI", None, 1591, Decimal("0.00")),
        ],
        ITEMS,
        CostQuantities(pieces={"postal": 3000}, gross=3150, responses=40),
        VAT,
    )
    natures = {line.nature: Decimal(0) for line in budget.lines}
    for line in budget.lines:
        natures[line.nature] += line.amount.net_amount
    assert natures[RENTAL_NATURE] == Decimal("450.00")
    assert natures["papier_impression"] == Decimal("354.00")
    assert natures["traitement_informatique"] == Decimal("28.35")
    assert natures["traitement_dons"] == Decimal("34.00")
    foreseen = Decimal(450) + 3000 * Decimal("0.562") + 1900 + Decimal("28.35") + 34
    assert natures["aleas"] == budget.contingency_amount == Decimal("122.95")
    assert budget.total_amount == foreseen + budget.contingency_amount
    assert budget.total_with_vat_amount == sum(line.amount.gross_amount for line in budget.lines)
    assert budget.by_supplier()["S-IMP"].net_amount == Decimal("447.00")
    assert [line.list_code for line in budget.lines if line.list_code] == ["ALZ"]


def test_a_supplier_who_is_not_liable_costs_no_vat() -> None:
    budget = plan_budget(
        [PlannedListBill("ALZ", "S-CRT", 1559, Decimal("450.00")), PlannedListBill("BTN", "S-BTN", 900, Decimal("200.00"))],
        ITEMS,
        CostQuantities(pieces={"postal": 3000}, gross=3150, responses=40),
        VAT,
        without_vat=("S-CRT", "S-IMP"),
    )
    untaxed = {(line.supplier, line.nature) for line in budget.lines if not line.amount.vat_amount}
    assert untaxed == {("S-CRT", RENTAL_NATURE), ("S-IMP", "papier_impression"), ("S-IMP", "personnalisation")}
    assert budget.vat_amount == sum(line.amount.vat_amount for line in budget.lines)


def test_a_list_bears_its_pieces_with_their_seeds_its_addresses_and_its_responses() -> None:
    activity = ListActivity("ALZ", Decimal("1584.36"), delivered=9767, mailed=8242, pieces={"postal": 8254}, responses=97)
    (cost,) = cost_lists([activity], ITEMS)
    assert cost.per_piece_amount == Decimal("4638.75")  # 8,254 x 0.562
    assert cost.per_gross_address_amount == Decimal("87.90")
    assert cost.per_response_amount == Decimal("82.45")
    assert cost.flat_share_amount == Decimal("1900.00")
    assert cost.cost_amount == Decimal("8293.46")


def test_what_was_printed_and_not_posted_costs_its_printing_and_nothing_else() -> None:
    items = [
        CostItem("impression", CostBasis.PER_PIECE, Decimal("0.10"), is_printing=True),
        CostItem("routage", CostBasis.PER_PIECE, Decimal("0.60")),
        CostItem("enveloppe", CostBasis.PER_LETTER, Decimal("0.02"), is_printing=True),
    ]
    activity = ListActivity("ALZ", Decimal(0), 5000, 2994, {"postal": 3000}, 0, printed={"postal": 5006})

    (cost,) = cost_lists([activity], items)

    assert cost.per_piece_amount == Decimal("2300.60")  # 5,006 x 0.10 + 3,000 x 0.60
    assert cost.channel_amounts == {"postal": Decimal("100.12")}
    (as_posted,) = cost_lists([replace(activity, printed=None)], items)
    assert as_posted.per_piece_amount == Decimal("2100.00")


def test_the_contingency_is_in_no_cost() -> None:
    activity = ListActivity("ALZ", Decimal(0), delivered=0, mailed=1, pieces={"postal": 1}, responses=0)
    only_contingency = [CostItem("aleas", CostBasis.CONTINGENCY_PERCENT, Decimal(3))]
    assert cost_lists([activity], only_contingency)[0].cost_amount == 0


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=8))
def test_shares_of_the_flat_costs_add_up_to_them(mailed: list[int]) -> None:
    lists = [ListActivity(f"L{i}", Decimal(0), delivered=n, mailed=n, pieces={"postal": n}, responses=0) for i, n in enumerate(mailed)]
    assert sum(cost.flat_share_amount for cost in cost_lists(lists, ITEMS)) == Decimal("1900.00")


def test_no_list_bears_no_cost() -> None:
    assert cost_lists([], ITEMS) == []


def a_line(unit_amount: str, ordered: int, done: int) -> ServiceLine:
    basis = CostBasis.PER_PIECE
    return ServiceLine(nature="mise_sous_pli", basis=basis, unit_amount=Decimal(unit_amount), ordered=Decimal(ordered), done=done)


def test_services_are_due_for_what_was_done_each_line_rounded_to_the_cent() -> None:
    bill = ServiceBill(lines=(a_line("0.027", 1000, 905), a_line("0.386", 1000, 905)), ceiling_amount=Decimal("413.00"))

    assert [line.amount for line in bill.lines] == [Decimal("24.44"), Decimal("349.33")]
    assert bill.done_amount == bill.due_amount == Decimal("373.77")


def test_no_more_is_due_than_the_ceiling_unless_more_was_ordered_since() -> None:
    over = ServiceBill(lines=(a_line("0.10", 1000, 1200),), ceiling_amount=Decimal("100.00"))
    ordered_since = ServiceBill(lines=(a_line("0.10", 1100, 1200),), ceiling_amount=Decimal("100.00"))

    assert (over.done_amount, over.due_amount) == (Decimal("120.00"), Decimal("100.00"))
    assert ordered_since.due_amount == ordered_since.most_amount == Decimal("110.00")


BY_TWO_CHANNELS = [
    CostItem("affranchissement", CostBasis.PER_LETTER, Decimal("0.386"), "S-ROU"),
    CostItem("envoi_email", CostBasis.PER_EMAIL, Decimal("0.012"), "S-ESP"),
    CostItem("appel", CostBasis.PER_PERSON_CALLED, Decimal("3.5"), "S-TEL"),
    CostItem("personnalisation", CostBasis.PER_PIECE, Decimal("0.01")),
]


def test_what_a_channel_costs_is_budgeted_on_its_own_pieces_and_the_rest_on_all() -> None:
    quantities = CostQuantities(pieces={"postal": 3000, "email": 1000}, gross=0, responses=0)
    budget = plan_budget([], BY_TWO_CHANNELS, quantities, Decimal("0.2"))

    assert [(line.nature, line.quantity) for line in budget.lines] == [
        ("affranchissement", 3000),
        ("envoi_email", 1000),
        ("appel", 0),
        ("personnalisation", 4000),
    ]
    assert budget.total_amount == Decimal("1158.00") + Decimal("12.00") + Decimal("40.00")


def test_a_channel_of_a_name_of_its_own_goes_by_post() -> None:
    assert CostBasis.PER_LETTER.counts("encart")
    assert not CostBasis.PER_LETTER.counts("sms")
    assert not CostBasis.PER_RESPONSE.counts("postal")


def test_a_list_costs_what_each_of_its_channels_costs_and_its_parts_bear_their_own() -> None:
    activity = ListActivity("ALZ", Decimal("100.00"), delivered=4000, mailed=3900, pieces={"postal": 2910, "email": 1010}, responses=0)
    (cost,) = cost_lists([activity], BY_TWO_CHANNELS)

    assert cost.channel_amounts == {"postal": Decimal("1123.26"), "email": Decimal("12.12")}
    assert cost.cost_amount == Decimal("1274.58")
    letters, mails = share_cost(cost.common_amount, cost.channel_amounts, [("postal", 2900), ("email", 1000)])
    assert letters == Decimal("1123.26") + Decimal("103.51")
    assert mails == Decimal("12.12") + Decimal("35.69")
    assert letters + mails == cost.cost_amount


def test_what_a_channel_costs_stays_with_it_where_it_mailed_nothing_but_seeds() -> None:
    assert share_cost(Decimal(0), {"email": Decimal("0.12")}, [("postal", 500), ("email", 0)]) == [Decimal(0), Decimal("0.12")]
