"""Servers for a whole run of the tests, and a migrated database for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

import pytest
import redis
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from app.embedded import EmbeddedPostgres, EmbeddedValkey, temporary_folder
from app.embedded.postgres import OWNER_ROLE
from tests.databases import DatabaseUrls, copied

# A run tells first what is told fastest.
ROOMS = ("unit", "architecture", "documents", "integration", "journeys", "spark")
TESTS = Path(__file__).parent
TEMPLATE = "migrated"
MEMORY, MEMORY_FOR_SERVERS = Path("/dev/shm"), 4 * 1024**3

# How long an example takes says how busy the machine is; `bench/` tells speed.
settings.register_profile("without_a_clock", deadline=None)
settings.load_profile("without_a_clock")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its room, and run the rooms in their order."""
    rooms = {item: item.path.relative_to(TESTS).parts[0] for item in items}
    for item, room in rooms.items():
        item.add_marker(room)
    items.sort(key=lambda item: ROOMS.index(rooms[item]))


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Templates are compiled once a run, and not for the application of every test."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))}


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder with a short path, for the servers of this run: in memory, where there is plenty.

    A disk's file system is slow to make files where many were just deleted, as the database of every test is.
    """
    plenty = MEMORY.is_dir() and disk_usage(MEMORY).free >= MEMORY_FOR_SERVERS
    with temporary_folder(MEMORY) if plenty else temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A real PostgreSQL, without durability."""
    with EmbeddedPostgres(server_folder, sync=False) as server:
        yield server


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[EmbeddedValkey]:
    """A real Valkey, kept in memory."""
    with EmbeddedValkey(server_folder, sync=False) as server:
        yield server


@pytest.fixture
def redis_url(valkey: EmbeddedValkey) -> Iterator[str]:
    """The address of an empty Redis."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
        yield valkey.url
        client.flushall()


@pytest.fixture(scope="session")
def migrated_template(postgres: EmbeddedPostgres) -> str:
    """The name of a database that went through all migrations, to copy from. Nobody connects to it."""
    from app.database import upgrade

    with postgres.superuser() as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER_ROLE}".encode())
    upgrade(postgres.url(OWNER_ROLE, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_template(migrated_template: str) -> str:
    """What a test's database begins as: migrated and empty, where a room says nothing else."""
    return migrated_template


@pytest.fixture
def database_urls(postgres: EmbeddedPostgres, database_template: str) -> Iterator[DatabaseUrls]:
    """A fresh migrated database of the test's own."""
    with copied(postgres, database_template) as urls:
        yield urls
