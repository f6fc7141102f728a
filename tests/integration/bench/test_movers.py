"""The movers of the benches do what they are timed for: each flow goes through its ten stages and leaves what a move leaves."""

from contextlib import closing
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from app.database import Database
from app.settings import Settings
from bench._turns import STAGES
from bench.movers import by_hand, jalon
from tests.databases import DatabaseUrls
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM


def left(database: Database, advertiser_id: UUID) -> dict[str, list[str]]:
    """States of the advertiser's campaigns and user tasks, its moves and what they asked of machines."""
    with database.reading(SYSTEM) as session:
        campaigns = session.exec(select(Campaign.state).where(Campaign.advertiser_id == advertiser_id)).all()
        tasks = session.exec(select(UserTask.state).where(UserTask.advertiser_id == advertiser_id)).all()
        moves = session.exec(select(Checkpoint.event).where(Checkpoint.advertiser_id == advertiser_id)).all()
        asked = session.exec(select(OutboxMessage.name).where(OutboxMessage.advertiser_id == advertiser_id)).all()
    done = [event for event in moves if event.endswith(".done")]
    return {"campaigns": list(campaigns), "tasks": list(tasks), "moves": sorted(done), "asked": list(asked)}


def test_our_mover_and_the_one_by_hand_leave_the_same(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    settings = Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)})
    with closing(Database(settings)) as database:
        ours, theirs = jalon.Mover(database), by_hand.Mover(database_urls.owner)
        with closing(theirs.connection):
            for mover in (ours, theirs):
                flows = mover.prepare(2)
                for _ in range(STAGES):
                    for flow in flows:
                        mover.move(flow)

        assert left(database, ours.advertiser_id) == left(database, theirs.advertiser_id)
        assert left(database, ours.advertiser_id)["campaigns"] == ["done", "done"]
        assert left(database, ours.advertiser_id)["tasks"] == ["done"] * 2 * STAGES
