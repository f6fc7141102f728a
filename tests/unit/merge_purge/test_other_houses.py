"""How other houses export: wrapped values, row numbers, headers over two lines, numbers of streets apart."""

from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.reading import UnreadableFile, take
from tasks.merge_purge.run import run
from tests.unit.merge_purge.test_reading import HEAD, ROW, written


def test_values_wrapped_so_that_a_spreadsheet_keeps_their_zeros_are_unwrapped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\n" + ROW.replace("A1", '="007"').replace("01000", '="01000"'))
    taken = take(path)
    assert taken.frame.select("id_source", "postcode").rows() == [("007", "01000")]
    assert [(defect.code, defect.count) for defect in taken.defects] == [("wrapped_text", 1)]


def test_row_numbers_without_a_header_move_no_name(tmp_path: Path) -> None:
    rows = [f"{number};{ROW}" for number in range(1, 5)]
    taken = take(written(tmp_path / "a.csv", "\n".join([HEAD, *rows])))
    assert taken.frame.select("id_source", "first_name", "postcode").unique().rows() == [("A1", "Noémie", "01000")]
    assert [(defect.code, defect.count) for defect in taken.defects] == [("row_numbers", 4)]


def test_a_separator_at_the_end_of_rows_is_no_slide_whatever_the_postcode(tmp_path: Path) -> None:
    taken = take(written(tmp_path / "a.csv", "\n".join([HEAD, ROW.replace("01000", "2A004") + ";", ROW.replace("01000", "") + ";"])))
    assert not taken.faults.height
    assert taken.frame["postcode"].to_list() == ["2A004", ""]


def test_a_file_of_which_no_row_fits_the_header_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no row has the 8 cells that the header has, from row 2 on"):
        take(written(tmp_path / "a.csv", "\n".join([HEAD, *[ROW.rsplit(";", 2)[0]] * 3])))


def test_a_header_that_runs_over_two_lines_is_one(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEAD.replace("ID_SOURCE", '"Référence\nclient"').replace("NOM", '"Nom\nde famille"') + f"\n{ROW}\n")
    taken = take(path)
    assert taken.frame.select("id_source", "last_name").rows() == [("A1", "Lefèvre")]
    assert take(written(tmp_path / "b.csv", path.read_text(encoding="utf-8") + "A2;S1\n")).faults.rows() == [(2, "shifted_row")]


def test_a_line_that_holds_two_encodings_is_read_in_both(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    both = ROW.encode().replace("Lefèvre".encode(), "Lefèvre".encode("cp1252"))
    path.write_bytes("\n".join([HEAD, ROW, ROW]).encode() + b"\n" + both)
    assert take(path).frame.select("first_name", "last_name").unique().rows() == [("Noémie", "Lefèvre")]


@pytest.mark.parametrize("text", ["75012 PARIS", "PARIS 75012"])
def test_a_postcode_stands_before_its_town_or_behind(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.csv", f"ID;NOM;ADR4;CP Ville\n1;Roux;1 rue Haute;{text}\n")
    assert take(path).frame.select("postcode", "town").row(0) == ("75012", "PARIS")


@pytest.mark.parametrize("street", ["Rue", "Nom de voie"])
def test_number_and_suffix_in_columns_of_their_own_come_before_the_street(tmp_path: Path, street: str) -> None:
    rows = ["1;Roux;12;bis;rue Haute;01000;Bourg", "2;Roy;7;;rue Haute;01000;Bourg", "3;Rey;;;Le Bourg;01000;Bourg"]
    path = written(tmp_path / "a.csv", "\n".join([f"ID;NOM;N°;Bis Ter;{street};CP;Ville", *rows]))
    assert take(path).frame["adr4"].to_list() == ["12 bis rue Haute", "7 rue Haute", "Le Bourg"]


def test_a_number_of_the_row_is_none_of_the_street(tmp_path: Path) -> None:
    rows = [f"{number};Roux;rue Haute;01000;Bourg" for number in range(1, 4)]
    path = written(tmp_path / "a.csv", "\n".join(["N°;NOM;Rue;CP;Ville", *rows]))
    assert take(path).frame["adr4"].to_list() == ["rue Haute"] * 3


def test_a_second_column_of_one_name_comes_through_to_the_net(tmp_path: Path) -> None:
    written(tmp_path / "A.csv", f"{HEAD};TELEPHONE;Mobile;LOCALITE\n{ROW};0102030405;0601020304;Bourg-en-Bresse\n")
    run(Brief.from_toml('[[files]]\ncode = "A"\npath = "A.csv"', folder=tmp_path), tmp_path / "out")
    net = pl.read_csv(tmp_path / "out/net/A.csv", separator=";", infer_schema=False)
    assert net.select("phone", "Mobile").rows() == [("0102030405", "0601020304")]
    assert "LOCALITE" not in net.columns


def test_words_for_nothing_are_nothing_where_several_columns_have_them(tmp_path: Path) -> None:
    head, nobody = f"{HEAD};RAISON_SOCIALE;TELEPHONE", ROW.replace("Noémie", "NULL")
    taken = take(written(tmp_path / "a.csv", "\n".join([head, f"{nobody};NULL;#N/A", f"{ROW};\\N;NULL"])))
    assert taken.frame.select("first_name", "company", "phone").rows() == [("", "", ""), ("Noémie", "", "")]
    assert [(defect.code, defect.count) for defect in taken.defects] == [("void_words", 2)]


def test_somebody_called_null_keeps_the_name(tmp_path: Path) -> None:
    taken = take(written(tmp_path / "a.csv", "\n".join([HEAD, ROW, ROW.replace("Lefèvre", "NULL")])))
    assert taken.frame["last_name"].to_list() == ["Lefèvre", "NULL"]


def test_letters_as_a_web_page_writes_them_are_letters(tmp_path: Path) -> None:
    taken = take(written(tmp_path / "a.csv", "\n".join([HEAD, ROW.replace("Lefèvre", '"Lef&egrave;vre &amp; Fils"'), ROW])))
    assert taken.frame["last_name"].to_list() == ["Lefèvre & Fils", "Lefèvre"]
    assert [(defect.code, defect.count) for defect in taken.defects] == [("entities", 1)]


@pytest.mark.parametrize("length", [140_000, 190_000, 300_000])
@pytest.mark.parametrize("where", ["a row of more cells", "the header"])
def test_a_value_longer_than_any_is_no_crash(tmp_path: Path, length: int, where: str) -> None:
    long = ";" + "x" * length
    text = "\n".join([HEAD, ROW, ROW + long, ROW] if where != "the header" else [HEAD + long, ROW])
    path = written(tmp_path / "a.csv", text)
    if where == "the header":
        with pytest.raises(UnreadableFile, match="a first line of"):
            take(path)
    else:
        assert take(path).frame["id_source"].to_list() == ["A1"] * 3
