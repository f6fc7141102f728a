"""What outsiders write is read by a spreadsheet as text, and numbers stay numbers."""

import pytest

from workflows.trade.spreadsheets import as_meant, defused


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(A1)", "+33(0)1", "-DUPONT"])
def test_a_text_that_begins_like_a_formula_is_marked_and_read_again_as_it_was(text: str) -> None:
    assert defused(text) == "'" + text
    assert as_meant(defused(text)) == text


@pytest.mark.parametrize("text", ["-12", "-1 234,50", "-1\u202f234,50", "+33612345678", "-2,5%", "DUPONT", "P-12", "", "'80", "a=b"])
def test_numbers_and_other_texts_are_left_alone(text: str) -> None:
    assert defused(text) == as_meant(text) == text
