"""`jalon merge-purge BRIEF --out DIR`: no database, no queue; everything is left, or a sentence and nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pypdf
import pytest
import python_calamine

from tests.unit.merge_purge.people import file_of, record
from tests.unit.merge_purge.test_explain import FAMILY

ROOT = Path(__file__).parents[3]
BRIEF = """
allocation = "priority"
[[files]]
code = "A"
path = "in/A.csv"
priority = 1
cpm = 120
[[files]]
code = "B"
path = "in/B.csv"
priority = 2
cpm = 80.5
[[suppressions]]
code = "OPP"
path = "in/OPP.csv"
"""
LEFT = {"decisions.parquet", "net", "rejects", "report.json", "report.xlsx", "report.pdf", "matrix.csv", "possible.csv"}


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    anne = record(PRENOM="Anne", NOM="Vasseur")
    file_of(tmp_path / "in/A.csv", record(), record(), record(CP="", LOCALITE="Saint-Martin", NOM="Quentin"))
    file_of(tmp_path / "in/B.csv", record(), anne, record(NOM="=1+1", ADR4="9 quai Bas"))
    file_of(tmp_path / "in/OPP.csv", anne)
    path = tmp_path / "brief.toml"
    path.write_text(BRIEF, encoding="utf-8")
    return path


def started(*arguments: object, language: str = "C") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "merge-purge", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={"LANG": language, "PYTHONUTF8": "1"})


def test_a_run_leaves_everything_and_the_same_bytes_every_time(brief: Path) -> None:
    folder = brief.parent
    for name in ("one", "two"):
        ended = started(brief, "--out", folder / name)
        assert ended.returncode == 0, ended.stderr
    assert "6/6 writing" in ended.stderr
    assert {path.name for path in (folder / "one").iterdir()} == LEFT
    paths = sorted(path.relative_to(folder / "one") for path in (folder / "one").rglob("*") if path.is_file())
    assert all((folder / "one" / path).read_bytes() == (folder / "two" / path).read_bytes() for path in paths)

    decided = pl.read_parquet(folder / "one/decisions.parquet")
    assert decided.columns[:6] == ["source", "id", "group", "decision", "by", "score"]
    assert decided.select("source", "id", "decision", "by").rows() == [
        ("A", "A1", "kept", ""),
        ("A", "A2", "intra", "A"),
        ("A", "A3", "rejected", "no_postcode"),
        ("B", "B1", "inter", "A"),
        ("B", "B2", "suppressed", "OPP"),
        ("B", "B3", "kept", ""),
    ]
    assert [score is not None for score in decided["score"]] == [False, True, False, True, True, False]
    assert decided["score"].drop_nulls().min() > 0
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(folder / "one/report.pdf").pages)
    assert "Rapport de déduplication" in text
    sheets = python_calamine.CalamineWorkbook.from_path(str(folder / "one/report.xlsx"))
    assert sheets.get_sheet_by_index(0).to_python()[1][:2] == ["A", 3.0]


def test_the_report_speaks_english_too(brief: Path) -> None:
    assert started(brief, "--out", brief.parent / "out", "--lang", "en").returncode == 0
    assert "Merge-purge report" in pypdf.PdfReader(brief.parent / "out/report.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("priority = 1", "prioritty = 1"), "files[1] (A): prioritty is not known"),
        (("in/B.csv", "in/C.csv"), "B, C.csv: there is no such file"),
        (("in/B.csv", "in"), "B, in: this is a folder"),
        (("allocation =", 'weights = "ours.csv"\nallocation ='), "weights, ours.csv: there is no such file"),
        (('path = "in/B.csv"', 'path = "in/B.csv"\nlayout = "in/fixed.csv"'), "layout fixed.csv: there is no such file"),
        (
            (
                "[[files]]",
                "[files",
            ),
            "not TOML",
        ),
    ],
)
def test_a_refusal_is_one_sentence_and_nothing_is_written(brief: Path, change: tuple[str, str], told: str) -> None:
    brief.write_text(brief.read_text().replace(*change))
    before = sorted(path.name for path in brief.parent.iterdir())
    ended = started(brief, "--out", brief.parent / "out")
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(path.name for path in brief.parent.iterdir()) == before


def test_a_french_terminal_is_spoken_to_in_french(brief: Path) -> None:
    out = brief.parent / "out"
    ended = started(brief, "--out", out, language="fr_FR.UTF-8")
    assert "6/6 écriture" in ended.stderr
    assert f"écrit dans {out}" in ended.stdout
    told = started("explain", brief, "A:A1", "B:B1", language="fr_FR.UTF-8")
    assert "\nNom\u00a0: identique" in told.stdout
    assert told.stdout.endswith("assez semblables pour une seule personne\n")
    brief.write_text(brief.read_text().replace("priority = 1", "prioritty = 1"))
    refused = started(brief, "--out", out, language="fr_FR.UTF-8").stderr
    assert refused == "refusé, rien n’a été écrit\u00a0: files[1] (A)\u00a0: prioritty n’est pas connu\u00a0; est-ce priority\u00a0?\n"
    nowhere = started(brief.parent / "none.toml", "--out", out, language="fr_FR.UTF-8").stderr
    assert nowhere == f"rien n’a été écrit\u00a0: {brief.parent / 'none.toml'}\u00a0: ce fichier n’existe pas\n"


def test_the_folder_of_the_inputs_is_never_replaced(brief: Path) -> None:
    ended = started(brief, "--out", brief.parent / "in")
    assert ended.returncode == 2
    assert {path.name for path in (brief.parent / "in").iterdir()} == {"A.csv", "B.csv", "OPP.csv"}


def test_files_go_where_a_link_leads_and_the_link_stays(brief: Path) -> None:
    folder = brief.parent
    (folder / "disk").mkdir()
    (folder / "out").symlink_to(folder / "disk")
    for _ in range(2):
        assert started(brief, "--out", folder / "out").returncode == 0
    assert (folder / "out").is_symlink()
    assert {path.name for path in (folder / "disk").iterdir()} == LEFT
    assert {path.name for path in folder.iterdir()} == {"brief.toml", "disk", "in", "out"}


def test_an_explanation_adds_up_points(brief: Path) -> None:
    ended = started("explain", brief, "A:A1", "B:B1")
    assert ended.returncode == 0
    assert "\nSurname: equal" in ended.stdout
    assert "\nalike enough to be one person" in ended.stdout
    missing = started("explain", brief, "A:A1", "B:nobody")
    assert (missing.returncode, missing.stderr) == (2, "no record B:nobody in the files of this brief\n")


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped_leaves_nothing_and_starts_again(brief: Path, sign: signal.Signals, status: int) -> None:
    before = sorted(path.name for path in brief.parent.iterdir())
    # a test run in the background is deaf to Ctrl-C, and its children with it
    hearing = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from app.cli import main; main()"
    command = [sys.executable, "-c", hearing, "merge-purge", str(brief), "--out", str(brief.parent / "out")]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={}) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("1/6 reading")
        running.send_signal(sign)
        said = running.stderr.read()
    assert running.returncode == status, said
    assert sorted(path.name for path in brief.parent.iterdir()) == before
    assert started(brief, "--out", brief.parent / "out").returncode == 0


def test_an_explanation_says_what_overruled_the_score_and_who_speaks_most_for_it(tmp_path: Path) -> None:
    for code, records in FAMILY.items():
        file_of(tmp_path / f"{code}.csv", *records)
    lists = "".join(f'[[files]]\ncode = "{code}"\npath = "{code}.csv"\npriority = 1\n' for code in FAMILY)
    brief = tmp_path / "brief.toml"
    brief.write_text(lists, encoding="utf-8")
    verdict, rule, pair = started("explain", brief, "B:B1", "C:C1").stdout.splitlines()[-3:]
    assert verdict == "alike enough, but kept apart: their two groups do not fit together"
    assert rule.startswith("Groups are joined only where")
    assert pair.startswith("A:A1 and C:C1: -")
    french = started("explain", brief, "B:B1", "C:C1", language="fr_FR.UTF-8").stdout.splitlines()[-3]
    assert french == "assez semblables, mais laissés à part\u00a0: leurs deux groupes ne vont pas ensemble"
