"""What a move leaves beside its subject: user tasks closed and opened, work asked of machines, the checkpoint, the chain's new head.

Every move writes such rows and no handler holds them as objects. So they are gathered while its step runs and written at its end by one
statement, built once: a move costs a few round trips, whatever it opens and asks. Not for what handlers write or read back themselves;
that goes through the session.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

from workflows.engine.columns import moment

_WRITE = """
    with chosen as (
        select distinct on (task.id) task.id, closing.state
          from user_task task
          join jsonb_to_recordset(%(closings)s::jsonb) as closing(place int, state text, name text, stage text, about uuid)
            on (closing.name is null or closing.name = task.name)
           and (closing.stage is null or closing.stage = task.stage)
           and (closing.about is null or closing.about = task.subject_id)
         where task.campaign_id = %(chain)s and task.state = 'open'
         order by task.id, closing.place
    ), closed as (
        update user_task set state = chosen.state, closed_at = %(at)s, closed_by_id = %(by)s, closed_seq = %(seq)s
          from chosen where user_task.id = chosen.id
    ), opened as (
        insert into user_task select * from jsonb_populate_recordset(null::user_task, %(opened)s::jsonb)
    ), asked as (
        insert into outbox_message select * from jsonb_populate_recordset(null::outbox_message, %(asked)s::jsonb)
    ), moved as (
        update campaign set state = %(state)s, version = %(version)s, chain_seq = %(seq)s, chain_head = %(head)s where id = %(chain)s
    )
    insert into checkpoint (campaign_id, seq, advertiser_id, at, event, body, sha256)
    values (%(chain)s, %(seq)s, %(advertiser)s, %(at)s, %(event)s, %(body)s, %(head)s)
"""
"""Its parts see the tables as they were before it: what is opened here is not closed here."""

_WRITTEN = ("state", "version", "chain_seq", "chain_head")
"""The columns of the chain's row that it writes."""


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Open user tasks of the chain that the move closes: those of a name, of a stage, about a row, or of all that is given.

    `state` is `done` (somebody did what they asked) or `cancelled` (the subject moved on without it).
    """

    state: str
    name: str | None = None
    stage: str | None = None
    about: UUID | None = None


@dataclass(kw_only=True)
class Effects:
    """Gathered in the order of the step. A task that two closings mean is closed as the first says."""

    closings: list[Closing] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def close(self, closing: Closing) -> None:
        """Close what is open of that kind when the move began."""
        self.closings.append(closing)

    def open(self, table: type[SQLModel], **values: Any) -> None:
        """Open a user task, given by columns of its `table`; what is left out has the column's default."""
        self.opened.append(_row(table, values))

    def ask(self, table: type[SQLModel], **values: Any) -> None:
        """Ask for work, given by columns of the outbox's `table`; what is left out has the column's default."""
        self.asked.append(_row(table, values))

    def write(self, connection: Connection, chain: Any, *, at: datetime, by: UUID | None, event: str, body: bytes) -> None:
        """Write it all, with the checkpoint whose place and hash the chain's row has already taken on."""
        connection.exec_driver_sql(
            _WRITE,
            {
                "closings": _json([{"place": place, **vars(one)} for place, one in enumerate(self.closings)]),
                "opened": _json(self.opened),
                "asked": _json(self.asked),
                "chain": chain.id,
                "advertiser": chain.advertiser_id,
                "state": str(chain.state),
                "version": chain.version,
                "seq": chain.chain_seq,
                "head": chain.chain_head,
                "at": moment(at),
                "by": by,
                "event": event,
                "body": body,
            },
        )
        for column in _WRITTEN:
            set_committed_value(chain, column, getattr(chain, column))


def _row(table: type[SQLModel], values: dict[str, Any]) -> dict[str, Any]:
    """A whole row: what is given, else the column's default, else nothing."""
    return {name: values[name] if name in values else default(None) for name, default in _defaults(table)}


@cache
def _defaults(table: type[SQLModel]) -> tuple[tuple[str, Callable[[None], Any]], ...]:
    return tuple((column.name, _default(column.default)) for column in table.metadata.tables[str(table.__tablename__)].columns)


def _default(default: Any) -> Callable[[None], Any]:
    if default is None:
        return lambda _: None
    made: Callable[[None], Any] = default.arg if default.is_callable else lambda _: default.arg
    return made


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=_say)


def _say(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return moment(value).isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a row")
