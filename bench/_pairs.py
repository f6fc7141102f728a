"""Runs two commands in turn as whole processes and compares their CPU seconds pair by pair. Not for timing a function."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One process: CPU seconds of it and its children, and its peak memory in MB."""

    cpu_seconds: float
    peak_mb: float


def measure(command: list[str]) -> Run:
    """Run a command to its end.

    :raises SystemExit: when it fails.
    """
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(name: str, ours: list[str], theirs: list[str], *, rounds: int = 5) -> dict[str, object]:
    """Interleave both commands after one warm-up each; returns medians, the ratio of CPU, and the raw rounds."""
    measure(ours)
    measure(theirs)
    pairs = [(measure(ours), measure(theirs)) for _ in range(rounds)]
    ratios = [mine.cpu_seconds / other.cpu_seconds for mine, other in pairs]
    return {
        "bench": name,
        "cpu_ratio": round(statistics.median(ratios), 2),
        "cpu_seconds": round(statistics.median(mine.cpu_seconds for mine, _ in pairs), 2),
        "peer_cpu_seconds": round(statistics.median(other.cpu_seconds for _, other in pairs), 2),
        "peak_mb": round(max(mine.peak_mb for mine, _ in pairs)),
        "rounds": [[round(mine.cpu_seconds, 3), round(other.cpu_seconds, 3)] for mine, other in pairs],
    }


def report(result: dict[str, object]) -> None:
    """Print a result for people, and as the last line for machines when `--json` was asked for."""
    for name, value in result.items():
        print(f"{name:>18}  {value}")
    if "--json" in sys.argv:
        print(json.dumps(result))
