"""How often one address may try. Not for quotas of the trade."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


class LimiterOfViews(Limiter):
    """Limits nothing but what declares a limit, which then counts by itself; the library looks for limits before every request too."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = LimiterOfViews(get_remote_address, headers_enabled=True)

SIGN_IN = "10 per minute; 60 per hour"


def init_limits(app: Flask, *, redis_url: str | None) -> None:
    """Count in Redis, so that all web processes count together; in memory where there is none or it is away."""
    app.config["RATELIMIT_STORAGE_URI"] = _storage(redis_url)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = redis_url is not None
    app.config["RATELIMIT_KEY_PREFIX"] = "jalon"
    limiter.init_app(app)


def _storage(redis_url: str | None) -> str:
    if redis_url is None:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
