"""What suppliers send, as it comes: encodings, headers, layouts, and what a spreadsheet does to a postcode."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tasks.merge_purge.reading import CANONICAL, UnreadableFile, examine, read

HEAD = "ID_SOURCE;CODE_SEG;CIVILITE;PRENOM;NOM;ADR4;CP;LOCALITE"
ROW = "A1;S1;MME;Noémie;Lefèvre;3 rue de l’Église;01000;Bourg-en-Bresse"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def codes(path: Path, **arguments: Path) -> list[str]:
    return [reason["code"] for reason in examine(path, **arguments).fatal]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")],
)
def test_accents_are_right_in_every_encoding_of_the_trade(tmp_path: Path, encoding: str, name: str) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW}\r\n", encoding)
    assert examine(path).encoding == name
    row = read(path).row(0, named=True)
    assert (row["first_name"], row["last_name"], row["adr4"]) == ("Noémie", "Lefèvre", "3 rue de l’Église")


def test_old_macintosh_accents_are_told_from_windows_ones(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('’', ' ')}\r\n", "mac_roman")
    assert read(path)["first_name"].to_list() == ["Noémie"]


def test_latin_1_without_windows_signs_is_also_cp1252(tmp_path: Path) -> None:
    found = examine(written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('’', ' ')}\r\n", "latin-1"))
    assert (found.encoding, found.encoding_also) == ("cp1252", ("latin-1",))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEAD}\n{ROW}\n".replace(";", delimiter)
    assert examine(written(tmp_path / "a.csv", text)).delimiter == delimiter


def test_a_file_encoded_twice_is_refused_for_the_whole(tmp_path: Path) -> None:
    twice = f"{HEAD}\r\n{ROW}\r\n{ROW}\r\n".encode().decode("cp1252").encode()
    path = tmp_path / "a.csv"
    path.write_bytes(twice)
    found = examine(path)
    assert [reason["code"] for reason in found.fatal] == ["double_encoded"]
    assert found.record_count == 2
    with pytest.raises(UnreadableFile) as refusal:
        read(path)
    assert refusal.value.code == "double_encoded"


def test_a_few_values_encoded_twice_are_repaired_and_counted(tmp_path: Path) -> None:
    spoilt = ROW.replace("Noémie", "NoÃ©mie")
    path = written(tmp_path / "a.csv", "\n".join([HEAD, spoilt, *[ROW] * 20]))
    found = examine(path)
    assert found.readable
    assert [(d.code, d.count, d.repaired, d.rows) for d in found.defects if d.code == "double_encoded"] == [
        ("double_encoded", 1, True, (2,))
    ]
    assert set(read(path)["first_name"]) == {"Noémie"}


def test_lines_in_another_encoding_are_read_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([HEAD, *[ROW] * 20]).encode() + b"\n" + ROW.replace("’", " ").encode("cp1252") + b"\n")
    assert [d.count for d in examine(path).defects if d.code == "mixed_encodings"] == [1]
    assert set(read(path)["last_name"]) == {"Lefèvre"}


def test_a_trailing_total_is_no_record(tmp_path: Path) -> None:
    found = examine(written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW}\r\nTOTAL;1;;;;;;\r\n"))
    assert found.record_count == 1
    assert "trailing_total" in [d.code for d in found.defects]


def test_somebody_called_total_stays_a_record(tmp_path: Path) -> None:
    found = examine(written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('Lefèvre', 'Total')}\r\n"))
    assert found.record_count == 1


def test_the_zero_that_a_spreadsheet_ate_comes_back(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('01000', '1000')}\r\n")
    assert read(path)["postcode"].to_list() == ["01000"]
    assert [(d.count, d.repaired) for d in examine(path).defects if d.code == "leading_zero_lost"] == [(1, True)]


def test_whole_numbers_of_a_spreadsheet_keep_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write_row(1, 0, [123456789012, "S1", "M", "Zoé", "Roux", "1 rue Haute", 1000, "Bourg-en-Bresse"])
    row = read(path).row(0, named=True)
    assert (row["id_source"], row["postcode"], row["first_name"]) == ("123456789012", "01000", "Zoé")
    assert examine(path).kind == "xlsx"


def test_ids_in_scientific_notation_are_told(tmp_path: Path) -> None:
    found = examine(written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('A1', '1,23457E+12')}\r\n"))
    assert [(d.count, d.repaired) for d in found.defects if d.code == "excel_scientific_id"] == [(1, False)]


def test_no_break_spaces_are_plain_spaces(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEAD + "\r\n" + ROW.replace("Lefèvre", "Le\u00a0Fèvre ") + "\r\n")
    assert read(path)["last_name"].to_list() == ["Le Fèvre"]
    assert "nbsp" in [d.code for d in examine(path).defects]


def test_a_row_shifted_by_an_unquoted_separator_is_realigned(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('3 rue', '3; rue')}\r\n{ROW}\r\n")
    assert set(read(path)["postcode"]) == {"01000"}
    assert [(d.rows, d.repaired) for d in examine(path).defects if d.code == "shifted_row"] == [((2,), True)]


def test_a_quoted_separator_shifts_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{HEAD}\r\n{ROW.replace('3 rue de l’Église', chr(34) + '3; rue Haute' + chr(34))}\r\n")
    assert read(path)["adr4"].to_list() == ["3; rue Haute"]
    assert not examine(path).defects


def test_a_quoted_line_break_stays_in_its_record(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", f"{HEAD}\n{ROW.replace('3 rue de l’Église', chr(34) + '3 rue' + chr(10) + 'Haute' + chr(34))}\n{ROW}\n"
    )
    assert read(path)["adr4"].to_list() == ["3 rue Haute", "3 rue de l’Église"]


def test_headers_of_another_house_are_recognised(tmp_path: Path) -> None:
    head = (
        "N° abonné\tCible\tCiv.\tPrénom usuel\tNom patronymique\tComplément\tRésidence\tN° et voie\tLieu-dit / BP"
        "\tCode post.\tBureau distributeur\tMél"
    )
    row = "7\tS1\tM\tJean\tRoux\tAPT 2\tRES A\t1 rue Haute\tLD Bas\t01000\tBourg\tj@x.fr"
    path = written(tmp_path / "a.tsv", f"{head}\n{row}\n")
    got = read(path).row(0, named=True)
    assert got["id_source"] == "7"
    assert [got[name] for name in ("adr2", "adr3", "adr4", "adr5", "postcode", "town", "email")] == [
        "APT 2",
        "RES A",
        "1 rue Haute",
        "LD Bas",
        "01000",
        "Bourg",
        "j@x.fr",
    ]
    assert examine(path).unmapped == ()


def test_records_that_lack_something_are_listed_by_the_line_of_the_file(tmp_path: Path) -> None:
    rows = "Roux;1 rue Haute;01000;Bourg\nBlanc;2 rue Haute;;Bourg\n\nNoir;3 rue Haute;;\n"
    found = examine(written(tmp_path / "a.csv", f"NOM;ADR4;CP;LOCALITE\n{rows}"))
    assert found.empty["postcode"] == {"count": 2, "rows": [3, 5]}
    assert found.empty["town"] == {"count": 1, "rows": [5]}
    assert "address" not in found.empty


def test_of_two_ids_the_plainer_header_is_taken_and_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Référence;N° client;NOM;ADR4;CP;LOCALITE\n26A;77;Roux;1 rue Haute;01000;Bourg\n")
    assert read(path)["id_source"].to_list() == ["77"]
    assert "several_ids" in [d.code for d in examine(path).defects]


def test_a_number_and_a_street_in_two_columns_are_one_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Nom;Prénom;N° voie;Type de voie;Libellé voie;CP;Ville\nRoux;Jean;12;RUE;DES LILAS;01000;Bourg\n")
    assert read(path)["adr4"].to_list() == ["12 RUE DES LILAS"]


def test_a_file_without_ids_is_numbered_by_its_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "NOM;ADR4;CP;LOCALITE\nRoux;1 rue Haute;01000;Bourg\nBlanc;2 rue Haute;01000;Bourg\n")
    assert read(path)["id_source"].to_list() == ["1", "2"]
    assert read(path).columns == list(CANONICAL)


def layout_of(path: Path, *fields: tuple[str, int]) -> Path:
    lines, start = ["CHAMP;DEBUT;FIN;LONGUEUR"], 1
    for name, length in fields:
        lines.append(f"{name};{start};{start + length - 1};{length}")
        start += length
    return written(path, "\n".join(lines))


FIELDS = (("ID_SOURCE", 6), ("NOM", 12), ("ADR1", 10), ("ADR4", 20), ("CP", 5), ("LOCALITE", 20))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_positions_of_a_fixed_layout_count_characters_not_bytes(tmp_path: Path, encoding: str) -> None:
    layout = layout_of(tmp_path / "layout.csv", *FIELDS)
    values = ("A1", "Éléonoré", "", "1 rue des Prés", "01000", "Bourg-en-Bresse")
    line = "".join(value.ljust(length) for value, (_, length) in zip(values, FIELDS, strict=True))
    path = written(tmp_path / "a.txt", line + "\r\n", encoding)
    row = read(path, layout=layout).row(0, named=True)
    assert (row["last_name"], row["adr4"], row["postcode"], row["town"]) == ("Éléonoré", "1 rue des Prés", "01000", "Bourg-en-Bresse")


def test_a_fixed_file_without_its_layout_is_refused(tmp_path: Path) -> None:
    assert codes(written(tmp_path / "a.txt", "A1    ROUX        1 RUE HAUTE 01000BOURG\r\n")) == ["layout_needed"]


@pytest.mark.parametrize(
    "text", ["", "\n \n", ";;\n", "CHAMP;DEBUT;FIN\nNOM\n", "DEBUT;FIN;CHAMP\n1;4\n1\n", "CHAMP;DEBUT;FIN\n" + "N" * 200_000 + ";1;4\n"]
)
def test_a_layout_that_is_no_table_of_fields_is_refused(tmp_path: Path, text: str) -> None:
    assert codes(written(tmp_path / "a.txt", "x\n"), layout=written(tmp_path / "layout.csv", text)) == ["bad_layout"]


def test_a_layout_whose_fields_overlap_is_refused(tmp_path: Path) -> None:
    layout = written(tmp_path / "layout.csv", "CHAMP;DEBUT;FIN;LONGUEUR\nNOM;1;10;10\nCP;8;12;5\n")
    assert codes(written(tmp_path / "a.txt", "x\n"), layout=layout) == ["bad_layout"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("\r\n\r\n", "empty_file"),
        (f"{HEAD}\r\n", "no_records"),
        ("a;b;c\r\n1;2;3\r\n", "no_header"),
        (f"{ROW}\r\n", "no_header"),
        ("ID;NOM;PRENOM;ADR4;LOCALITE\n1;Roux;Jean;1 rue Haute;Bourg\n", "missing_column"),
        ("ID;NOM;ADR4;CP;Code postal;LOCALITE\n1;Roux;1 rue Haute;01000;69000;Bourg\n", "ambiguous_column"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_its_reason(tmp_path: Path, text: str, code: str) -> None:
    path = written(tmp_path / "a.csv", text)
    assert codes(path) == [code]
    with pytest.raises(UnreadableFile) as refusal:
        read(path)
    assert refusal.value.code == code


def test_a_million_columns_are_refused_before_they_are_read(tmp_path: Path) -> None:
    assert codes(written(tmp_path / "a.csv", "NOM;" * 1_000_000 + "\n")) == ["too_many_columns"]
    assert codes(written(tmp_path / "b.csv", "NOM;" * 600 + "\n1;2\n")) == ["too_many_columns"]


def test_a_spreadsheet_with_a_cell_in_the_last_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(";"))
        sheet.write(1, 16_000, "x")
    assert codes(path) == ["too_many_columns"]


def test_what_only_looks_like_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert codes(path) == ["binary_file"]


def test_a_missing_file_is_refused_not_crashed_on(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere.csv") == ["missing_file"]


def test_an_examination_tells_no_personal_data(tmp_path: Path) -> None:
    rows = "\n".join([HEAD, ROW.replace("01000", "1000"), ROW, ROW.replace("01000", "ABC"), "A1;S1;x"])
    told = str(examine(written(tmp_path / "a.csv", rows)).to_dict())
    assert "Lefèvre" not in told
    assert "Église" not in told


def test_duplicate_ids_bad_postcodes_and_segments_are_counted(tmp_path: Path) -> None:
    found = examine(
        written(tmp_path / "a.csv", "\n".join([HEAD, ROW, ROW.replace("S1", "S2"), ROW.replace("A1", "A2").replace("01000", "99999")]))
    )
    assert (found.record_count, found.duplicate_ids, found.bad_postcodes, found.segment_counts) == (3, 1, 1, {"S1": 2, "S2": 1})
