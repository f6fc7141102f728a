"""Whom a project manager works with: those to whom tasks of an inbox may be given. Not for who could do one task: `user_task` has those."""

import json
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

COLLEAGUES = """
select json_agg(json_build_array(id, name) order by name, id)::text
  from (
    select distinct person.id, person.name
      from membership
      join person on person.id = membership.person_id
     where membership.role = %(role)s and membership.advertiser_id = any (%(managed)s)
  ) colleague
"""
"""Those who hold this role for these advertisers, by name, as one text; it is asked with every inbox."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could do what the task asks."""

    id: UUID
    name: str


@lru_cache(maxsize=1024)
def read_colleagues(text: str | None) -> tuple[Candidate, ...]:
    """The people whom this text tells of; None tells of nobody."""
    return tuple(Candidate(id=UUID(person_id), name=name) for person_id, name in json.loads(text or "[]"))
