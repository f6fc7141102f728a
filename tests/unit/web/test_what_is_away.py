"""While the database is away or a disk is full, people and programs are told so in their language, and when to come back."""

import errno
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from app.security.audience import public
from app.security.people import SignedIn
from tests.unit.web.conftest import PeopleInMemory, sign_in

AWAY = OperationalError("select 1", {}, Exception("connection refused"))
FULL = OperationalError("insert", {}, DiskFull("could not extend file"))


def failing(error: Exception) -> Callable[[], Any]:
    @public
    def view() -> None:
        raise error

    return view


@pytest.mark.parametrize("path", ["/somewhere", "/api/somewhere"])
@pytest.mark.parametrize(
    ("error", "seconds", "language", "words"),
    [
        (AWAY, "5", "en", "The database does not answer"),
        (AWAY, "5", "fr", "La base de données ne répond pas"),
        (FULL, "60", "en", "The disk is full"),
        (FULL, "60", "fr", "Le disque est plein"),
        (OSError(errno.ENOSPC, "no space left"), "60", "en", "The disk is full"),
        (OSError(errno.EFBIG, "too large"), "60", "fr", "Le disque est plein"),
    ],
)
def test_what_is_away_is_said_with_when_to_come_back(
    app: Flask, path: str, error: Exception, seconds: str, language: str, words: str
) -> None:
    app.add_url_rule(path, view_func=failing(error))

    answer = app.test_client().get(path, headers={"Accept-Language": language})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == seconds
    assert words in (answer.json["detail"] if path.startswith("/api/") else answer.text)


def test_another_error_of_the_system_is_a_fault_of_ours(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/somewhere", view_func=failing(OSError(errno.EACCES, "denied")))

    assert app.test_client().get("/somewhere").status_code == 500


def test_who_signed_in_before_the_database_went_away_is_told_too(
    app: Flask, people: PeopleInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    sign_in(client, "Emma")

    def away(_person_id: UUID) -> SignedIn | None:
        raise AWAY

    monkeypatch.setattr(people, "by_id", away)
    answer = client.get("/auditor/", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
