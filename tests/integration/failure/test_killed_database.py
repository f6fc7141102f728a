"""A durable database that is killed in the middle of the work: what was answered is there whole, what was not left nothing."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.database import Database, upgrade
from app.embedded import EmbeddedPostgres, temporary_folder
from app.settings import Settings
from tests.integration.papers.journey import Journey
from workflows.campaign.model import Campaign
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as made:
        yield made


@contextmanager
def durable(folder: Path) -> Iterator[tuple[EmbeddedPostgres, Database]]:
    with EmbeddedPostgres(folder) as server:
        upgrade(server.owner_url)
        database = Database(Settings.from_env({"DATABASE_URL": server.app_url, "JALON_DATA_DIR": str(folder)}))
        yield server, database
        database.close()


def kill(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)


def left(database: Database) -> tuple[str, int, int, int]:
    """The campaign's state and place in its chain, its user tasks and its requested work."""
    with database.reading(SYSTEM) as session:
        campaign = session.exec(select(Campaign)).one()
        chain = session.exec(select(Checkpoint.sha256).order_by(col(Checkpoint.seq))).all()
        assert (len(chain), chain[-1]) == (campaign.chain_seq, campaign.chain_head)
        tasks, messages = (len(session.exec(select(table.id)).all()) for table in (UserTask, OutboxMessage))
        return campaign.state, campaign.chain_seq, tasks, messages


def play(database: Database, finish: Callable[[Session], None] | None = None) -> Journey:
    journey = Journey(database)
    command = SubmitPlan(subject_id=journey.campaign_id)
    journey.door.execute_all([command], actor=journey.manager, now=journey.now, finish=finish)
    return journey


def test_an_acknowledged_move_survives_a_killed_database_whole(folder: Path) -> None:
    with durable(folder) as (server, database):
        play(database)
        before = left(database)
        kill(server)

    with durable(folder) as (_, database):
        assert left(database) == before
    assert before[0] == "negotiation"


def test_a_move_that_was_cut_off_by_the_killed_database_left_nothing(folder: Path) -> None:
    found = []
    with durable(folder) as (server, database):

        def cut(_session: Session) -> None:
            found.append(left(database))
            kill(server)

        with pytest.raises(DBAPIError):
            play(database, cut)

    with durable(folder) as (_, database):
        assert [left(database)] == found
    assert found[0][0] == "plan"
