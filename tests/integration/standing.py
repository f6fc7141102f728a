"""Campaigns brought to a stage once a run of the tests, and copied for each test as a database of its own.

Such a database is a PostgreSQL template: to stand in *send* costs a test a copy, not the eight stages before it.
"""

from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from app.database import Database
from app.embedded import EmbeddedPostgres
from app.settings import Settings
from tests.databases import DatabaseUrls, copy_of
from tests.integration.papers.journey import STEPS, Journey

Kind = TypeVar("Kind", bound=Journey)


class Standing(Generic[Kind]):
    """The databases to copy from, made as they are asked for, each from the one before."""

    def __init__(self, postgres: EmbeddedPostgres, empty: str, folder: Path, kind: type[Kind]) -> None:
        self.postgres, self._empty, self._folder, self._kind = postgres, empty, folder, kind
        self._made: dict[str, tuple[str, Kind]] = {}

    def open(self, urls: DatabaseUrls) -> Database:
        return Database(Settings.from_env({"DATABASE_URL": urls.app, "JALON_DATA_DIR": str(self._folder)}))

    def at(self, stage: str) -> tuple[str, Kind]:
        """The name of the database of a campaign that has just entered a stage, and the campaign."""
        if stage not in self._made:
            stages = [*STEPS]
            before = stages.index(stage) - 1
            template, there = self.at(stages[before]) if before >= 0 else (self._empty, None)
            urls = copy_of(self.postgres, template)
            with closing(self.open(urls)) as database:
                journey = there.on(database) if there else self._kind(database)
                self._made[stage] = urls.name, journey.reach(stage)
        return self._made[stage]


@lru_cache(maxsize=2)
def standing(postgres: EmbeddedPostgres, empty: str, folder: Path, kind: type[Kind]) -> Standing[Kind]:
    """One of a kind for the whole run, whichever room asks first."""
    return Standing(postgres, empty, folder, kind)
