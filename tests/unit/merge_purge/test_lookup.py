"""What became of a record: told from what the run left."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasks.merge_purge.lookup import MOST_TOLD, look_up
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """A person who stands in both lists, twice in A; one who objected; one whom no post reaches; and one who is alone."""
    objector, nowhere = record(PRENOM="Hortense", NOM="BOURDIN"), record(PRENOM="Louis", NOM="MAILLARD", CP="", LOCALITE="")
    lists = {"A": [record(), record(), objector, nowhere], "B": [record(), record(PRENOM="Zoé", NOM="QUENTIN")]}
    run(brief_of(tmp_path, lists, {"OPP": [objector]}), tmp_path / "out")
    return tmp_path / "out" / "decisions.parquet"


def only(found: dict[str, Any]) -> dict[str, Any]:
    (row,) = found["rows"]
    told: dict[str, Any] = row
    return told


def test_a_record_that_is_kept_names_those_that_lost_to_it(decisions: Path) -> None:
    kept = only(look_up(decisions, "A", "A1"))
    assert (kept["decision"], kept["by"], kept["score"], kept["size"]) == ("kept", "", None, 3)
    assert [(one["source"], one["id"], one["decision"]) for one in kept["group"]] == [("A", "A2", "intra"), ("B", "B1", "inter")]


def test_a_record_that_is_lost_names_first_the_one_that_stays(decisions: Path) -> None:
    lost = only(look_up(decisions, "B", "B1"))
    assert (lost["decision"], lost["by"]) == ("inter", "A")
    assert float(lost["score"]) > 0
    assert lost["group"][0] == {"source": "A", "id": "A1", "decision": "kept"}


def test_what_takes_a_record_out_is_named(decisions: Path) -> None:
    suppressed, rejected = only(look_up(decisions, "A", "A3")), only(look_up(decisions, "A", "A4"))
    assert (suppressed["decision"], suppressed["by"], suppressed["group"]) == ("suppressed", "OPP", [])
    assert (rejected["decision"], rejected["by"]) == ("rejected", "no_postcode")


def test_a_record_that_is_not_there_is_an_answer(decisions: Path) -> None:
    assert look_up(decisions, "A", "A9") == {"missing": "A:A9"}
    assert look_up(decisions, "OPP", "OPP1") == {"missing": "OPP:OPP1"}, "nothing is decided about a suppression file's own"


def test_an_id_that_comes_twice_is_told_row_by_row(tmp_path: Path) -> None:
    twice = [record(), record(PRENOM="Zoé", NOM="QUENTIN")]
    brief = brief_of(tmp_path, {"A": twice})
    path = brief.files[0].parts[0].path
    path.write_bytes(path.read_bytes().replace(b"A2", b"A1"))
    run(brief, tmp_path / "out")
    rows = look_up(tmp_path / "out" / "decisions.parquet", "A", "A1")["rows"]
    assert [(row["row"], row["decision"]) for row in rows] == [(1, "kept"), (2, "kept")]


def test_of_a_large_group_the_first_are_told_and_all_are_counted(tmp_path: Path) -> None:
    many = MOST_TOLD + 5
    run(brief_of(tmp_path, {"A": [record()] * many}), tmp_path / "out")
    told = only(look_up(tmp_path / "out" / "decisions.parquet", "A", "A1"))
    assert (told["size"], len(told["group"])) == (many, MOST_TOLD)


def test_the_engine_answers_in_a_process_of_its_own(decisions: Path) -> None:
    command = [sys.executable, "-m", "tasks.merge_purge", "look-up", str(decisions), "B", "B1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == look_up(decisions, "B", "B1")
