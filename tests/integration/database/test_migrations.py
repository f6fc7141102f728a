"""Migrations: numbered, pinned, free of the models, and at their end exactly what the models say."""

import ast
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool, text
from sqlmodel import Session, SQLModel

from app.api import tokens  # noqa: F401 - a table outside the workflows
from app.database import MIGRATIONS, Database, upgrade
from app.embedded import EmbeddedPostgres
from app.embedded.postgres import OWNER_ROLE
from app.security import passkeys, provider_accounts  # noqa: F401 - likewise
from app.settings import Settings
from tests.databases import DatabaseUrls
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser

HEAD = "0064"
"""The newest migration. Whoever adds one says so here, so that two branches cannot add the same number unseen."""


@pytest.fixture
def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=pool.NullPool)
    with closing(engine.connect()) as connection:
        yield connection
    engine.dispose()


def database(url: str, folder: Path) -> Database:
    return Database(Settings.from_env({"DATABASE_URL": url, "JALON_DATA_DIR": str(folder)}))


def test_the_head_is_pinned_and_there_is_one(scripts: ScriptDirectory) -> None:
    assert scripts.get_heads() == [HEAD]


def test_migrations_are_numbered_one_after_the_other(scripts: ScriptDirectory) -> None:
    steps = list(reversed(list(scripts.walk_revisions())))

    numbers = [f"{number:04d}" for number in range(1, len(steps) + 1)]
    assert [step.revision for step in steps] == numbers
    assert [step.down_revision for step in steps] == [None, *numbers[:-1]]
    assert [Path(step.path).name[:5] for step in steps] == [f"{number}_" for number in numbers]


def test_no_migration_imports_the_models() -> None:
    for path in MIGRATIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in getattr(node, "names", [])]
            assert not [name for name in names if name.split(".")[0] in ("app", "tasks", "workflows")], path


def test_the_migrated_schema_is_exactly_that_of_the_models(database_urls: DatabaseUrls) -> None:
    with connected(database_urls.owner) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_twice_changes_nothing(database_urls: DatabaseUrls) -> None:
    question = text(
        "select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema = 'public'"
        " union all select tablename, policyname, qual, cmd from pg_policies order by 1, 2, 3"
    )
    with connected(database_urls.owner) as connection:
        before = connection.execute(question).all()

    upgrade(database_urls.owner)

    with connected(database_urls.owner) as connection:
        assert connection.execute(question).all() == before
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == [HEAD]


@pytest.fixture
def foreign_login(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of an empty database whose only login is its administrator, as hosting services hand it out."""
    name = f"hosted_{uuid4().hex}"
    with postgres.superuser() as connection:
        connection.execute(f"create database {name}".encode())
    yield postgres.url("postgres", name)
    with postgres.superuser() as connection:
        connection.execute(f"drop database {name} with (force)".encode())


def test_a_login_that_is_a_superuser_steps_down_and_is_held_by_the_same_rules(foreign_login: str, tmp_path: Path) -> None:
    upgrade(foreign_login)

    with closing(database(foreign_login, tmp_path)) as opened:
        with Session(opened.engine) as session:
            asked = session.connection().execute(text("select session_user, current_user, current_setting('is_superuser')")).one()
            assert tuple(asked) == ("postgres", "jalon_app", "off")
        with opened.writing(SYSTEM) as session:
            session.add(Advertiser(name="Les Amis du Fleuve"))
        with Session(opened.engine) as session:
            assert session.connection().execute(text("select count(*) from advertiser")).scalar_one() == 0
        with opened.reading(SYSTEM) as session:
            assert session.connection().execute(text("select count(*) from advertiser")).scalar_one() == 1


def test_the_owner_s_login_steps_down_too(database_urls: DatabaseUrls, postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    with postgres.superuser() as connection:
        connection.execute(f"grant jalon_app to {OWNER_ROLE}".encode())

    with closing(database(database_urls.owner, tmp_path)) as opened, Session(opened.engine) as session:
        assert session.connection().execute(text("select current_user")).scalar_one() == "jalon_app"
