"""Signed links by which a supplier's contact comes in from an e-mail. Not for staff: a link opens the supplier's portal only."""

from datetime import timedelta
from uuid import UUID

from app.security.signed_links import LinkInvalid, read_signed, sign

LIFETIME = timedelta(days=30)
"""How long a link in an e-mail works: longer than any due date it announces."""

_SALT = "jalon.supplier-link.v1"


def supplier_link(person_id: UUID, fingerprint: str, *, secret_key: str, base_url: str, next_path: str = "") -> str:
    """The address to write in an e-mail to this person.

    :param fingerprint: `SignedIn.fingerprint` of the person, so that the link dies when the address changes hands.
    :param next_path: where to land, a path of this site; the supplier's portal when empty.
    """
    token = sign([str(person_id), fingerprint, next_path], secret_key=secret_key, salt=_SALT)
    return f"{base_url.rstrip('/')}/supplier/enter/{token}"


def read_supplier_link(token: str, *, secret_key: str, lifetime: timedelta = LIFETIME) -> tuple[UUID, str, str]:
    """Read a link's token.

    :return: the person's id, fingerprint and the path to land on (may be empty).
    :raises LinkExpired: when it is older than `lifetime`.
    :raises LinkInvalid: when it was not signed here.
    """
    try:
        person_id, fingerprint, next_path = read_signed(token, secret_key=secret_key, salt=_SALT, lifetime=lifetime)
        return UUID(person_id), fingerprint, next_path
    except (ValueError, TypeError) as error:
        raise LinkInvalid from error
