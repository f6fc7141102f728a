"""Who keeps a person that several files share: the four rules, tests that nobody touches, and the rules side by side."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import ALLOCATIONS, Brief
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record

NAMES = ("Lefebvre", "Vasseur", "Ozanne", "Quentin", "Roussel", "Bertin", "Chevalier", "Dumoulin", "Fontaine", "Garnier")
STREETS = (("Paul", "rue du Bac"), ("Luc", "quai des Brumes"), ("Hugues", "place Sathonay"))
CROWD = [
    record(PRENOM=first, NOM=name, ADR4=f"{7 * place + 1} {street}")
    for first, street in STREETS
    for place, name in enumerate(NAMES)
]  # fmt: skip
PRICES = {"A": Decimal(100), "B": Decimal(50), "C": Decimal("150.50")}


def priced(folder: Path, lists: dict[str, list[dict[str, str]]], **changes: object) -> Brief:
    brief = brief_of(folder, lists)
    files = tuple(replace(entry, cpm=PRICES[entry.code]) for entry in brief.files)
    return replace(brief, **({"files": files} | changes))


def kept(folder: Path, brief: Brief, name: str = "out") -> dict[str, int]:
    report = run(brief, folder / name)
    return {code: counts["net"] for code, counts in report["lists"].items()}


def test_the_dearest_file_loses_whatever_its_rank(tmp_path: Path) -> None:
    brief = priced(tmp_path, {"A": CROWD, "B": CROWD, "C": CROWD}, allocation="dearest_loses")
    assert kept(tmp_path, brief) == {"A": 0, "B": 30, "C": 0}


def test_in_proportion_each_file_keeps_its_share_to_the_unit(tmp_path: Path) -> None:
    brief = priced(tmp_path, {"A": CROWD, "B": CROWD[:15]}, allocation="proportional")
    assert kept(tmp_path, brief) == {"A": 15 + 10, "B": 5}


def test_by_lot_everybody_keeps_some_and_the_seed_decides_who(tmp_path: Path) -> None:
    brief = priced(tmp_path, {"A": CROWD, "B": CROWD, "C": CROWD}, allocation="random", seed=1)
    found = kept(tmp_path, brief)
    assert sum(found.values()) == 30
    assert all(found.values())
    again = pl.read_parquet(tmp_path / "out/decisions.parquet")
    assert kept(tmp_path, brief) == found
    assert again.equals(pl.read_parquet(tmp_path / "out/decisions.parquet"))
    run(replace(brief, seed=2), tmp_path / "other")
    assert not again.equals(pl.read_parquet(tmp_path / "other/decisions.parquet"))


@pytest.mark.parametrize("rule", ALLOCATIONS)
def test_no_file_takes_a_record_of_a_protected_test(tmp_path: Path, rule: str) -> None:
    brief = priced(tmp_path, {"A": CROWD, "B": CROWD, "C": [*CROWD[:12], CROWD[0]]}, allocation=rule)
    files = tuple(replace(entry, protected=entry.code == "C") for entry in brief.files)
    report = run(replace(brief, files=files), tmp_path / "out")
    test = report["lists"]["C"]
    assert (test["inter"], test["intra"], test["net"]) == (0, 1, 12)
    assert sum(counts["net"] for counts in report["lists"].values()) == 30


def test_of_two_protected_tests_one_keeps_the_person(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": CROWD[:3], "B": CROWD[:3], "C": CROWD[:3]})
    files = tuple(replace(entry, protected=entry.code != "A") for entry in brief.files)
    assert kept(tmp_path, replace(brief, files=files)) == {"A": 0, "B": 3, "C": 0}


def test_the_cost_of_every_rule_stands_side_by_side(tmp_path: Path) -> None:
    report = run(priced(tmp_path, {"A": CROWD, "B": CROWD, "C": CROWD}), tmp_path / "out")
    rules = report["simulation"]
    assert set(rules) == set(ALLOCATIONS)
    assert rules["priority"] == {"net": {"A": 30, "B": 0, "C": 0}, "cost": {"A": "3.00", "B": "0.00", "C": "0.00"}, "total_cost": "3.00"}
    assert rules["dearest_loses"]["total_cost"] == "1.50"
    assert rules["proportional"]["net"] == {"A": 10, "B": 10, "C": 10}
    assert {sum(found["net"].values()) for found in rules.values()} == {30}


def test_a_file_without_a_price_costs_nothing_that_could_be_told(tmp_path: Path) -> None:
    report = run(brief_of(tmp_path, {"A": CROWD}), tmp_path / "out")
    assert set(report["simulation"]) == {"priority", "proportional", "random"}
    assert report["simulation"]["priority"]["cost"] == {"A": None}
