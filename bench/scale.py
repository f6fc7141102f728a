"""What a merge-purge of drawn files costs by engine: seconds, CPU seconds and peak memory of the whole tree. For ``docs/scale.md``.

``./dev bench scale [RECORDS] [ENGINE ...]``: ``local``, ``spark`` or both. Spark wants what ``./dev test --spark`` installs. Linux only:
the tree (a JVM, its Python workers) is read from ``/proc``, and what a process cost after the last look is lost.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._pairs import ROOT, report
from bench.donors.files import write_files

_EVERY = 0.2
_TICK = os.sysconf("SC_CLK_TCK")
ENGINES = {"local": [], "spark": ["--engine", "spark", "--master", "local[2]"]}


def tree(root: int) -> tuple[float, int]:
    """CPU seconds of a process and all below it, the ended ones that were waited for included, and the bytes they hold.

    A page that several processes share is counted once: a JVM that forks would seem twice as large.
    """
    children: dict[int, list[int]] = {}
    stats: dict[int, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended as we looked
        stats[int(folder.name)] = stat
        children.setdefault(int(stat[1]), []).append(int(folder.name))
    ticks, held, todo = 0, 0, [root]
    while todo:
        process = todo.pop()
        todo += children.get(process, [])
        if process in stats:
            ticks += sum(map(int, stats[process][11:15]))
            held += _held(process)
    return ticks / _TICK, held


def _held(process: int) -> int:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def cost(command: list[str]) -> dict[str, float]:
    """Run a command to its end, looking at its tree all the while.

    :raises SystemExit: when it fails.
    """
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    cpu, peak = 0.0, 0
    while process.poll() is None:
        now, held = tree(process.pid)
        cpu, peak = max(cpu, now), max(peak, held)
        time.sleep(_EVERY)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return {"seconds": round(time.monotonic() - started, 1), "cpu_seconds": round(cpu, 1), "peak_mb": round(peak / 2**20)}


def main(records: int, engines: list[str]) -> None:
    """Run every engine on the same files and report; with two, also whether they left the same decisions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brief = write_files(folder, records, seed=1, density="dense")
        jalon = [str(Path(sys.executable).with_name("jalon")), "merge-purge", str(brief), "--out"]
        for engine in engines:
            found = cost([*jalon, str(folder / engine), *ENGINES[engine]])
            report({"bench": f"scale {engine}", "records": records, **found})
        if len(engines) > 1:
            left = [folder / engine / "decisions.parquet" for engine in engines]
            report({"bench": "scale", "same decisions": all(filecmp.cmp(left[0], one, shallow=False) for one in left[1:])})


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(int(given[0]) if given else 100_000, given[1:] or list(ENGINES))
