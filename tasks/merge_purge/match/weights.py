"""The table of weights: what each level of each feature is worth, in log-odds points.

``weights.csv`` is read once; its first lines say where the figures come from. ``tasks.merge_purge.match.calibrate`` writes it anew.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).with_name("weights.csv")


@dataclass(frozen=True)
class Weights:
    """Points by feature and level, the base every pair starts from, and the thresholds in the same points."""

    points: dict[str, dict[str, float]]
    base: float


def load_weights(path: Path = PATH) -> Weights:
    """Read the table ``feature;level;points`` (lines that begin with # are its provenance)."""
    points: dict[str, dict[str, float]] = {}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter=";"):
        points.setdefault(row["feature"], {})[row["level"]] = float(row["points"])
    return Weights(points, points.pop("base")["base"])


WEIGHTS = load_weights()
