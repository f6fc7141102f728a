"""Redis is flushed, stopped, or killed and started again empty: moves go on meanwhile, and all the work they asked for is done, once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlmodel import col

from app.embedded import EmbeddedValkey
from app.execute import Door
from app.outbox.nudge import RedisNudge
from app.outbox.relay import QUEUE, Relay
from app.settings import Settings
from tasks import jobs
from tests.integration.stages.played import Played
from workflows.campaign.stages.negotiation import ReturnToPlan
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage


class Office:
    """A campaign with its door, its relay and a worker, all at one Redis."""

    def __init__(self, campaign: Played, server: EmbeddedValkey, folder: Path) -> None:
        self.campaign, self.server = campaign, server
        given = {"DATABASE_URL": campaign.urls.app, "JALON_DATA_DIR": str(folder), "REDIS_URL": server.url}
        self.machine = jobs.Machine(Settings.from_env(given))
        self.door = Door(campaign.database, campaign.door.clock, RedisNudge(server.url))
        self.relay = Relay(self.machine.database, server.url)

    def push(self) -> None:
        """Submit the plan, which asks for a document, and take it back."""
        head = {"subject_id": self.campaign.campaign_id}
        self.door.execute(SubmitPlan(**head), actor=self.campaign.manager, now=self.campaign.now)
        self.door.execute(ReturnToPlan(**head, reason="Encore."), actor=self.campaign.manager, now=self.campaign.now)

    def flush(self) -> None:
        """Forget everything, and answer on."""
        with redis.Redis.from_url(self.server.url) as connection:
            connection.flushall()

    def go_away(self) -> None:
        """Stop in good order."""
        self.server.stop()

    def die(self) -> None:
        """End without a word."""
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.server.stop()

    def come_back(self) -> None:
        """Answer again, and know nothing."""
        if self.server.pid is None:
            self.server.start()

    def lose_patience(self) -> None:
        """What waiting for a job that Redis lost comes to."""
        with self.campaign.behind_the_engine() as connection:
            connection.execute("update outbox_message set lease_until = now() - interval '1 second' where state = 'queued'")

    def work(self) -> None:
        """What a worker does with the queue as it stands."""
        with redis.Redis.from_url(self.server.url) as connection:
            for job in Queue(QUEUE, connection=connection, serializer=JSONSerializer).jobs:
                jobs.run(self.machine, UUID(job.args[0]))


@pytest.fixture
def office(played: Callable[[str], Played], own_valkey: EmbeddedValkey, tmp_path: Path) -> Iterator[Office]:
    campaign = played("plan")
    campaign.door.set_calendar(campaign.campaign_id, campaign.now)
    made = Office(campaign, own_valkey, tmp_path)
    with closing(made.machine.database):
        yield made


@pytest.mark.parametrize("trouble", [Office.flush, Office.go_away, Office.die], ids=["flushed", "stopped", "killed"])
def test_redis_takes_nothing_with_it_and_moves_go_on_meanwhile(trouble: Callable[[Office], None], office: Office) -> None:
    office.push()
    assert office.relay.send() > 0, "jobs stand in Redis"
    trouble(office)
    office.push()
    if office.server.pid is None:
        with pytest.raises(redis.RedisError):
            office.relay.send()
    office.come_back()
    office.lose_patience()
    assert office.relay.send() > 0
    office.work()
    while office.relay.send():
        office.work()

    states = {row.state for row in office.campaign.rows(OutboxMessage, col(OutboxMessage.not_before) <= office.campaign.now)}
    assert states == {"done"}
    issued = [(row.event, row.seq) for row in office.campaign.rows(Checkpoint, col(Checkpoint.event) == "document.issued")]
    assert len(issued) == 2, "each plan that was submitted has its document, once"
