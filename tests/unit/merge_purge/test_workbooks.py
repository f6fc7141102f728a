"""Workbooks as suppliers save them: several sheets, numbers for ids, cells far out, and archives that are none."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tasks.merge_purge.reading import UnreadableFile, examine, take

HEAD = ("Réf client", "Nom", "Adresse", "CP", "Ville")
ROW = ("A1", "Roux", "1 rue Haute", "01000", "Bourg")


def filled(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        take(path)
    return str(refusal.value)


def test_two_sheets_of_records_are_refused_by_their_names_since_one_would_be_lost(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", {"Nord": [HEAD, ROW], "Note": [("Confidentiel",)], "Sud": [HEAD, ROW]})
    assert refused(path) == "several_sheets: the sheets 'Nord', 'Sud' all hold records: leave one, or make a file of each"


def test_a_cover_sheet_and_an_empty_form_beside_the_records_are_passed_over(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", {"Note": [("Confidentiel",)], "Modèle": [HEAD], "Adresses": [("Extraction",), HEAD, ROW]})
    assert take(path).frame["id_source"].to_list() == ["A1"]
    assert [(defect.code, defect.count) for defect in take(path).defects] == [("other_sheets", 2)]


def test_an_id_longer_than_a_spreadsheet_can_count_is_told_and_no_digit_is_made_up(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", {"A": [HEAD, (123456789012345, *ROW[1:]), (1234567890123456789, *ROW[1:])]})
    assert take(path).frame["id_source"].to_list() == ["123456789012345", "1.23456789012346e+18"]
    assert [(defect.count, defect.rows) for defect in take(path).defects if defect.code == "excel_scientific_id"] == [(1, (3,))]


def test_a_cell_far_right_and_far_down_does_not_unfold_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write(1_048_575, 600, "x")
    assert "too many cells, as far as row 1048576 and column 601" in refused(path)


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("adresses.csv", "Nom;CP\n")


def _bomb(path: Path) -> None:
    filled(path, {"A": [HEAD, ROW]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a", "w") as blank:
        for _ in range(300):
            blank.write(bytes(1 << 20))


def _locked(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_locked, "unreadable_spreadsheet: the workbook is locked by a password: send it without"),
        (_archive, "binary_file: this is a ZIP archive, no table of addresses: unpack it"),
        (_bomb, "too_large: the workbook unpacks to more than 100 times its size"),
    ],
    ids=["locked", "archive", "bomb"],
)
def test_what_only_has_the_wrapping_of_a_workbook_is_refused(tmp_path: Path, made: Callable[[Path], None], said: str) -> None:
    made(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == said


def test_an_examination_gives_the_same_refusal(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", {"Nord": [HEAD, ROW], "Sud": [HEAD, ROW]})
    assert [reason["code"] for reason in examine(path).fatal] == ["several_sheets"]
