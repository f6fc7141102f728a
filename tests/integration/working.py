"""What a machine has at hand that carries out a service task, for tests that let one work by themselves."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.settings import Settings
from tasks.registry import Work
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import files


def working(journey: Journey, folder: Path, message_id: UUID, *, now: datetime | None = None) -> Work:
    """A machine at work on a message of the campaign, with its files in a folder; on the journey's day where no other is given."""
    return Work(
        database=journey.database,
        files=files(folder),
        settings=Settings.from_env({"JALON_DATA_DIR": str(folder)}),
        message_id=message_id,
        campaign_id=journey.campaign_id,
        now=now or journey.now,
        progress=lambda _step, _done, _total: None,
    )
