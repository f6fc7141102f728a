"""What an entry of the chain holds of a command, as an auditor reads it: labels and values, in both languages."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from app.portals.auditor.asked_words import FIELDS, field_value, file_word
from workflows.processes import REGISTRY


def recorded_names() -> Iterator[str]:
    """The names under which entries hold fields and texts of commands, as `recorded_fields` gives them."""
    for process in REGISTRY.processes:
        for move in (*process.births, *(move for stage in process.stages for move in stage.moves)):
            for item in dataclasses.fields(move.command):
                if item.name not in ("subject_id", "seen_version") and not item.metadata.get("unrecorded"):
                    yield f"{item.name}_sha256" if item.metadata.get("digest") else item.name


def test_every_field_that_an_entry_may_hold_has_its_label_and_no_label_is_idle() -> None:
    assert set(recorded_names()) == set(FIELDS)


@pytest.mark.parametrize(
    ("name", "value", "english", "french"),
    [
        ("cap_amount", None, "—", "—"),
        ("cap_amount", "12500.00", "€12,500.00", "12 500,00 €"),
        ("min_billing_rate", "0.85", "85.0%", "85,0 %"),
        ("billing_basis", "ordered", "the addresses ordered", "les adresses commandées"),
        (
            "unbilled_reasons",
            ["rejected", "intra"],
            "rejected addresses, duplicates within the list",
            "rejets d’adresse (RNVP), doublons internes",
        ),
        ("unbilled_reasons", [], "—", "—"),
        ("deposited_on", "2026-10-13", "13 October 2026", "13 octobre 2026"),
        ("declared_count", 12000, "12,000", "12 000"),
        ("declared_encoding", "cp1252", "Windows-1252", "Windows-1252"),
        ("conforming", False, "no", "non"),
        ("excluded_lists", ["ALZ", "BTN"], "ALZ, BTN", "ALZ, BTN"),
        ("stage", "delivery", "Deliveries", "Livraisons"),
        ("priority", "high", "high", "haute"),
        ("quantities", {"26AALZ": 1305, "26ABTN": 9}, "26AALZ 1,305, 26ABTN 9", "26AALZ 1 305, 26ABTN 9"),
        ("tell", ["4d7a"], "Nadia Perrot", "Nadia Perrot"),
        ("run_id", "77aa", "77aa", "77aa"),
    ],
)
def test_values_are_written_as_a_person_reads_them(name: str, value: object, english: str, french: str, app: Flask) -> None:
    for language, told in (("en", english), ("fr", french)):
        with app.test_request_context(), force_locale(language):
            assert field_value(name, value, {"4d7a": "Nadia Perrot"}).replace("\u00a0", " ").replace("\u202f", " ") == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("delivery", "Delivered file"),
        ("suppression:opposition", "Suppression file: opposition"),
        ("purged:lots", "Purged: Files of the lots"),
    ],
)
def test_files_are_named_by_what_they_hold(kind: str, told: str, app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert file_word(kind) == told
