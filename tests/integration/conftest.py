"""A campaign of the demonstration's brief on a database of its own, and the application on it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.database import Database
from app.settings import Settings
from tests.conftest import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import make_site


@pytest.fixture
def opened(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Journey]:
    """The campaign, just opened; each room's ``journey`` goes on from here."""
    with closing(Database(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}))) as database:
        yield Journey(database)


@pytest.fixture
def site(journey: Journey, database_urls: DatabaseUrls, tmp_path: Path) -> Flask:
    """The application on the campaign as it stands in this room."""
    return make_site(journey, database_urls, tmp_path)
