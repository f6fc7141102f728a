"""Finds and takes a person out of whatever tables there are: every column of text or data, without a list to forget.

What may not be changed (the chains, what was signed) holds no names by construction; it is read all the same, and a trace there is told.
Not for documents and words that the chain knows by hash: those go through the door (`workflows.campaign.data_protection.erasing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from workflows.campaign.data_protection.erasing import redacted_content
from workflows.parties.traces import ACCENTED, PLAIN, Traces

COMPANIES = frozenset({("advertiser", "name"), ("supplier", "name")})
"""A company's name is no person's, even where it is made of one."""
WHOLE = frozenset({"monitor_seed"})
"""Where a row is about one person, all of its data goes, not only the name."""
CANONICAL = (("budget_overrun", "body"), ("budget_version", "body"), ("checkpoint", "body"), ("document", "content"))
"""Canonical JSON kept as bytes, under a hash."""


@dataclass(frozen=True)
class _Column:
    table: str
    name: str
    kind: str
    changeable: bool

    @cached_property
    def folded(self) -> sql.Composable:
        """Its words as `traces.fold` folds them."""
        words = sql.SQL("convert_from({}, 'UTF8')" if self.kind == "bytea" else "{}::text").format(sql.Identifier(self.name))
        return sql.SQL("translate(lower({}), {}, {})").format(words, sql.Literal(ACCENTED), sql.Literal(PLAIN))


Houses = tuple[UUID, ...] | None
"""Whose rows are looked at: those of these advertisers, or of all of them."""
HOUSE = {"advertiser": "id"}
"""Which column names the advertiser of a row, where it is not `advertiser_id`; rows of a table without one are nobody's or everybody's."""


def sweep(connection: Connection, traces: Traces, houses: Houses = None) -> int:
    """Take the person out of every row that may be changed; returns how many rows that were."""
    changed = 0
    for table, columns in _tables(connection, houses, changeable=True):
        for place, *values in list(_rows(connection, table, columns, traces, houses, lock=True)):
            news = [_out_of(column, value, traces) for column, value in zip(columns, values, strict=True)]
            if news != values:
                _write(connection, table, place, {c.name: new for c, new, old in zip(columns, news, values, strict=True) if new != old})
                changed += 1
    return changed


def left(connection: Connection, traces: Traces, houses: Houses = None) -> list[str]:
    """Where something of the person still stands, as `table.column`; nothing after an erasure."""
    found = set()
    for table, columns in _tables(connection, houses):
        for _place, *values in _rows(connection, table, columns, traces, houses):
            found |= {f"{table}.{one.name}" for one, value in zip(columns, values, strict=True) if _out_of(one, value, traces) != value}
    return sorted(found)


_COLUMNS = text(
    """
    select c.relname, a.attname, format_type(a.atttypid, null) as kind, has_column_privilege(c.oid, a.attnum, 'update') as changeable
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and has_column_privilege(c.oid, a.attnum, 'select')
     order by c.relname, a.attnum
    """
)
_WORDS = frozenset({"text", "character varying", "jsonb"})


def _tables(connection: Connection, houses: Houses, *, changeable: bool = False) -> Iterator[tuple[str, list[_Column]]]:
    columns = [_Column(*row) for row in connection.execute(_COLUMNS)]
    if houses is not None:
        of_houses = {*HOUSE, *(one.table for one in columns if one.name == "advertiser_id")}
        columns = [one for one in columns if one.table in of_houses]
    wanted = [
        one
        for one in columns
        if (one.kind in _WORDS or (one.table, one.name) in CANONICAL)
        and (one.table, one.name) not in COMPANIES
        and (not changeable or (one.changeable and one.kind in _WORDS))
    ]
    for table in dict.fromkeys(one.table for one in wanted):
        yield table, [one for one in wanted if one.table == table]


def _rows(
    connection: Connection, table: str, columns: list[_Column], traces: Traces, houses: Houses, *, lock: bool = False
) -> Iterator[Any]:
    """Rows that may hold a trace, each after its place. The database looks for single words; what is one is decided here."""
    patterns = ["%" + token.replace("_", r"\_") + "%" for token in traces.tokens]
    if not patterns:
        return
    of_houses = sql.SQL("" if houses is None else "{} = any(%(houses)s) and").format(sql.Identifier(HOUSE.get(table, "advertiser_id")))
    statement = sql.SQL("select ctid::text, {columns} from {table} where {of_houses} ({conditions}) {lock}").format(
        columns=sql.SQL(", ").join(sql.Identifier(one.name) for one in columns),
        table=sql.Identifier(table),
        of_houses=of_houses,
        conditions=sql.SQL(" or ").join(sql.SQL("{} like any(%(patterns)s)").format(one.folded) for one in columns),
        lock=sql.SQL("for update" if lock else ""),
    )
    with _driver(connection).cursor() as cursor:
        yield from cursor.execute(statement, {"patterns": patterns, "houses": list(houses or ())}).fetchall()


def _write(connection: Connection, table: str, place: str, values: dict[str, Any]) -> None:
    statement = sql.SQL("update {} set {} where ctid = %(place)s::tid").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in values)
    )
    plain = {name: Jsonb(value) if isinstance(value, dict | list) else value for name, value in values.items()}
    _driver(connection).execute(statement, {**plain, "place": place})


def _out_of(column: _Column, value: Any, traces: Traces) -> Any:
    if value is None:
        return None
    if column.kind == "bytea":
        return redacted_content(traces, value)
    if column.kind == "text":
        return traces.out_of_words(value)
    if column.kind == "jsonb":
        without = traces.out_of_data(value)
        return value if without == value else _all_of(value, traces.mark) if column.table in WHOLE else without
    without = traces.out_of(value)
    return "" if column.name == "email" and without != value else without


def _all_of(value: Any, mark: str) -> Any:
    """The same data with the mark for every text in it."""
    match value:
        case str():
            return mark
        case dict():
            return {key: _all_of(item, mark) for key, item in value.items()}
        case list():
            return [_all_of(item, mark) for item in value]
    return value


def _driver(connection: Connection) -> Any:
    """psycopg's own connection, in the same transaction: these statements name tables that no class stands for here."""
    return connection.connection.driver_connection
