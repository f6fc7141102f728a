"""What a job costs: a service task that does nothing, by our worker, against a function that does nothing, by RQ's own worker; in turns.

Ours claims its row, keeps a heartbeat, and brings its effect and `done` home in one durable transaction; the relay's thread is counted too.
It works twice: as it started, and with WeasyPrint in memory, which it loads when its first document comes and holds from then on.
Both fork a process for each job. CPU is user and system time of the worker and its children, without the worker's start.
`--rounds N`, `--jobs N`, `--json`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import redis
from rq import Queue
from sqlalchemy import text
from sqlmodel import Session

from app.database import Database, upgrade
from app.embedded import EmbeddedPostgres, EmbeddedValkey, temporary_folder
from app.outbox.relay import Relay
from app.settings import Settings
from bench._pairs import ROOT
from bench.movers.jalon import Mover
from bench.workers.bare import QUEUE
from bench.workers.nothing import nothing
from workflows.campaign.model import Campaign
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

_DONE = text("select count(*) from outbox_message where name = 'nothing' and state = 'done'")


def ask(session: Session, campaign_id: UUID, jobs: int) -> None:
    """Ask for so many service tasks that do nothing, as a campaign does."""
    now = datetime.now(UTC)
    asked = {"campaign_id": campaign_id, "advertiser_id": session.get_one(Campaign, campaign_id).advertiser_id}
    about = {"subject_kind": "bench", "subject_id": campaign_id, "name": "nothing", "payload": {}, "requested_seq": 1}
    session.add_all(OutboxMessage(**asked, **about, not_before=now, created_at=now) for _ in range(jobs))
    session.flush()


def _work(worker: Sequence[str], environment: dict[str, str], jobs: int) -> float:
    """Let a worker empty its queue; returns milliseconds of CPU a job."""
    told = subprocess.run(
        [sys.executable, "-m", *worker],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return round(1000 * json.loads(told.stdout.splitlines()[-1])["cpu_seconds"] / jobs, 3)


def measure(*, rounds: int, jobs: int) -> dict[str, Any]:
    """Rounds in turns, after one to warm up; medians of the ratios within each round."""
    with temporary_folder() as folder, EmbeddedPostgres(folder) as postgres, EmbeddedValkey(folder) as valkey:
        upgrade(postgres.owner_url)
        environment = {"DATABASE_URL": postgres.app_url, "REDIS_URL": valkey.url, "JALON_DATA_DIR": str(folder / "data")}
        database = Database(Settings.from_env(environment))
        relay = Relay(database, valkey.url)
        (campaign_id,) = Mover(database).prepare(1)
        bare = Queue(QUEUE, connection=redis.Redis.from_url(valkey.url))

        def ours(count: int, *arguments: str) -> float:
            with database.writing(SYSTEM) as session:
                before = session.connection().execute(_DONE).scalar_one()
                ask(session, campaign_id, count)
            while relay.send():
                pass
            spent = _work(("bench.workers.ours", *arguments), environment, count)
            with database.reading(SYSTEM) as session:
                done = session.connection().execute(_DONE).scalar_one() - before
            if done != count:
                raise SystemExit(f"{done} of {count} jobs were done")
            return spent

        def one(count: int) -> tuple[float, float, float]:
            for _ in range(count):
                bare.enqueue(nothing)
            return ours(count), ours(count, "drawing"), _work(("bench.workers.bare",), environment, count)

        one(5)
        turns = [one(jobs) for _ in range(rounds)]
        database.close()
    return {
        "bench": "job",
        "cpu_ratio": round(statistics.median(started / theirs for started, _, theirs in turns), 2),
        "cpu_ratio_drawing": round(statistics.median(drawing / theirs for _, drawing, theirs in turns), 2),
        "cpu_ms": statistics.median(started for started, _, _ in turns),
        "cpu_ms_drawing": statistics.median(drawing for _, drawing, _ in turns),
        "peer_cpu_ms": statistics.median(theirs for _, _, theirs in turns),
        "jobs_per_round": jobs,
        "rounds": [list(turn) for turn in turns],
    }


def main() -> None:
    """Measure, and print for people and for machines."""
    parser = argparse.ArgumentParser(prog="./dev bench job", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    result = measure(rounds=asked.rounds, jobs=asked.jobs)
    for name, value in result.items():
        print(f"{name:>18}  {value}")
    if asked.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
