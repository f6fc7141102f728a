"""Why two records were taken for one person."""

from pathlib import Path

import pytest

from app import comparison_words as words
from tasks.merge_purge.explain import CONFLICT, CROWD, HOME, NEARER, THROUGH, UNMET, NoSuchRecord, explain
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


FAMILY = {
    "A": [record(PRENOM="Paul", TELEPHONE="0612345678")],
    "B": [record(PRENOM="P.", TELEPHONE="0612345678")],
    "C": [record(PRENOM="Pierre")],
}


def test_what_groups_keep_apart_is_told_from_what_is_not_alike(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, FAMILY)
    apart = explain(brief, ("B", "B1"), ("C", "C1"))
    assert (apart.is_alike, apart.rule) == (True, CONFLICT)
    assert apart.against is not None
    assert apart.against[:2] == (("A", "A1"), ("C", "C1")), "the father, and not the son"
    unlike, one = explain(brief, ("A", "A1"), ("C", "C1")), explain(brief, ("A", "A1"), ("B", "B1"))
    assert [(found.is_alike, found.rule, found.against) for found in (unlike, one)] == [(False, "", None), (True, "", None)]


def test_a_suppression_record_that_is_not_certain_stands_for_whom_it_is_most_like(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()], "B": [record(PRENOM="Pierre")]}, {"OPP": [record(PRENOM="P.", CIVILITE="")]})
    apart = explain(brief, ("B", "B1"), ("OPP", "OPP1"))
    assert (apart.rule, apart.against and apart.against[:2]) == (NEARER, (("A", "A1"), ("OPP", "OPP1")))
    assert explain(brief, ("A", "A1"), ("OPP", "OPP1")).rule == ""


def test_a_bare_surname_of_a_list_is_told_to_hold_all_who_bear_it_at_the_door(tmp_path: Path) -> None:
    bare = record(PRENOM="", CIVILITE="")
    brief = brief_of(tmp_path, {"A": [record(), record(NOM="Roux")]}, {"OPP": [bare]})
    assert explain(brief, ("A", "A1"), ("OPP", "OPP1")).rule == HOME
    assert explain(brief, ("A", "A2"), ("OPP", "OPP1")).rule == ""


def test_an_id_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchRecord, match="A:9"):
        explain(brief_of(tmp_path, {"A": [record()]}), ("A", "9"), ("A", "A1"))


def test_every_feature_and_whatever_is_found_of_it_has_words() -> None:
    assert {feature.name for feature in FEATURES} == set(words.FEATURES)
    assert {level for feature in FEATURES for level, _ in feature.levels} == set(words.LEVELS)


def test_whatever_overrules_a_score_has_words() -> None:
    assert set(words.RULES) == set(words.REASONS) == {THROUGH, CONFLICT, NEARER, UNMET, CROWD, HOME}
