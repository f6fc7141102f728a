"""The merge-purge of drawn donor files against Splink 5 on DuckDB: CPU of both, and pairwise F1 by the gold that neither has seen.

``./dev bench linkage [RECORDS] [dense|rented] [ROUNDS] [lean|library]``. Splink gets a careful configuration (``linkers/by_splink.py``), of
few comparisons or of those that its library has ready; it links and clusters, without suppression, allocation, postal lines or report.
"""

import sys
import tempfile
from pathlib import Path

import polars as pl

from bench._pairs import compare, report
from bench._peers import peers_python
from bench.donors.files import write_files
from bench.merge_purge_quality import pairwise

SEED = 103


def main(records: int, density: str, rounds: int, style: str) -> None:
    """Run both in turn and judge what each left last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brief = write_files(folder, records, seed=SEED, density=density)
        ours = [sys.executable, "-m", "tasks.merge_purge", str(brief), str(folder / "out")]
        peer = [
            str(peers_python()),
            str(Path(__file__).with_name("linkers") / "by_splink.py"),
            str(folder),
            str(folder / "splink.parquet"),
            style,
        ]
        result = compare(f"linkage {records} {density} {style}", ours, peer, rounds=rounds)
        gold = pl.read_parquet(folder / "gold.parquet")
        mine = pl.read_parquet(folder / "out" / "decisions.parquet").join(gold, on=["source", "row"])
        other = pl.read_parquet(folder / "splink.parquet").join(gold, on=["source", "row"])
        theirs = pairwise(other, "cluster", "entity")
        figures = {"f1": pairwise(mine, "group", "entity")["f1"], "peer_f1": theirs["f1"], "peer_precision": theirs["precision"]}
        report({**result, **{name: round(value, 4) for name, value in figures.items()}, "records": records})


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    count, taste, turns, comparisons = (*named, *("100000", "dense", "5", "lean")[len(named) :])
    main(int(count), taste, int(turns), comparisons)
