"""Postcode and town repaired against each other: only what is certain, and every repair counted."""

import json
from pathlib import Path

import pytest

from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, groups_of, prepared, record


def placed(folder: Path, postcode: str, town: str) -> tuple[object, object]:
    """The last line as it is posted, and what was repaired."""
    row = prepared(folder, record(CP=postcode, LOCALITE=town))[0]
    return row["L6"], row["place_repair"]


@pytest.mark.parametrize(
    ("postcode", "town", "line", "repair"),
    [
        ("", "Cuisery", "71290 CUISERY", "postcode_found"),
        ("35000", "", "35000 RENNES", "town_found"),
        ("01000", "Bourg en Brese", "01000 BOURG EN BRESSE", "town_corrected"),
        ("01001", "Bourg-en-Bresse", "01000 BOURG EN BRESSE", "postcode_corrected"),
        ("75000", "Paris 12", "75012 PARIS 12", "postcode_corrected"),
        ("69000", "Lyon 3ème", "69003 LYON 3EME", "postcode_corrected"),
    ],
)
def test_what_leaves_one_answer_is_repaired(tmp_path: Path, postcode: str, town: str, line: str, repair: str) -> None:
    assert placed(tmp_path, postcode, town) == (line, repair)


@pytest.mark.parametrize(
    ("postcode", "town", "line"),
    [
        ("", "Saint-Martin", "SAINT MARTIN"),
        ("01000", "", "01000"),
        ("", "Paris", "PARIS"),
        ("59160", "Lomme", "59160 LOMME"),
        ("75380", "Paris CEDEX 08", "75380 PARIS CEDEX 08"),
        ("75116", "Paris", "75116 PARIS"),
    ],
)
def test_what_is_right_or_leaves_several_answers_stays(tmp_path: Path, postcode: str, town: str, line: str) -> None:
    assert placed(tmp_path, postcode, town) == (line, "")


def test_a_former_commune_is_found_in_its_commune(tmp_path: Path) -> None:
    lomme = {"ADR4": "4 rue des Pins", "CP": "59160"}
    assert groups_of(tmp_path, record(**lomme, LOCALITE="Lomme"), record(**lomme, LOCALITE="Lille", PRENOM="P")) == [0, 0]


def test_repairs_are_counted_by_list(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record(CP="", LOCALITE="Cuisery"), record(NOM="Vasseur", LOCALITE="Bourg en Brese")]})
    run(brief, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["lists"]["A"]["place_repairs"] == {"postcode_found": 1, "town_corrected": 1}
    assert report["lists"]["A"]["rejected"] == 0
