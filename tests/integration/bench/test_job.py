"""The service tasks that are timed wait for a worker like any other."""

from contextlib import closing
from pathlib import Path

from sqlmodel import select

from app.database import Database
from app.settings import Settings
from bench.job import ask
from bench.movers.jalon import Mover
from tests.databases import DatabaseUrls
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM


def test_as_many_tasks_wait_as_were_asked_for(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    settings = Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)})
    with closing(Database(settings)) as database:
        (campaign_id,) = Mover(database).prepare(1)

        with database.writing(SYSTEM) as session:
            ask(session, campaign_id, 3)

        with database.reading(SYSTEM) as session:
            asked = session.exec(select(OutboxMessage).where(OutboxMessage.name == "nothing")).all()
            assert [(one.campaign_id, one.state) for one in asked] == [(campaign_id, "pending")] * 3
