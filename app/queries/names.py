"""What people are called who are known by their ids, to be said beside what they did or have to do. Not for who may do it."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.parties.model import Person


def name_of(session: Session, person_id: UUID | None) -> str:
    """A person's name; nothing for nobody."""
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def names_by_id(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of these people; nobody has none."""
    wanted = {one for one in ids if one}
    people = session.exec(select(Person).where(col(Person.id).in_(wanted))) if wanted else ()
    return {one.id: one.name for one in people}
