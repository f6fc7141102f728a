"""Dated substitutes: while somebody is away, another may act in one of their roles. Not for granting roles: `parties` does.

What the substitute does is done under the absent person's right and limit, and every checkpoint names both. Only roles that move
campaigns are stood in for; administration and audit are not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import Grant
from workflows.parties.model import Advertiser, Membership, Person, Substitution
from workflows.parties.roles import STAFF, Role

STOOD_IN_FOR = (Role.PROJECT_MANAGER, Role.BUDGET_APPROVER)
"""Roles that somebody else may hold for a time."""


class SubstituteIsOneself(Refused):
    """Nobody stands in for themselves."""

    code = "parties.substitute_is_oneself"


class SubstituteUnknown(Refused):
    """A substitute works for the same advertiser."""

    code = "parties.substitute_unknown"


class RoleNotHeld(Refused):
    """Nobody hands on a role that they do not hold."""

    code = "parties.role_not_held"


class AbsenceDaysWrong(Refused):
    """An absence ends after it begins, and not before today."""

    code = "parties.absence_days_wrong"


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A substitution as people read it."""

    id: UUID
    advertiser: str
    role: Role
    absent_id: UUID
    absent: str
    substitute: str
    from_on: date
    to_on: date
    arranged_by: str


def arrange(
    session: Session,
    *,
    absent_id: UUID,
    substitute_id: UUID,
    advertiser_id: UUID,
    role: Role,
    from_on: date,
    to_on: date,
    by: UUID,
    now: datetime,
    today: date,
) -> Substitution:
    """Let somebody stand in for an absent person, from the first day to the last.

    :raises Refused: `SubstituteIsOneself`, `SubstituteUnknown`, `RoleNotHeld` or `AbsenceDaysWrong`.
    """
    if absent_id == substitute_id:
        raise SubstituteIsOneself()
    if role not in STOOD_IN_FOR or not _holds(session, absent_id, advertiser_id, (role,)):
        raise RoleNotHeld()
    if not _holds(session, substitute_id, advertiser_id, tuple(STAFF)):
        raise SubstituteUnknown()
    if to_on < from_on or to_on < today:
        raise AbsenceDaysWrong()
    row = Substitution(
        advertiser_id=advertiser_id,
        person_id=absent_id,
        substitute_id=substitute_id,
        role=role.value,
        from_on=from_on,
        to_on=to_on,
        arranged_by_id=by,
        arranged_at=now,
    )
    session.add(row)
    session.flush()
    return row


def end(session: Session, substitution_id: UUID, *, person_id: UUID) -> None:
    """End a substitution; the absent person and the substitute may. What was done under it stays done.

    :raises NotFound: when it is neither's.
    """
    row = session.get(Substitution, substitution_id)
    if row is None or person_id not in (row.person_id, row.substitute_id):
        raise NotFound(subject="substitution")
    session.delete(row)
    session.flush()


def end_for(session: Session, substitution_id: UUID, *, advertiser_id: UUID, absent_id: UUID) -> None:
    """End a substitution of somebody else, as an administrator of the advertiser.

    :raises NotFound: when it is not that person's, or another advertiser's.
    """
    row = session.get(Substitution, substitution_id)
    if row is None or (row.advertiser_id, row.person_id) != (advertiser_id, absent_id):
        raise NotFound(subject="substitution")
    session.delete(row)
    session.flush()


def list_absences(session: Session, person_id: UUID, *, today: date, advertiser_id: UUID | None = None) -> tuple[Absence, ...]:
    """The substitutions to come or under way that somebody has or is, the soonest first; of one advertiser when it is named."""
    absent, substitute, arranger = aliased(Person), aliased(Person), aliased(Person)
    statement = (
        select_columns(Substitution, col(Advertiser.name), col(absent.name), col(substitute.name), col(arranger.name))
        .join(Advertiser, col(Advertiser.id) == col(Substitution.advertiser_id))
        .join(absent, and_(col(absent.id) == col(Substitution.person_id)))
        .join(substitute, and_(col(substitute.id) == col(Substitution.substitute_id)))
        .outerjoin(arranger, and_(col(arranger.id) == col(Substitution.arranged_by_id)))
        .where((col(Substitution.person_id) == person_id) | (col(Substitution.substitute_id) == person_id))
        .where(col(Substitution.to_on) >= today)
        .order_by(col(Substitution.from_on), absent.name)
    )
    if advertiser_id is not None:
        statement = statement.where(col(Substitution.advertiser_id) == advertiser_id)
    return tuple(
        Absence(
            id=row.id,
            advertiser=advertiser,
            role=Role(row.role),
            absent_id=row.person_id,
            absent=absent_name,
            substitute=substitute_name,
            from_on=row.from_on,
            to_on=row.to_on,
            arranged_by=arranged_by or "",
        )
        for row, advertiser, absent_name, substitute_name, arranged_by in session.execute(statement).all()
    )


def list_substitutes(session: Session, person_id: UUID, advertiser_ids: tuple[UUID, ...]) -> tuple[tuple[UUID, str], ...]:
    """Who could stand in for somebody: the others on the staff of these advertisers, by name."""
    staff = select(Membership.person_id).where(
        col(Membership.advertiser_id).in_(advertiser_ids), col(Membership.role).in_([str(role) for role in STAFF])
    )
    statement = select(Person.id, Person.name).where(col(Person.id).in_(staff), Person.id != person_id).order_by(Person.name)
    return tuple((one, name) for one, name in session.exec(statement))


_OWN = aliased(Membership)
_BORROWED = (
    select_columns(
        *(col(column) for column in (Substitution.substitute_id, Substitution.person_id, Substitution.advertiser_id, Substitution.role)),
        col(Membership.approval_limit_amount),
    )
    .join(
        Membership,
        and_(
            col(Membership.person_id) == col(Substitution.person_id),
            col(Membership.advertiser_id) == col(Substitution.advertiser_id),
            col(Membership.role) == col(Substitution.role),
        ),
    )
    .where(col(Substitution.substitute_id).in_(bindparam("people", expanding=True)))
    .where(col(Substitution.from_on) <= bindparam("today"), col(Substitution.to_on) >= bindparam("today"))
    .where(
        exists().where(
            col(_OWN.person_id) == col(Substitution.substitute_id),
            col(_OWN.advertiser_id) == col(Substitution.advertiser_id),
            col(_OWN.role).in_([str(role) for role in STAFF]),
        )
    )
    .order_by(col(Substitution.from_on), col(Substitution.id))
)
"""It runs with every page, so it is built once."""


def borrowed_grants(connection: Connection, people: Collection[UUID], *, today: date) -> dict[UUID, tuple[Grant, ...]]:
    """What each of these people may do today in the place of others: the absent person's role and limit, as long as they hold it."""
    found: dict[UUID, tuple[Grant, ...]] = {}
    for row in connection.execute(_BORROWED, {"people": list(people), "today": today}):
        borrowed = Grant(
            advertiser_id=row.advertiser_id,
            role=Role(row.role),
            approval_limit_amount=row.approval_limit_amount,
            stands_in_for=row.person_id,
        )
        found[row.substitute_id] = (*found.get(row.substitute_id, ()), borrowed)
    return found


def _holds(session: Session, person_id: UUID, advertiser_id: UUID, roles: tuple[Role, ...]) -> bool:
    statement = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.advertiser_id == advertiser_id,
        col(Membership.role).in_([str(role) for role in roles]),
    )
    return session.exec(statement).first() is not None
