"""Each record is counted once, by the first that applies, and the counts add up."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tasks.merge_purge.brief import Brief, BriefError, ListFile, Part
from tasks.merge_purge.intake import Intake
from tasks.merge_purge.output import OutputTaken
from tasks.merge_purge.report import BrokenAccounting, account
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, decisions, file_of, record

ANNE = record(CIVILITE="Mme", PRENOM="Hortense", NOM="Vasseur", ADR4="3 place du Marché")
NOWHERE = record(CP="", LOCALITE="Saint-Martin", NOM="Quentin")


def told(frame: pl.DataFrame) -> list[tuple[str, int, str, str]]:
    return frame.select("source", "row", "decision", "by").rows()


def test_the_lowest_rank_keeps_and_the_others_name_it(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record()], "B": [record(), ANNE], "C": [ANNE]})
    assert told(found) == [("A", 1, "kept", ""), ("B", 1, "inter", "A"), ("B", 2, "kept", ""), ("C", 1, "inter", "B")]


def test_in_one_list_the_first_record_stays(tmp_path: Path) -> None:
    assert told(decisions(tmp_path, {"A": [record(), record(), ANNE]})) == [
        ("A", 1, "kept", ""),
        ("A", 2, "intra", "A"),
        ("A", 3, "kept", ""),
    ]


def test_in_one_list_the_segment_of_lower_rank_stays(tmp_path: Path) -> None:
    path = file_of(tmp_path / "A.csv", record(CODE_SEG="OLD"), record(CODE_SEG="NEW"))
    run(Brief((ListFile("A", (Part(path),), {"NEW": 1, "OLD": 2}),)), tmp_path / "out")
    assert told(pl.read_parquet(tmp_path / "out/decisions.parquet")) == [("A", 1, "intra", "A"), ("A", 2, "kept", "")]


def test_a_tie_of_ranks_goes_to_the_list_named_first(tmp_path: Path) -> None:
    files = tuple(ListFile(code, (Part(file_of(tmp_path / f"{code}.csv", record())),), priority=1) for code in ("Z", "A"))
    run(Brief(files), tmp_path / "out")
    assert told(pl.read_parquet(tmp_path / "out/decisions.parquet")) == [("Z", 1, "kept", ""), ("A", 1, "inter", "Z")]


def test_the_first_suppression_list_that_holds_a_person_takes_all_records(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record(), record(PRENOM="PAUL")], "B": [record(), ANNE]}, {"OPP": [ANNE], "PND": [record(), ANNE]})
    assert told(found) == [
        ("A", 1, "suppressed", "PND"),
        ("A", 2, "suppressed", "PND"),
        ("B", 1, "suppressed", "PND"),
        ("B", 2, "suppressed", "OPP"),
    ]


def test_what_no_post_can_reach_is_rejected_before_anything_else(tmp_path: Path) -> None:
    found = decisions(
        tmp_path,
        {"A": [NOWHERE, NOWHERE, record(LOCALITE=""), record(CP="99999", LOCALITE="Saint-Martin"), record(ADR4="")]},
        {"OPP": [NOWHERE]},
    )
    assert [row[2:] for row in told(found)] == [
        ("rejected", reason) for reason in ("no_postcode", "no_postcode", "no_town", "bad_postcode", "no_address")
    ]


def test_a_rejected_record_keeps_nobody_out(tmp_path: Path) -> None:
    found = decisions(tmp_path, {"A": [record(LOCALITE="")], "B": [record()]})
    assert told(found) == [("A", 1, "rejected", "no_town"), ("B", 1, "kept", "")]
    assert found["group"].n_unique() == 1


def test_a_household_on_a_suppression_list_of_that_level_falls_together(tmp_path: Path) -> None:
    wife = record(CIVILITE="Mme", PRENOM="Hortense")
    files = brief_of(tmp_path, {"A": [record(), wife, ANNE]}).files
    held = brief_of(tmp_path, {"A": [record()]}, {"OPP": [record()]}, level="household").suppressions
    file_of(tmp_path / "A.csv", record(), wife, ANNE)
    run(Brief(files, held), tmp_path / "out")
    assert [row[2] for row in told(pl.read_parquet(tmp_path / "out/decisions.parquet"))] == ["suppressed", "suppressed", "kept"]


def test_the_report_counts_what_the_decisions_say(tmp_path: Path) -> None:
    lists = {"A": [record(), record(), NOWHERE], "B": [record(), ANNE], "C": [ANNE, record(NOM="Ozanne", PRENOM="Guy", ADR4="8 quai Bas")]}
    report = run(brief_of(tmp_path, lists, {"OPP": [lists["C"][1]]}), tmp_path / "out")
    assert json.loads((tmp_path / "out/report.json").read_text()) == report
    a, b, c = (report["lists"][code] for code in "ABC")
    assert (a["delivered"], a["rejected_by_reason"], a["intra"], a["inter"], a["net"]) == (3, {"no_postcode": 1}, 1, 0, 1)
    assert (b["inter"], b["net"], c["suppressed"], c["inter"], c["net"]) == (1, 1, {"OPP": 1}, 1, 0)
    assert (a["unique"], a["multi_kept"], b["unique"], b["multi_kept"]) == (0, 1, 0, 1)
    assert a["retention"] == {"numerator": 1, "denominator": 3}
    assert a["retention_valid"] == {"numerator": 1, "denominator": 2}
    assert b["overlap"] == {"numerator": 2, "denominator": 2}
    assert report["matrix"]["shared"]["A"] == {"A": 1, "B": 1, "C": 0}
    assert report["matrix"]["lost"]["C"] == {"A": 0, "B": 1, "C": 0}
    assert report["multi_buyers"] == {"2": 2}


def test_the_matrix_is_left_as_a_table(tmp_path: Path) -> None:
    run(brief_of(tmp_path, {"A": [record()], "B": [record(), ANNE]}), tmp_path / "out")
    table = (tmp_path / "out/matrix.csv").read_bytes().decode().split("\r\n")
    assert table == ["GROUPES_COMMUNS;A;B", "A;1;1", "B;1;2", "PERDUS_AU_PROFIT_DE;A;B", "A;0;0", "B;1;0", ""]


def test_a_count_that_does_not_add_up_is_an_incident(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]})
    one = {"source": "A", "list_order": 0, "segment": "", "group": 1, "decision": "kept", "by": "", "place_repair": ""}
    with pytest.raises(BrokenAccounting):
        account(brief, pl.DataFrame([one]), Intake({"A": 2}, {}, pl.DataFrame(), {}))


def test_the_net_file_is_ready_for_the_mailing(tmp_path: Path) -> None:
    run(brief_of(tmp_path, {"A": [record(ADR5="BP 4")]}), tmp_path / "out")
    row = pl.read_csv(tmp_path / "out/net/A.csv", separator=";", infer_schema=False).fill_null("").row(0, named=True)
    posted = [row[f"posted_{name}"] for name in ("civility", "first_name", "last_name", "company", "postcode", "town")]
    assert posted == ["M", "PAUL", "LEFEBVRE", "", "01000", "BOURG EN BRESSE"]
    assert [row[name] for name in ("id", "first_name", "last_name", "adr4", "town")] == [
        "A1", "Paul", "Lefebvre", "12 rue des Tilleuls", "Bourg-en-Bresse",
    ]  # fmt: skip
    assert [row[f"L{i}"] for i in range(1, 7)] == ["M PAUL LEFEBVRE", "", "", "12 RUE DES TILLEULS", "BP 4", "01000 BOURG EN BRESSE"]
    assert row["match_code"] == "010000012TILLELFBVP"


def test_the_same_brief_leaves_the_same_bytes(tmp_path: Path) -> None:
    names = [(first, last) for first in ("Paul", "P.", "") for last in ("Roux", "Rous", "Blanc")]
    crowd = [record(PRENOM=first, NOM=last, ADR4=f"{n} rue Haute") for n in range(1, 6) for first, last in names]
    brief = brief_of(tmp_path, {"A": crowd, "B": crowd[::2], "C": crowd[::-3]}, {"OPP": crowd[3:5]})
    run(brief, tmp_path / "one")
    run(brief, tmp_path / "two")
    left = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(left) == 10
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in left)


def test_an_earlier_run_is_replaced_and_anything_else_is_left_alone(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]})
    run(brief, tmp_path / "out")
    run(brief, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("keep")
    with pytest.raises(OutputTaken):
        run(brief, tmp_path / "mine")
    assert (tmp_path / "mine/letter.txt").read_text() == "keep"


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]})
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    (tmp_path / f".out.partial-{killed.pid}" / "net").mkdir(parents=True)
    (tmp_path / f".out.earlier-{killed.pid}").mkdir()
    run(brief, tmp_path / "out")
    assert not list(tmp_path.glob(".out.*"))


def test_a_brief_reads_back_as_it_was_written(tmp_path: Path) -> None:
    brief = brief_of(tmp_path, {"A": [record()]}, {"OPP": [ANNE]})
    assert Brief.from_json(brief.to_json()) == brief


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"files": []}',
        '{"files": [{"code": "A", "parts": []}]}',
        '{"files": [{"code": "../A", "parts": [{"path": "a"}]}]}',
        '{"files": [{"code": "A", "parts": [{"path": "a"}]}], "level": "street"}',
        '{"files": [{"code": "A", "parts": [{"path": "a"}], "ranks": {"S": "x"}}]}',
    ],
)
def test_a_brief_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(BriefError):
        Brief.from_json(text)
