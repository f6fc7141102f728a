"""What a link in an e-mail carries, signed and dated: each kind of link under a salt of its own, so that none opens another's door."""

from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer


class LinkExpired(Exception):
    """The link was good, but is too old."""


class LinkInvalid(Exception):
    """The link was never issued by this installation, or its person changed address or password since."""


def sign(carried: list[str], *, secret_key: str, salt: str) -> str:
    """The token of a link."""
    return str(URLSafeTimedSerializer(secret_key, salt=salt).dumps(carried))


def read_signed(token: str, *, secret_key: str, salt: str, lifetime: timedelta) -> list[Any]:
    """What a link's token carries.

    :raises LinkExpired: when it is older than `lifetime`.
    :raises LinkInvalid: when it was not signed here, under this salt.
    """
    try:
        carried: list[Any] = URLSafeTimedSerializer(secret_key, salt=salt).loads(token, max_age=int(lifetime.total_seconds()))
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadSignature as error:
        raise LinkInvalid from error
    return carried
