"""A campaign opened from the demonstration's kit, in a database of its own."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.database import Database
from app.settings import Settings
from tests.conftest import DatabaseUrls
from tests.integration.papers.journey import Journey


@pytest.fixture
def journey(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Journey]:
    """The demonstration's campaign in its first stage, and whoever moves it on."""
    database = Database(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}))
    with closing(database):
        yield Journey(database)
