"""Databases for tests: each a copy of another, dropped with whatever is still connected to it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection

from app.embedded import EmbeddedPostgres
from app.embedded.postgres import APP_ROLE, OWNER_ROLE

EMPTY = "template1"


class DatabaseUrls:
    """The ways into one database: its owner's, the application's, and those past every rule."""

    def __init__(self, postgres: EmbeddedPostgres, name: str) -> None:
        self._postgres, self.name = postgres, name
        self.owner, self.app = postgres.url(OWNER_ROLE, name), postgres.url(APP_ROLE, name)
        self.administrator = postgres.url("postgres", name)

    def superuser(self) -> Connection:
        return self._postgres.superuser(self.name)


def copy_of(postgres: EmbeddedPostgres, template: str) -> DatabaseUrls:
    """A copy of a database to which nobody is connected."""
    urls = DatabaseUrls(postgres, f"copy_{uuid.uuid4().hex}")
    with postgres.superuser() as connection:
        connection.execute(f"CREATE DATABASE {urls.name} TEMPLATE {template} OWNER {OWNER_ROLE} STRATEGY FILE_COPY".encode())
    return urls


@contextmanager
def copied(postgres: EmbeddedPostgres, template: str) -> Iterator[DatabaseUrls]:
    """A copy of a database for as long as it is wanted."""
    urls = copy_of(postgres, template)
    try:
        yield urls
    finally:
        with postgres.superuser() as connection:
            connection.execute(f"DROP DATABASE {urls.name} WITH (FORCE)".encode())
