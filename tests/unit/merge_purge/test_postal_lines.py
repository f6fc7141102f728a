"""Lines for the post, NF Z10-011."""

import re
from pathlib import Path

import pytest

from tests.unit.merge_purge.people import prepared, record


def lines(folder: Path, **fields: str) -> list[object]:
    return [prepared(folder, record(**fields))[0][f"L{i}"] for i in range(1, 7)]


def test_a_private_address_has_its_six_lines(tmp_path: Path) -> None:
    got = lines(tmp_path, CIVILITE="Monsieur", ADR2="Appt 4, étage 2", ADR3="Bât. C", ADR5="LD Les Prés")
    assert got == ["M PAUL LEFEBVRE", "APPT 4 ETAGE 2", "BAT C", "12 RUE DES TILLEULS", "LD LES PRES", "01000 BOURG EN BRESSE"]


def test_a_contact_stands_below_the_company(tmp_path: Path) -> None:
    got = lines(tmp_path, RAISON_SOCIALE="Garage Monet & Fils", ADR5="BP 12", LOCALITE="Bourg Cedex 2", CP="01012")
    assert got == ["GARAGE MONET FILS", "M PAUL LEFEBVRE", "", "12 RUE DES TILLEULS", "BP 12", "01012 BOURG CEDEX 2"]


def test_no_line_is_longer_than_38_characters_and_the_number_survives(tmp_path: Path) -> None:
    got = lines(
        tmp_path,
        PRENOM="Jean-Baptiste Emmanuel",
        NOM="de La Rochefoucauld-Liancourt",
        ADR3="Résidence du Domaine des Grands Chênes de la Forêt",
        ADR4="1234 bis boulevard du Commandant Jacques-Yves Cousteau prolongé",
        LOCALITE="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
    )
    assert all(isinstance(line, str) and len(line) <= 38 for line in got)
    assert str(got[3]).startswith("1234 BIS BD")
    assert str(got[5]).startswith("01000 ")


def test_a_long_name_loses_first_names_to_initials_before_any_of_the_surname(tmp_path: Path) -> None:
    got = lines(tmp_path, PRENOM="Jean-Baptiste Marie", NOM="de La Rochefoucauld-Liancourt")
    assert got[0] == "M J B M DE LA ROCHEFOUCAULD LIANCOURT"


def test_a_couple_s_title_before_the_surname_is_their_civility(tmp_path: Path) -> None:
    got = prepared(tmp_path, record(CIVILITE="", PRENOM="", NOM="M. et Mme Lefebvre"))[0]
    assert (got["L1"], got["last"], got["civ"]) == ("M ET MME LEFEBVRE", "LEFEBVRE", "M ET MME")


@pytest.mark.parametrize(
    ("fields", "at", "line"),
    [
        ({"ADR5": "Kermaria"}, 5, "KERMARIA"),
        ({"ADR3": "Villa Mon Repos"}, 3, "VILLA MON REPOS"),
        ({"ADR2": "Galerie marchande"}, 2, "GALERIE MARCHANDE"),
        ({"ADR1": "Direction générale"}, 2, "DIRECTION GENERALE"),
        ({"ADR5": "15 chemin Bas"}, 5, "15 CHEMIN BAS"),
        ({"ADR4": "Kermaria", "ADR5": "Kergoat"}, 5, "KERGOAT"),
    ],
)
def test_what_stands_beside_the_street_is_posted_where_it_stood(tmp_path: Path, fields: dict[str, str], at: int, line: str) -> None:
    assert lines(tmp_path, **fields)[at - 1] == line


def test_lines_that_repeat_the_name_or_the_town_are_not_posted_twice(tmp_path: Path) -> None:
    got = lines(tmp_path, ADR1="M. Paul Lefebvre", ADR6="01000 Bourg-en-Bresse")
    assert got == ["M PAUL LEFEBVRE", "", "", "12 RUE DES TILLEULS", "", "01000 BOURG EN BRESSE"]


def test_a_bare_name_in_the_hamlet_s_place_is_an_address(tmp_path: Path) -> None:
    got = prepared(tmp_path, record(ADR4="", ADR5="Kermaria"))[0]
    assert (got["L4"], got["L5"]) == ("", "KERMARIA")
    assert got["place_key"] == "KERMARIA"


@pytest.mark.parametrize("written", ["BP 12", "B.P. 12", "B.P.12", "BP n° 12", "Boîte postale 12", "12 rue des Tilleuls - BP 12"])
def test_a_box_is_found_however_it_is_written(tmp_path: Path, written: str) -> None:
    got = prepared(tmp_path, record(ADR4=written, ADR5=""))[0]
    assert (got["L5"], got["box"]) == ("BP 12", "12")
    assert got["L4"] == ("12 RUE DES TILLEULS" if "rue" in written else "")


