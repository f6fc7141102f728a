"""A question about a budget on pages: asked by an approver, answered by the preparer, read by both, and seen where one decides."""

import re

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor

PAGE = "/approver/campaigns/26A/budget"
ROOM = "/manager/campaigns/26A/budget"
ASKED, ANSWERED = "Why two printers?", "The second one prints the envelopes."


@pytest.fixture
def stage() -> str:
    return "budget"


def ask(visitor: Visitor, words: str = ASKED) -> int:
    return visitor.send(f"{PAGE}/ask", visitor.form(PAGE, "ask") | {"ask-words": words}).status_code


def answer(visitor: Visitor, words: str = ANSWERED) -> tuple[int, str]:
    """Send the one answer that the budget's room takes: its status, and the page."""
    (action,) = re.findall(r'action="([^"]*/budget/questions/[^"]*)"', visitor.open(ROOM).text)
    fields = visitor.form(ROOM, "answer-")
    prefix = next(iter(fields)).rpartition("-")[0]
    sent = visitor.send(action, fields | {f"{prefix}-words": words})
    return sent.status_code, sent.text


def test_an_approver_asks_the_preparer_answers_and_both_read_the_two(
    journey: Journey, president: Visitor, director: Visitor, marion: Visitor
) -> None:
    assert ask(president) == 303
    for visitor in (president, director):
        page = visitor.words(PAGE)
        assert f"Question 1 — Solange Petit “{ASKED}” Not answered yet." in page
        assert "One question is not answered yet. You need not wait for it." in page
        assert "One question is not answered yet." in visitor.words("/approver/")
    assert "Answer question 1 about the budget" in marion.words("/manager/")

    assert answer(marion, "")[0] == 422
    assert answer(marion)[0] == 303

    read = f"Question 1 — Solange Petit “{ASKED}” Answered by Marion Vidal"
    assert read in marion.words(ROOM)
    assert read in president.words(PAGE)
    assert f"“{ANSWERED}”" in president.words(PAGE)
    assert "not answered yet" not in president.words(PAGE)
    history = marion.words("/manager/campaigns/26A/history")
    assert "Question about the budget asked" in history
    assert f"“{ANSWERED}”" in history


def test_a_question_without_words_comes_back_with_its_remark_and_one_for_another_state_with_what_was_typed(
    journey: Journey, president: Visitor, director: Visitor
) -> None:
    empty = president.send(f"{PAGE}/ask", president.form(PAGE, "ask") | {"ask-words": " "})
    assert empty.status_code == 422
    assert "Write what you want to know." in empty.text
    read = president.form(PAGE, "ask")
    director.send(f"{PAGE}/endorse", director.form(PAGE, "accept"))

    late = president.send(f"{PAGE}/ask", read | {"ask-words": ASKED})

    assert late.status_code == 409
    assert ASKED in late.text


def test_a_question_left_without_an_answer_is_seen_with_the_budget_that_was_decided(
    journey: Journey, president: Visitor, marion: Visitor
) -> None:
    ask(president)

    assert president.send(f"{PAGE}/approve", president.form(PAGE, "accept")).status_code == 303

    for page in (president.words(f"{PAGE}/1"), marion.words(ROOM)):
        assert "Closed without an answer: this budget waits no more." in page
    assert "/budget/questions/" not in marion.open(ROOM).text
