"""One play of the demonstration's kit, through Redis and a worker, for all who look at it; and kits made to measure."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import kits
from tests.integration.play.left import Play

ROOT = Path(__file__).resolve().parents[3]
KIT = ROOT / "demo" / "automne"
Jalon = Callable[..., subprocess.CompletedProcess[str]]


def jalon_command(*arguments: str | Path) -> list[str]:
    """The command line as a person types it."""
    return [sys.executable, "-m", "app.cli", *map(str, arguments)]


def jalon(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line and wait for it."""
    return subprocess.run(jalon_command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def play_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the play of the kit leaves its files."""
    return tmp_path_factory.mktemp("play") / "out"


@pytest.fixture(scope="session")
def play_command(play_folder: Path) -> subprocess.CompletedProcess[str]:
    """The command that plays the kit from brief to results, and what it told."""
    done = jalon("play", KIT, "--out", play_folder)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def played(play_command: subprocess.CompletedProcess[str], play_folder: Path) -> Play:
    """The kit, played from brief to results."""
    return Play(KIT, play_folder)


@pytest.fixture
def make_kit(tmp_path: Path) -> Callable[[kits.Kit], Path]:
    """Writes a kit beside the simulator, as the demonstration's stands."""
    shutil.copy(ROOT / "demo" / "simulate.py", tmp_path)

    def make(kit: kits.Kit) -> Path:
        return kits.write(kit, tmp_path / "kit")

    return make
