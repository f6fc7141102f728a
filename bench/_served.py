"""Processes that serve rounds in turns (see `_turns`), and their figures as ratios. Not for whole commands: `_pairs` is."""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from bench._pairs import ROOT

Round = dict[str, dict[str, float]]
"""The figures of one round, by the name of who served."""


class Server:
    """One process; a line in, a round, a line out."""

    def __init__(self, module: str, python: Path | str, environment: dict[str, str]) -> None:
        self._module = module
        self._process = subprocess.Popen(
            [python, "-c", f"from {module} import main; main()"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, count: int) -> dict[str, float]:
        """Let it serve one round.

        :param count: flows of a mover, or tens of requests of a page.
        :return: milliseconds of CPU each, of the client and of the database's process, and how many a second.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._module} ended before its time")
        told = json.loads(line)
        return {
            "cpu_ms": round(1000 * told["cpu_seconds"] / told["turns"], 3),
            "server_cpu_ms": round(1000 * told["server_cpu_seconds"] / told["turns"], 3),
            "per_second": round(told["turns"] / told["wall_seconds"], 1),
        }

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate()


def ratios(raw: list[Round], ours: str) -> dict[str, Any]:
    """Medians, over rounds, of our figures to each peer's within the round; and of everybody's own figures."""
    found: dict[str, Any] = {}
    for peer in raw[0]:
        for figure, name in (("cpu_ms", "cpu"), ("per_second", "rate")):
            if peer != ours:
                found[f"{name}_ratio_to_{peer}"] = round(statistics.median(one[ours][figure] / one[peer][figure] for one in raw), 3)
    for name in raw[0]:
        found[name] = {figure: round(statistics.median(one[name][figure] for one in raw), 3) for figure in raw[0][name]}
    return found


def tell(result: dict[str, Any], *, as_json: bool) -> None:
    """Print a result for people, and for machines as the last line when they asked."""
    for name, value in result.items():
        if name == "rounds":
            for number, one in enumerate(value, 1):
                print(f"round {number}  " + "   ".join(f"{who} {had['cpu_ms']} ms {had['per_second']}/s" for who, had in one.items()))
        else:
            print(f"{name:>26}  {value}")
    if as_json:
        print(json.dumps(result))
