"""Whoever was written to often enough goes to the reserve before anything is split, and the keys of whom a lot reached are found again."""

import zipfile
from pathlib import Path

import polars as pl

from tasks.contacts import reached
from tasks.lots.build import Built, PlanCell, build
from tasks.merge_purge.pressure import Cap, Pressure
from tasks.merge_purge.run import run
from tests.unit.lots.briefs import lot_brief
from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_contact_pressure import SECRET, sent

WHOLE = PlanCell("A", "S1", "don", "A", "postal", "rollout", 5)
PEOPLE = [record(NOM=name, ADR4=f"{number} rue Haute") for number, name in enumerate(("Martin", "Bernard", "Petit", "Durand", "Moreau"), 1)]


def built(folder: Path, *plan: PlanCell, action: str = "reserve") -> Built:
    """The lots of five people, two of whom got a letter twelve days ago."""
    earlier = sent(folder / "spring", PEOPLE[1], PEOPLE[4], days=12)
    run(brief_of(folder, {"A": PEOPLE}), folder / "dedupe", pressure=Pressure(SECRET, action, (Cap("person", 30, 1),), (earlier,)))
    over = folder / "dedupe/contacts" if action == "reserve" else None
    return build(lot_brief(*plan or (WHOLE,)), folder / "dedupe/net", folder / "out", over)


def names_of(folder: Path, lot: str) -> set[str]:
    net = pl.read_csv(folder / "out/net/A.csv", separator=";", infer_schema=False)
    return set(net.filter(pl.col("CODE_LOT") == lot)["NOM"].to_list())


def test_they_are_a_lot_of_the_reserve_and_in_no_mailing(tmp_path: Path) -> None:
    made = built(tmp_path)

    quantities = {cell.role: cell.quantity for cell in made.cells}
    assert quantities == {"rollout": 3, "reserve": 2}
    assert made.summary["over_cap"] == {"A": 2}
    reserve = next(cell for cell in made.cells if cell.role == "reserve")
    assert names_of(tmp_path, reserve.code) == {"BERNARD", "MOREAU"}
    mailing = pl.read_csv(tmp_path / "out/mailing_postal.csv", separator=";", infer_schema=False)
    assert set(mailing["NOM"].to_list()) == {"MARTIN", "PETIT", "DURAND"}


def test_they_join_the_reserve_that_the_plan_has(tmp_path: Path) -> None:
    made = built(tmp_path, PlanCell("A", "S1", "don", "A", "postal", "rollout", 2), PlanCell("A", "S1", "don", "A", "postal", "reserve", 1))

    assert {cell.role: cell.quantity for cell in made.cells} == {"rollout": 2, "reserve": 3}
    assert [check["code"] for check in made.summary["checks"]] == ["sample_ratio:A/S1"], "of those who were dealt out alone"
    assert made.summary["checks"][0]["actual"] == "1.000000"


def test_whoever_was_suppressed_is_in_no_lot(tmp_path: Path) -> None:
    made = built(tmp_path, action="suppress")
    assert [(cell.role, cell.quantity) for cell in made.cells] == [("rollout", 3)]
    assert "over_cap" not in made.summary


def test_only_those_in_a_lot_that_was_sent_were_reached(tmp_path: Path) -> None:
    made = built(tmp_path)
    for name in ("dedupe", "out"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            for path in sorted((tmp_path / name).rglob("*")):
                archive.write(path, path.relative_to(tmp_path / name))
    rollout = next(cell.code for cell in made.cells if cell.role == "rollout")

    with zipfile.ZipFile(tmp_path / "dedupe.zip") as net, zipfile.ZipFile(tmp_path / "out.zip") as split:
        found, pieces = reached(net, split, ["A"], {rollout: "postal"})
        nobody, none = reached(net, split, ["A"], {})

    assert (pieces, none, nobody.height) == (3, 0, 0)
    mailed = sent(tmp_path / "mailed", PEOPLE[0], PEOPLE[2], PEOPLE[3], days=0)
    assert set(found["channel"]) == {"postal"}
    assert found.drop("channel").equals(pl.read_parquet(mailed.path).unique().sort("kind", "key"))
