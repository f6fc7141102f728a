"""Random challenges that are good once, for minutes, in the browser to which they were put: of passkeys, and of an organisation's sign-in.

The browser's session holds the challenge and the row its hash, so that neither alone, nor a session sent again, answers it.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from workflows.engine.columns import instant, reference


class SignInChallenge(SQLModel, table=True):
    """A challenge that waits for its answer, by its hash."""

    __tablename__ = "sign_in_challenge"

    challenge_sha256: str = Field(primary_key=True)
    purpose: str
    person_id: UUID | None = reference("person.id", nullable=True)
    expires_at: datetime = instant()


def put_challenge(session: Session, purpose: str, person_id: UUID | None, *, now: datetime, lifetime: timedelta) -> bytes:
    """A new challenge. The browser's session has to keep it, and nobody else.

    :param purpose: what it is asked for; an answer to one opens nothing else.
    """
    challenge = secrets.token_bytes(32)
    session.execute(delete(SignInChallenge).where(col(SignInChallenge.expires_at) <= now))
    session.add(SignInChallenge(challenge_sha256=_hash(challenge), purpose=purpose, person_id=person_id, expires_at=now + lifetime))
    session.flush()
    return challenge


def take_challenge(session: Session, challenge: bytes, purpose: str, person_id: UUID | None, *, now: datetime) -> bool:
    """Spend a challenge; False when it is over, spent, or was put for another purpose or person."""
    held = delete(SignInChallenge).where(
        col(SignInChallenge.challenge_sha256) == _hash(challenge),
        col(SignInChallenge.purpose) == purpose,
        col(SignInChallenge.person_id).is_not_distinct_from(person_id),
        col(SignInChallenge.expires_at) > now,
    )
    return session.execute(held.returning(col(SignInChallenge.purpose))).first() is not None


def _hash(challenge: bytes) -> str:
    return sha256(challenge).hexdigest()
