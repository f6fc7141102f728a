"""The records on which a proof is looked at: from every lot, the first and the extreme ones."""

from pathlib import Path

import polars as pl

from tasks.lots.mailing import COLUMNS
from tasks.lots.proof import proof_sample
from tests.unit.lots.test_reserve import built

LONG = "PAPAGEORGIOU DE LA ROCHEFOUCAULD"


def piece(lot: str, number: int, **fields: str) -> dict[str, str]:
    usual = {"first_name": "PAUL", "last_name": "ROUX", "L1": "M PAUL ROUX", "L4": "1 RUE HAUTE", "L6": "01000 BOURG"}
    return {"lot": lot, "unique_id": f"{lot}{number}"} | dict.fromkeys(COLUMNS.values(), "") | usual | fields


def sample_of(*pieces: dict[str, str]) -> dict[str, str]:
    return dict(proof_sample(pl.DataFrame(list(pieces))).select("unique_id", "reason").rows())


def test_every_lot_gives_its_first_record_and_its_extremes() -> None:
    found = sample_of(
        piece("B", 1),
        piece("A", 3, L4="128 BOULEVARD DU GENERAL DE GAULLE"),
        piece("A", 2, last_name=LONG),
        piece("A", 1),
        piece("A", 4, L2="APT 4", L3="BAT B", L5="BP 3"),
    )
    assert found == {
        "A1": "premier du lot",
        "A2": "nom le plus long",
        "A3": "ligne la plus longue",
        "A4": "adresse la plus remplie",
        "B1": "premier du lot, nom le plus long, ligne la plus longue, adresse la plus remplie",
    }


def test_a_company_s_name_counts_as_a_name() -> None:
    assert "nom le plus long" in sample_of(piece("A", 1), piece("A", 2, company=LONG))["A2"]


def test_the_sample_is_written_in_the_layout_of_the_mailing(tmp_path: Path) -> None:
    built(tmp_path)
    first, second = (tmp_path / "out/proof_postal.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert first == ";".join(["CODE_CAMP", "CODE_LOT", "ID_UNIQUE", "MOTIF", *COLUMNS])
    assert second.startswith("26A;")
