"""Personal tokens: made by a person, shown once, kept as a hash, and over after a while or when the person's password changes."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from workflows.engine.columns import instant, key, reference
from workflows.engine.refusals import NotFound, Refused

LIFETIME = timedelta(days=90)
"""How long a token works; a program that runs longer is looked after by somebody who makes another."""

PREFIX = "jalon_"
"""How every token begins, so that a leaked one is recognised by those who look for such things."""

MOST = 20
"""Tokens a person may have at once."""


class TooManyTokens(Refused):
    """A person has as many tokens as one may have."""

    code = "api.too_many_tokens"


class ApiToken(SQLModel, table=True):
    """A token by its hash. It is random and long, so that a plain SHA-256 cannot be guessed back."""

    __tablename__ = "api_token"

    id: UUID = key()
    person_id: UUID = reference("person.id")
    name: str
    token_sha256: str = Field(unique=True)
    fingerprint: str
    created_at: datetime = instant()
    expires_at: datetime = instant()


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """A token as its owner sees it again."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime


def make_token(session: Session, person_id: UUID, *, name: str, fingerprint: str, now: datetime, noise: bytes | None = None) -> str:
    """Make a token and return it, for the only time. `fingerprint` is that of the person's sign-in, and ends the token when it changes.

    :param noise: the 32 random bytes that it is made of; fresh ones where none are given.
    :raises TooManyTokens: when the person has `MOST` of them.
    """
    if len(list_tokens(session, person_id)) >= MOST:
        raise TooManyTokens(most=MOST)
    token = token_of(noise or secrets.token_bytes(32))
    session.add(
        ApiToken(
            person_id=person_id, name=name, token_sha256=_hash(token), fingerprint=fingerprint, created_at=now, expires_at=now + LIFETIME
        )
    )
    session.flush()
    return token


def token_of(noise: bytes) -> str:
    """The token that is made of these random bytes."""
    return PREFIX + urlsafe_b64encode(noise).decode().rstrip("=")


def list_tokens(session: Session, person_id: UUID) -> tuple[TokenLine, ...]:
    """A person's tokens, the newest first, those that are over too."""
    rows = session.exec(select(ApiToken).where(ApiToken.person_id == person_id).order_by(col(ApiToken.created_at).desc()))
    return tuple(TokenLine(id=row.id, name=row.name, created_at=row.created_at, expires_at=row.expires_at) for row in rows)


def revoke_token(session: Session, person_id: UUID, token_id: UUID) -> None:
    """End a token.

    :raises NotFound: when this person has none of that id.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.person_id != person_id:
        raise NotFound(subject="api_token")
    session.delete(row)
    session.flush()


def find_owner(session: Session, token: str, *, now: datetime) -> tuple[UUID, str] | None:
    """Whose token it is, and the fingerprint it was made under; None for a token that is unknown or over."""
    row = session.exec(select(ApiToken).where(ApiToken.token_sha256 == _hash(token))).one_or_none()
    return (row.person_id, row.fingerprint) if row is not None and row.expires_at > now else None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
