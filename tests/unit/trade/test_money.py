"""Amounts are read, rounded, taxed and shared to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import formats
from workflows.trade.money import (
    NotANumber,
    Taxed,
    parse_number,
    parse_quantity,
    round_cents,
    share_amount,
    tax,
)

amounts = st.decimals("-9999999999", "9999999999", places=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u202f567,89\u00a0€", "1234567.89"),
        ("165", "165"),
        ("0,85", "0.85"),
        ("0.118", "0.118"),
        (" 1900,00 ", "1900.00"),
        ("-12,5", "-12.5"),
        ("\u221212,5", "-12.5"),
        ("9767", "9767"),
    ],
)
def test_amounts_are_read_as_the_french_type_them(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "12 34", "1,2,3", "1.234,56", "NaN", "Infinity", "1e5", "€", ",5", "5,", "٣", "1" * 19],
)
def test_what_is_no_number_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(NotANumber) as refusal:
        parse_number(text)
    assert refusal.value.text == text


def test_a_quantity_has_no_fraction() -> None:
    assert parse_quantity("12 345") == 12345
    assert parse_quantity("2086,0") == 2086
    with pytest.raises(NotANumber):
        parse_quantity("2,5")


@pytest.mark.parametrize(("amount", "cents"), [("1.005", "1.01"), ("1.0049", "1.00"), ("-1.005", "-1.01"), ("2", "2.00")])
def test_halves_are_rounded_up(amount: str, cents: str) -> None:
    assert str(round_cents(Decimal(amount))) == cents


@given(st.decimals("-1000000", "1000000", places=5))
def test_rounding_moves_an_amount_by_half_a_cent_at_most(amount: Decimal) -> None:
    assert abs(round_cents(amount) - amount) <= Decimal("0.005")
    assert round_cents(round_cents(amount)) == round_cents(amount)


@given(amounts)
def test_what_is_written_in_french_reads_back(amount: Decimal) -> None:
    assert parse_number(formats.money(amount, "fr")) == amount


def test_vat_is_rounded_to_the_cent_and_adds_up() -> None:
    taxed = tax(Decimal(9127), Decimal("0.20"))
    assert taxed == Taxed(Decimal("9127.00"), Decimal("1825.40"), Decimal("10952.40"))
    assert tax(Decimal("0.13"), Decimal("0.20")).vat_amount == Decimal("0.03")


@given(st.decimals("0", "99999", places=2), st.lists(st.integers(0, 999), min_size=1, max_size=9))
def test_shares_of_an_amount_add_up_to_the_cent(amount: Decimal, weights: list[int]) -> None:
    assert sum(share_amount(amount, weights)) == amount
