"""Whom a suppression list holds, and whom it spares."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.levels import CONTRADICTED, PERSON_THRESHOLD, pointed_at, spared
from tasks.merge_purge.reading import UnreadableFile
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import decisions, file_of, record

LISTS = pl.Series(["A", "A", "A", "A", "OPP", "PND"])


def pairs(*rows: tuple[int, int, float]) -> pl.DataFrame:
    """Scored pairs of a delivered and a suppression record."""
    return pl.DataFrame(rows, schema={"a": pl.UInt32, "b": pl.UInt32, "score": pl.Float64}, orient="row")


def test_a_suppression_record_holds_the_person_it_is_most_like_and_another_only_if_it_would_be_grouped_with_it() -> None:
    label, little = np.array([0, 1, 2, 3]), PERSON_THRESHOLD - 0.1
    pointed = pointed_at(label, pairs((0, 4, little), (1, 4, little - 0.1), (2, 5, 6.0), (3, 5, PERSON_THRESHOLD + 0.1)))
    assert pointed.select("group", "b").rows() == [(0, 4), (2, 5), (3, 5)]


def test_a_record_unlike_all_that_hold_its_group_is_spared_with_its_twins() -> None:
    label, twins = np.array([0, 0, 0, 0]), np.array([0, 1, 1, 3])
    scores = {(0, 4): 6.0, (1, 4): CONTRADICTED - 0.1, (3, 4): CONTRADICTED + 0.1}
    asked: list[tuple[int, int]] = []

    def score(wanted: pl.DataFrame) -> pl.DataFrame:
        asked.extend(wanted.rows())
        return wanted.with_columns(score=pl.Series([scores[pair] for pair in wanted.rows()]))

    found = spared(LISTS, label, twins, pointed_at(label, pairs((0, 4, 6.0))), score)
    assert found.rows() == [(1, "OPP"), (2, "OPP")]
    assert asked == [(0, 4), (1, 4), (3, 4)]


def test_who_is_like_another_record_of_the_list_is_not_spared() -> None:
    label = np.array([0, 0, 2, 3])
    likeness = {(0, 4): 6.0, (1, 4): -9.0, (0, 5): -9.0, (1, 5): 5.0}

    def score(wanted: pl.DataFrame) -> pl.DataFrame:
        return wanted.with_columns(score=pl.Series([likeness[pair] for pair in wanted.rows()]))

    one_list = pl.Series(["A", "A", "A", "A", "OPP", "OPP"])
    assert spared(one_list, label, label * 0 + np.arange(4), pointed_at(label, pairs((0, 4, 6.0), (1, 5, 5.0))), score).is_empty()


def test_one_of_a_family_who_opposed_does_not_take_the_others_along(tmp_path: Path) -> None:
    family = [record(), record(PRENOM="P."), record(PRENOM="Hubert"), record(CIVILITE="Mme", PRENOM="Pascale")]
    found = decisions(tmp_path, {"A": family}, {"OPP": [record()]})
    assert found["decision"].to_list() == ["suppressed", "suppressed", "kept", "kept"]


def test_a_list_of_surnames_alone_holds_all_who_bear_them_at_the_door_and_nobody_else(tmp_path: Path) -> None:
    couple = [record(), record(PRENOM="Anne", CIVILITE="Mme")]
    others = [record(PRENOM="Lise", NOM="Roux", CIVILITE="Mme"), record(ADR4="9 quai Bas", CP="69001", LOCALITE="Lyon", PRENOM="Luc")]
    found = decisions(tmp_path, {"A": [*couple, *others]}, {"OPP": [record(PRENOM="", CIVILITE="")]})
    assert found["decision"].to_list() == ["suppressed", "suppressed", "kept", "kept"]


def test_a_title_with_the_surname_tells_who_of_a_couple_is_meant(tmp_path: Path) -> None:
    couple = [record(), record(PRENOM="Anne", CIVILITE="Mme")]
    found = decisions(tmp_path, {"A": couple}, {"OPP": [record(PRENOM="")]})
    assert found["decision"].to_list() == ["suppressed", "kept"]


def test_a_list_of_addresses_needs_no_names_and_holds_whoever_lives_there(tmp_path: Path) -> None:
    file_of(tmp_path / "A.csv", record(), record(PRENOM="Anne", NOM="Roux"), record(ADR4="9 quai Bas", NOM="Blanc"))
    (tmp_path / "S.csv").write_text("Adresse;CP;Ville\n12 R. DES TILLEULS;1000;BOURG EN BRESSE\n", encoding="utf-8")
    text = '[[files]]\ncode = "A"\npath = "A.csv"\n[[suppressions]]\ncode = "S"\npath = "S.csv"\nlevel = "address"\n'
    run(Brief.from_toml(text, folder=tmp_path), tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out/decisions.parquet")["decision"].to_list() == ["suppressed", "suppressed", "kept"]
    with pytest.raises(UnreadableFile, match="neither a name nor a company"):
        run(Brief.from_toml(text.replace("address", "household"), folder=tmp_path), tmp_path / "other")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("email\npaul.moreau@example.org\n", [True, False]),
        ("E-mail;Tél.\nautre@example.org;\npaul.moreau@example.org;0612345678\n", [True, False]),
        ("Nom;Prénom;CP\nMOREAU;PAUL;1000\n", [True, False]),
        ("Robinson au 1er mars\n\nNom;Prénom;Ville\nMOREAU;PAUL;BOURG EN BRESSE\n", [True, False]),
    ],
)
def test_a_list_of_people_may_tell_them_by_less_than_a_letter_takes(tmp_path: Path, text: str, held: list[bool]) -> None:
    known = {"PRENOM": "Paul", "NOM": "Moreau", "EMAIL": "paul.moreau@example.org", "TELEPHONE": "0474000001"}
    file_of(tmp_path / "A.csv", record(**known), record(PRENOM="Anne", NOM="Roux", ADR4="9 quai Bas", CP="69001", LOCALITE="Lyon"))
    (tmp_path / "S.csv").write_text(text, encoding="utf-8")
    brief = '[[files]]\ncode = "A"\npath = "A.csv"\n[[suppressions]]\ncode = "S"\npath = "S.csv"\n'
    run(Brief.from_toml(brief, folder=tmp_path), tmp_path / "out")

    assert (pl.read_parquet(tmp_path / "out/decisions.parquet")["decision"] == "suppressed").to_list() == held


@pytest.mark.parametrize("text", ["Prénom;CP\nPaul;01000\n", "Téléphone\n0474000001\n", "Nom;Prénom\nLefebvre;Paul\n"])
def test_a_list_that_tells_nobody_is_refused(tmp_path: Path, text: str) -> None:
    file_of(tmp_path / "A.csv", record())
    (tmp_path / "S.csv").write_text(text, encoding="utf-8")
    brief = '[[files]]\ncode = "A"\npath = "A.csv"\n[[suppressions]]\ncode = "S"\npath = "S.csv"\n'
    with pytest.raises(UnreadableFile, match="no column of e-mails, nor of names with"):
        run(Brief.from_toml(brief, folder=tmp_path), tmp_path / "out")
