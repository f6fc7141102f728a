"""The inbox that is timed stands among as many user tasks as were asked for, and holds the rows that it is to show."""

from pathlib import Path
from uuid import UUID

from sqlmodel import col, func, select

from app.database import Database
from app.settings import Settings
from bench.inbox import OF_ONE, fill
from bench.pages._asking import ROWS
from tests.databases import DatabaseUrls
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Membership

TASKS = 4_000


def test_the_inbox_is_filled_with_its_rows_among_those_of_others(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    person_id = UUID(fill(database_urls.owner, TASKS))

    database = Database(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}))
    with database.reading(SYSTEM) as session:
        ours = session.exec(select(Membership.advertiser_id).where(Membership.person_id == person_id)).one()
        waiting = select(func.count()).where(UserTask.advertiser_id == ours, col(UserTask.state) == "open")
        assert session.exec(waiting).one() == ROWS
        assert TASKS - OF_ONE <= session.exec(select(func.count()).select_from(UserTask)).one() <= TASKS
    database.close()
