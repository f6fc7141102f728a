"""Postcodes and towns at the end of an address, and names on its first line, where a file has no columns for them."""

from pathlib import Path

import pytest

from tasks.merge_purge.reading import UnreadableFile, read, take


def written(folder: Path, *lines: str) -> Path:
    path = folder / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_an_address_in_one_cell_is_parted(tmp_path: Path) -> None:
    addresses = (
        "12 rue Haute, 01000 Bourg-en-Bresse",
        "Rue du 11 Novembre 75116 PARIS",
        "BP 30 - 69401 LYON CEDEX 03",
        "3 RUE X 31000 TOULOUSE",
    )
    path = written(tmp_path, "ID;Nom;Adresse complète;Tél", *(f"{n};Roux;{text};" for n, text in enumerate(addresses)))

    assert read(path).select("adr4", "postcode", "town").rows() == [
        ("12 rue Haute", "01000", "Bourg-en-Bresse"),
        ("Rue du 11 Novembre", "75116", "PARIS"),
        ("BP 30", "69401", "LYON CEDEX 03"),
        ("3 RUE X", "31000", "TOULOUSE"),
    ]
    assert [(defect.code, defect.count) for defect in take(path).defects] == [("place_in_address", 4)]


def test_a_sixth_line_is_parted(tmp_path: Path) -> None:
    path = written(tmp_path, "Nom;L2;L3;L4;L5;L6", "Roux;;;12 RUE HAUTE;;01000 BOURG EN BRESSE")

    assert read(path).select("adr4", "adr6", "postcode", "town").rows() == [("12 RUE HAUTE", "", "01000", "BOURG EN BRESSE")]


def test_what_nearly_no_address_has_is_still_missing(tmp_path: Path) -> None:
    path = written(tmp_path, "ID;Nom;Adresse", "1;Roux;12 rue Haute 01000 Bourg", *(f"{n};Roux;{n} rue Haute" for n in range(2, 9)))

    with pytest.raises(UnreadableFile, match="no postcode among the columns"):
        read(path)


def test_columns_of_their_own_are_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "Nom;Adresse;CP;Ville", "Roux;12 rue Haute 01000 Bourg;69001;Lyon")

    assert read(path).select("adr4", "postcode", "town").rows() == [("12 rue Haute 01000 Bourg", "69001", "Lyon")]


def test_six_postal_lines_are_enough(tmp_path: Path) -> None:
    rows = (
        "M JEAN ROUX;;;12 RUE HAUTE;;01000 BOURG",
        "MME ANNE BLANC;APT 2;;3 RUE BASSE;;75001 PARIS",
        "SARL MENUISERIE NOIR;;;;BP 3;69001 LYON",
    )
    taken = take(written(tmp_path, "L1;L2;L3;L4;L5;L6", *rows))

    assert taken.frame.select("civility", "first_name", "last_name", "adr1", "town").rows() == [
        ("M", "JEAN", "ROUX", "", "BOURG"),
        ("MME", "ANNE", "BLANC", "", "PARIS"),
        ("", "", "", "SARL MENUISERIE NOIR", "LYON"),
    ]
    assert [(defect.code, defect.count) for defect in taken.defects] == [("place_in_address", 3), ("name_in_address", 2)]


def test_first_lines_without_titles_name_nobody(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "L1;L2;L3;L4;L5;L6",
        "BATIMENT A;;;12 RUE HAUTE;;01000 BOURG",
        "M ROUX;;;1 RUE X;;75001 PARIS",
        "APT 3;;;1 RUE X;;75001 PARIS",
    )

    with pytest.raises(UnreadableFile, match="neither a name nor a company"):
        read(path)
