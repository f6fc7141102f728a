"""Weights are fitted on labelled pairs and written as a table that reads back."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief, BriefError
from tasks.merge_purge.calibration import UnusableLabels, calibrate
from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.calibrate import fit, write_table
from tasks.merge_purge.match.compare import Comparison
from tasks.merge_purge.match.features import FEATURES, level_names
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.match.weights import PATH, load_weights
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record


def test_what_parts_people_in_the_labels_loses_points_and_the_table_reads_back(tmp_path: Path) -> None:
    crowd = [record(PRENOM=first, ADR4=f"{n} rue Haute") for n in range(1, 21) for first in ("Paul", "Hugues", "Paul")]
    records = normalised(read_brief(brief_of(tmp_path, {"A": crowd}))[0])
    door = [(n, a, b) for n in range(20) for a, b in ((0, 1), (0, 2), (1, 2))]
    pairs = pl.DataFrame(
        {"a": [3 * n + a for n, a, _ in door], "b": [3 * n + b for n, _, b in door]}, schema={"a": pl.UInt32, "b": pl.UInt32}
    )
    compared = Comparison(records).levels(pairs)
    points = fit(compared, pl.Series([(a, b) == (0, 2) for _, a, b in door]))
    assert points["first name", "equal"] > 1 > -1 > points["first name", "different"]
    assert round(points["generation", "conflict"], 2) == -8.0
    assert compared["first name"].unique().sort().to_list() == sorted(level_names("first name", ("equal", "different")))

    write_table(points, ["a test"], tmp_path / "weights.csv")
    table = load_weights(tmp_path / "weights.csv")
    assert table.points["first name"]["equal"] == round(points["first name", "equal"], 2)
    assert set(table.points) == {feature.name for feature in FEATURES}


def test_labelled_records_give_a_table_and_labels_that_teach_nothing_none(tmp_path: Path) -> None:
    crowd = [record(PRENOM=first, ADR4=f"{n} rue Haute") for n in range(1, 11) for first in ("Paul", "Hugues", "Paul")]
    brief = brief_of(tmp_path, {"A": crowd})
    labels = tmp_path / "labels.csv"
    lines = [f"A;A{i + 1};{i // 3}{fields['PRENOM']}" for i, fields in enumerate(crowd)]
    labels.write_text("\n".join(["SOURCE;ID;ENTITY", *lines]), encoding="utf-8")
    assert calibrate(brief, labels, tmp_path / "weights.csv") > 30
    assert load_weights(tmp_path / "weights.csv").points["first name"]["equal"] > 0

    labels.write_text("SOURCE;ID;ENTITY\nA;A1;1\nA;A2;2\n", encoding="utf-8")
    with pytest.raises(UnusableLabels, match="both kinds are needed"):
        calibrate(brief, labels, tmp_path / "other.csv")
    labels.write_text("SOURCE;ID\nA;A1\n", encoding="utf-8")
    with pytest.raises(UnusableLabels, match="no column ENTITY"):
        calibrate(brief, labels, tmp_path / "other.csv")
    assert not (tmp_path / "other.csv").exists()


def test_a_brief_may_bring_its_own_table_of_weights(tmp_path: Path) -> None:
    pair = brief_of(tmp_path, {"A": [record(), record(PRENOM="P")]})
    data = json.loads(pair.to_json()) | {"weights": "own.csv"}
    table = PATH.read_text(encoding="utf-8")
    (tmp_path / "own.csv").write_text(re.sub(r"(?m)^first name;equal initial;.*$", "first name;equal initial;-20", table), encoding="utf-8")
    for brief, groups in ((pair, 1), (Brief.from_json(json.dumps(data), folder=tmp_path), 2)):
        run(brief, tmp_path / "out")
        assert pl.read_parquet(tmp_path / "out" / "decisions.parquet")["group"].n_unique() == groups


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda table: re.sub(r"(?m)^telephone;unknown;.*\n", "", table), "no points for 'telephone', 'unknown'"),
        (lambda table: table + "hair;red;1\n", "there is no 'hair', 'red'"),
        (lambda _: "feature;level;points\nsurname;equal;much\n", "not a table"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_what_is_wrong(tmp_path: Path, spoil: Callable[[str], str], said: str) -> None:
    data = json.loads(brief_of(tmp_path, {"A": [record()]}).to_json()) | {"weights": "own.csv"}
    (tmp_path / "own.csv").write_text(spoil(PATH.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BriefError, match=said):
        Brief.from_json(json.dumps(data), folder=tmp_path)
