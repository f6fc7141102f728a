"""Passkeys: made on a person's device, kept here as a public key, and asked to sign a challenge that is good once, for minutes.

Site and origin are those of `JALON_BASE_URL`, whatever a request says of itself. The library costs a quarter of a second to load: it is
loaded by whoever uses a passkey first. Not for pages: `passkey_pages` has them.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, Session, SQLModel, col, select

from workflows.engine.columns import instant, key, reference
from workflows.engine.refusals import NotFound, Refused

MOST = 10
"""Passkeys a person may have at once."""
LIFETIME = timedelta(minutes=5)
"""How long a challenge waits for its answer."""
ADD, ENTER, CONFIRM = "add", "enter", "confirm"
"""What a challenge is asked for."""


class PasskeyRefused(Refused):
    """The answer is not what was asked for: of another site, unsigned, without a check of who holds the device, or torn."""

    code = "passkey.refused"


class PasskeyUnknown(Refused):
    """Nobody who asks has this passkey here: it was removed, or is somebody else's."""

    code = "passkey.unknown"


class PasskeyTooLate(Refused):
    """The challenge is over, was answered before, or was put to another browser."""

    code = "passkey.too_late"


class PasskeyCopied(Refused):
    """The passkey counts fewer uses than it did: somebody may have a copy."""

    code = "passkey.copied"


class PasskeyAddedBefore(Refused):
    """The device's passkey stands here already."""

    code = "passkey.added_before"


class TooManyPasskeys(Refused):
    """A person has as many passkeys as one may have."""

    code = "passkey.too_many"


class Passkey(SQLModel, table=True):
    """A passkey of a person: what verifies its signatures. The secret half never leaves the device."""

    id: UUID = key()
    person_id: UUID = reference("person.id")
    name: str
    credential_id: str = Field(unique=True)
    public_key: str
    uses: int = Field(sa_type=BigInteger)
    created_at: datetime = instant()
    last_used_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where passkeys are good: a name without its port, and the whole origin."""

    name: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class PasskeyLine:
    """A passkey as its owner and administrators see it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


def site_of(base_url: str) -> Site | None:
    """The site of the installation's address; None where browsers make no passkeys: without TLS but on localhost, or under a number."""
    parts = urlsplit(base_url)
    name = (parts.hostname or "").lower()
    if parts.scheme != "https" and name != "localhost" and not name.endswith(".localhost"):
        return None
    try:
        ip_address(name)
    except ValueError:
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = f":{parts.port}" if parts.port not in (None, usual) else ""
        return Site(name=name, origin=f"{parts.scheme}://{name}{port}")
    return None


def list_passkeys(session: Session, person_id: UUID) -> tuple[PasskeyLine, ...]:
    """A person's passkeys, the newest first."""
    rows = session.exec(select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.created_at).desc(), col(Passkey.name)))
    return tuple(PasskeyLine(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at) for row in rows)


def asked_to_add(session: Session, site: Site, person_id: UUID, *, email: str, name: str, challenge: bytes) -> str:
    """What a browser is told to make a passkey: one that names its owner by itself, and checks who holds the device."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Jalon",
        user_id=person_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(session, person_id),
    )
    return options_to_json(options)


def asked_to_sign(session: Session, site: Site, person_id: UUID | None, *, challenge: bytes) -> str:
    """What a browser is told to sign with a passkey: of this person, or of whoever its holder is."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        allow_credentials=_descriptors(session, person_id) if person_id else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add_passkey(session: Session, site: Site, person_id: UUID, *, name: str, answer: str, challenge: bytes, now: datetime) -> None:
    """Keep a passkey that a browser made for this challenge.

    :raises Refused: `TooManyPasskeys`, `PasskeyRefused` or `PasskeyAddedBefore`.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    if len(list_passkeys(session, person_id)) >= MOST:
        raise TooManyPasskeys(most=MOST)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise PasskeyRefused() from fault
    credential_id = bytes_to_base64url(made.credential_id)
    if session.exec(select(Passkey.id).where(Passkey.credential_id == credential_id)).first():
        raise PasskeyAddedBefore()
    public_key = bytes_to_base64url(made.credential_public_key)
    session.add(
        Passkey(person_id=person_id, name=name, credential_id=credential_id, public_key=public_key, uses=made.sign_count, created_at=now)
    )
    session.flush()


def use_passkey(session: Session, site: Site, person_id: UUID | None, *, answer: str, challenge: bytes, now: datetime) -> Passkey:
    """The passkey that signed this challenge, and is noted as used.

    :param person_id: whose it has to be; None where it says itself whose it is.
    :raises Refused: `PasskeyUnknown`, `PasskeyRefused` or `PasskeyCopied`.
    """
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    credential_id, owner = named_in(answer)
    passkey = session.exec(select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()).one_or_none()
    if passkey is None or person_id not in (None, passkey.person_id):
        raise PasskeyUnknown()
    try:
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # Compared below, once the signature is known to be the passkey's own.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        if (owner or person_id is None) and base64url_to_bytes(owner) != passkey.person_id.bytes:
            raise PasskeyUnknown()
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise PasskeyRefused() from fault
    # A passkey that is kept in step between devices counts nothing, and says zero each time.
    if (signed.new_sign_count or passkey.uses) and signed.new_sign_count <= passkey.uses:
        raise PasskeyCopied(name=passkey.name)
    passkey.uses, passkey.last_used_at = signed.new_sign_count, now
    session.flush()
    return passkey


def named_in(answer: str) -> tuple[str, str]:
    """The credential that an answer names, and its owner as the device knows them (may be empty).

    :raises PasskeyRefused: when it names none.
    """
    try:
        told: Any = json.loads(answer)
        credential_id, owner = told["id"], told["response"].get("userHandle") or ""
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise PasskeyRefused() from fault
    if not isinstance(credential_id, str) or not isinstance(owner, str) or "\x00" in credential_id:
        raise PasskeyRefused()
    return credential_id, owner


def remove_passkey(session: Session, person_id: UUID, passkey_id: UUID) -> str:
    """Remove a passkey; returns its name.

    :raises NotFound: when this person has none of that id.
    """
    row = session.get(Passkey, passkey_id)
    if row is None or row.person_id != person_id:
        raise NotFound(subject="passkey")
    name = row.name
    session.delete(row)
    session.flush()
    return name


def _descriptors(session: Session, person_id: UUID) -> Any:
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    known = session.exec(select(Passkey.credential_id).where(Passkey.person_id == person_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]
