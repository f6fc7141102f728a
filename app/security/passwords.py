"""Passwords: Argon2id with the library's current parameters. Not for tokens or links."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 12
"""Characters asked of a new password; length is the only rule (ANSSI and NIST SP 800-63B advise against composition rules)."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Hash a new password.

    :raises ValueError: when it is shorter than `MINIMUM_LENGTH`.
    """
    if len(password) < MINIMUM_LENGTH:
        raise ValueError(f"a password has at least {MINIMUM_LENGTH} characters")
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`; as slow when there is no hash, so that time tells nothing."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
