"""A checklist as an administrator writes it, line by line."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from app.portals.administration.checklist_field import read_points, written_points

WORDS = st.text(alphabet="abc éÀ'’:?-1", min_size=1, max_size=30).map(str.strip).filter(bool)
POINTS = st.lists(
    st.fixed_dictionaries({"code": st.from_regex(r"[a-z0-9_]{1,40}", fullmatch=True), "required": st.booleans(), "fr": WORDS, "en": WORDS}),
    max_size=20,
    unique_by=lambda point: point["code"],
)


def point(code: str, french: str, english: str, *, required: bool = True) -> dict[str, Any]:
    return {"code": code, "required": required, "fr": french, "en": english}


@given(POINTS)
def test_what_was_written_is_read_as_it_was(points: list[dict[str, Any]]) -> None:
    assert read_points(written_points(points)) == points


def test_a_new_line_is_given_a_code_of_its_english_words_that_no_other_has() -> None:
    text = "Compté deux fois | Counted twice\n\n? Vu à l’écran | Counted twice!\n"

    assert read_points(text) == [
        point("counted_twice", "Compté deux fois", "Counted twice"),
        point("counted_twice_2", "Vu à l’écran", "Counted twice!", required=False),
    ]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Compté deux fois", "Line 1: write the French, a bar | and the English."),
        ("a: Compté | Counted\n\na: Revu | Seen", "Line 3: another line is called a already."),
        ("\n".join(f"p{n}: x | y" for n in range(21)), "A checklist has at most 20 points."),
        ("x" * 301 + " | y", "Line 1: it has at most 300 characters in each language."),
    ],
)
def test_a_line_that_is_no_point_is_remarked(text: str, remark: str) -> None:
    app = Flask("test")
    Babel(app, default_locale="en")
    with app.test_request_context(), pytest.raises(ValueError, match="^" + remark.replace("|", r"\|").replace(".", r"\.") + "$"):
        read_points(text)
