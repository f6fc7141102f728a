"""Files of objections and returns: the house can suppress by its own as it is, and a supplier reads of its own people alone."""

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl

from tasks.merge_purge.brief import Suppression
from tasks.merge_purge.run import run
from tasks.objections import Reason, tables_of
from tests.unit.merge_purge.people import brief_of

HEAD = "ID_SOURCE;ID_UNIQUE;CODE_SEG;CODE_LOT;CIVILITE;PRENOM;NOM;RAISON_SOCIALE;L1;L2;L3;L4;L5;L6;CP;LOCALITE"
PAUL = "{};{};P12;L1;M;PAUL;LEFEBVRE;;M PAUL LEFEBVRE;;;12 RUE DES TILLEULS;;01000 BOURG EN BRESSE;01000;BOURG EN BRESSE"
ANNE = "{};{};P12;L1;MME;ANNE;GUERIN;;MME ANNE GUERIN;APPT 4;;3 PLACE CARNOT;;69002 LYON;69002;LYON"
READERS = {"ALZ": "S-CRT", "BTN": "S-CRT", "DOM": "S-DOM"}
REASONS: list[Reason] = [
    ("D1", "unknown", "20/10/2026"),
    ("A2", "opposition", "19/10/2026"),
    ("A2", "deceased", "21/10/2026"),
    ("B1", "torn", "21/10/2026"),
    ("M1", "opposition", "22/10/2026"),
    ("", "opposition", "22/10/2026"),
]


