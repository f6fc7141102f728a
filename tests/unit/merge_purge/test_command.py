"""The run as a process of its own: what a worker starts and reads."""

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_explain import FAMILY

ROOT = Path(__file__).parents[3]


def started(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tasks.merge_purge", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_run_tells_its_steps_and_leaves_its_files(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()], "B": [record()]})
    (tmp_path / "brief.json").write_text(brief.to_json(), encoding="utf-8")
    ended = started(tmp_path / "brief.json", tmp_path / "out")
    assert (ended.returncode, ended.stderr) == (0, "")
    steps = [json.loads(line) for line in ended.stdout.splitlines()]
    told = list(dict.fromkeys(step["step"] for step in steps))
    assert told == [
        "reading",
        "normalising",
        "pairing",
        "matching",
        "deciding",
        "writing",
        "done",
    ]
    assert all(0 <= step["done"] <= step["total"] for step in steps)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "decisions.parquet", "net", "rejects", "report.json", "matrix.csv", "possible.csv",
    }  # fmt: skip


def test_a_refused_file_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]})
    (tmp_path / "brief.json").write_text(brief.to_json(), encoding="utf-8")
    (tmp_path / "A.csv").write_text("", encoding="utf-8")
    before = {path.name for path in tmp_path.iterdir()}
    ended = started(tmp_path / "brief.json", tmp_path / "out")
    assert ended.returncode == 2
    assert "A.csv" in ended.stderr
    assert "empty_file" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_brief_that_is_no_brief_is_refused(tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text("[]", encoding="utf-8")
    ended = started(tmp_path / "brief.json", tmp_path / "out")
    assert ended.returncode == 2
    assert "not a brief" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_comparison_is_answered_as_json_also_when_a_record_is_not_there(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()], "B": [record()]})
    (tmp_path / "brief.json").write_text(brief.to_json(), encoding="utf-8")
    told = json.loads(started("explain", tmp_path / "brief.json", "A", "A1", "B", "B1").stdout)
    assert float(told["score"]) > float(told["threshold"])
    assert ["first name", "equal"] in [point[:2] for point in told["points"]]
    assert json.loads(started("explain", tmp_path / "brief.json", "A", "A1", "B", "B9").stdout) == {"missing": "B:B9"}


def test_a_pair_that_groups_keep_apart_is_answered_with_the_rule_and_whom_it_rests_on(tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text(brief_of(tmp_path, FAMILY).to_json(), encoding="utf-8")
    told = json.loads(started("explain", tmp_path / "brief.json", "B", "B1", "C", "C1").stdout)
    assert float(told["score"]) > float(told["threshold"])
    assert (told["rule"], told["against"]["left"], told["against"]["right"]) == ("conflict", "A A1", "C C1")
