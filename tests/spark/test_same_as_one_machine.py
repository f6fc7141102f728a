"""A hundred thousand records on both engines: the same pairs, decided alike, and the same decisions."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench.donors.files import write_files
from tasks.merge_purge.brief import Brief, Suppression
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.levels import HELD_THRESHOLD, PERSON_THRESHOLD
from tasks.merge_purge.match.compare import Comparison
from tasks.merge_purge.match.fields import coded
from tasks.merge_purge.match.keys import candidate_pairs, hashed
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.reading import read
from tasks.merge_purge.run import run
from tasks.merge_purge.spark.engine import SparkEngine

pytestmark = pytest.mark.timeout(3000)
RECORDS = 100_000
ENOUGH = 0.999


@dataclass(frozen=True)
class Both:
    """What each engine left: scored pairs ``a, b, score``, and the folder of the files."""

    here: pl.DataFrame
    there: pl.DataFrame
    out_here: Path
    out_there: Path


@pytest.fixture(scope="module")
def both(session: Any, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Lists of households against suppression lists of persons, of addresses, and of surnames alone: every level has its part."""
    folder = tmp_path_factory.mktemp("kit")
    brief = Brief.read(write_files(folder, RECORDS, seed=103, density="dense"))
    by_person, by_address = brief.suppressions
    bare = Suppression("BARE", folder / "bare.csv")
    read(brief.files[0].parts[0].path).head(RECORDS // 100).select("last_name", "adr4", "postcode", "town").write_csv(bare.path)
    brief = replace(brief, level="household", suppressions=(by_person, replace(by_address, level="address"), bare))
    run(brief, folder / "here")
    run(brief, folder / "there", engine=SparkEngine(session, folder / "stages"))
    records = normalised(read_brief(brief)[0])
    comparison = Comparison(records, brief.weights)
    here = comparison.score(candidate_pairs(hashed(records, coded(records)), comparison.twins(PERSON_THRESHOLD)))
    there = pl.read_parquet(folder / "stages" / "compared" / "*.parquet").select(pl.col("a", "b").cast(pl.UInt32), "score")
    return Both(here, there, folder / "here", folder / "there")


def test_the_keys_bring_the_same_records_together(both: Both) -> None:
    assert both.here.height > RECORDS
    assert both.there.select("a", "b").is_duplicated().sum() == 0
    met = both.here.join(both.there, on=["a", "b"]).height

    assert met >= ENOUGH * max(both.here.height, both.there.height)


@pytest.mark.parametrize("threshold", [PERSON_THRESHOLD, HELD_THRESHOLD])
def test_pairs_are_decided_alike(both: Both, threshold: float) -> None:
    pairs = both.here.join(both.there, on=["a", "b"], suffix="_there")
    alike = (pairs["score"] > threshold) == (pairs["score_there"] > threshold)

    assert (pairs["score"] > threshold).sum() > RECORDS / 10
    assert alike.sum() >= ENOUGH * max(both.here.height, both.there.height)


def test_scores_are_the_same_to_the_last_digit(both: Both) -> None:
    pairs = both.here.join(both.there, on=["a", "b"], suffix="_there")

    assert (pairs["score"] == pairs["score_there"]).mean() >= ENOUGH


def test_records_get_the_same_decision_and_group(both: Both) -> None:
    here, there = (pl.read_parquet(out / "decisions.parquet") for out in (both.out_here, both.out_there))

    assert here.select("source", "id", "row").equals(there.select("source", "id", "row"))
    assert (here["decision"] == there["decision"]).mean() >= ENOUGH
    assert (here["by"] == there["by"]).mean() >= ENOUGH
    assert (here["group"] == there["group"]).mean() >= ENOUGH
    assert set(here["by"]) >= {"BARE"}
    assert set(here["decision"]) == {"rejected", "suppressed", "intra", "inter", "kept"}


def test_the_same_files_are_left(both: Both) -> None:
    def left(out: Path) -> set[str]:
        return {path.relative_to(out).as_posix() for path in out.rglob("*")}

    assert left(both.out_there) == left(both.out_here)
