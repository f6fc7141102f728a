"""How well the demonstration campaign is deduplicated, against its gold.

The gold names the true person of every delivered and held record. The people to suppress are those of every suppression list, the
house's active donors among them.
"""

import csv
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief, ListFile, Part, Suppression
from tasks.merge_purge.run import run

KIT = Path(__file__).parents[3] / "demo" / "automne"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def brief() -> Brief:
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    for line in rows(KIT / "plan.csv"):
        ranks[line["LISTE"]].setdefault(line["SEGMENT"], int(line["RANG"]))
    last: dict[tuple[str, str], dict[str, str]] = {(note["LISTE"], note["TRANCHE"]): note for note in rows(KIT / "delivery_notes.csv")}
    parts: dict[str, list[Part]] = defaultdict(list)
    for (code, _), note in sorted(last.items()):
        layout = KIT / "layouts" / note["DESSIN"] if note["DESSIN"] else None
        parts[code].append(Part(KIT / "deliveries" / note["FICHIER"], layout))
    held = tuple(Suppression(name, KIT / "suppressions" / f"{name}.csv") for name in ("opposition", "pnd_historique", "donateurs_actifs"))
    return Brief(tuple(ListFile(code, tuple(found), ranks[code]) for code, found in parts.items()), held)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Decisions with the true person of each record and whether a suppression list holds that person."""
    out = tmp_path_factory.mktemp("quality") / "out"
    run(brief(), out)
    gold = pl.read_csv(KIT / "gold" / "entities.csv", separator=";", infer_schema=False)
    held = gold.filter(pl.col("SOURCE").str.ends_with(".csv"))["ENTITY"].unique()
    decisions = pl.read_parquet(out / "decisions.parquet")
    joined = decisions.join(gold, left_on=["source", "id"], right_on=["SOURCE", "ID"], how="left")
    assert joined["ENTITY"].null_count() == 0
    return joined.with_columns(held=pl.col("ENTITY").is_in(held.implode()))


def test_hardly_any_duplicate_is_left_in_the_net(decided: pl.DataFrame) -> None:
    net = decided.filter(pl.col("decision") == "kept")
    assert (net.height - net["ENTITY"].n_unique()) / net.height < 0.01


def test_hardly_anybody_wanted_is_lost(decided: pl.DataFrame) -> None:
    wanted = set(decided.filter(~pl.col("held"))["ENTITY"])
    assert len(wanted - set(decided.filter(pl.col("decision") == "kept")["ENTITY"])) / len(wanted) < 0.025


def test_hardly_anybody_who_should_be_suppressed_is_kept(decided: pl.DataFrame) -> None:
    unwanted = set(decided.filter("held")["ENTITY"])
    assert len(unwanted & set(decided.filter(pl.col("decision") == "kept")["ENTITY"])) / len(unwanted) < 0.03


def test_groups_are_the_persons_of_the_gold(decided: pl.DataFrame) -> None:
    def pairs(*columns: str) -> int:
        size = decided.group_by(*columns).len()["len"].cast(pl.Int64)
        return int((size * (size - 1) // 2).sum())

    assert 2 * pairs("group", "ENTITY") / (pairs("group") + pairs("ENTITY")) > 0.965
