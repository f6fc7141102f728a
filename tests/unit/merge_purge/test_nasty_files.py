"""Files as they come on a bad day: repaired where that is safe, and counted; else refused with file, row and reason."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.reading import UnreadableFile, examine, read, take
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_reading import HEAD, ROW, written


def found(path: Path, code: str) -> list[tuple[int, bool]]:
    return [(defect.count, defect.repaired) for defect in take(path).defects if defect.code == code]


def refused(path: Path, **arguments: object) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refusal:
        take(path, **arguments)
    return refusal.value


def test_a_quote_that_is_never_closed_swallows_no_record(tmp_path: Path) -> None:
    rows = [ROW.replace("3 rue", '3 "rue') if number == 2 else ROW.replace("A1", f"A{number}") for number in range(5)]
    path = written(tmp_path / "a.csv", "\n".join([HEAD, *rows]))
    assert take(path).frame.height == 5
    path = written(tmp_path / "b.csv", "\n".join([HEAD, *(row.replace('3 "rue', '"3 rue') for row in rows)]))
    assert take(path).frame.height == 5
    assert found(path, "stray_quote") == [(1, True)]


def test_a_monstrous_value_ends_in_no_crash(tmp_path: Path) -> None:
    monster = ROW.replace("Lefèvre", "x" * 300_000 + '"')
    path = written(tmp_path / "a.csv", "\n".join([HEAD, ROW, monster, ROW.replace("A1", "A3")]))
    assert take(path).frame["id_source"].to_list() == ["A1", "A1", "A3"]


def test_a_row_of_a_million_cells_is_one_refused_record(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n".join([HEAD, ROW, "A2;S1;" + "x;" * 1_000_000, ROW]))
    assert take(path).faults.rows() == [(2, "shifted_row")]


def test_a_row_shifted_beyond_repair_is_rejected_with_its_reason(tmp_path: Path) -> None:
    written(tmp_path / "A.csv", "\n".join([HEAD, ROW, "A2;S1;M;Jean;Paul;Roux;;1 rue Haute;;01000;Bourg", "A3;S1;M;Luc"]))
    run(Brief.from_toml('[[files]]\ncode = "A"\npath = "A.csv"', folder=tmp_path), tmp_path / "out")
    decided = pl.read_parquet(tmp_path / "out/decisions.parquet").select("id", "decision", "by").rows()
    assert decided == [("A1", "kept", ""), ("A2", "kept", ""), ("A3", "rejected", "shifted_row")]
    rejects = pl.read_csv(tmp_path / "out/rejects/A.csv", separator=";", infer_schema=False)
    assert rejects.select("id", "row", "reason").rows() == [("A3", "3", "shifted_row")]


def test_cells_missing_behind_the_address_are_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n".join([f"{HEAD};EMAIL;TELEPHONE", ROW, f"{ROW};a@b.fr;0102030405;more"]))
    assert not take(path).faults.height
    assert found(path, "uneven_row") == [(2, True)]


def test_scientific_notation_is_undone_where_no_digit_is_lost(tmp_path: Path) -> None:
    rows = [ROW.replace("01000", "7,5012E+04"), ROW.replace("01000", "7,5E+04")]
    path = written(tmp_path / "a.csv", "\n".join([HEAD, *rows]))
    assert take(path).frame["postcode"].to_list() == ["75012", "7,5E+04"]
    assert found(path, "scientific_number") == [(1, True)]


@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_the_trade_s_fixed_layout_is_recognised_without_being_given(tmp_path: Path, end: str) -> None:
    def line(number: int) -> str:
        start = "BTN " + " " * 12 + f"B{number}".ljust(15) + "S1".ljust(6) + "M".ljust(5) + "Paul".ljust(32) + "Roux".ljust(32)
        address = "".join(text.ljust(38) for text in ("", "", "", f"{number} rue des Prés", "", ""))
        return (start + address + "01000" + "Bourg".ljust(32)).ljust(400)

    taken = take(written(tmp_path / "a.txt", end.join(line(number) for number in range(1, 6)), "cp1252"))
    assert taken.frame.height == 5
    assert taken.frame.select("id_source", "adr4", "postcode", "town").row(4) == ("B5", "5 rue des Prés", "01000", "Bourg")
    assert "trade_layout" in [defect.code for defect in taken.defects]


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    columns = {"id": [1, 2], "nom": ["Roux", None], "société": ["", "Atelier"], "adresse": ["1 rue Haute"] * 2}
    pl.DataFrame({**columns, "cp": [1000.0, 75001.0], "ville": ["B", "P"]}).write_parquet(path)
    taken = take(path)
    found = taken.frame.select("id_source", "last_name", "company", "postcode").rows()
    assert found == [("1", "Roux", "", "01000"), ("2", "", "Atelier", "75001")]
    assert taken.evidence["kind"] == "parquet"


def test_what_only_begins_like_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    assert refused(tmp_path / "a.parquet").code == "unreadable_parquet"


def test_columns_that_are_named_need_no_recognisable_header(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "K1;K2;K3;K4;K5;Nom\n9;Roux;1 rue Haute;01000;Bourg;autre\n")
    named = {"id_source": "K1", "last_name": "K2", "adr4": "K3", "postcode": "K4", "town": "K5"}
    row = take(path, named=named).frame.row(0, named=True)
    assert (row["id_source"], row["last_name"], row["adr4"], row["postcode"], row["town"]) == ("9", "Roux", "1 rue Haute", "01000", "Bourg")


def test_naming_a_column_settles_what_is_ambiguous(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "ID;Nom;Nom d'usage;ADR4;CP;LOCALITE\n1;Roux;Blanc;1 rue Haute;01000;Bourg\n")
    assert refused(path).code == "ambiguous_column"
    assert take(path, named={"last_name": "Nom d'usage"}).frame["last_name"].to_list() == ["Blanc"]


def test_a_named_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\n{ROW}\n")
    fault = refused(path, named={"last_name": "Patronyme"})
    assert fault.code == "unknown_column"
    assert "'NOM'" in fault.detail


def test_two_possible_ids_are_refused_until_one_is_named(tmp_path: Path) -> None:
    written(tmp_path / "A.csv", "Référence;N° client;NOM;ADR4;CP;LOCALITE\n26A;77;Roux;1 rue Haute;01000;Bourg\n")
    text = '[[files]]\ncode = "A"\npath = "A.csv"\n'
    with pytest.raises(UnreadableFile, match=r"A\.csv: the id could be any of 'Référence', 'N° client'"):
        read_brief(Brief.from_toml(text, folder=tmp_path))
    assert read_brief(Brief.from_toml(text + 'id = "Référence"', folder=tmp_path))[0]["id_source"].to_list() == ["26A"]


def test_an_empty_id_is_the_number_of_its_row(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n".join([HEAD, ROW, ROW.replace("A1", "")]))
    assert take(path).frame["id_source"].to_list() == ["A1", "2"]


def test_rows_without_ids_are_numbered_through_all_tranches(tmp_path: Path) -> None:
    for name in ("1.csv", "2.csv"):
        written(tmp_path / name, "NOM;ADR4;CP;LOCALITE\nRoux;1 rue Haute;01000;Bourg\nBlanc;2 rue Haute;01000;Bourg\n")
    brief = Brief.from_toml('[[files]]\ncode = "A"\nparts = [{ path = "1.csv" }, { path = "2.csv" }]', folder=tmp_path)
    assert read_brief(brief)[0]["id_source"].to_list() == ["1", "2", "3", "4"]


@pytest.mark.parametrize("above", ["Fichier ALZ extrait le 3 mai 2026;;;;;;;", "sep=;", "Extraction\n\nle 3 mai 2026"])
def test_what_stands_above_the_header_is_passed_over_and_told(tmp_path: Path, above: str) -> None:
    path = written(tmp_path / "a.csv", f"{above}\r\n{HEAD}\r\n{ROW}\r\n")
    assert take(path).frame["id_source"].to_list() == ["A1"]
    assert [repaired for _, repaired in found(path, "lines_above_header")] == [True]


@pytest.mark.parametrize("blank", [1, 20, 45])
def test_a_header_is_found_below_any_number_of_blank_lines(tmp_path: Path, blank: int) -> None:
    path = written(tmp_path / "a.csv", "\r\n" * blank + f"Extraction du 3 mai\r\n{HEAD}\r\n{ROW}\r\n")
    assert take(path).frame["id_source"].to_list() == ["A1"]
    assert [repaired for _, repaired in found(path, "lines_above_header")] == [True]


def test_remarks_below_the_records_are_no_records(tmp_path: Path) -> None:
    end = "Nombre d'adresses : 1;;;;;;;\r\nFichier extrait le 03/05/2026;;;;;;;\r\n\x1a"
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW}\r\n{end}")
    assert take(path).frame.height == 1
    assert found(path, "trailing_total") == [(2, True)]


def test_a_comma_in_the_street_of_every_row_moves_no_postcode(tmp_path: Path) -> None:
    text = f"{HEAD};EMAIL\n{ROW.replace('3 rue', '3; rue')};\n".replace(";", ",")
    row = take(written(tmp_path / "a.csv", text)).frame.row(0, named=True)
    assert (row["adr4"], row["postcode"], row["town"]) == ("3 rue de l’Église", "01000", "Bourg-en-Bresse")


def test_columns_of_no_canonical_name_come_through_to_the_net(tmp_path: Path) -> None:
    written(tmp_path / "1.csv", f"{HEAD};Montant;Vide\n{ROW};12,50;\n")
    written(tmp_path / "2.csv", f"{HEAD};Canal\n{ROW.replace('Noémie', 'Luc').replace('A1', 'A2')};courrier\n")
    brief = Brief.from_toml('[[files]]\ncode = "A"\nparts = [{ path = "1.csv" }, { path = "2.csv" }]', folder=tmp_path)
    run(brief, tmp_path / "out")
    net = pl.read_csv(tmp_path / "out/net/A.csv", separator=";", infer_schema=False)
    assert "Vide" not in net.columns
    assert net.select("id", "first_name", "Montant", "Canal").rows() == [("A1", "Noémie", "12,50", None), ("A2", "Luc", None, "courrier")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file holds nothing"),
        (b"\xef\xbb\xbf\r\n", "the file holds nothing"),
        (b"\xff\xfe", "the file holds nothing"),
        (gzip.compress(b"ID;NOM\n", mtime=0), "this is a GZIP archive, no table of addresses"),
        (b"\r\n<HTML><table><tr><td>Nom</td></tr></table>", "this is a web page, no table of addresses"),
        (b"<?xml version='1.0'?><Workbook/>", "this is an XML document, no table of addresses"),
        (b"%PDF-1.7\n" + b"\0" * 50, "this is a PDF, no table of addresses"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "this is a picture, no table of addresses"),
        (
            b"ID;NOM\r\n1;a\r\n" + bytes(range(8)) * 4,
            "32 control characters in the first 45 bytes, the first at byte 14 of row 3: no text file",
        ),
        (b"x" * 300_000, "a first line of 300000 characters and 1 columns, at most 500"),
        (b";".join(b"C%d" % i for i in range(100_000)), "and 100000 columns, at most 500"),
        (f"{HEAD}\n".encode(), "a header and nothing below it"),
        (f"{HEAD};NOM\n{ROW};Roux\n".encode(), "last_name could be any of 'NOM' (column 5), 'NOM' (column 9)"),
        (f"{HEAD}\r\n{ROW}\r\n{ROW}\r\n".encode().decode("cp1252").encode(), "accents were encoded twice on 2 records of the 2"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence_with_its_place(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as refusal:
        read(path)
    assert said in refusal.value.detail


def test_a_file_that_is_not_there_or_is_a_folder_is_said_to_be_so(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.csv", "there is no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(UnreadableFile, match=said):
            read(path)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_a_file_put_together_from_two_encodings_is_read_line_by_line(tmp_path: Path, encoding: str) -> None:
    plain = ROW.replace("’", " ")
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([HEAD, *[plain] * 30]).encode() + b"\n" + "\n".join([plain] * 30).encode(encoding) + b"\n")
    assert set(read(path)["last_name"]) == {"Lefèvre"}
    assert found(path, "mixed_encodings") == [(30, True)]


def test_the_odd_nul_is_left_out_and_told_wherever_it_stands(tmp_path: Path) -> None:
    rows = [ROW.replace("Lefèvre", f"Lefèvre{number}") for number in range(2, 300)]
    rows[3] = rows[3].replace("Lefèvre5", "Le\0fèvre5")
    rows[290] = rows[290].replace("Lefèvre292", "Lefèvre\x00292")
    path = written(tmp_path / "a.csv", "\n".join([HEAD, *rows]))
    names = read(path)["last_name"].to_list()
    assert (names[3], names[290]) == ("Lefèvre5", "Lefèvre292")
    assert [(defect.count, defect.repaired, defect.rows) for defect in examine(path).defects if defect.code == "nul_characters"] == [
        (2, True, (5, 292))
    ]


def test_a_nul_in_fixed_columns_is_a_space_so_that_nothing_moves(tmp_path: Path) -> None:
    layout = tmp_path / "layout.csv"
    layout.write_text("CHAMP;DEBUT;LONGUEUR\nID;1;3\nNOM;4;8\nADR4;12;12\nCP;24;5\nLOCALITE;29;8\n", encoding="utf-8")
    line = "001Roux" + "\0" * 4 + "1 rue Haute 01000Bourg   \n"
    path = written(tmp_path / "a.txt", line + line.replace("\0", " ").replace("001", "002"))
    assert take(path, layout=layout).frame.select("last_name", "adr4", "postcode").rows() == [("Roux", "1 rue Haute", "01000")] * 2


def test_a_telephone_that_a_spreadsheet_rounded_is_told_and_none_is_made_of_it(tmp_path: Path) -> None:
    head, row = HEAD + ";TELEPHONE", ROW + ";"
    path = written(tmp_path / "a.csv", "\n".join([head, row + "1.6E+09", row + "4,74012345E+08", row + "0474012345"]))
    assert read(path)["phone"].to_list() == ["1.6E+09", "474012345", "0474012345"]
    assert (found(path, "phone_digits_lost"), found(path, "scientific_number")) == ([(1, False)], [(1, True)])


def test_a_telephone_written_as_a_decimal_number_is_its_digits(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n".join([f"{HEAD};TELEPHONE", f"{ROW.replace('01000', '75012.0')};474012345.0"]))
    assert read(path).select("postcode", "phone").rows() == [("75012", "474012345")]


def test_remarks_below_the_records_are_left_out_however_many_and_are_no_shifted_rows(tmp_path: Path) -> None:
    remarks = ["Nombre d'adresses;2", "", "Extrait le;03/05/2026", "Exporté par;M. Roux", "Confidentiel"]
    path = written(tmp_path / "a.csv", "\n".join([HEAD, ROW, ROW, *remarks]))
    assert take(path).frame.height == 2
    assert [(defect.code, defect.count) for defect in take(path).defects] == [("trailing_total", 4)]


def test_lines_parted_within_a_value_by_vertical_tabs_are_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "\n".join([HEAD, *[ROW.replace("3 rue", "Bât A\v3 rue")] * 5]))
    assert read(path)["adr4"].to_list() == ["Bât A 3 rue de l’Église"] * 5


@pytest.mark.parametrize("misread", ["cp1252", "mac_roman", "cp850"])
def test_accents_are_mended_whatever_system_misread_them(tmp_path: Path, misread: str) -> None:
    spoilt = ROW.replace("’", " ").encode().decode(misread)
    path = written(tmp_path / "a.csv", "\n".join([HEAD, spoilt, *[ROW] * 9]))
    assert read(path).row(0, named=True)["last_name"] == "Lefèvre"
    assert found(path, "double_encoded") == [(1, True)]
    path = written(tmp_path / "b.csv", "\n".join([HEAD, *[spoilt] * 9]))
    assert refused(path).code == "double_encoded"


def test_accents_encoded_three_times_are_mended_too(tmp_path: Path) -> None:
    spoilt = "Noémie".encode().decode("cp1252").encode().decode("cp1252")
    path = written(tmp_path / "a.csv", "\n".join([HEAD, ROW.replace("Noémie", spoilt), *[ROW] * 9]))
    assert read(path)["first_name"].to_list()[0] == "Noémie"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_with_and_without_their_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join([HEAD, ROW, ROW]).encode(encoding))
    taken = take(path)
    assert taken.frame["last_name"].to_list() == ["Lefèvre"] * 2
    assert [defect.code for defect in taken.defects if defect.code == "nul_characters"] == []


def test_what_people_open_in_a_spreadsheet_holds_no_formula_and_the_net_is_as_it_was_delivered(tmp_path: Path) -> None:
    nowhere = record(ID_SOURCE="=7", CP="", LOCALITE="Saint-Martin")
    run(brief_of(tmp_path, {"-A": [nowhere, record(ID_SOURCE="=8", EMAIL="+a@exemple.fr")]}), tmp_path / "out")

    rejects = pl.read_csv(tmp_path / "out/rejects/-A.csv", separator=";", infer_schema=False)
    assert rejects["id"].to_list() == ["'=7"]
    net = pl.read_csv(tmp_path / "out/net/-A.csv", separator=";", infer_schema=False)
    assert net.select("id", "email").rows() == [("=8", "+a@exemple.fr")]
    assert (tmp_path / "out/matrix.csv").read_text(encoding="utf-8").splitlines()[:2] == ["GROUPES_COMMUNS;'-A", "'-A;1"]
