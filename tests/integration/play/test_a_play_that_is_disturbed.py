"""What must not change a play: the way its machines run, and a worker that is killed while it works."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.disturbed.processes import children
from tests import kits
from tests.integration.play import result_check
from tests.integration.play.conftest import KIT, ROOT, jalon, jalon_command
from tests.integration.play.left import Play
from tests.patience import PATIENCE_SECONDS

SAME = ("budget.json", "dedupe", "lots", "net", "responses", "statements")


def files_of(out: Path) -> dict[str, bytes]:
    """What two plays of a kit leave alike, by name. Documents and evidence hold identities of the one play."""
    found = [path for name in SAME for path in ([out / name] if (out / name).is_file() else (out / name).rglob("*"))]
    return {str(path.relative_to(out)): path.read_bytes() for path in found if path.is_file()}


def figures_of(result: dict[str, object]) -> dict[str, object]:
    """The result without the hash of its history, which names the one play's rows."""
    return {name: value for name, value in result.items() if name != "checkpoints"}


def test_a_second_play_without_a_queue_leaves_the_same(played: Play, tmp_path: Path) -> None:
    done = jalon("play", KIT, "--out", tmp_path / "out", "--in-process")
    assert done.returncode == 0, done.stderr
    again = Play(KIT, tmp_path / "out")
    assert figures_of(again.result) == figures_of(played.result)
    assert again.result["checkpoints"]["count"] == played.result["checkpoints"]["count"]
    assert files_of(again.out) == files_of(played.out)
    names = [{path.name for path in (play.out / "documents").iterdir()} for play in (again, played)]
    assert names[0] == names[1]


def test_a_worker_killed_with_all_its_children_in_the_middle_of_the_dedupe_changes_nothing(
    make_kit: Callable[[kits.Kit], Path], tmp_path: Path
) -> None:
    kit, out = make_kit(kits.PLAIN), tmp_path / "out"
    environment = os.environ | {"JALON_WORKER_LEASE_SECONDS": "5"}
    with subprocess.Popen(
        jalon_command("play", kit, "--out", out), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        killed = _kill_when_merging(process)
        _, complaints = process.communicate(timeout=PATIENCE_SECONDS)
    assert killed, "the merge-purge was never seen at work"
    assert process.returncode == 0, complaints
    play = Play(kit, out)
    assert {code: {name: play.lists[code][name] for name in counts} for code, counts in kits.expected(kit).items()} == kits.expected(kit)
    assert [fault for check in result_check.CHECKS for fault in check(play)] == []


def _kill_when_merging(process: subprocess.Popen[str]) -> list[int]:
    """Kill the play's worker, the job it forked and the engine that the job started; returns the process ids."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        for worker in children(process.pid):
            family = [worker, *_descendants(worker)]
            if "app.cli worker" in _command(worker) and any("tasks.merge_purge" in _command(one) for one in family):
                for one in family:
                    os.kill(one, signal.SIGKILL)
                return family
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    return []


def _descendants(parent: int) -> Iterator[int]:
    for child in children(parent):
        yield child
        yield from _descendants(child)


def _command(process_id: int) -> str:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
