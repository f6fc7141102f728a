"""Tables of the parties: advertisers, people, who belongs where, suppliers. Not for what a campaign decides about them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, UniqueConstraint

from workflows.engine.columns import instant, key, money, reference
from workflows.parties.roles import VatStatus


class Advertiser(SQLModel, table=True):
    """Who pays for the campaign and signs it; the wall between one organisation's data and another's."""

    id: UUID = key()
    name: str = Field(unique=True)
    siren: str = ""
    vat_number: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""


class Person(SQLModel, table=True):
    """Somebody who signs in. `email` is kept in lower case; without a password only a signed link lets in."""

    id: UUID = key()
    email: str = Field(unique=True)
    name: str
    password_hash: str | None = None
    locale: str = "fr"
    created_at: datetime = instant()


class PasswordLetter(SQLModel, table=True):
    """An e-mail about how somebody signs in, to an address, known or not, which waits until `done_at`.

    Of `kind` `password` it brings a link to choose one, and there is one row an address; `advertiser_id` says who invites, None where
    somebody asked for themselves. The link is made when it is sent, and kept nowhere. Other kinds tell of the passkey named in `about`.
    """

    __tablename__ = "password_letter"
    __table_args__ = (Index("uq_password_letter_email", "email", unique=True, postgresql_where=sql("kind = 'password'")),)

    id: UUID = key()
    email: str
    kind: str = "password"
    about: str = ""
    advertiser_id: UUID | None = reference("advertiser.id", nullable=True)
    asked_at: datetime = instant()
    due_at: datetime = instant()
    attempts: int = 0
    done_at: datetime | None = instant(nullable=True)


class Membership(SQLModel, table=True):
    """A role a person holds for an advertiser; `supplier_id` for a supplier's contact, a limit for an approver."""

    __table_args__ = (UniqueConstraint("person_id", "advertiser_id", "role", "supplier_id", postgresql_nulls_not_distinct=True),)

    id: UUID = key()
    person_id: UUID = reference("person.id")
    advertiser_id: UUID = reference("advertiser.id")
    role: str
    approval_limit_amount: Decimal | None = money(nullable=True)
    supplier_id: UUID | None = reference("supplier.id", nullable=True)


class Substitution(SQLModel, table=True):
    """While a person is away, from the first day to the last, another may act in one of their roles, under their right and limit."""

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    person_id: UUID = reference("person.id")
    substitute_id: UUID = reference("person.id")
    role: str
    from_on: date
    to_on: date
    arranged_by_id: UUID = reference("person.id")
    arranged_at: datetime = instant()


class Erasure(SQLModel, table=True):
    """That a person was erased for an advertiser: the register, append-only, which holds opaque ids and a count of campaigns."""

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    person_id: UUID = reference("person.id")
    asked_by_id: UUID | None = reference("person.id", nullable=True)
    erased_at: datetime = instant()
    campaigns: int


class Supplier(SQLModel, table=True):
    """A company an advertiser orders from. Each advertiser keeps its own record of it."""

    __table_args__ = (UniqueConstraint("advertiser_id", "code"),)

    id: UUID = key()
    advertiser_id: UUID = reference("advertiser.id")
    code: str
    name: str
    kind: str
    siren: str = ""
    vat_number: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    payment_days: int = 30
    vat_status: str = VatStatus.STANDARD.value
    einvoice_address: str = ""
