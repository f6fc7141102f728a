"""Writes the parties: advertisers, their people, roles and suppliers. Asked by administration, the command line and kits.

Each function registers by natural key and leaves what is there as it is, so that asking twice changes nothing; `change_*` changes. The
session's transaction is the caller's. Not for campaigns: those move through `app.execute` alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.security.passwords import MINIMUM_LENGTH, hash_password, password_matches
from app.security.people import fingerprint_of
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser, Membership, Person, Supplier
from workflows.parties.roles import Role, SupplierKind, VatStatus
from workflows.trade.identifiers import is_french_vat_number, is_postcode, is_siren

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EINVOICE_ADDRESS = re.compile(r"([0-9]{9}(_[\w.+/-]+)?|[0-9]{4}:[\w.+/-]+)", re.ASCII)
"""A SIREN with what a platform adds, or any address with the number of its scheme before it."""


class NameMissing(Refused):
    """Somebody or something is to be registered without a name."""

    code = "parties.name_missing"


class EmailMalformed(Refused):
    """The address cannot be one."""

    code = "parties.email_malformed"


class PasswordTooShort(Refused):
    """The password is shorter than asked of a new one."""

    code = "parties.password_too_short"


class PasswordWrong(Refused):
    """Whoever changes their password has to know the one before."""

    code = "parties.password_wrong"


class PasswordMovedOn(Refused):
    """The link or session is older than the password or the address: it has opened, or the account changed hands."""

    code = "parties.password_moved_on"


class SirenWrong(Refused):
    """The SIREN has not nine digits, or its check digit does not fit."""

    code = "parties.siren_wrong"


class VatStatusUnknown(Refused):
    """A supplier bills VAT, is not liable for it, or leaves it to its customer."""

    code = "parties.vat_status_unknown"


class EInvoiceAddressMalformed(Refused):
    """An address of electronic invoices begins with a SIREN, with or without the scheme before it (`0225:`)."""

    code = "parties.einvoice_address_malformed"


class VatNumberWrong(Refused):
    """A French VAT number whose key or SIREN does not fit."""

    code = "parties.vat_number_wrong"


class PostcodeWrong(Refused):
    """A French company's postcode has not five digits."""

    code = "parties.postcode_wrong"


class SupplierKindUnknown(Refused):
    """No supplier does that in a campaign."""

    code = "parties.supplier_kind_unknown"


class PaymentDaysWrong(Refused):
    """Payment is due between 0 and 60 days after the invoice (article L. 441-10 of the French commercial code)."""

    code = "parties.payment_days_wrong"


class SupplierCodeTaken(Refused):
    """Another supplier of the advertiser has the code."""

    code = "parties.supplier_code_taken"


class LimitNotForRole(Refused):
    """A limit is an approver's alone, and is not negative."""

    code = "parties.limit_not_for_role"


class SupplierForContactOnly(Refused):
    """A supplier's contact speaks for one supplier of the advertiser; nobody else for any."""

    code = "parties.supplier_for_contact_only"


class OwnRole(Refused):
    """Whoever manages rights does not change their own."""

    code = "parties.own_role"


class WorksElsewhere(Refused):
    """The person works, or worked, for advertisers that the asker does not administer: their account is not the asker's to close."""

    code = "parties.works_elsewhere"


@dataclass(frozen=True, kw_only=True)
class SupplierRecord:
    """What an advertiser keeps of a supplier, apart from its code."""

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


def register_advertiser(
    session: Session, *, name: str, siren: str = "", vat_number: str = "", address: str = "", postcode: str = "", town: str = ""
) -> Advertiser:
    """The advertiser of that name, made if there is none; what is still blank in it is filled in.

    :raises Refused: `NameMissing`, `SirenWrong`, `VatNumberWrong` or `PostcodeWrong`.
    """
    given = {"siren": _digits(siren), "vat_number": _digits(vat_number), "address": address.strip(), "postcode": postcode.strip()}
    given["town"] = town.strip()
    _check_company(name, given["siren"], given["vat_number"], given["postcode"])
    found = session.exec(select(Advertiser).where(Advertiser.name == name.strip())).one_or_none()
    if found is None:
        found = Advertiser(name=name.strip())
    for field, value in given.items():
        if value and not getattr(found, field):
            setattr(found, field, value)
    session.add(found)
    session.flush()
    return found