def lots(**nets: list[str]) -> zipfile.ZipFile:
    """The files of the lots, with the net of each list."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("plan_de_lots.csv", "CODE_LOT\r\n")
        for code, rows in nets.items():
            archive.writestr(f"net/{code}.csv", "\r\n".join([HEAD, *rows]) + "\r\n")
    return zipfile.ZipFile(held)


def some_lots() -> zipfile.ZipFile:
    return lots(
        ALZ=[ANNE.format("ALZ0001", "A1"), PAUL.format("ALZ0002", "A2")],
        BTN=[ANNE.format("BTN0001", "B1")],
        DOM=[PAUL.format("DOM0001", "D1")],
        MAI=[ANNE.format("MAI0001", "M1")],
    )


def read(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8")), delimiter=";"))


def test_a_supplier_reads_the_ids_of_its_own_people_with_the_reason_and_the_day_and_nothing_else() -> None:
    tables, counts = tables_of(some_lots(), REASONS, READERS)

    assert read(tables["S-CRT"]) == [
        {"LISTE": "ALZ", "ID_SOURCE": "ALZ0002", "MOTIF": "decede", "DATE": "21/10/2026"},
        {"LISTE": "ALZ", "ID_SOURCE": "ALZ0002", "MOTIF": "opposition", "DATE": "19/10/2026"},
        {"LISTE": "BTN", "ID_SOURCE": "BTN0001", "MOTIF": "torn", "DATE": "21/10/2026"},
    ]
    assert read(tables["S-DOM"]) == [{"LISTE": "DOM", "ID_SOURCE": "DOM0001", "MOTIF": "inconnu", "DATE": "20/10/2026"}]
    assert counts["S-CRT"] == {"deceased": 1, "opposition": 1, "torn": 1}
    assert counts["S-DOM"] == {"unknown": 1}


def test_the_house_reads_of_everybody_but_no_supplier_s_id_and_counts_who_could_not_be_named() -> None:
    tables, counts = tables_of(some_lots(), REASONS, READERS)

    house = read(tables["house"])
    assert [(row["LISTE"], row["ID_SOURCE"], row["NOM"], row["ADR4"], row["CP"]) for row in house] == [
        ("ALZ", "", "LEFEBVRE", "12 RUE DES TILLEULS", "01000"),
        ("ALZ", "", "LEFEBVRE", "12 RUE DES TILLEULS", "01000"),
        ("BTN", "", "GUERIN", "3 PLACE CARNOT", "69002"),
        ("DOM", "", "LEFEBVRE", "12 RUE DES TILLEULS", "01000"),
        ("MAI", "MAI0001", "GUERIN", "3 PLACE CARNOT", "69002"),
    ]
    assert counts["house"] == {"deceased": 1, "opposition": 2, "torn": 1, "unknown": 1, "unidentified": 1}


def test_a_supplier_s_own_id_is_no_formula_to_whoever_opens_the_file() -> None:
    called = [ANNE.format("=cmd|' /C calc'!A0", "A1"), PAUL.format("-7", "A2")]
    tables, _ = tables_of(lots(ALZ=called), [("A1", "opposition", ""), ("A2", "opposition", "")], READERS)

    assert [row["ID_SOURCE"] for row in read(tables["S-CRT"])] == ["'=cmd|' /C calc'!A0", "-7"]


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_came() -> None:
    assert tables_of(some_lots(), REASONS, READERS) == tables_of(some_lots(), REASONS[::-1], READERS)


def test_where_nobody_can_be_named_the_house_has_an_empty_file_and_no_supplier_has_any() -> None:
    tables, counts = tables_of(some_lots(), [("X9", "refused", "")], READERS)

    assert read(tables.pop("house")) == []
    assert (tables, counts) == ({}, {"house": {"unidentified": 1}})


def test_the_house_s_file_suppresses_the_same_people_when_it_is_given_to_the_next_dedupe_as_it_is(tmp_path: Path) -> None:
    tables, _ = tables_of(some_lots(), REASONS[:2], READERS)
    paul = {"CIVILITE": "M.", "PRENOM": "Paul", "NOM": "Lefèbvre", "ADR4": "12, rue des Tilleuls", "CP": "01000"}
    anne = {"CIVILITE": "Mme", "PRENOM": "Anne", "NOM": "Guérin", "ADR2": "Appt 4", "ADR4": "3 pl. Carnot", "CP": "69002"}
    people = [paul | {"LOCALITE": "Bourg-en-Bresse"}, anne | {"LOCALITE": "Lyon"}]
    (tmp_path / "house.csv").write_bytes(tables["house"])

    brief = replace(brief_of(tmp_path, {"A": people}), suppressions=(Suppression("RETOURS", tmp_path / "house.csv"),))
    run(brief, tmp_path / "out")

    assert pl.read_parquet(tmp_path / "out" / "decisions.parquet")["decision"].to_list() == ["suppressed", "kept"]


def test_whom_an_e_mail_or_a_call_did_not_reach_the_house_reads_by_its_own_ids_and_the_next_dedupe_keeps(tmp_path: Path) -> None:
    reasons = [("D1", "hard_bounce", "20/10/2026"), ("A2", "wrong_number", "20/10/2026"), ("M1", "soft_bounces", "20/10/2026")]
    tables, counts = tables_of(some_lots(), reasons, READERS)

    (row,) = read(tables["house"])
    assert {title: text for title, text in row.items() if text} == {
        "ID_SOURCE": "MAI0001",
        "LISTE": "MAI",
        "MOTIF": "rebonds_temporaires",
        "DATE": "20/10/2026",
    }
    assert counts["house"] == {"soft_bounces": 1, "unidentified": 0}
    assert read(tables["S-DOM"]) == [{"LISTE": "DOM", "ID_SOURCE": "DOM0001", "MOTIF": "rebond_definitif", "DATE": "20/10/2026"}]
    people = [{"ID_SOURCE": "MAI0001", "NOM": "Guérin", "PRENOM": "Anne", "ADR4": "3 pl. Carnot", "CP": "69002", "LOCALITE": "Lyon"}]
    (tmp_path / "house.csv").write_bytes(tables["house"])
    brief = replace(brief_of(tmp_path, {"A": people}), suppressions=(Suppression("RETOURS", tmp_path / "house.csv"),))

    run(brief, tmp_path / "out")

    assert pl.read_parquet(tmp_path / "out" / "decisions.parquet")["decision"].to_list() == ["kept"]
