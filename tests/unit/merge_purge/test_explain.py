"""Why two records were taken for one person."""

from pathlib import Path

import pytest

from tasks.merge_purge.explain import NoSuchRecord, explain
from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.weights import WEIGHTS
from tests.unit.merge_purge.people import brief_of, record


def test_every_level_of_every_feature_has_its_points() -> None:
    assert {name: set(points) for name, points in WEIGHTS.points.items()} == {f.name: {level for level, _ in f.levels} for f in FEATURES}


def test_points_add_up_to_the_score_and_name_what_was_compared(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()], "B": [record(PRENOM="P.")]}, {"OPP": [record(CIVILITE="Mme", PRENOM="Hortense")]})
    same = explain(brief, ("A", "A1"), ("B", "B1"))
    assert ("first name", "equal initial") in {(feature, level) for feature, level, _ in same.points}
    assert same.score == pytest.approx(same.base + sum(points for _, _, points in same.points), abs=0.01)
    other = explain(brief, ("A", "A1"), ("OPP", "OPP1"))
    assert same.score > same.threshold
    assert other.score < other.threshold < same.threshold


def test_an_id_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRecord, match="A:9"):
        explain(brief_of(tmp_path, {"A": [record()]}), ("A", "9"), ("A", "A1"))
