"""Segments of a file whose plan is known: another header, another spelling, or no column at all."""

from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.reading import examine, take
from tasks.merge_purge.run import run

PLANNED = ["P12", "06"]


def written(folder: Path, head: str, *values: str) -> Path:
    path = folder / "a.csv"
    rows = [f"{n};Roux{n};{n} rue Haute;01000;Bourg;{value}" for n, value in enumerate(values, start=1)]
    path.write_text("\n".join([f"ID;NOM;ADR4;CP;VILLE;{head}", *rows]), encoding="utf-8")
    return path


def segments(path: Path, codes: list[str]) -> tuple[list[str], list[str]]:
    taken = take(path, segments=codes)
    return taken.frame["segment"].to_list(), [defect.code for defect in taken.defects]


@pytest.mark.parametrize("head", ["Typologie", "Code 1"])
def test_the_column_that_holds_the_planned_codes_is_that_of_segments(tmp_path: Path, head: str) -> None:
    path = written(tmp_path, head, "P12", "06", "P12")

    assert segments(path, PLANNED) == (["P12", "06", "P12"], ["segment_by_values"])
    assert segments(path, []) == (["", "", ""], [])
    assert (examine(path, segments=PLANNED).columns["segment"], examine(path, segments=PLANNED).unmapped) == (head, ())


def test_a_column_that_is_called_so_and_holds_other_words_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ID;NOM;ADR4;CP;VILLE;Cible;Code\n1;Roux;1 rue Haute;01000;Bourg;Actifs 12 mois;P12\n", encoding="utf-8")

    assert segments(path, PLANNED)[0] == ["P12"]


def test_a_column_with_some_planned_codes_is_not_given_up_for_another(tmp_path: Path) -> None:
    assert segments(written(tmp_path, "Segment", "P12", "ZZ", "ZZ"), PLANNED) == (["P12", "ZZ", "ZZ"], [])


def test_a_column_where_one_in_ten_is_planned_is_none(tmp_path: Path) -> None:
    assert segments(written(tmp_path, "Typologie", "P12", "ZZ", "ZZ"), PLANNED)[0] == ["", "", ""]


def test_segments_are_spelt_as_planned(tmp_path: Path) -> None:
    path = written(tmp_path, "Segment", "p12", "P-12", "6", "ZZ")

    assert segments(path, PLANNED) == (["P12", "P12", "06", "ZZ"], ["segment_spelling"])


def test_codes_of_a_plan_that_differ_by_their_spelling_alone_are_left(tmp_path: Path) -> None:
    assert segments(written(tmp_path, "Segment", "A-1", "a1"), ["A1", "A-1"]) == (["A-1", "a1"], [])


def test_a_file_without_segments_is_of_the_only_one_that_is_planned(tmp_path: Path) -> None:
    path = written(tmp_path, "Remarque", "", "vu")

    assert segments(path, ["P12"]) == (["P12", "P12"], ["segment_of_the_plan"])
    assert examine(path, segments=["P12"]).segment_counts == {"P12": 2}
    assert segments(path, PLANNED) == (["", ""], [])


def test_a_run_knows_segments_by_their_ranks(tmp_path: Path) -> None:
    written(tmp_path, "Typologie", "p12", "06")
    text = '[[files]]\ncode = "A"\npath = "a.csv"\nranks = { P12 = 1, 06 = 2 }\n'
    run(Brief.from_toml(text, folder=tmp_path), tmp_path / "out")

    assert pl.read_parquet(tmp_path / "out/decisions.parquet")["segment"].to_list() == ["P12", "06"]
