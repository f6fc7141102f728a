"""An advertiser's people with their roles, and its suppliers, as administration shows them. Not for signing in: `security.people` does."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.engine.refusals import NotFound
from workflows.parties.model import Advertiser, Membership, Person, Supplier


@dataclass(frozen=True, kw_only=True)
class HeldRole:
    """A role somebody holds; a limit for an approver, a supplier for a contact."""

    membership_id: UUID
    role: str
    limit_amount: Decimal | None
    supplier: str


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """Somebody who holds roles for the advertiser. Without a password only a signed link lets in."""

    id: UUID
    name: str
    email: str
    locale: str
    has_password: bool
    roles: tuple[HeldRole, ...]

    @property
    def speaks_for_supplier(self) -> bool:
        return any(held.supplier for held in self.roles)


@dataclass(frozen=True, kw_only=True)
class SupplierLine:
    """A supplier's record and how many contacts speak for it."""

    id: UUID
    code: str
    name: str
    kind: str
    siren: str
    vat_number: str
    email: str
    address: str
    postcode: str
    town: str
    payment_days: int
    vat_status: str
    einvoice_address: str
    contacts: int


def list_advertisers(session: Session, ids: tuple[UUID, ...]) -> dict[UUID, str]:
    """The names of these advertisers, by name."""
    rows = session.exec(select(Advertiser).where(col(Advertiser.id).in_(ids)).order_by(Advertiser.name))
    return {row.id: row.name for row in rows}


def list_people(session: Session, advertiser_id: UUID) -> tuple[PersonLine, ...]:
    """Everybody who holds a role for the advertiser, by name."""
    statement = (
        select(Person, Membership, Supplier.name)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(Supplier, col(Supplier.id) == col(Membership.supplier_id))
        .where(Membership.advertiser_id == advertiser_id)
        .order_by(Person.name, Person.email, Membership.role, Supplier.name)
    )
    held: dict[UUID, tuple[Person, list[HeldRole]]] = {}
    for person, membership, supplier in session.exec(statement):
        held.setdefault(person.id, (person, []))[1].append(
            HeldRole(
                membership_id=membership.id,
                role=membership.role,
                limit_amount=membership.approval_limit_amount,
                supplier=supplier or "",
            )
        )
    people = [
        PersonLine(
            id=person.id,
            name=person.name,
            email=person.email,
            locale=person.locale,
            has_password=person.password_hash is not None,
            roles=tuple(roles),
        )
        for person, roles in held.values()
    ]
    return tuple(sorted(people, key=lambda one: (unaccented(one.name), one.email)))


def unaccented(name: str) -> str:
    """A name as it is sorted: `Éclat` stands among the E."""
    return "".join(mark for mark in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(mark))


def get_person(session: Session, advertiser_id: UUID, person_id: UUID) -> PersonLine:
    """Somebody who holds a role for the advertiser.

    :raises NotFound: when nobody of that id does.
    """
    found = next((person for person in list_people(session, advertiser_id) if person.id == person_id), None)
    if found is None:
        raise NotFound(subject="person")
    return found


def list_suppliers(session: Session, advertiser_id: UUID) -> tuple[SupplierLine, ...]:
    """The advertiser's suppliers, by code."""
    contacts: dict[UUID, int] = {}
    speaking = select(Membership.supplier_id).where(Membership.advertiser_id == advertiser_id, col(Membership.supplier_id).is_not(None))
    for supplier_id in session.exec(speaking):
        if supplier_id is not None:
            contacts[supplier_id] = contacts.get(supplier_id, 0) + 1
    rows = session.exec(select(Supplier).where(Supplier.advertiser_id == advertiser_id).order_by(Supplier.code))
    return tuple(
        SupplierLine(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            siren=row.siren,
            vat_number=row.vat_number,
            email=row.email,
            address=row.address,
            postcode=row.postcode,
            town=row.town,
            payment_days=row.payment_days,
            vat_status=row.vat_status,
            einvoice_address=row.einvoice_address,
            contacts=contacts.get(row.id, 0),
        )
        for row in rows
    )


def find_supplier(session: Session, advertiser_id: UUID, supplier_id: UUID) -> SupplierLine:
    """One of the advertiser's suppliers.

    :raises NotFound: when it has none of that id.
    """
    found = next((supplier for supplier in list_suppliers(session, advertiser_id) if supplier.id == supplier_id), None)
    if found is None:
        raise NotFound(subject="supplier")
    return found
