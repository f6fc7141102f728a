"""Finds who signs in and builds their Actor. Not for managing people: administration does, through commands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Executable, bindparam, exists, select
from sqlmodel import col

from app.clock import Clock
from app.database import as_asked, as_sent
from app.substitution import borrowed_grants
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Advertiser, Membership, Person, Substitution
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

PASSWORD, LINK, PROVIDER = "password", "link", "provider"
"""Ways in: what one has for Jalon itself, a passkey included; a link in a supplier's e-mail; the sign-in of one's organisation."""


def fingerprint_of(email: str, password_hash: str | None) -> str:
    """What sessions, links and tokens of a person carry, so that they end when the password or the address changes."""
    return sha256(f"{email}\n{password_hash}".encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True, eq=False)
class SignedIn:
    """A person of this session. `fingerprint` changes with the password and the address, which ends older sessions.

    Flask-Login asks for the first three; they stand here, so that a worker, which finds people too, need not load the web.
    """

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    actor: Actor
    password_hash: str | None
    advertisers: dict[UUID, str] = field(default_factory=dict)
    way: str = PASSWORD

    @property
    def by_link(self) -> bool:
        return self.way == LINK

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.actor.email, self.password_hash)

    def get_id(self) -> str:
        return "|".join([str(self.actor.person_id), self.fingerprint, self.way])

    def entered(self, way: str) -> "SignedIn":
        """The same person, come in that way; with no more than the supplier's rights by a link in an e-mail, which opens nothing else."""
        if way == self.way:
            return self
        return replace(self, actor=self.actor.only(Role.SUPPLIER) if way == LINK else self.actor, way=way)


class People(Protocol):
    """What sign-in needs to know of people."""

    def by_id(self, person_id: UUID) -> SignedIn | None: ...

    def by_email(self, email: str) -> SignedIn | None: ...

    def everybody(self) -> list[SignedIn]: ...


class _Held(NamedTuple):
    """A role that somebody holds; without one, all from `advertiser_id` to `advertiser` is None."""

    id: UUID
    email: str
    name: str
    locale: str
    password_hash: str | None
    advertiser_id: Any
    role: Any
    approval_limit_amount: Decimal | None
    supplier_id: UUID | None
    advertiser: Any
    substitutes: bool


_PERSON = (
    select(
        *(col(column) for column in (Person.id, Person.email, Person.name, Person.locale, Person.password_hash)),
        *(col(column) for column in (Membership.advertiser_id, Membership.role, Membership.approval_limit_amount, Membership.supplier_id)),
        col(Advertiser.name).label("advertiser"),
        exists().where(col(Substitution.substitute_id) == col(Person.id)).label("substitutes"),
    )
    .outerjoin(Membership, col(Membership.person_id) == col(Person.id))
    .outerjoin(Advertiser, col(Advertiser.id) == col(Membership.advertiser_id))
    .order_by(col(Person.name), col(Person.id), col(Advertiser.name), col(Membership.role), col(Membership.id))
)
"""People with their roles, a `_Held` a role."""
_BY_ID = as_asked(as_sent(_PERSON.where(col(Person.id) == bindparam("wanted"))))
"""It runs with every page."""
_MOST_KEPT = 512
"""So many people are remembered, each under all that the database says of them."""
_BY_EMAIL = _PERSON.where(col(Person.email) == bindparam("wanted"))


class PeopleInDatabase:
    """People as the database holds them, read as the machine: whoever signs in is not yet anybody."""

    def __init__(self, database: Any, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def by_id(self, person_id: UUID) -> SignedIn | None:
        """The person of that id, or None."""
        rows = [_Held(*row) for row in self._database.asked(SYSTEM, _BY_ID, {"wanted": person_id})]
        return next(iter(self._people(rows)), None)

    def by_email(self, email: str) -> SignedIn | None:
        """The person of that address, whatever its case, or None."""
        return next(iter(self._read(_BY_EMAIL, wanted=email.strip().lower())), None)

    def everybody(self) -> list[SignedIn]:
        """All people, by name; asked for by the demonstration's sign-in page only."""
        return self._read(_PERSON)

    def _read(self, statement: Executable, **wanted: Any) -> list[SignedIn]:
        with self._database.reading(SYSTEM) as session:
            rows = [_Held(*row) for row in session.connection().execute(statement, wanted)]
        return self._people(rows)

    def _people(self, rows: Sequence[_Held]) -> list[SignedIn]:
        # Few people ever stand in for anybody: the others' pages do not ask for whom.
        substitutes = {row.id for row in rows if row.substitutes}
        borrowed: dict[UUID, tuple[Grant, ...]] = {}
        if substitutes:
            with self._database.reading(SYSTEM) as session:
                borrowed = borrowed_grants(session.connection(), substitutes, today=local_day(self._clock.now()))
        return [_signed_in(tuple(roles), borrowed.get(person_id, ())) for person_id, roles in groupby(rows, key=lambda row: row.id)]


@lru_cache(maxsize=_MOST_KEPT)
def _signed_in(rows: tuple[_Held, ...], borrowed: tuple[Grant, ...]) -> SignedIn:
    """Who this is: the same person as before where the database says the same of them."""
    person = rows[0]
    held = [row for row in rows if row.role is not None]
    grants = tuple(
        Grant(
            advertiser_id=row.advertiser_id,
            role=Role(row.role),
            approval_limit_amount=row.approval_limit_amount,
            supplier_id=row.supplier_id,
        )
        for row in held
    )
    return SignedIn(
        actor=Actor(person_id=person.id, name=person.name, email=person.email, locale=person.locale, grants=grants + borrowed),
        password_hash=person.password_hash,
        advertisers={row.advertiser_id: row.advertiser for row in held},
    )
