"""How well files of known truth are deduplicated: pairwise F1, precision, recall, suppression; by seeds that nobody tuned on.

``./dev bench merge_purge_quality [RECORDS] [dense|rented] [SEED ...]``. Tuning used seeds below 100; judge with others.
"""

import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from bench._pairs import report
from bench.donors.files import write_files
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.run import run

_JUDGES = (101, 102)


def judge(folder: Path, brief: Path) -> dict[str, float]:
    """Run a brief and compare its groups with the gold beside it."""
    started = time.process_time()
    given = Brief.from_json(brief.read_text(encoding="utf-8"), folder=folder)
    run(given, folder / "out")
    spent = time.process_time() - started
    gold = pl.read_parquet(folder / "gold.parquet")
    decided = pl.read_parquet(folder / "out" / "decisions.parquet").join(gold, on=["source", "row"], how="left", maintain_order="left")
    held = gold.filter(pl.col("source").is_in([entry.code for entry in given.suppressions]) & (pl.col("entity") >= 0))["entity"].unique()
    decided = decided.with_columns(held=pl.col("entity").is_in(held.implode()), gone=pl.col("decision") == "suppressed")
    wanted, unwanted = decided.filter(~pl.col("held")), decided.filter("held")
    return {
        **pairwise(decided, "group", "entity"),
        "suppressed_found": unwanted["gone"].sum() / max(unwanted.filter(pl.col("decision") != "rejected").height, 1),
        "wrongly_suppressed": wanted["gone"].sum() / max(wanted.height, 1),
        "records": decided.height,
        "cpu_seconds": spent,
    }


def pairwise(frame: pl.DataFrame, found: str, true: str) -> dict[str, float]:
    """Precision, recall and F1 over pairs of records."""

    def pairs(*columns: str) -> int:
        size = frame.group_by(*columns).len()["len"].cast(pl.Int64)
        return int((size * (size - 1) // 2).sum())

    both, ours, theirs = pairs(found, true), pairs(found), pairs(true)
    return {"f1": 2 * both / (ours + theirs), "precision": both / max(ours, 1), "recall": both / max(theirs, 1)}


def main(records: int, density: str, seeds: tuple[int, ...]) -> None:
    """Judge each seed and report."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            brief = write_files(folder, records, seed=seed, density=density)
            report({"bench": f"merge_purge_quality {density} {seed}", **{k: round(v, 4) for k, v in judge(folder, brief).items()}})


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(int(named[0]) if named else 100_000, named[1] if len(named) > 1 else "dense", tuple(map(int, named[2:])) or _JUDGES)
