"""Whom a project manager works with: those to whom tasks of an inbox may be given. Not for who could do one task: `user_task` has those."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.database import as_sent
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role

_COLLEAGUES = as_sent(
    select(col(Person.id), col(Person.name))
    .join(Membership, col(Membership.person_id) == col(Person.id))
    .where(col(Membership.role) == bindparam("role"), col(Membership.advertiser_id) == any_(bindparam("managed", type_=ARRAY(Uuid()))))
    .distinct()
    .order_by(col(Person.name), col(Person.id))
)
"""It runs with every inbox."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could do what the task asks."""

    id: UUID
    name: str


def list_colleagues(cursor: Cursor[Any], managed: Collection[UUID]) -> tuple[Candidate, ...]:
    """Project managers of these advertisers, by name."""
    found = cursor.execute(_COLLEAGUES, {"role": Role.PROJECT_MANAGER.value, "managed": list(managed)})
    return tuple(Candidate(id=person_id, name=name) for person_id, name in found)
