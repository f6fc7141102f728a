"""Signed links by which people choose a password, sent to their own address: nobody else ever knows one. Not for coming in without one."""

from datetime import timedelta
from uuid import UUID

from app.security.signed_links import LinkInvalid, read_signed, sign

LIFETIME = timedelta(days=3)
"""Long enough for somebody who is registered on a Friday."""

_SALT = "jalon.password-link.v1"


def password_link(person_id: UUID, fingerprint: str, *, secret_key: str, base_url: str) -> str:
    """The address to write in an e-mail to this person.

    :param fingerprint: of the person, so that the link opens once: it dies when the password or the address changes.
    """
    return f"{base_url.rstrip('/')}/password/choose/{sign([str(person_id), fingerprint], secret_key=secret_key, salt=_SALT)}"


def read_password_link(token: str, *, secret_key: str, lifetime: timedelta = LIFETIME) -> tuple[UUID, str]:
    """Read a link's token.

    :return: the person's id and fingerprint.
    :raises LinkExpired: when it is older than `lifetime`.
    :raises LinkInvalid: when it was not signed here.
    """
    try:
        person_id, fingerprint = read_signed(token, secret_key=secret_key, salt=_SALT, lifetime=lifetime)
        return UUID(person_id), str(fingerprint)
    except (ValueError, TypeError) as error:
        raise LinkInvalid from error