def find_person(session: Session, email: str) -> Person | None:
    """Whoever has that address, for whatever advertiser."""
    return session.exec(select(Person).where(Person.email == email.strip().lower())).one_or_none()


def register_person(session: Session, *, email: str, name: str, locale: str, password: str | None, now: datetime) -> Person:
    """The person of that address, made if there is none. Whoever is there keeps name, language and password: they may work for others too.

    :param password: of a new person; None lets in by signed links alone.
    :raises Refused: `EmailMalformed`, `NameMissing` or `PasswordTooShort`.
    """
    found = find_person(session, email)
    if found is not None:
        return found
    address = email.strip().lower()
    if _EMAIL.fullmatch(address) is None or len(address) > 254:
        raise EmailMalformed(email=email)
    if not name.strip():
        raise NameMissing()
    person = Person(email=address, name=name.strip(), locale=locale, password_hash=_hashed(password), created_at=now)
    session.add(person)
    session.flush()
    return person


def get_member(session: Session, advertiser_id: UUID, person_id: UUID) -> Person:
    """Somebody who holds a role for an advertiser.

    :raises NotFound: when nobody of that id does.
    """
    held = select(Membership.id).where(Membership.person_id == person_id, Membership.advertiser_id == advertiser_id)
    person = session.get(Person, person_id) if session.exec(held).first() else None
    if person is None:
        raise NotFound(subject="person")
    return person


def choose_password(session: Session, person_id: UUID, password: str, *, fingerprint: str, old: str | None = None) -> None:
    """Give somebody the password that they chose themselves; it ends their sessions, links and tokens. Chosen already, nothing changes.

    :param fingerprint: of the person, as the link or session of whoever asks has it.
    :param old: the password before; None where a link to their address says who asks.
    :raises Refused: `NotFound`, `PasswordMovedOn`, `PasswordWrong` or `PasswordTooShort`.
    """
    person = session.exec(select(Person).where(Person.id == person_id).with_for_update()).one_or_none()
    if person is None:
        raise NotFound(subject="person")
    if password_matches(person.password_hash, password):
        return
    if fingerprint_of(person.email, person.password_hash) != fingerprint:
        raise PasswordMovedOn()
    if old is not None and not password_matches(person.password_hash, old):
        raise PasswordWrong()
    person.password_hash = _hashed(password)
    session.flush()


def grant(
    session: Session,
    person_id: UUID,
    advertiser_id: UUID,
    role: Role,
    approval_limit_amount: Decimal | None = None,
    supplier_id: UUID | None = None,
) -> Membership:
    """Let a person hold a role for an advertiser; an approver's limit is changed to the one given.

    :param approval_limit_amount: euros without VAT; None endorses and refuses only.
    :raises Refused: `LimitNotForRole`, `SupplierForContactOnly`, or `NotFound` for another advertiser's supplier.
    """
    if approval_limit_amount is not None and (role is not Role.BUDGET_APPROVER or approval_limit_amount < 0):
        raise LimitNotForRole()
    if (role is Role.SUPPLIER) != (supplier_id is not None):
        raise SupplierForContactOnly()
    if supplier_id is not None:
        get_supplier(session, advertiser_id, supplier_id)
    statement = select(Membership).where(
        Membership.person_id == person_id, Membership.advertiser_id == advertiser_id, Membership.role == str(role)
    )
    found = session.exec(statement.where(col(Membership.supplier_id).is_not_distinct_from(supplier_id))).one_or_none()
    if found is None:
        found = Membership(person_id=person_id, advertiser_id=advertiser_id, role=str(role), supplier_id=supplier_id)
    found.approval_limit_amount = approval_limit_amount
    session.add(found)
    session.flush()
    return found


def withdraw(session: Session, advertiser_id: UUID, person_id: UUID, membership_id: UUID) -> None:
    """Take a role back. What was decided under it stays decided.

    :raises NotFound: when this advertiser granted this person no such role.
    """
    found = session.get(Membership, membership_id)
    if found is None or (found.advertiser_id, found.person_id) != (advertiser_id, person_id):
        raise NotFound(subject="membership")
    session.delete(found)
    session.flush()


def refuse_own_role(actor: Actor, person_id: UUID) -> None:
    """Two pairs of eyes: nobody changes their own rights.

    :raises OwnRole: when the asker is that person.
    """
    if actor.person_id == person_id:
        raise OwnRole()


