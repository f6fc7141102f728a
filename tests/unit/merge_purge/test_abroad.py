"""Addresses that are not of this country, and those that only look so: Monaco, the army, Robert-Espagne."""

from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.reading import examine, take
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record


def decided(folder: Path, **fields: str) -> tuple[str, str]:
    run(brief_of(folder, {"A": [record(**fields)]}), folder / "out")
    decision, by = pl.read_parquet(folder / "out" / "decisions.parquet").select("decision", "by").row(0)
    return decision, by


@pytest.mark.parametrize(
    ("postcode", "town"),
    [("B-1000", "Bruxelles"), ("CH 1204", "Genève"), ("L-1234", "Luxembourg"), ("28001", "Madrid (Espagne)"), ("B-4000", "Liège")],
)
def test_a_country_told_by_postcode_or_town_is_rejected_as_foreign(tmp_path: Path, postcode: str, town: str) -> None:
    assert decided(tmp_path, CP=postcode, LOCALITE=town) == ("rejected", "foreign")


@pytest.mark.parametrize(("postcode", "town"), [("1000", "Bruxelles"), ("6000", "Charleroi"), ("8001", "Zürich")])
def test_a_postcode_of_four_digits_takes_no_zero_where_the_town_is_nowhere_near(tmp_path: Path, postcode: str, town: str) -> None:
    assert decided(tmp_path, CP=postcode, LOCALITE=town) == ("rejected", "bad_postcode")


@pytest.mark.parametrize(
    ("postcode", "town"),
    [
        ("55000", "Robert-Espagne"),
        ("1000", "Bourg-en-Bresse"),
        ("1000", "BOURG EN BRESE"),
        ("1000", "Bourg"),
        ("1012", "BOURG CEDEX"),
        ("6000", "NCE"),
        ("MC-98000", "Monaco"),
        ("F-01000", "Bourg-en-Bresse"),
        ("00812", "Armées"),
        ("97133", "Saint-Barthélemy"),
        ("98713", "Papeete Tahiti"),
    ],
)
def test_what_the_post_of_this_country_reaches_is_kept(tmp_path: Path, postcode: str, town: str) -> None:
    assert decided(tmp_path, CP=postcode, LOCALITE=town) == ("kept", "")


def test_a_column_of_countries_says_who_lives_abroad(tmp_path: Path) -> None:
    rows = ["1;Roux;1 rue Haute;01000;Bourg;France", "2;Roy;1 rue Haute;10115;Berlin;ALLEMAGNE", "3;Rey;1 rue Haute;75001;Paris;FR"]
    rows += ["4;Rio;1 rue Haute;97400;Saint-Denis;La Réunion", "5;Ray;1 rue Haute;1204;Genève;CH", "6;Ruy;1 rue Haute;75001;Paris;"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["ID;NOM;ADR4;CP;VILLE;Pays", *rows]), encoding="utf-8")
    assert take(path).faults.rows() == [(2, "foreign"), (5, "foreign")]


def test_the_army_s_postcodes_are_no_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ID;NOM;ADR4;CP;VILLE\n1;Roux;SP 69106;00812;ARMEES\n2;Roy;1 rue Haute;00812;Bourg\n", encoding="utf-8")
    assert examine(path).bad_postcodes == 1
