"""Whom a provider lets in: the person that its account was tied to, or, the first time, the one who has the address that it verified.

Nobody is registered and no right is given here. Not for asking the provider: `adapters.openid` does.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, SQLModel, UniqueConstraint, col, select

from app.adapters.openid import Vouched
from app.security.providers import Provider, Providers
from workflows.engine.columns import instant, key, reference
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.model import Membership, Person


class AddressNotVerified(Refused):
    """The provider names no address, or does not say that it verified it."""

    code = "provider.address_not_verified"


class AddressNotItsOwn(Refused):
    """The address is none of the organisation's."""

    code = "provider.address_not_its_own"


class PersonUnknown(Refused):
    """Nobody who holds a role has the address."""

    code = "provider.person_unknown"


class OtherAccountTied(Refused):
    """The person is tied to another account of the provider's: an address may have been handed on."""

    code = "provider.other_account_tied"


class ProviderAccount(SQLModel, table=True):
    """An account at a provider that is a person's; of what the provider says nothing else is kept."""

    __tablename__ = "provider_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    id: UUID = key()
    person_id: UUID = reference("person.id")
    issuer: str
    subject: str
    tied_at: datetime = instant()
    last_used_at: datetime = instant()


@dataclass(frozen=True, kw_only=True)
class ProviderAccountLine:
    """A tie to a provider as administrators see it."""

    id: UUID
    provider: str
    tied_at: datetime
    last_used_at: datetime


def person_vouched_for(session: Session, provider: Provider, vouched: Vouched, *, now: datetime) -> UUID:
    """Who comes in; the first time, the account is tied to them.

    :raises Refused: `AddressNotVerified`, `AddressNotItsOwn`, `PersonUnknown` or `OtherAccountTied`.
    """
    its_own = select(ProviderAccount).where(ProviderAccount.issuer == vouched.issuer, ProviderAccount.subject == vouched.subject)
    account = session.exec(its_own).one_or_none() or _tie(session, provider, vouched, now)
    email = session.get_one(Person, account.person_id).email
    # Each time: the file may name other domains by now, and the person have another address.
    if not provider.vouches_for(email):
        raise AddressNotItsOwn(provider=provider.name, email=email)
    account.last_used_at = now
    session.flush()
    return account.person_id


def _tie(session: Session, provider: Provider, vouched: Vouched, now: datetime) -> ProviderAccount:
    if not vouched.email:
        raise AddressNotVerified(provider=provider.name)
    if not provider.vouches_for(vouched.email):
        raise AddressNotItsOwn(provider=provider.name, email=vouched.email)
    held = select(Membership.id).where(Membership.person_id == Person.id).exists()
    person = session.exec(select(Person).where(Person.email == vouched.email, held).with_for_update()).one_or_none()
    if person is None:
        raise PersonUnknown(provider=provider.name, email=vouched.email)
    tied = session.exec(
        select(ProviderAccount).where(ProviderAccount.person_id == person.id, ProviderAccount.issuer == vouched.issuer)
    ).one_or_none()
    if tied is None:
        tied = ProviderAccount(person_id=person.id, issuer=vouched.issuer, subject=vouched.subject, tied_at=now, last_used_at=now)
        session.add(tied)
    elif tied.subject != vouched.subject:
        raise OtherAccountTied(provider=provider.name, email=vouched.email)
    return tied


def list_provider_accounts(session: Session, providers: Providers, person_id: UUID) -> tuple[ProviderAccountLine, ...]:
    """What a person is tied to, the newest first."""
    rows = session.exec(select(ProviderAccount).where(ProviderAccount.person_id == person_id).order_by(col(ProviderAccount.tied_at).desc()))
    return tuple(
        ProviderAccountLine(id=row.id, provider=providers.name_of(row.issuer), tied_at=row.tied_at, last_used_at=row.last_used_at)
        for row in rows
    )


def untie(session: Session, person_id: UUID, account_id: UUID) -> str:
    """Take a tie away, so that the next sign-in ties anew by the address; returns the issuer.

    :raises NotFound: when this person has none of that id.
    """
    row = session.get(ProviderAccount, account_id)
    if row is None or row.person_id != person_id:
        raise NotFound(subject="provider_account")
    issuer = row.issuer
    session.delete(row)
    session.flush()
    return issuer
