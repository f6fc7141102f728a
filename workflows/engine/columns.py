"""Column types and the naming of constraints, shared by every table. Not for tables."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import DateTime, Dialect, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Named before the first table class, so that migrations can name what they drop.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def moment(value: datetime) -> datetime:
    """The same, if it says in which time zone.

    :raises ValueError: for a naive datetime.
    """
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no moment")
    return value


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. A naive datetime is refused: nobody can say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return moment(value) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


MONEY = Numeric(14, 2)
RATE = Numeric(12, 6)


new_key = uuid4
"""A random, opaque primary key, for rows that are written in bulk."""


def key() -> Any:
    """A random, opaque primary key."""
    return Field(default_factory=new_key, primary_key=True, sa_type=Uuid)


def reference(target: str, *, nullable: bool = False) -> Any:
    """A foreign key to `table.column`, indexed."""
    if nullable:
        return Field(default=None, foreign_key=target, index=True, nullable=True)
    return Field(foreign_key=target, index=True)


def instant(*, nullable: bool = False) -> Any:
    """A UTC moment."""
    return Field(default=None, sa_type=Instant, nullable=True) if nullable else Field(sa_type=Instant)


def money(default: Decimal | None = None, *, nullable: bool = False) -> Any:
    """Euros and cents as Decimal, without VAT unless the name says so."""
    return _decimal(MONEY, default, nullable=nullable)


def rate(default: Decimal | None = None, *, nullable: bool = False) -> Any:
    """A price per mille or a share, as Decimal with six places."""
    return _decimal(RATE, default, nullable=nullable)


def _decimal(kind: Numeric[Any], default: Decimal | None, *, nullable: bool) -> Any:
    if nullable:
        return Field(default=default, sa_type=kind, nullable=True)
    return Field(sa_type=kind) if default is None else Field(default=default, sa_type=kind)


def text(default: str = "") -> Any:
    """Words of any length."""
    return Field(default=default, sa_type=Text)


def document(*, nullable: bool = False, many: bool = False) -> Any:
    """Plain JSON data, a list of such when `many`. Replace it whole: a change in place is not seen."""
    if many:
        return Field(default_factory=list, sa_type=JSONB)
    if nullable:
        return Field(default=None, sa_type=JSONB, nullable=True)
    return Field(default_factory=dict, sa_type=JSONB)
