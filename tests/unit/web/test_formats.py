import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app import formats
from app.portals.shared.fields import read_day, read_number


def test_numbers_are_grouped_as_each_language_prints_them() -> None:
    assert formats.number(1234567, "fr") == "1\u202f234\u202f567"
    assert formats.number(1234567, "en") == "1,234,567"
    assert formats.number(Decimal("-12.5"), "fr") == "\u221212,5"
    assert formats.number(Decimal("2.345"), "fr", 2) == "2,35"
    assert formats.money(10**39 + 1, "en") == f"€1{',000' * 12},001.00"


def test_money_keeps_its_sign_and_its_currency_together() -> None:
    assert formats.money(Decimal("1234.5"), "fr") == "1\u202f234,50\u00a0€"
    assert formats.money(Decimal("1234.5"), "en") == "€1,234.50"
    assert formats.money(Decimal(-3), "en") == "\u2212€3.00"
    assert formats.money(Decimal(-3), "fr", "CHF", 0) == "\u22123\u00a0CHF"


def test_clauses_are_parted_as_each_language_prints_them() -> None:
    assert formats.clauses(["un", "deux"], "fr") == "un\u00a0; deux"
    assert formats.clauses(["one", "two"], "en") == "one; two"


def test_rates_are_kept_as_ratios_and_read_as_percentages() -> None:
    assert formats.percent(Decimal("0.1234"), "fr") == "12,3\u00a0%"
    assert formats.percent(Decimal("0.1234"), "en", 2) == "12.34%"


def test_a_difference_of_two_rates_is_written_in_points() -> None:
    assert [formats.points(Decimal(share), "fr") for share in ("0.05", "0.025", "0.015")] == [
        "5\u00a0points",
        "2,5\u00a0points",
        "1,5\u00a0point",
    ]
    assert [formats.points(Decimal(share), "en") for share in ("0.1", "0.015", "0.01")] == [
        "10\u00a0points",
        "1.5\u00a0points",
        "1\u00a0point",
    ]


def test_the_first_of_the_month_is_written_as_the_french_write_it() -> None:
    assert formats.day(date(2027, 3, 1), "fr") == "1er mars 2027"
    assert formats.day(date(2027, 3, 21), "fr") == "21 mars 2027"
    assert formats.day(date(2027, 3, 1), "en") == "1 March 2027"


def test_instants_are_read_on_a_clock_in_paris() -> None:
    late = datetime(2027, 6, 30, 22, 30, tzinfo=UTC)

    assert formats.instant(late, "fr") == "1er juillet 2027\u00a0à\u00a000:30"
    assert formats.instant(late, "en") == "1 July 2027, 00:30"
    assert formats.day(late, "en") == "1 July 2027"
    with pytest.raises(ValueError, match="time zone"):
        formats.instant(late.replace(tzinfo=None), "fr")


def test_nothing_is_written_as_a_dash() -> None:
    assert {formats.number(None, "fr"), formats.money(None, "fr"), formats.percent(None, "fr"), formats.day(None, "fr")} == {"—"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,50", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12 000", "12000"),
        ("12,5 %", "12.5"),
        ("\u22123,2", "-3.2"),
        ("0,125", "0.125"),
    ],
)
def test_a_number_is_read_as_it_was_typed(app, typed: str, read: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert read_number(typed) == Decimal(read)


def test_a_comma_before_three_figures_parts_thousands_in_english(app) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert read_number("12,000") == 12000
        assert read_number("12,5") == Decimal("12.5")


@pytest.mark.parametrize("typed", ["", "12 OOO", "1,2,3", "1.2.3", "--1", "NaN", "1e3", "²"])
def test_what_is_no_number_is_refused(app, typed: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        read_number(typed)


@pytest.mark.parametrize("typed", ["2027-03-23", "23/03/2027", "23.3.2027"])
def test_a_day_is_read_as_a_browser_or_a_hand_writes_it(typed: str) -> None:
    assert read_day(typed) == date(2027, 3, 23)


@pytest.mark.parametrize("typed", ["", "2026-02-31", "31/02/2026", "0001-01-01", "9999-12-31", "12/10/0026"])
def test_what_is_no_day_or_of_no_century_of_ours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is the library's
        read_day(typed)
