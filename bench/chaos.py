"""Moves through the API while web, relay, workers, Redis and PostgreSQL are killed at random: what is lost, what is done twice.

For each seed: a durable PostgreSQL, a Redis, a web server, two workers (each carries a relay) and an SMTP server, all of our own, and two
campaigns that people push back and forth under Idempotency-Keys, repeating what fails. Each seed kills the web server, a worker, a worker
with its job, PostgreSQL at once and with kill -9, and flushes and kills Redis, which comes back empty, in an order of its own. Then all
settles, and is audited. `--seeds N`, `--first N`, `--json`. The exit status is 1 when anything was lost or doubled.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import redis
from aiosmtpd.controller import Controller
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.api.tokens import make_token
from app.clock import SystemClock
from app.database import Database, upgrade
from app.embedded import EmbeddedPostgres, EmbeddedValkey, temporary_folder
from app.execute import Door
from app.intake.kit import Kit, read_kit
from app.play.cast import Cast, register
from app.play.contracts import unsigned_contracts
from app.security.people import PeopleInDatabase
from app.settings import Settings
from bench._pairs import ROOT
from bench.disturbed.audit import audit
from bench.disturbed.people import Office
from bench.disturbed.processes import Supervised, free_port
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetVersion
from workflows.campaign.stages.negotiation import AgreeTerms, RecordConsent
from workflows.campaign.stages.plan import OpenCampaign, SubmitPlan
from workflows.parties.actor import SYSTEM, Actor

KIT = ROOT / "demo" / "automne"
CAMPAIGNS = 2
LISTS = 2
WORKERS = 2
PAUSE_SECONDS = (0.3, 1.0)
SETTLE_SECONDS = 120.0
_OPEN = text("select count(*) from outbox_message where state in ('pending', 'queued', 'running') and name <> 'remind_orders'")


class Letters:
    """Takes every e-mail, and keeps its Message-ID."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"].strip())
        return "250 taken"


