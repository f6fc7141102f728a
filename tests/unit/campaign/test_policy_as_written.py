"""Approval tiers and windows as an administrator writes them: lines that come back as they went in, and a remark for each that is wrong."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app.portals.administration.tiers_field import read_tiers, written_lines
from app.portals.administration.windows_field import read_windows, written_windows
from workflows.campaign.default_policy import DEFAULT_POLICY

TIERS = [{"up_to": "10000.00", "signatures": 1}, {"up_to": "50000.50", "signatures": 2}, {"up_to": None, "signatures": 3}]


@pytest.fixture(autouse=True)
def writing() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context(), force_locale("en"):
        yield


@pytest.mark.parametrize("language", ["fr", "en"])
def test_tiers_come_back_as_they_were_written(language: str) -> None:
    with force_locale(language):
        assert read_tiers(written_lines(TIERS)) == TIERS


@pytest.mark.parametrize("lines", ["10 000 | 1\n\n50000,50|2\n* | 3", "10,000.00 € | 1\r\n50 000.50 | 2\r\n*|3\r\n"])
def test_tiers_are_read_as_french_and_english_hands_write_them(lines: str) -> None:
    assert read_tiers(lines) == TIERS


@pytest.mark.parametrize(
    ("lines", "remark"),
    [
        ("", "Write at least one tier"),
        ("10000", "Line 1: write an amount, a bar | and how many approvers sign, a whole number from 1 to 20."),
        ("10000 | one", "Line 1: write an amount, a bar |"),
        ("10000 | 1,5", "Line 1: write an amount, a bar |"),
        ("10000 | 21", "Line 1: write an amount, a bar |"),
        ("10000 | 0", "Line 1: at least one approver signs."),
        ("much | 1", "Line 1: write an amount to the cent, such as 1,234.50, or a *."),
        ("10.005 | 1", "Line 1: write an amount to the cent"),
        ("| 1", "Line 1: write an amount to the cent"),
        ("10000 | 1\n\n10000 | 2", "Line 3: the amount is to be above that of the line before, and above zero."),
        ("-5 | 1", "Line 1: the amount is to be above"),
        ("* | 1\n10000 | 2", "Line 2: only the last line may be without ceiling."),
    ],
)
def test_a_line_that_is_no_tier_is_remarked(lines: str, remark: str) -> None:
    with pytest.raises(ValueError, match=r"^(Line|Write)") as error:
        read_tiers(lines)
    assert str(error.value).startswith(remark)


def test_windows_come_back_as_they_were_written() -> None:
    assert read_windows(written_windows(DEFAULT_POLICY["no_drop_windows"])) == DEFAULT_POLICY["no_drop_windows"]


def test_a_new_window_gets_its_code_of_its_english_words_and_may_run_over_new_year() -> None:
    (window,) = read_windows("\n12-18 1-3 les fêtes | the holidays\n")

    assert window == {"code": "the_holidays", "first": "12-18", "last": "01-03", "fr": "les fêtes", "en": "the holidays"}
    assert read_windows(" ") == []


@pytest.mark.parametrize(
    ("lines", "remark"),
    [
        ("août | August", "Line 1: begin with the first and the last day, such as 08-01 08-31."),
        ("august: 08-01 août | August", "Line 1: begin with the first and the last day"),
        ("08-01 08-31 août", "Line 1: write the French, a bar | and the English."),
        ("08-01 08-32 août | August", "Line 1: 08-32 is no day of every year; write the month, then the day."),
        ("31-08 08-31 août | August", "Line 1: 31-08 is no day of every year"),
        ("02-29 03-01 hiver | winter", "Line 1: 02-29 is no day of every year"),
        ("a: 08-01 08-31 août | August\na: 09-01 09-02 rentrée | back", "Line 2: another line is called a already."),
        ("not_a_working_day: 08-01 08-31 août | August", "Line 1: another line is called not_a_working_day already."),
        (f"08-01 08-31 {'x' * 301} | August", "Line 1: it has at most 300 characters in each language."),
        ("\n".join(["08-01 08-31 août | August"] * 21), "There are at most 20 windows."),
    ],
)
def test_a_line_that_is_no_window_is_remarked(lines: str, remark: str) -> None:
    with pytest.raises(ValueError, match=r"^(Line|There)") as error:
        read_windows(lines)
    assert str(error.value).startswith(remark)
