"""The table of weights: what each level of each feature is worth, in log-odds points.

``weights.csv`` is read once; its first lines say where the figures come from. ``tasks.merge_purge.match.calibrate`` writes it anew.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.sentences import Sentence

PATH = Path(__file__).with_name("weights.csv")


class UnusableWeights(ValueError):
    """A table that is no table of weights; the message says what is missing."""


@dataclass(frozen=True)
class Weights:
    """Points by feature and level, the base every pair starts from, and the thresholds in the same points."""

    points: dict[str, dict[str, float]]
    base: float


def load_weights(path: Path = PATH) -> Weights:
    """Read the table ``feature;level;points`` (lines that begin with # are its provenance).

    :raises UnusableWeights: when a level has no points, or something else has
    :raises OSError: when the file cannot be opened
    """
    points: dict[str, dict[str, float]] = {}
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if not line.startswith("#")]
        for row in csv.DictReader(lines, delimiter=";"):
            points.setdefault(row["feature"], {})[row["level"]] = float(row["points"])
    except (ValueError, KeyError, TypeError) as fault:
        raise UnusableWeights(Sentence("{file}: not a table feature;level;points ({fault})", file=path.name, fault=fault)) from fault
    given = {(feature, level) for feature, levels in points.items() for level in levels}
    wanted = {("base", "base")} | {(feature.name, level) for feature in FEATURES for level, _ in feature.levels}
    if wrong := sorted(given ^ wanted):
        feature, level = wrong[0]
        what = Sentence("no points for") if wrong[0] in wanted else Sentence("there is no")
        raise UnusableWeights(
            Sentence(
                "{file}: {what} {feature!r}, {level!r}; a table fitted by this version is needed",
                file=path.name,
                what=what,
                feature=feature,
                level=level,
            )
        )
    return Weights(points, points.pop("base")["base"])


WEIGHTS = load_weights()
