"""The arrows between the rooms: imports run one way only. Each contract is a sentence in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

from app.portals import PORTALS
from tests.architecture.tree import ROOMS, ROOT, imports, modules
from workflows.campaign.states import CampaignState

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def contract(name: str) -> dict[str, list[str]]:
    return next(one for one in CONTRACTS if one["id"] == name)


def test_every_contract_is_kept() -> None:
    # In a process of its own: here it would silence every logger that there is, for all tests that follow.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_are_named_as_sentences() -> None:
    assert [one["name"] for one in CONTRACTS if len(one["name"].split()) < 5] == []


def test_no_audience_is_left_out_of_their_contract() -> None:
    assert sorted(contract("audiences")["modules"]) == sorted(portal.package for portal in PORTALS)


def test_the_command_line_alone_stands_above_the_arrow() -> None:
    above = [path for path, module in modules("app") if any(name.split(".")[0] == "tasks" for name in imports(module))]

    assert above == ["app/cli.py"]
    assert all(one.startswith(("app.cli ", "app.cli.**")) for one in contract("arrow")["ignore_imports"])


def test_only_the_engine_s_machine_imports_the_state_machine_library() -> None:
    users = [path for path, module in modules() if any(name.split(".")[0] == "transitions" for name in imports(module))]

    assert users == ["workflows/engine/machine.py"]


def test_the_engine_knows_no_word_of_the_trade() -> None:
    """Neither by import nor by name: it could move anything."""
    words = [f"CampaignState.{state.name}" for state in CampaignState] + ["PlanLine", "PurchaseOrder", "DeliveredFile", "merge_purge"]
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "workflows/engine").glob("*.py")}

    assert [(name, word) for name, source in sources.items() for word in words if word in source] == []


def test_imports_are_absolute_and_of_known_rooms() -> None:
    strangers = [
        (path, name)
        for path, module in modules(*ROOMS)
        for name in imports(module)
        if name.split(".")[0] in ("tests", "bench", "demo", "migrations")
    ]

    assert strangers == []