@pytest.mark.parametrize("written", ["N° 12, rue des Tilleuls", "n°12 rue des Tilleuls", "No 12 rue des Tilleuls"])
def test_a_number_that_says_so_is_a_number(tmp_path: Path, written: str) -> None:
    got = prepared(tmp_path, record(ADR4=written))[0]
    assert (got["L4"], got["number"]) == ("12 RUE DES TILLEULS", "12")


def test_a_national_road_keeps_its_letter(tmp_path: Path) -> None:
    assert lines(tmp_path, ADR4="N 20 Les Granges")[3] == "N 20 LES GRANGES"


@pytest.mark.parametrize(
    ("written", "at", "line"),
    [
        ("Immeuble Le Parc 12 rue des Tilleuls", 3, "IMMEUBLE LE PARC"),
        ("Chez M. Roux 12 rue des Tilleuls", 2, "CHEZ M ROUX"),
        ("Z.I. Nord 12 rue des Tilleuls", 5, "ZI NORD"),
    ],
)
def test_what_stands_before_the_number_of_a_street_has_a_line_of_its_own(tmp_path: Path, written: str, at: int, line: str) -> None:
    got = lines(tmp_path, ADR4=written)
    assert (got[at - 1], got[3]) == (line, "12 RUE DES TILLEULS")


def test_nothing_but_capitals_and_digits_is_left(tmp_path: Path) -> None:
    got = lines(tmp_path, PRENOM="Loïc", NOM="L'Hôte", ADR4="3, rue de l’Œuvre", LOCALITE="L'Haÿ-les-Roses")
    assert all(re.fullmatch("[A-Z0-9 ]*", str(line)) for line in got)
    assert got[3] == "3 RUE DE L OEUVRE"


@pytest.mark.parametrize("line", ["ADR1", "ADR2", "ADR3", "ADR5", "ADR6"])
def test_a_street_that_slid_to_another_line_is_found(tmp_path: Path, line: str) -> None:
    got = prepared(tmp_path, record(ADR4="", **{line: "12 rue des Tilleuls"}))[0]
    assert (got["L4"], got["number"], got["street_key"]) == ("12 RUE DES TILLEULS", "12", "TILLEULS")


def test_a_flat_and_a_street_on_one_line_are_parted(tmp_path: Path) -> None:
    got = prepared(tmp_path, record(ADR4="Esc A Apt 10 14 bd Denis Papin"))[0]
    assert (got["L2"], got["L4"], got["door"]) == ("ESC A APT 10", "14 BD DENIS PAPIN", "10")


def test_a_flat_and_a_street_without_number_on_one_line_are_parted(tmp_path: Path) -> None:
    got = prepared(tmp_path, record(ADR4="Appartement 14 rue Rayan Théry"))[0]
    assert (got["L2"], got["L4"], got["door"], got["number"]) == ("APPARTEMENT 14", "RUE RAYAN THERY", "14", "")


def test_a_street_and_a_flat_in_each_others_place_change_back(tmp_path: Path) -> None:
    got = prepared(tmp_path, record(ADR3="16 A R Victor Hugo", ADR4="Appartement 9"))[0]
    assert (got["L2"], got["L4"]) == ("APPARTEMENT 9", "16 A R VICTOR HUGO")


@pytest.mark.parametrize(
    ("town", "line", "key"),
    [
        ("VESINET (LE)", "LE VESINET", "VESINET"),
        ("St Michel s/ Orge", "ST MICHEL S ORGE", "SAINTMICHELORGE"),
        ("Saint-Michel-sur-Orge", "SAINT MICHEL SUR ORGE", "SAINTMICHELORGE"),
        ("Lyon 3e arrondissement", "LYON 3E ARRONDISSEMENT", "LYON"),
        ("Brest CEDEX 7", "BREST CEDEX 7", "BREST"),
    ],
)
def test_a_town_is_posted_as_written_and_compared_as_meant(tmp_path: Path, town: str, line: str, key: str) -> None:
    got = prepared(tmp_path, record(LOCALITE=town))[0]
    assert (got["town_line"], got["town_key"]) == (line, key)


@pytest.mark.parametrize("civility", ["M.", "MR", "Monsieur", "Monsi"])
def test_a_civility_has_one_spelling_even_cut_by_a_layout(tmp_path: Path, civility: str) -> None:
    assert lines(tmp_path, CIVILITE=civility)[0] == "M PAUL LEFEBVRE"


def test_an_accent_lost_for_good_is_guessed_in_french(tmp_path: Path) -> None:
    assert lines(tmp_path, LOCALITE="Besan\ufffdon", ADR4="3 all\ufffde Haute")[3:] == ["3 ALLEE HAUTE", "", "01000 BESANCON"]