def register_supplier(session: Session, advertiser_id: UUID, *, code: str, name: str, kind: str, **record: Any) -> Supplier:
    """The advertiser's supplier of that code, made if there is none.

    :param record: the other fields of `SupplierRecord`.
    :raises Refused: as `change_supplier`.
    """
    found = session.exec(select(Supplier).where(Supplier.advertiser_id == advertiser_id, Supplier.code == code.strip())).one_or_none()
    if found is not None:
        return found
    if not code.strip():
        raise NameMissing()
    supplier = Supplier(advertiser_id=advertiser_id, code=code.strip(), name=name, kind=kind)
    _write(supplier, SupplierRecord(name=name, kind=kind, **record))
    session.add(supplier)
    session.flush()
    return supplier


def refuse_taken_code(session: Session, advertiser_id: UUID, code: str) -> None:
    """A new supplier has a code of its own.

    :raises SupplierCodeTaken: when another has it.
    """
    if session.exec(select(Supplier.id).where(Supplier.advertiser_id == advertiser_id, Supplier.code == code.strip())).first():
        raise SupplierCodeTaken(code=code.strip())


def change_supplier(session: Session, advertiser_id: UUID, supplier_id: UUID, record: SupplierRecord) -> Supplier:
    """Write a supplier's record anew. Documents already issued to it keep what they say.

    :raises Refused: `NotFound`, `NameMissing`, `SupplierKindUnknown`, `SirenWrong`, `VatNumberWrong`, `PostcodeWrong`, `EmailMalformed` or
        `PaymentDaysWrong`.
    """
    supplier = get_supplier(session, advertiser_id, supplier_id)
    _write(supplier, record)
    session.flush()
    return supplier


def get_supplier(session: Session, advertiser_id: UUID, supplier_id: UUID) -> Supplier:
    """An advertiser's own supplier.

    :raises NotFound: when it is not this advertiser's.
    """
    supplier = session.get(Supplier, supplier_id)
    if supplier is None or supplier.advertiser_id != advertiser_id:
        raise NotFound(subject="supplier")
    return supplier


def _write(supplier: Supplier, record: SupplierRecord) -> None:
    if record.kind not in {str(kind) for kind in SupplierKind}:
        raise SupplierKindUnknown(kind=record.kind)
    if not 0 <= record.payment_days <= 60:
        raise PaymentDaysWrong(days=record.payment_days)
    email = record.email.strip().lower()
    if email and _EMAIL.fullmatch(email) is None:
        raise EmailMalformed(email=record.email)
    if record.vat_status not in {str(status) for status in VatStatus}:
        raise VatStatusUnknown(status=record.vat_status)
    einvoice_address = record.einvoice_address.strip()
    if einvoice_address and _EINVOICE_ADDRESS.fullmatch(einvoice_address) is None:
        raise EInvoiceAddressMalformed(address=einvoice_address)
    siren, vat_number = _digits(record.siren), _digits(record.vat_number)
    _check_company(record.name, siren, vat_number, record.postcode.strip())
    supplier.name, supplier.kind, supplier.email = record.name.strip(), record.kind, email
    supplier.siren, supplier.vat_number = siren, vat_number
    supplier.address, supplier.postcode, supplier.town = record.address.strip(), record.postcode.strip(), record.town.strip()
    supplier.payment_days = record.payment_days
    supplier.vat_status, supplier.einvoice_address = record.vat_status, einvoice_address


def _check_company(name: str, siren: str, vat_number: str, postcode: str) -> None:
    """A company without a SIREN may be foreign, so only French numbers and postcodes are held to French rules."""
    if not name.strip():
        raise NameMissing()
    if siren and not is_siren(siren):
        raise SirenWrong(siren=siren)
    if vat_number.startswith("FR") and not is_french_vat_number(vat_number):
        raise VatNumberWrong(vat_number=vat_number)
    if siren and postcode and not is_postcode(postcode):
        raise PostcodeWrong(postcode=postcode)


def _digits(text: str) -> str:
    return re.sub(r"[\s.\u00a0\u202f]", "", text).upper()


def _hashed(password: str | None) -> str | None:
    if password is None:
        return None
    if len(password) < MINIMUM_LENGTH:
        raise PasswordTooShort(least=MINIMUM_LENGTH)
    return hash_password(password)
