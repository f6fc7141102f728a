"""What a move costs: ours against viewflow, SpiffWorkflow and a transaction written by hand, in turns, on one PostgreSQL with fsync on.

A move closes one user task and opens the next, in one durable commit; ours also leaves an outbox row and a checkpoint. CPU is user and
system time of the client's process; the database's process is told apart. `--rounds N`, `--flows N` (ten moves each), `--json`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from app.database import upgrade
from app.embedded import EmbeddedPostgres, temporary_folder
from app.embedded.postgres import APP_ROLE, OWNER_ROLE
from bench._pairs import ROOT
from bench._peers import peers_python
from bench._served import Server, ratios, tell

MOVERS = ("jalon", "viewflow", "spiff", "by_hand")


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
        movers = {name: Server(f"bench.movers.{name}", pythons[name], {"DATABASE_URL": urls[name]}) for name in MOVERS}
        for mover in movers.values():
            stack.callback(mover.stop)
        for mover in movers.values():
            mover.round(max(1, flows // 5))
        raw = [{name: mover.round(flows) for name, mover in movers.items()} for _ in range(rounds)]
    return {"bench": "moves", **ratios(raw, "jalon"), "flows_per_round": flows, **durability, "rounds": raw}


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
    tell(result, as_json=asked.json)


if __name__ == "__main__":
    main()