class Town:
    """One seed's servers, processes and people."""

    def __init__(self, seed: int, folder: Path, stack: ExitStack) -> None:
        self.chance = random.Random(seed)
        self.postgres, self.valkey = EmbeddedPostgres(folder), EmbeddedValkey(folder, sync=False)
        for server in (self.postgres, self.valkey):
            server.start()
            stack.callback(server.stop)
        upgrade(self.postgres.owner_url)
        self.letters = Letters()
        post = Controller(self.letters, hostname="127.0.0.1", port=free_port())
        post.start()
        stack.callback(post.stop)
        port = free_port()
        self.settings = Settings.from_env(
            {
                "DATABASE_URL": self.postgres.app_url,
                "REDIS_URL": self.valkey.url,
                "SMTP_URL": f"smtp://127.0.0.1:{post.port}",
                "JALON_DATA_DIR": str(folder / "data"),
                "JALON_WORKER_LEASE_SECONDS": "2",
            }
        )
        self.database = Database(self.settings)
        stack.callback(self.database.close)
        self.campaigns, self.office = self._found(port)
        surroundings = self.settings.child_environment()
        self.web = Supervised(["web", "--port", str(port)], surroundings, folder / "web.log")
        stack.callback(self.web.end)
        self.workers = []
        for number in range(WORKERS):
            self.workers.append(Supervised(["worker"], surroundings, folder / f"worker-{number}.log"))
            stack.callback(self.workers[-1].end)

    def _found(self, port: int) -> tuple[list[UUID], Office]:
        """Campaigns in negotiation with settled lists, and tokens for those who go on with them."""
        kit = read_kit(KIT)
        cast = register(self.database, kit, now=SystemClock().now())
        campaigns = [self._open(kit, cast, f"C{number}") for number in range(CAMPAIGNS)]
        office = Office(port, self._token(cast.manager), self._token(cast.approvers[-1]), self.budget_of)
        return campaigns, office

    def _open(self, kit: Kit, cast: Cast, code: str) -> UUID:
        kept = [row.code for row in kit.brief.lists][:LISTS]
        brief = replace(
            kit.brief,
            lists=tuple(row for row in kit.brief.lists if row.code in kept),
            plan=tuple(row for row in kit.brief.plan if row.list_code in kept),
        )
        door = Door(self.database, SystemClock())
        campaign = door.execute(
            OpenCampaign(subject_id=cast.advertiser_id, campaign_code=code, brief=brief), actor=cast.manager
        ).campaign_id
        door.execute(SubmitPlan(subject_id=campaign), actor=cast.manager)
        with self.database.reading(SYSTEM) as session:
            facts = CampaignFacts(session, session.get_one(Campaign, campaign))
            lists, contracts = [row.id for row in facts.live_lists], unsigned_contracts(facts, facts.campaign.today(SystemClock().now()))
        for contract in contracts:
            door.execute(contract, actor=cast.manager)
        for list_id in lists:
            door.execute(AgreeTerms(subject_id=campaign, list_id=list_id), actor=cast.manager)
            door.execute(RecordConsent(subject_id=campaign, list_id=list_id), actor=cast.manager)
        return campaign

    def _token(self, actor: Actor) -> str:
        assert actor.person_id is not None
        person = PeopleInDatabase(self.database, SystemClock()).by_id(actor.person_id)
        assert person is not None, "somebody was registered"
        with self.database.writing(SYSTEM) as session:
            return make_token(session, actor.person_id, name="chaos", fingerprint=person.fingerprint, now=SystemClock().now())

    def budget_of(self, campaign_id: UUID) -> str:
        """The hash of the budget that waits."""

        def read(session: Session) -> str:
            statement = select(BudgetVersion.sha256).where(BudgetVersion.campaign_id == campaign_id, col(BudgetVersion.to_seq).is_(None))
            return session.exec(statement).one()

        return self.insist(read)

    def insist(self, read: Callable[[Session], Any]) -> Any:
        """Read, and wait for the database where it is away."""
        while True:
            try:
                with self.database.reading(SYSTEM) as session:
                    return read(session)
            except Exception:
                if self.postgres.pid is not None and time.monotonic() > self.deadline:
                    raise
                time.sleep(0.1)

    # --- what goes wrong -----------------------------------------------------------------------------------------------------------

    def kill_web(self) -> None:
        self.web.kill()

    def kill_worker(self) -> None:
        self.chance.choice(self.workers).kill()

    def kill_worker_and_job(self) -> None:
        self.chance.choice(self.workers).kill(with_jobs=True)

    def flush_redis(self) -> None:
        with redis.Redis.from_url(self.valkey.url) as client:
            client.flushall()

    def kill_redis(self) -> None:
        _end(self.valkey, signal.SIGKILL)
        time.sleep(self.chance.uniform(*PAUSE_SECONDS))
        self.valkey.start()

    def stop_postgres(self) -> None:
        _end(self.postgres, signal.SIGQUIT)
        self.postgres.start()

    def kill_postgres(self) -> None:
        _end(self.postgres, signal.SIGKILL)
        self.postgres.start()

    def disturb(self) -> None:
        """Everything once, in an order of this seed's, and one of them again."""
        kinds = [
            *(self.kill_web, self.kill_worker, self.kill_worker_and_job),
            *(self.flush_redis, self.kill_redis, self.stop_postgres, self.kill_postgres),
        ]
        self.chance.shuffle(kinds)
        for act in [*kinds, self.chance.choice(kinds)]:
            time.sleep(self.chance.uniform(*PAUSE_SECONDS))
            self.keep_alive()
            act()

    def keep_alive(self) -> None:
        """Start again what died."""
        for process in (self.web, *self.workers):
            process.keep_alive()

    # --- one run ---------------------------------------------------------------------------------------------------------------------

    def run(self) -> tuple[dict[str, int], list[str]]:
        """Disturb, let settle, audit."""
        self.deadline = time.monotonic() + SETTLE_SECONDS
        began = {str(one): self.insist(lambda session, one=one: session.get_one(Campaign, one).chain_seq) for one in self.campaigns}
        enough = threading.Event()
        people = [threading.Thread(target=self.office.work, args=(one, enough), daemon=True) for one in self.campaigns]
        for one in people:
            one.start()
        while not self.office.answered and time.monotonic() < self.deadline:
            time.sleep(0.05)
        self.disturb()
        enough.set()
        self.deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < self.deadline and (any(one.is_alive() for one in people) or self._work_is_open()):
            self.keep_alive()
            time.sleep(0.1)
        counts, faults = self.insist(lambda session: audit(session.connection(), self.office.answered, self.letters.taken, began=began))
        unanswered = sum(one.is_alive() for one in people) + len(self.office.faults)
        counts["repeats"] = self.office.repeats
        counts["lost"] += unanswered
        return counts, [*faults, *self.office.faults]

    def _work_is_open(self) -> bool:
        return bool(self.insist(lambda session: session.connection().execute(_OPEN).scalar_one()))


def _end(server: EmbeddedPostgres | EmbeddedValkey, how: signal.Signals) -> None:
    """End a server that was started here, without a word of warning."""
    pid = server.pid
    assert pid is not None, "it was running"
    os.kill(pid, how)
    while server.pid is not None:
        time.sleep(0.01)
    server.stop()


def _complaints(log: Path) -> list[str]:
    """The errors a process wrote down, the last ones."""
    return [line for line in log.read_text(errors="replace").splitlines() if "Error" in line or "Exception" in line][-8:]


def one_seed(seed: int) -> dict[str, Any]:
    """One town, from its founding to its audit."""
    began = time.monotonic()
    with temporary_folder() as folder, ExitStack() as stack:
        counts, faults = Town(seed, folder, stack).run()
        if faults:
            faults += [f"{path.name}: {line}" for path in folder.glob("*.log") for line in _complaints(path)]
    return {"seed": seed, "seconds": round(time.monotonic() - began, 1), **counts, "faults": faults}


def main() -> None:
    """Run the seeds, and print for people and for machines."""
    parser = argparse.ArgumentParser(prog="./dev bench chaos", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    results = []
    columns = ("seed", "seconds", "moves", "repeats", "jobs", "runs", "letters", "copies", "lost", "doubled")
    print("  ".join(f"{name:>8}" for name in columns), flush=True)
    for seed in range(asked.first, asked.first + asked.seeds):
        result = one_seed(seed)
        results.append(result)
        print("  ".join(f"{result[name]:>8}" for name in columns), flush=True)
        for fault in result["faults"]:
            print(f"          {fault}", flush=True)
    if asked.json:
        print(json.dumps(results))
    sys.exit(any(one["faults"] or one["lost"] or one["doubled"] for one in results))


if __name__ == "__main__":
    main()
