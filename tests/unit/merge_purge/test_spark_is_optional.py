"""Spark's engine where there is no Spark: nobody needs it, who asks for it is told, and its dialect knows every word of the declaration."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tasks.merge_purge.match.features import FEATURES
from tasks.merge_purge.match.relations import RELATIONS
from tasks.merge_purge.spark.dialect import UnknownFunction, relation_sql, spark_sql
from tasks.merge_purge_alone import REFUSED, merge_purge, run_brief_on_spark
from tests.unit.merge_purge.people import file_of, record

ROOT = Path(__file__).parents[3]
OPTIONAL = ("pyspark", "pandas", "pyarrow", "py4j")


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    file_of(tmp_path / "A.csv", record(), record())
    (tmp_path / "brief.toml").write_text('[[files]]\ncode = "A"\npath = "A.csv"\n', encoding="utf-8")
    return tmp_path / "brief.toml"


def test_a_run_without_it_asks_for_none_of_its_packages(brief: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tasks.merge_purge_alone import run_brief\n"
        "assert run_brief(Path(sys.argv[1]), Path(sys.argv[2]), 'fr') == 0\n"
        f"print([name for name in {OPTIONAL} if name in sys.modules])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, brief, brief.parent / "out"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("locale", "sentence"), [("fr", "PySpark n’est pas installé"), ("en", "PySpark is not installed")])
def test_who_asks_for_it_in_vain_is_told_what_to_install(
    brief: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str, sentence: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("tasks.merge_purge.spark.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in OPTIONAL:
        monkeypatch.setitem(sys.modules, name, None)
    before = {path.name for path in brief.parent.iterdir()}

    status = run_brief_on_spark(brief, brief.parent / "out", locale, "local[2]", {})

    told = capsys.readouterr().err
    assert status == REFUSED
    assert sentence in told
    assert "requirements/spark.lock" in told
    assert {path.name for path in brief.parent.iterdir()} == before


def test_a_setting_that_is_none_is_refused(brief: Path) -> None:
    ended = CliRunner().invoke(merge_purge, [str(brief), "--out", str(brief.parent / "out"), "--engine", "spark", "--conf", "memory"])

    assert ended.exit_code == REFUSED
    assert "'memory' is no KEY=VALUE" in ended.output


def test_every_word_of_the_declaration_has_one_in_spark() -> None:
    said = (
        [spark_sql(feature.sql()) for feature in FEATURES] + [spark_sql(one.when) for one in RELATIONS] + list(map(relation_sql, RELATIONS))
    )

    assert not [sql for sql in said if "a." in sql or "b." in sql or "r." in sql]
    assert any("startswith(a_asked_last, b_asked_last)" in sql for sql in said)
    assert any("duckdb_jaro_winkler_similarity(a_asked_town, b_asked_town)" in sql for sql in said)


def test_a_word_that_spark_was_not_taught_is_refused() -> None:
    with pytest.raises(UnknownFunction, match="damerau_levenshtein"):
        spark_sql("damerau_levenshtein(a, b) <= 2 AND length(a) >= 3")
