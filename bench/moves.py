"""What a move costs: ours against viewflow, SpiffWorkflow and a transaction written by hand, in turns, on one PostgreSQL with fsync on.

A move closes one user task and opens the next, in one durable commit; ours also leaves an outbox row and a checkpoint. CPU is user and
system time of the client's process; the database's process is told apart. `--rounds N`, `--flows N` (ten moves each), `--json`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from app.database import upgrade
from app.embedded import EmbeddedPostgres, temporary_folder
from app.embedded.postgres import APP_ROLE, OWNER_ROLE
from bench._pairs import ROOT
from bench._peers import peers_python

MOVERS = ("jalon", "viewflow", "spiff", "by_hand")
PEERS = MOVERS[1:]


class Mover:
    """One mover's process; a line in, a round, a line out."""

    def __init__(self, name: str, python: Path | str, database_url: str) -> None:
        self._process = subprocess.Popen(
            [python, "-c", f"from bench.movers.{name} import main; main()"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": database_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self, flows: int) -> dict[str, float]:
        """Let it move so many flows from beginning to end.

        :return: milliseconds of CPU a move, of the client and of the database's process, and moves a second.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{flows}\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline() or '{"moves": 0}')
        if not told["moves"]:
            raise SystemExit("a mover ended before its time")
        return {
            "cpu_ms": round(1000 * told["cpu_seconds"] / told["moves"], 3),
            "server_cpu_ms": round(1000 * told["server_cpu_seconds"] / told["moves"], 3),
            "moves_per_second": round(told["moves"] / told["wall_seconds"], 1),
        }

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate()


@contextmanager
def databases() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """One durable PostgreSQL with a database for each mover; returns their addresses, and what it says of its durability."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as server:
        urls = {}
        with server.superuser() as connection:
            for name in MOVERS:
                connection.execute(f"create database bench_{name} owner {OWNER_ROLE}".encode())
                urls[name] = server.url(OWNER_ROLE, f"bench_{name}")
            durability = {name: connection.execute(f"show {name}".encode()).fetchone()[0] for name in ("fsync", "synchronous_commit")}
        for name in ("jalon", "by_hand"):
            upgrade(urls[name])
        urls["jalon"] = server.url(APP_ROLE, "bench_jalon")
        yield urls, durability


def measure(*, rounds: int, flows: int) -> dict[str, Any]:
    """Rounds in turns, after one to warm up; medians of the ratios within each round."""
    peers = peers_python()
    with ExitStack() as stack:
        urls, durability = stack.enter_context(databases())
        pythons = {"jalon": sys.executable, "by_hand": sys.executable, "viewflow": peers, "spiff": peers}
        movers = {name: Mover(name, pythons[name], urls[name]) for name in MOVERS}
        for mover in movers.values():
            stack.callback(mover.stop)
        for mover in movers.values():
            mover.round(max(1, flows // 5))
        raw = [{name: mover.round(flows) for name, mover in movers.items()} for _ in range(rounds)]
    return {"bench": "moves", **_ratios(raw), "flows_per_round": flows, **durability, "rounds": raw}


def _ratios(raw: list[dict[str, dict[str, float]]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for peer in PEERS:
        for figure, name in (("cpu_ms", "cpu"), ("moves_per_second", "rate")):
            ratio = statistics.median(one["jalon"][figure] / one[peer][figure] for one in raw)
            found[f"{name}_ratio_to_{peer}"] = round(ratio, 3)
    for mover in MOVERS:
        found[mover] = {figure: statistics.median(one[mover][figure] for one in raw) for figure in raw[0][mover]}
    return found


def where(flows: int) -> dict[str, Any]:
    """Where the CPU of our own move goes."""
    with databases() as (urls, _):
        told = subprocess.run(
            [sys.executable, "-m", "bench.movers.jalon", "--where", str(flows)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": urls["jalon"]},
            stdout=subprocess.PIPE,
            check=True,
        )
    return json.loads(told.stdout)


def main() -> None:
    """Measure, and print for people and for machines."""
    parser = argparse.ArgumentParser(prog="./dev bench moves", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--flows", type=int, default=40, help="flows a round; ten moves each")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    result = measure(rounds=asked.rounds, flows=asked.flows)
    result["where_ms"] = where(asked.flows * 5)["parts_ms"]
    for name, value in result.items():
        if name == "rounds":
            for number, one in enumerate(value, 1):
                told = (f"{mover} {figures['cpu_ms']} ms {figures['moves_per_second']}/s" for mover, figures in one.items())
                print(f"round {number}  {'   '.join(told)}")
        else:
            print(f"{name:>26}  {value}")
    if asked.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
