"""`jalon merge-purge --engine spark`: the same files as without it, nothing beside them, and a sentence when Spark cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.merge_purge_alone import REFUSED, run_brief, run_brief_on_spark
from tests.unit.merge_purge.people import file_of, record

BRIEF = '[[files]]\ncode = "A"\npath = "A.csv"\n[[files]]\ncode = "B"\npath = "B.csv"\n[[suppressions]]\ncode = "OPP"\npath = "OPP.csv"\n'


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    """Twins, a person in two lists, one who asked not to be written to, and a stranger."""
    stranger = record(PRENOM="Zoé", NOM="Quintard", ADR4="3 place du Marché", CP="69002", LOCALITE="Lyon")
    held = record(PRENOM="Anne", NOM="Boulanger", ADR4="7 rue Haute", CP="38000", LOCALITE="Grenoble")
    file_of(tmp_path / "A.csv", record(), record(), stranger)
    file_of(tmp_path / "B.csv", record(NOM="Lefèbvre"), held)
    file_of(tmp_path / "OPP.csv", held)
    (tmp_path / "brief.toml").write_text(BRIEF, encoding="utf-8")
    return tmp_path / "brief.toml"


def left(out: Path) -> dict[str, bytes]:
    """Every file but those drawn with the day's date."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*") if path.suffix not in (".pdf", ".xlsx")}


def test_the_command_leaves_what_it_leaves_without_spark(brief: Path) -> None:
    folder = brief.parent
    before = {path.name for path in folder.iterdir()}

    assert run_brief(brief, folder / "here", "fr") == 0
    assert run_brief_on_spark(brief, folder / "there", "fr", "local[2]", {"spark.sql.shuffle.partitions": "4"}) == 0

    assert left(folder / "there") == left(folder / "here")
    assert {path.name for path in (folder / "there").iterdir()} == {path.name for path in (folder / "here").iterdir()}
    assert {path.name for path in folder.iterdir()} == before | {"here", "there"}


def test_files_of_one_record_have_no_pair_and_still_leave_their_files(tmp_path: Path) -> None:
    file_of(tmp_path / "A.csv", record())
    (tmp_path / "brief.toml").write_text('[[files]]\ncode = "A"\npath = "A.csv"\n', encoding="utf-8")

    assert run_brief(tmp_path / "brief.toml", tmp_path / "here", "fr") == 0
    assert run_brief_on_spark(tmp_path / "brief.toml", tmp_path / "there", "fr", "local[2]", {}) == 0

    assert left(tmp_path / "there") == left(tmp_path / "here")


@pytest.mark.parametrize(("locale", "sentence"), [("fr", "ne trouve pas son maître"), ("en", "does not find its master")])
def test_a_master_that_is_none_is_named(brief: Path, capsys: pytest.CaptureFixture[str], locale: str, sentence: str) -> None:
    status = run_brief_on_spark(brief, brief.parent / "out", locale, "nowhere:1", {})

    told = capsys.readouterr().err
    assert status == REFUSED
    assert sentence in told
    assert "nowhere:1" in told
    assert not list(brief.parent.glob(".out.*"))


def test_a_refused_brief_is_refused_and_nothing_is_left(brief: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (brief.parent / "B.csv").write_text("", encoding="utf-8")
    before = {path.name for path in brief.parent.iterdir()}

    status = run_brief_on_spark(brief, brief.parent / "out", "fr", "local[2]", {})

    assert status == REFUSED
    assert "B.csv" in capsys.readouterr().err
    assert {path.name for path in brief.parent.iterdir()} == before


@pytest.mark.parametrize(("locale", "sentence"), [("fr", "Il lui faut Java 17"), ("en", "It needs Java 17")])
def test_without_java_a_sentence_says_what_to_install(brief: Path, locale: str, sentence: str) -> None:
    command = [Path(sys.executable).with_name("jalon"), "merge-purge", brief, "--out", brief.parent / "out", "--engine", "spark"]
    before = {path.name for path in brief.parent.iterdir()}

    ended = subprocess.run(
        [*command, "--lang", locale], env=os.environ | {"JAVA_HOME": str(brief.parent)}, capture_output=True, text=True, check=False
    )

    assert ended.returncode == REFUSED
    assert sentence in ended.stderr
    assert "openjdk-17-jre-headless" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert {path.name for path in brief.parent.iterdir()} == before
