"""Plays that end before the analysis: where they were told to, or because something is wrong, said in one sentence."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.intake.kit import KitUnreadable, read_kit
from app.intake.rows import RowErrors
from tests import kits
from tests.databases import DatabaseUrls
from tests.integration.play.conftest import ROOT, jalon, jalon_command

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        ("plan", {"documents", "evidence.zip"}),
        ("order", {"documents", "evidence.zip", "budget.json", "mail"}),
        ("lots", {"documents", "evidence.zip", "budget.json", "mail", "dedupe", "lots", "net", "statements"}),
    ],
)
def test_a_play_stops_where_it_was_told_to(make_kit: Callable[[kits.Kit], Path], tmp_path: Path, stage: str, left: set[str]) -> None:
    out = tmp_path / "out"
    done = jalon("play", make_kit(kits.PLAIN), "--out", out, "--until", stage, "--in-process")
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "result.json").read_text())["stage"] == stage
    assert {path.name for path in out.iterdir() if not path.name.startswith(".")} == left | {"result.json"}


def test_a_code_in_use_is_refused_with_nothing_written_and_another_code_is_not(
    make_kit: Callable[[kits.Kit], Path], tmp_path: Path, database_urls: DatabaseUrls, redis_url: str
) -> None:
    environment = {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "REDIS_URL": redis_url,
        "JALON_DATA_DIR": str(tmp_path / "data"),
    }
    kit = make_kit(kits.PLAIN)

    def play(out: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = jalon_command("play", kit, "--out", tmp_path / out, "--until", "negotiation", "--in-process", *more)
        return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)

    assert play("first").returncode == 0
    again = play("second")
    assert again.returncode == 1
    assert "28T" in again.stderr
    assert "--code" in again.stderr
    assert "Traceback" not in again.stderr
    assert not (tmp_path / "second").exists()
    assert play("second", "--code", "NEUF").returncode == 0
    assert json.loads((tmp_path / "second" / "result.json").read_text())["campaign"] == "NEUF"


def test_a_folder_that_holds_something_else_is_left_alone(make_kit: Callable[[kits.Kit], Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "result.json").write_text("mine")
    done = jalon("play", make_kit(kits.PLAIN), "--out", out, "--until", "plan", "--in-process")
    assert done.returncode == 1
    assert str(out) in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in out.iterdir()] == ["result.json"]


TIER = "[[approval_tiers]]\nup_to = "
WRONG = {
    "a brief without its code": ("campaign.toml", 'code = "28T"', "", "code"),
    "a brief without its drop date": ("campaign.toml", "drop_on", "drop_off", "drop_on"),
    "a drop date that is none": ("campaign.toml", "2028-03-14", '"mardi"', "drop_on"),
    "an envelope that is no number": ("campaign.toml", "90000.00\ntarget", '"assez"\ntarget', "envelope_amount"),
    "a minimum that is no number": ("campaign.toml", "minimum_net_quantity = 10", 'minimum_net_quantity = "dix"', "minimum_net_quantity"),
    "a role that nobody has": ("campaign.toml", "budget_approver", "chief", "chief"),
    "a checklist of no user task": ("campaign.toml", "[dedupe]", '[[checklists.make_coffee]]\ncode = "hot"\n[dedupe]', "make_coffee"),
    "a point without its words": ("campaign.toml", "[dedupe]", '[[checklists.order_mailing]]\ncode = "hot"\n[dedupe]', "lacks fr, en"),
    "a tier below the one before": (
        "campaign.toml",
        "[dedupe]",
        f"{TIER}9\nsignatures = 1\n{TIER}8\nsignatures = 2\n[dedupe]",
        "not ascending",
    ),
    "a tier after an open one": (
        "campaign.toml",
        "[dedupe]",
        f"[[approval_tiers]]\nsignatures = 1\n{TIER}8\nsignatures = 2\n[dedupe]",
        "after open",
    ),
    "a tier in words": ("campaign.toml", "[dedupe]", f'{TIER}"beaucoup"\nsignatures = 1\n[dedupe]', "approval_tiers 1"),
    "a tier without an end": ("campaign.toml", "[dedupe]", f"{TIER}nan\nsignatures = 1\n[dedupe]", "approval_tiers 1"),
    "half a signature": ("campaign.toml", "[dedupe]", f"{TIER}9\nsignatures = 0.5\n[dedupe]", "approval_tiers 1"),
    "nobody to sign": ("campaign.toml", "[dedupe]", f"{TIER}9\nsignatures = 0\n[dedupe]", "approval_tiers 1: signatures"),
    "a quantity in words": ("plan.csv", "don-libre;90;", "don-libre;beaucoup;", "^plan.csv, line 2, BRUT: “beaucoup” is no whole number$"),
    "a quantity below zero": ("plan.csv", "don-libre;90;", "don-libre;-90;", "BRUT"),
    "a row cut short": ("plan.csv", "NID;INA;postal;rollout;A;don-libre;90;1", "NID;INA;postal", "plan.csv"),
    "a column that is missing": ("plan.csv", "BRUT", "VOLUME", "BRUT"),
    "a list that nobody offers": ("plan.csv", "ECH;D36", "ZZZ;D36", "ZZZ"),
    "a segment that its list has not": ("plan.csv", "ECH;D36", "ECH;D99", "D99"),
    "a message that nobody wrote": ("plan.csv", ";test;B;", ";test;Z;", "Z"),
    "a price that is no number": ("lists.csv", ";165;", ";cher;", "CPM"),
    "a nature that there is not": ("lists.csv", ";rental;", ";borrowed;", "NATURE"),
    "terms that differ within a list": (
        "lists.csv",
        "D12;Liste ECH;exchange;S-OWN;;5000;165",
        "D12;Liste ECH;exchange;S-OWN;;5000;166",
        "ECH",
    ),
    "a broker that is no supplier": ("lists.csv", "S-CRT", "S-XXX", "S-XXX"),
    "a supplier of services that is none": ("costs.csv", "S-IMP", "S-XXX", "S-XXX"),
    "a note about a strange list": ("delivery_notes.csv", "ABC;1;1", "QQQ;1;1", "QQQ"),
    "a file outside its folder": ("delivery_notes.csv", "ABC_t1_v1.csv", "../campaign.toml", "../campaign.toml"),
    "a seed that comes twice": ("monitor_seeds.csv", "TEM002", "TEM001", "TEM001"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_kit_is_refused_in_one_sentence(make_kit: Callable[[kits.Kit], Path], wrong: str) -> None:
    name, before, after, told = WRONG[wrong]
    folder = make_kit(kits.PLAIN)
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    count = -1 if after == "S-XXX" else 1
    (folder / name).write_text(text.replace(before, after, count), encoding="utf-8", newline="")
    with pytest.raises((KitUnreadable, RowErrors), match=told):
        read_kit(folder)


@pytest.mark.parametrize("name", ["campaign.toml", "plan.csv", "lists.csv", "deliveries/ABC_t1_v1.csv", "suppressions/opposition.csv"])
def test_a_kit_without_one_of_its_files_is_refused_by_its_name(make_kit: Callable[[kits.Kit], Path], name: str) -> None:
    folder = make_kit(kits.PLAIN)
    (folder / name).unlink()
    with pytest.raises(KitUnreadable, match=name):
        read_kit(folder)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"Z.pdf": PDF}, "samples/Z.pdf: there is no message Z"),
        ({"A.pdf": PDF, "A.png": PDF}, "more than one sample of A"),
        ({"A.pdf": b"Lettre"}, "neither a PDF nor a picture: A.pdf"),
    ],
)
def test_a_sample_that_nobody_could_look_at_or_of_no_message_is_refused(
    make_kit: Callable[[kits.Kit], Path], files: dict[str, bytes], told: str
) -> None:
    folder = make_kit(kits.PLAIN)
    (folder / "samples").mkdir()
    for name, content in files.items():
        (folder / "samples" / name).write_bytes(content)
    with pytest.raises(KitUnreadable, match=re.escape(told)):
        read_kit(folder)


@pytest.mark.parametrize(
    ("tiers", "told"),
    [
        ("[[approval_tiers]]\nsignatures = 3\n", "3 signatures, and the kit has 2 approvers who may sign"),
        (f"{TIER}1.00\nsignatures = 1\n", "policy lets nobody approve"),
    ],
)
def test_a_budget_that_too_few_may_sign_ends_the_play_with_a_sentence(
    make_kit: Callable[[kits.Kit], Path], tmp_path: Path, tiers: str, told: str
) -> None:
    folder = make_kit(kits.PLAIN)
    brief = folder / "campaign.toml"
    brief.write_text(brief.read_text(encoding="utf-8").replace("[dedupe]", f"{tiers}[dedupe]", 1), encoding="utf-8")

    done = jalon("play", folder, "--out", tmp_path / "out", "--until", "order", "--in-process")

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert told in done.stderr


def test_a_wrong_kit_leaves_no_folder_behind(make_kit: Callable[[kits.Kit], Path], tmp_path: Path) -> None:
    folder = make_kit(kits.PLAIN)
    (folder / "plan.csv").unlink()
    done = jalon("play", folder, "--out", tmp_path / "out", "--in-process")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")] == done.stderr.splitlines()
    assert not (tmp_path / "out").exists()
