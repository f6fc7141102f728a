"""Rows of an outbox, and a machine that runs them here: what the tests of this room work with."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from app.settings import Settings
from tasks import registry
from tasks.jobs import Machine
from tests.integration.stages.played import Played
from workflows.campaign.results.figures import compute
from workflows.campaign.stages.analysis import RecordResults
from workflows.engine.command import Command
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

COMPUTED = "campaign.analysis.computed"
"""The event of the effect that these tests count: figures may be recorded as often as somebody likes, so nothing but claims keeps them from
being recorded twice."""


class Outbox:
    """A campaign in its analysis with an empty outbox, on its own calendar, so that what is due does not depend on today."""

    def __init__(self, campaign: Played, folder: Path, redis_url: str | None = None) -> None:
        self.campaign = campaign
        given = {"DATABASE_URL": campaign.urls.app, "JALON_DATA_DIR": str(folder), "JALON_WORKER_LEASE_SECONDS": "30"}
        self.settings = Settings.from_env(given | ({"REDIS_URL": redis_url} if redis_url else {}))
        self.machine = Machine(self.settings)
        self.present()
        with campaign.behind_the_engine() as connection:
            connection.execute("delete from outbox_message")

    def present(self) -> None:
        """Let the campaign's calendar catch up with its moves."""
        self.campaign.door.set_calendar(self.campaign.campaign_id, self.campaign.now)

    def add(self, name: str = "compute_results", payload: dict[str, Any] | None = None) -> UUID:
        """A message that is due."""
        campaign = self.campaign.campaign
        message = OutboxMessage(
            campaign_id=campaign.id,
            advertiser_id=campaign.advertiser_id,
            subject_kind="campaign",
            subject_id=campaign.id,
            name=name,
            payload=payload or {},
            requested_seq=campaign.chain_seq,
            not_before=self.campaign.now,
            created_at=self.campaign.now,
        )
        with self.campaign.database.writing(SYSTEM) as session:
            session.add(message)
        return message.id

    def get(self, message_id: UUID) -> OutboxMessage:
        (row,) = self.campaign.rows(OutboxMessage, col(OutboxMessage.id) == message_id)
        found: OutboxMessage = row
        return found

    def let_leases_run_out(self) -> None:
        """What waiting would do."""
        with self.campaign.behind_the_engine() as connection:
            connection.execute("update outbox_message set lease_until = now() - interval '1 second' where lease_until is not null")

    def figures(self) -> RecordResults:
        """The effect that these tests count."""
        with self.campaign.reading() as session:
            return RecordResults(subject_id=self.campaign.campaign_id, body=compute(self.campaign.facts(session)))

    def close(self) -> None:
        self.machine.database.close()


Task = Callable[[Callable[[registry.Work], Sequence[Command]]], None]


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Task:
    """Lets a function carry out the service task `attempt` while a test lasts."""

    def declare(function: Callable[[registry.Work], Sequence[Command]]) -> None:
        monkeypatch.setitem(registry._FUNCTIONS, "attempt", lambda work, payload: function(work))

    return declare
