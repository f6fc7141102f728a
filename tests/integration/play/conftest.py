"""One play of the demonstration's kit, through Redis and a worker, for all who look at it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.play.check import Played

ROOT = Path(__file__).resolve().parents[3]
KIT = ROOT / "demo" / "automne"


def jalon(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would."""
    command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The kit, played from brief to results."""
    out = tmp_path_factory.mktemp("play") / "out"
    done = jalon("play", KIT, "--out", out)
    assert done.returncode == 0, done.stderr
    return Played(KIT, out)
