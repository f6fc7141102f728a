"""PostgreSQL is killed by kill -9 in the middle of people's moves: what was acknowledged is there once, the rest left no trace."""

import os
import signal
import threading
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.database import Database
from app.embedded import EmbeddedPostgres
from app.evidence import check_chain
from app.settings import Settings
from tests.integration.papers.journey import Journey
from tests.patience import PATIENCE_SECONDS, wait_until
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.idempotency import IdempotencyKey
from workflows.parties.actor import SYSTEM

STAGES = ("send", "responses", "analysis")
EVENT = "campaign.responsibility.assigned"


class Clerk(threading.Thread):
    """Makes one move after the other, and asks again under the same key for as long as the database does not answer."""

    def __init__(self, journey: Journey, stage: str, enough: threading.Event) -> None:
        super().__init__(daemon=True)
        self._journey, self._enough = journey, enough
        self._command = AssignResponsibility(subject_id=journey.campaign_id, stage=stage, person_id=journey.manager.person_id)
        self.answered: dict[str, int] = {}
        self.repeats = 0

    def run(self) -> None:
        while not self._enough.is_set():
            self._insist(uuid4().hex)

    def _insist(self, key: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                self.answered[key] = self._journey.door.execute(self._command, actor=self._journey.manager, key=key).seq
            except DBAPIError:
                self.repeats += 1
                self._enough.wait(0.02)
            else:
                return


def kill(server: EmbeddedPostgres) -> None:
    """End the server without a word of warning."""
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.pid is None)
    server.stop()


def test_an_acknowledged_move_survives_postgres_being_killed_and_every_other_left_no_trace(
    own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    settings = Settings.from_env({"DATABASE_URL": own_postgres.app_url, "JALON_DATA_DIR": str(tmp_path)})
    with closing(Database(settings)) as database:
        journey, enough = Journey(database), threading.Event()
        clerks = [Clerk(journey, stage, enough) for stage in STAGES]
        for clerk in clerks:
            clerk.start()
        for killed in (1, 2):
            seen = [len(clerk.answered) for clerk in clerks]
            wait_until(lambda seen=seen: all(len(clerk.answered) >= before + 4 for clerk, before in zip(clerks, seen, strict=True)))
            kill(own_postgres)
            wait_until(lambda killed=killed: sum(clerk.repeats for clerk in clerks) >= killed)
            own_postgres.start()
        seen = [len(clerk.answered) for clerk in clerks]
        wait_until(lambda: all(len(clerk.answered) > before for clerk, before in zip(clerks, seen, strict=True)))
        enough.set()
        for clerk in clerks:
            clerk.join(PATIENCE_SECONDS)

        promised = {key: seq for clerk in clerks for key, seq in clerk.answered.items()}
        with database.reading(SYSTEM) as session:
            made = list(session.exec(select(Checkpoint.seq).where(Checkpoint.event == EVENT)))
            keys = set(session.exec(select(IdempotencyKey.key)))
            fault = check_chain(session, session.get_one(Campaign, journey.campaign_id), tmp_path).fault

    assert sum(clerk.repeats for clerk in clerks) >= 2, "both deaths were felt"
    assert sorted(promised.values()) == sorted(made), "every acknowledged move is there once, and no other"
    assert keys == promised.keys()
    assert fault == ""
