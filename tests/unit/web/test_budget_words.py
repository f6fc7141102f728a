"""A budget's bar and warnings, in the words that its preparer and its approver both read."""

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from app.portals.shared.budget_words import bar, warning_words
from app.queries.budget import Part
from workflows.trade.working_days import NoDropWindow

WINDOW = NoDropWindow(code="august", first=(8, 1), last=(8, 31), words={"fr": "août", "en": "August"})


def small(about: str, actual: int) -> dict[str, object]:
    return {"code": f"minimum_cell:{about}", "expected": 2000, "actual": actual}


def test_what_one_bar_cannot_tell_apart_stands_together_at_its_end(app: Flask) -> None:
    natures = ("lists", "postage", "print", "creation", "processing", "fees", "caging")
    parts = [Part(nature=nature, amount=Decimal(100 - at)) for at, nature in enumerate(natures)]
    with app.test_request_context(), force_locale("en"):
        whole, cut = bar(parts[:6]), bar(parts)

    assert [one["value"] for one in whole] == [100, 99, 98, 97, 96, 95]
    assert [one["value"] for one in cut] == [100, 99, 98, 97, 96, 95 + 94]
    assert cut[0]["label"] == "Address lists"
    assert cut[-1]["label"].startswith("Other: ")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (
            [small("ALZ/P12/B", 1989), {"code": "target_responses", "expected": 160, "actual": "159.9"}, small("BTN/P24/A", 1500)],
            [
                "159 responses are expected; the target is 160.",
                "2 tests are too small for a verdict, which takes 2,000 addresses: ALZ P12 B (1,989), BTN P24 A (1,500).",
            ],
        ),
        ([small("ALZ/P12/B", 1989)], ["One test is too small for a verdict, which takes 2,000 addresses: ALZ P12 B (1,989)."]),
        ([{"code": "segments", "expected": "6-9", "actual": 12}], ["The plan has 12 segments; 6–9 is the habit."]),
        (
            [
                {"code": "universe:ALZ/P24", "expected": 9_000, "actual": 9_767},
                {"code": "recent_use:ALZ", "expected": 3, "actual": 2},
                {"code": "recent_use:BTN", "expected": 3, "actual": 0},
                {"code": "offer_ends", "expected": 5, "actual": 4},
                {"code": "test_volume", "expected": "10-20", "actual": 35},
                {"code": "test_responses:ALZ/P12/B", "expected": 50, "actual": 24},
            ],
            [
                "Of ALZ P24 9,767 addresses are ordered, and there are 9,000.",
                "Whole weeks that the offer runs after the mail has landed: 4; 5 is the habit.",
                "Tests take 35% of the addresses; 10–20% is the habit.",
                "2 lists were used fewer than 3 months before; months since then: ALZ (2), BTN (0).",
                "One test may count on too few responses for a verdict, which takes 50: ALZ P12 B (24).",
            ],
        ),
        (
            [{"code": "test_precision:ALZ/P12/B", "expected": 8366, "actual": 1989}],
            [
                "One test is too small to tell its response rate as closely as policy asks; addresses there, and wanted: "
                "ALZ P12 B (1,989 of 8,366)."
            ],
        ),
        (
            [{"code": "other_use:ALZ", "expected": 15, "actual": 9, "campaign": "26B"}],
            ["One list is used by another campaign fewer than 15 days away; days between the drops: ALZ (9, 26B)."],
        ),
        (
            [{"code": "target_roi", "expected": "0.58", "actual": None}],
            ["Each euro spent should bring back —; the target is €0.58."],
        ),
        (
            [
                {"code": "drop:august", "expected": None, "actual": "2027-08-03"},
                {"code": "drop:fair", "expected": None, "actual": "2027-08-03", "words": {"fr": "la foire", "en": "the fair"}},
            ],
            ["The drop falls on a weak date: August.", "The drop falls on a weak date: the fair."],
        ),
    ],
)
def test_what_speaks_against_a_budget_is_said_in_sentences(app: Flask, raised: list[dict[str, object]], told: list[str]) -> None:
    with app.test_request_context(), force_locale("en"):
        assert [words.replace("\u00a0", " ") for words in warning_words(raised, [WINDOW])] == told
