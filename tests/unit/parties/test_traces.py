"""A person is found in whatever form their name was written, and nobody else with them."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.parties.traces import Traces, fold, spellings

ID = UUID("3f2a91bc-0000-4000-8000-000000000000")
MARK = "[… 3f2a91bc]"
TRACES = Traces(ID, spellings("Éloïse Lévêque", "eloise@exemple.fr", ("Zouzou",)), ("trop cher pour nous", "non"))


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Vu avec Éloïse Lévêque.", f"Vu avec {MARK}."),
        ("ELOISE LEVEQUE a signé", f"{MARK} a signé"),
        ("Lévêque Éloïse", MARK),
        ("Éloïse\u00a0\nLévêque", MARK),
        ("écrire à Eloise@exemple.fr, ou à Zouzou", f"écrire à {MARK}, ou à {MARK}"),
        ("Il a dit : « Trop cher pour nous »", f"Il a dit : « {MARK} »"),
        ("Éloïse Lévêquet et meloise@exemple.fr", "Éloïse Lévêquet et meloise@exemple.fr"),
        ("Éloïse est absente, non", "Éloïse est absente, non"),
    ],
)
def test_a_person_is_taken_out_of_words(text: str, without: str) -> None:
    assert TRACES.out_of(text) == without


def test_short_words_of_their_own_go_where_they_are_the_whole_text() -> None:
    assert TRACES.out_of_words(" Non ") == MARK
    assert TRACES.out_of_words("non, merci") == "non, merci"


def test_data_is_gone_through_to_its_leaves_and_keeps_its_form() -> None:
    data = {"head": {"contact": "Éloïse Lévêque", "n": 1}, "rows": ["Zouzou", None, True]}

    assert TRACES.out_of_data(data) == {"head": {"contact": MARK, "n": 1}, "rows": [MARK, None, True]}


def test_nobody_is_looked_for_by_nothing() -> None:
    assert Traces(ID, ()).out_of("anything") == "anything"
    assert Traces(ID, ()).tokens == ()


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_was_taken_out_is_not_found_again(before: str, after: str) -> None:
    left = TRACES.out_of(f"{before} Éloïse Lévêque {after}")

    assert TRACES.out_of(left) == left
    assert MARK in left
