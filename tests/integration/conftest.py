"""A campaign of the demonstration's brief on a database of its own, and the application on it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.database import Database
from app.embedded import EmbeddedPostgres
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import make_site
from tests.integration.standing import Standing, standing


@pytest.fixture
def stage() -> str | None:
    """The stage that a test's database holds the campaign in; none where a room, a file or a test says nothing: it is empty then."""
    return None


@pytest.fixture
def templates(postgres: EmbeddedPostgres, migrated_template: str, server_folder: Path) -> Standing[Journey]:
    """The campaign in each stage, to copy from."""
    return standing(postgres, migrated_template, server_folder / "standing", Journey)


@pytest.fixture
def database_template(migrated_template: str, templates: Standing[Journey], stage: str | None) -> str:
    """What a test's database begins as."""
    return templates.at(stage)[0] if stage else migrated_template


@pytest.fixture
def opened(database_urls: DatabaseUrls, templates: Standing[Journey], stage: str | None, tmp_path: Path) -> Iterator[Journey]:
    """The campaign, just opened or just entered in its stage."""
    with closing(Database(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}))) as database:
        yield templates.at(stage)[1].on(database) if stage else Journey(database)


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """The campaign as a room's tests find it; a room or a file whose own has gone through more says so."""
    return opened


@pytest.fixture
def site(journey: Journey, database_urls: DatabaseUrls, tmp_path: Path) -> Flask:
    """The application on the campaign as it stands in this room."""
    return make_site(journey, database_urls, tmp_path)
