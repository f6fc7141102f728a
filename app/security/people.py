"""Finds who signs in and builds their Actor. Not for managing people: administration does, through commands."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from flask_login import UserMixin
from sqlmodel import Session, col, select

from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Advertiser, Membership, Person
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A person of this session. `fingerprint` changes with the password and the address, which ends older sessions."""

    actor: Actor
    password_hash: str | None
    advertisers: dict[UUID, str] = field(default_factory=dict)
    by_link: bool = False

    @property
    def fingerprint(self) -> str:
        return sha256(f"{self.actor.email}\n{self.password_hash}".encode()).hexdigest()[:16]

    def get_id(self) -> str:
        return "|".join([str(self.actor.person_id), self.fingerprint, "link" if self.by_link else "password"])

    def entered_by_link(self) -> "SignedIn":
        """The same person with no more than the supplier's rights: a link in an e-mail opens nothing else."""
        actor = Actor(
            person_id=self.actor.person_id,
            name=self.actor.name,
            email=self.actor.email,
            locale=self.actor.locale,
            grants=tuple(grant for grant in self.actor.grants if grant.role is Role.SUPPLIER),
        )
        return SignedIn(actor=actor, password_hash=self.password_hash, advertisers=self.advertisers, by_link=True)


class People(Protocol):
    """What sign-in needs to know of people."""

    def by_id(self, person_id: UUID) -> SignedIn | None: ...

    def by_email(self, email: str) -> SignedIn | None: ...

    def everybody(self) -> list[SignedIn]: ...


class PeopleInDatabase:
    """People as the database holds them, read as the machine: whoever signs in is not yet anybody."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def by_id(self, person_id: UUID) -> SignedIn | None:
        """The person of that id, or None."""
        with self._database.reading(SYSTEM) as session:
            person = session.get(Person, person_id)
            return _signed_in(session, person) if person else None

    def by_email(self, email: str) -> SignedIn | None:
        """The person of that address, whatever its case, or None."""
        with self._database.reading(SYSTEM) as session:
            person = session.exec(select(Person).where(Person.email == email.strip().lower())).one_or_none()
            return _signed_in(session, person) if person else None

    def everybody(self) -> list[SignedIn]:
        """All people, by name; asked for by the demonstration's sign-in page only."""
        with self._database.reading(SYSTEM) as session:
            return [_signed_in(session, person) for person in session.exec(select(Person).order_by(col(Person.name)))]


def _signed_in(session: Session, person: Person) -> SignedIn:
    rows = session.exec(
        select(Membership, Advertiser.name)
        .join(Advertiser, col(Advertiser.id) == col(Membership.advertiser_id))
        .where(Membership.person_id == person.id)
        .order_by(Advertiser.name, col(Membership.role), col(Membership.id))
    ).all()
    grants = tuple(
        Grant(
            advertiser_id=membership.advertiser_id,
            role=Role(membership.role),
            approval_limit_amount=membership.approval_limit_amount,
            supplier_id=membership.supplier_id,
        )
        for membership, _ in rows
    )
    return SignedIn(
        actor=Actor(person_id=person.id, name=person.name, email=person.email, locale=person.locale, grants=grants),
        password_hash=person.password_hash,
        advertisers={membership.advertiser_id: name for membership, name in rows},
    )
