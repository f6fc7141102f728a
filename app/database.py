"""Opens the database as somebody: every transaction says who asks, and one that does not sees nothing. The only room that commits.

The application's connections act as the role `jalon_app`, which owns nothing and bypasses nothing. Who asks is set for the transaction
alone, so that it never leaks to the next user of a pooled connection. Not for migrations' content: that is `migrations/`.
"""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.postgresql import psycopg as driver
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session

from app.settings import Settings
from workflows import tables  # noqa: F401 - every table is known before the first query
from workflows.parties.actor import SYSTEM, Actor

ROLE = "jalon_app"
CUSTOM_PLANS = "force_custom_plan"
"""A page's query is planned for those whose rows it reads: one plan for everybody scans what a single advertiser has little of."""
KEPT_PLANS = "force_generic_plan"
"""What runs with every page is planned once: planning it costs several times what it then does."""
IDLE_SECONDS = 1.0
"""A connection that rested longer is asked whether it is alive before it is used."""
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class Database:
    """The application's access to PostgreSQL."""

    def __init__(self, settings: Settings) -> None:
        if settings.database_url is None:
            raise ValueError("the settings name no database")
        self.engine: Engine = create_engine(settings.database_url, use_native_hstore=False, hide_parameters=True)
        event.listen(self.engine, "connect", _act_as_application)
        event.listen(self.engine, "connect", _note_use)
        event.listen(self.engine, "checkin", _note_use)
        event.listen(self.engine, "checkout", _refuse_dead)

    @contextmanager
    def reading(self, asker: Actor, *, of_one_moment: bool = False) -> Iterator[Session]:
        """A read-only transaction of what `asker` may see.

        :param of_one_moment: whether all its queries see the database as it was at the first.
        """
        with Session(self.engine) as session:
            if of_one_moment:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            _set(session.connection(), _who(asker), plans=CUSTOM_PLANS, read_only=True)
            yield session
            # Nothing was written, so both ends are the same; but at a rollback the driver forgets every statement it has prepared.
            session.expunge_all()
            session.commit()

    def asked(self, asker: Actor, question: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What one of the few questions answers that are asked with every page: in one message, by a plan that is kept.

        Such a plan serves everybody, so each question finds its rows one by one, by an index on what it is asked for.

        :param question: made by `as_asked`.
        :raises OperationalError: SQLAlchemy's, as everywhere, when the server is away.
        """
        with self._lent() as connection:
            connection.autocommit = True
            try:
                return connection.execute(question, {**values, **_who(asker)}).fetchall()
            finally:
                if not connection.closed:
                    connection.autocommit = False

    @contextmanager
    def writing(self, asker: Actor) -> Iterator[Session]:
        """A transaction of `asker`, committed at the end unless an exception leaves it."""
        with Session(self.engine, expire_on_commit=False) as session:
            say_who_asks(session, asker)
            yield session
            session.commit()

    def alone(self, asker: Actor, statement: str, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        """One statement in a transaction of its own, sent together with who asks; returns what it answered.

        For the small change of machines, where a session would cost more than the statement does.

        :param statement: in the driver's own words.
        :raises OperationalError: SQLAlchemy's, as everywhere, when the server is away.
        """
        with self._lent() as connection, connection.pipeline():
            connection.execute(_SET, {**_who(asker), "plans": "auto"})
            answer = connection.execute(statement, values)
            connection.commit()
        return answer

    @contextmanager
    def _lent(self) -> Iterator[psycopg.Connection[Any]]:
        """A pooled connection without SQLAlchemy around it; one that broke is not given back."""
        held = self.engine.raw_connection()
        try:
            yield cast("psycopg.Connection[Any]", held.driver_connection)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            held.invalidate(error)
            raise OperationalError(None, None, error) from error
        finally:
            held.close()

    def now(self) -> datetime:
        """The time by the server's clock."""
        ((told,),) = self.alone(SYSTEM, "select clock_timestamp()", {})
        return cast(datetime, told)

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def act_for_advertiser(session: Session, advertiser_id: UUID, asker: Actor) -> None:
    """From here to the end of the transaction see one advertiser whole: the asker was let in, the engine decides the rest.

    A machine, and staff of that advertiser alone, see it so already.
    """
    if asker.is_system or (asker.staff_advertiser_ids == (advertiser_id,) and not asker.supplier_ids):
        return
    _set(session.connection(), {"asker": "engine", "person": "", "advertisers": str(advertiser_id), "suppliers": ""})


def upgrade(owner_url: str) -> None:
    """Bring the database of this owner's login to the newest migration."""
    # Here and not above: every job is forked from what a worker has loaded, and none migrates.
    from alembic import command as alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = owner_url
    alembic.upgrade(config, "head")


def say_who_asks(session: Session, asker: Actor) -> None:
    """From here to the end of the transaction see what `asker` may see."""
    _set(session.connection(), _who(asker))


def as_sent(statement: ClauseElement) -> str:
    """A statement in the driver's own words: one that runs with every page is put into words once."""
    return str(statement.compile(dialect=driver.dialect()))  # type: ignore[no-untyped-call]


def as_asked(statement: str) -> str:
    """A statement in the driver's own words, as `Database.asked` sends it: it says who asks, then it is answered, and can only read.

    What a lateral join refers to is known before it is begun, and `offset 0` keeps each side in one piece. Were it the other way round,
    nobody would ask, and the answer be empty.
    """
    return _ASKED.format(statement)


_SET = (
    "select set_config('jalon.asker', %(asker)s, true), set_config('jalon.person', %(person)s, true),"
    " set_config('jalon.advertisers', %(advertisers)s, true), set_config('jalon.suppliers', %(suppliers)s, true),"
    " set_config('plan_cache_mode', %(plans)s, true)"
)
_SET_TO_READ = _SET + ", set_config('transaction_read_only', 'on', true)"
_ASKED = """
select told.* from (
  select set_config('jalon.asker', %(asker)s, true) as asker, set_config('jalon.person', %(person)s, true),
         set_config('jalon.advertisers', %(advertisers)s, true), set_config('jalon.suppliers', %(suppliers)s, true)
  offset 0
) who cross join lateral (
  select told.* from ({}) told where who.asker is not null offset 0
) told
"""


def _who(asker: Actor) -> dict[str, str]:
    if asker.is_system:
        return {"asker": "system", "person": "", "advertisers": "", "suppliers": ""}
    return {
        "asker": "person",
        "person": str(asker.person_id),
        "advertisers": ",".join(str(one) for one in asker.staff_advertiser_ids),
        "suppliers": ",".join(str(one) for one in asker.supplier_ids),
    }


def _set(connection: Connection, who: dict[str, str], *, plans: str = "auto", read_only: bool = False) -> None:
    connection.exec_driver_sql(_SET_TO_READ if read_only else _SET, {**who, "plans": plans})


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _refuse_dead(connection: Any, record: Any, _proxy: Any) -> None:
    """Take no dead connection out of the pool, without asking each time: one used a moment ago is dead only if its server said something.

    :raises InvalidatePoolError: when it is dead, so that SQLAlchemy opens another and drops those of the same age.
    """
    fresh = time.monotonic() - record.info.get("used_at", -IDLE_SECONDS) < IDLE_SECONDS
    try:
        if fresh and not _has_news(connection.pgconn.socket):
            return
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError() from error


def _has_news(socket: int) -> bool:
    """Whether something waits to be read: on a connection that nobody uses, that is its end."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def _act_as_application(connection: Any, _record: Any) -> None:
    """A login that is more than the application's steps down to its role; without the role there is nothing to step down to yet.

    Plans are kept, where a transaction does not say otherwise.
    """
    connection.execute(f"set plan_cache_mode = {KEPT_PLANS}")
    if connection.info.user != ROLE:
        connection.execute(f"set role {ROLE}")
    connection.commit()
