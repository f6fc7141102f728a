"""Our own mover: the flow of ten stages through the one door, by a person with rights, under row-level security.

`--where` samples where the CPU goes instead (see `_where`).
"""

import sys
import time
import uuid
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import text

from app.clock import SystemClock
from app.database import Database
from app.execute import Door
from app.parties import grant, register_advertiser, register_person
from app.security.people import PeopleInDatabase
from app.settings import Settings
from bench._turns import STAGES, serve
from bench.movers._where import Sampler
from bench.movers.flow import REGISTRY, DoTheWork, begin
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role


class Mover:
    """A project manager of one advertiser, at the door."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.door = Door(database, SystemClock(), registry=REGISTRY)
        self.actor, self.advertiser_id = self._hire()

    def _hire(self) -> tuple[Actor, UUID]:
        name = uuid.uuid4().hex
        with self.database.writing(SYSTEM) as session:
            advertiser = register_advertiser(session, name=name)
            person = register_person(
                session, email=f"{name}@example.org", name="M. Bench", locale="fr", password=None, now=datetime.now(UTC)
            )
            grant(session, person.id, advertiser.id, Role.PROJECT_MANAGER)
            ids = person.id, advertiser.id
        found = PeopleInDatabase(self.database, SystemClock()).by_id(ids[0])
        assert found is not None, "somebody was hired"
        return found.actor, ids[1]

    def prepare(self, count: int) -> list[UUID]:
        """Open so many flows."""
        begun = (self.door.execute(begin(self.advertiser_id, uuid.uuid4().hex[:20]), actor=self.actor) for _ in range(count))
        return [outcome.subject.id for outcome in begun]

    def move(self, campaign_id: UUID) -> None:
        """Do the open user task of a flow."""
        self.door.execute(DoTheWork(subject_id=campaign_id), actor=self.actor)


def main() -> None:
    """Serve rounds, or say where the time of one goes."""
    with TemporaryDirectory() as folder:
        settings = Settings.from_env(JALON_DATA_DIR=folder)
    mover = Mover(Database(settings))
    if "--where" in sys.argv:
        flows = mover.prepare(int(sys.argv[-1]))
        sampler = Sampler()
        spent = time.process_time()
        with sampler:
            for _ in range(STAGES):
                for flow in flows:
                    mover.move(flow)
        sampler.tell(time.process_time() - spent, STAGES * len(flows))
        return
    with mover.database.engine.connect() as connection:
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
    serve(mover.prepare, mover.move, backend_pid=pid)


if __name__ == "__main__":
    main()
