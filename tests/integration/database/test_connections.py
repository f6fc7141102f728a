"""Pooled connections: none is asked each time whether it lives, and none that died is handed out."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from app.database import Database
from tests.integration.stages.played import Played
from workflows.parties.actor import SYSTEM


def backend(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return int(session.connection().execute(text("select pg_backend_pid()")).scalar_one())


def test_a_connection_that_the_server_ended_is_replaced_unasked(played: Callable[[str], Played]) -> None:
    campaign = played("plan")
    ended = backend(campaign.database)
    assert backend(campaign.database) == ended, "the pool keeps a connection"

    with campaign.behind_the_engine() as connection:
        connection.execute("select pg_terminate_backend(%s, 5000)", [ended])

    assert backend(campaign.database) != ended


def test_a_connection_is_not_asked_the_moment_it_was_opened(played: Callable[[str], Played], monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = played("plan")
    campaign.database.close()
    asked: list[str] = []
    execute = psycopg.Connection.execute

    def noted(self: psycopg.Connection, query: str, *arguments: Any, **options: Any) -> Any:
        asked.append(query)
        return execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    backend(campaign.database)

    assert "select 1" not in asked
    monkeypatch.setattr("app.database.IDLE_SECONDS", 0.0)
    backend(campaign.database)
    assert "select 1" in asked, "one that rested is"
