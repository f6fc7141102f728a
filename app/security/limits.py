"""How often one address may try, of the network or of e-mail. Not for quotas of the trade."""

import json
from collections.abc import Callable
from hashlib import sha256
from math import ceil
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.clock import SystemClock

_limiter = Limiter(get_remote_address, headers_enabled=True)

View = TypeVar("View", bound=Callable[..., Any])

SIGN_IN = "10 per minute; 60 per hour"
SIGN_IN_AS = "10 per 10 minutes; 30 per hour"
"""For one account, from wherever it is tried: who guesses has many addresses, and who forgot has another way in."""
ENTER_BY_LINK = "30 per minute"
ASK_FOR_LINK = "5 per minute; 20 per hour"
WRITE_PASSWORD = SIGN_IN


def email_sent() -> str:
    """The e-mail address that the form names, as it is kept; counted without being kept."""
    return sha256(request.form.get("email", "").strip().lower().encode()).hexdigest()


def credential_sent() -> str:
    """The passkey that the form names, counted as an account is."""
    try:
        named = str(json.loads(request.form.get("credential", ""))["id"])
    except (ValueError, KeyError, TypeError):
        named = ""
    return sha256(named.encode()).hexdigest()


def at_most(often: str, *, of: Callable[[], str] = get_remote_address) -> Callable[[View], View]:
    """Declare how often one address may ask for a view, such as `10 per minute; 60 per hour`. Goes below the route decorator.

    :param of: what is counted; the address of the network by default.
    """

    def declare(view: View) -> View:
        limited: View = _limiter.limit(often, key_func=of)(view)  # type: ignore[assignment]
        limited.__dict__["at_most"] = often
        return limited

    return declare


def seconds_to_wait() -> int | None:
    """How long whoever tried too often has to wait, at least a second; None where nothing was counted."""
    ends = [one.reset_at for one in _limiter.current_limits if one.breached]
    return max(1, ceil(max(ends) - SystemClock().now().timestamp())) if ends else None


@_limiter.request_filter
def declares_no_limit() -> bool:
    """Let the library look no further for limits of a view that declares none; it looks before every request."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is None or "at_most" not in view.__dict__


def init_limits(app: Flask, *, redis_url: str | None) -> None:
    """Count in Redis, so that all web processes count together; in memory where there is none or it is away.

    The limiter is one for the process: it is switched on here, so that nothing which once switched it off lets passwords be guessed.
    """
    app.config["RATELIMIT_ENABLED"] = True
    app.config["RATELIMIT_STORAGE_URI"] = _storage(redis_url)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = redis_url is not None
    app.config["RATELIMIT_KEY_PREFIX"] = "jalon"
    _limiter.init_app(app)


def _storage(redis_url: str | None) -> str:
    if redis_url is None:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
