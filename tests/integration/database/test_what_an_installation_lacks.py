"""The command line says in a sentence what the database refuses, and what to do about it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from psycopg.errors import UndefinedObject
from sqlalchemy.exc import ProgrammingError

from app import cli
from app.database_faults import told
from app.embedded import EmbeddedPostgres
from tests.databases import DatabaseUrls

NOWHERE = "redis://localhost:1/0"


def create_user(database_url: str, folder: Path) -> Result:
    person = {"email": "ada@example.org", "name": "Ada", "advertiser": "Fleuve", "role": "auditor", "password": "assez long pour moi"}
    surroundings = {"DATABASE_URL": database_url, "REDIS_URL": NOWHERE, "JALON_DATA_DIR": str(folder)}
    return CliRunner().invoke(cli.main, ["user", "create", *(f"--{name}={value}" for name, value in person.items())], env=surroundings)


def in_a_process_of_its_own(verb: list[str], surroundings: dict[str, str]) -> tuple[int, str]:
    """Its status and the last line it writes: a worker exports its settings, which are to end with it."""
    command = [sys.executable, "-m", "app.cli", *verb]
    done = subprocess.run(command, env={**os.environ, **surroundings}, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stderr.splitlines(keepends=True)[-1]


@pytest.fixture
def stranger(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A login that nobody granted anything."""
    name = f"stranger_{uuid4().hex}"
    with postgres.superuser() as connection:
        connection.execute(f"create role {name} login".encode())
    yield name
    with postgres.superuser() as connection:
        connection.execute(f"drop role {name}".encode())


def test_a_login_that_may_not_act_as_the_application_is_told_what_to_grant(
    stranger: str, database_urls: DatabaseUrls, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    done = create_user(postgres.url(stranger, database_urls.app.split("/")[3].split("?")[0]), tmp_path)

    assert (done.exit_code, done.output) == (
        1,
        "Error: the login of DATABASE_URL may not act as jalon_app. As an administrator of the server: grant jalon_app to that login\n",
    )


def test_a_database_that_is_not_there_is_named_by_its_own_words(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    done = create_user(postgres.url("jalon_app", "nowhere"), tmp_path)

    assert done.exit_code == 1
    assert done.output.startswith("Error: the database does not answer: ")
    assert 'database "nowhere" does not exist' in done.output
    assert done.output.endswith("Look at DATABASE_URL and DATABASE_OWNER_URL\n")


@pytest.mark.parametrize("verb", [["worker", "--burst"], ["seal"], ["restore", __file__]])
def test_every_verb_says_that_the_database_does_not_answer(verb: list[str], tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere", "REDIS_URL": NOWHERE, "JALON_DATA_DIR": str(tmp_path)}

    status, said = in_a_process_of_its_own(verb, away)

    assert status == 1
    assert said.startswith("Error: the database does not answer: ")


def test_a_queue_that_is_away_is_named_by_its_own_words(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    here = {"DATABASE_URL": database_urls.app, "DATABASE_OWNER_URL": database_urls.owner, "JALON_DATA_DIR": str(tmp_path)}

    status, said = in_a_process_of_its_own(["worker", "--burst"], here | {"REDIS_URL": "redis://127.0.0.1:1/0"})

    assert status == 1
    assert said.startswith("Error: the queue does not answer: Error 111 connecting to 127.0.0.1:1.")
    assert said.endswith("Look at REDIS_URL\n")


def test_what_is_refused_is_said_in_words(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    here = {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "REDIS_URL": NOWHERE,
        "JALON_DATA_DIR": str(tmp_path),
    }

    def said(*verb: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.main, verb, env=here)
        return done.exit_code, done.output

    person = ("user", "create", "--name=Ada", "--advertiser=Fleuve", "--role=auditor")
    assert said(*person, "--email=ada", "--password=assez long pour moi") == (1, "Error: ada is no e-mail address.\n")
    assert said(*person, "--email=ada@example.org", "--password=court") == (
        1,
        "Error: The password is too short: it has at least 12 characters.\n",
    )
    assert said("evidence", "export", "26Z", "--out", str(tmp_path / "26Z.zip")) == (1, "Error: there is no campaign 26Z\n")
    assert said("demo", "--no-serve", "--kit", str(tmp_path)) == (1, f"Error: {tmp_path}: there is no campaign.toml\n")


def test_an_owner_that_may_not_create_the_role_is_told_who_does() -> None:
    refused = ProgrammingError("grant usage on schema public to jalon_app", None, UndefinedObject('role "jalon_app" does not exist'))

    assert "create role jalon_app nologin nobypassrls" in str(told(refused))


def test_a_fault_of_ours_is_no_fault_of_the_installation() -> None:
    assert told(ProgrammingError("select", None, UndefinedObject('operator "=" does not exist'))) is None
