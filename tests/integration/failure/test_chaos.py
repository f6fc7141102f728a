"""Whatever is killed, nothing that was promised is lost and nothing is done twice: three seeds of `./dev bench chaos`.

The runs are processes of their own, so that nothing of what they kill is shared with other tests.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_or_doubled_while_everything_is_killed(seed: int) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench.chaos", "--first", str(seed), "--seeds", "1", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    (told,) = json.loads(run.stdout.splitlines()[-1])
    assert (told["lost"], told["doubled"], told["faults"]) == (0, 0, [])
    assert told["moves"] > 2
    assert told["letters"] > 0
