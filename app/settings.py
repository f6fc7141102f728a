"""What the surroundings decide: the only place that reads environment variables.

Not for what an organisation tunes (lead times, approval limits, tolerances): that is policy, data that a campaign pins.

===========================  =======================================  ====================================================
variable                     when it is absent                        in production (``JALON_ENV=production``)
===========================  =======================================  ====================================================
DATABASE_URL                 an embedded PostgreSQL is started        required; login of the application role
DATABASE_OWNER_URL           same as DATABASE_URL                     login that migrates, owner of the tables
REDIS_URL                    an embedded Valkey is started            required
JALON_SECRET_KEY             made once, kept in the data folder       required
JALON_MASTER_KEY             made once, kept in the data folder       required; 32 bytes in base64
JALON_SEAL_KEY               made once, kept in the data folder       required; 32 bytes in base64, signs the history
JALON_BASE_URL               http://localhost:8000                    required
JALON_TRUSTED_PROXIES        0: nobody is believed about whom they    default allowed; how many proxies stand in front
                             speak for
JALON_DATA_DIR               ./var                                    default allowed
JALON_BLOB_DIR               blobs/ in the data folder                default allowed; several hosts share one
SMTP_URL                     e-mails become .eml files in outbox/     required; smtp://, smtps:// or smtp+starttls://
JALON_MAIL_FROM              jalon@localhost                          required
JALON_SEAL_MAIL_TO           heads of the seal are not mailed         default allowed; addresses, separated by commas
JALON_SIGN_IN_PROVIDERS      nobody signs in at a provider            default allowed; a file, docs/sign-in.md
JALON_WORKER_LEASE_SECONDS   15                                       default allowed
JALON_LOG_LEVEL              INFO                                     default allowed
JALON_DEMO                   no one-click sign-in                     refused
===========================  =======================================  ====================================================
"""

import base64
import binascii
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from app.security.providers import Providers, read_providers

_Url = TypeVar("_Url", str, str | None)

KEY_BYTES = 32
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


class SettingsError(ValueError):
    """A variable is missing where no default is allowed, or says something that cannot be understood."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the process needs to know about where it runs. Secrets stay out of its ``repr``."""

    database_url: str | None = field(repr=False)
    database_owner_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    data_dir: Path
    blob_dir: Path
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)
    smtp_url: str | None = field(repr=False)
    mail_from: str
    seal_mail_to: tuple[str, ...]
    base_url: str
    demo: bool
    production: bool
    worker_lease_seconds: int
    log_level: str
    trusted_proxies: int = 0
    providers: Providers = field(default_factory=Providers)

    @property
    def outbox_dir(self) -> Path:
        """Return the folder where e-mails wait as .eml files when there is no SMTP server."""
        return self.data_dir / "outbox"

    @property
    def work_dir(self) -> Path:
        """Return the private folder for plaintext and spill; always of this host, swept at start."""
        return self.data_dir / "work"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: str) -> "Settings":
        """Read the settings; the three keys are made and kept in the data folder when they may be absent.

        :param overrides: variables that count whatever the environment says.
        :raises SettingsError: when a variable is missing or malformed; the message names it.
        """
        env = {**(os.environ if environ is None else environ), **overrides}
        production = _production(env)
        demo = _flag(env, "JALON_DEMO")
        if production and demo:
            raise SettingsError("JALON_DEMO: one-click sign-ins are refused in production")

        def given(name: str, default: Callable[[], str]) -> str:
            value = env.get(name, "").strip()
            if value:
                return value
            if production:
                raise SettingsError(f"{name} is required in production")
            return default()

        def server(name: str) -> str | None:
            return given(name, str) or None

        data_dir = Path(env.get("JALON_DATA_DIR", "").strip() or "var").absolute()
        database_url = _psycopg(server("DATABASE_URL"))
        return cls(
            database_url=database_url,
            database_owner_url=_psycopg(env.get("DATABASE_OWNER_URL", "").strip() or database_url),
            redis_url=_address("REDIS_URL", server("REDIS_URL"), ("redis", "rediss", "unix")),
            data_dir=data_dir,
            blob_dir=Path(env.get("JALON_BLOB_DIR", "").strip() or data_dir / "blobs").absolute(),
            secret_key=given("JALON_SECRET_KEY", lambda: _kept_secret(data_dir / "secret.key")),
            master_key=_key("JALON_MASTER_KEY", given("JALON_MASTER_KEY", lambda: _kept_secret(data_dir / "master.key"))),
            seal_key=_key("JALON_SEAL_KEY", given("JALON_SEAL_KEY", lambda: _kept_secret(data_dir / "seal.key"))),
            smtp_url=_address("SMTP_URL", server("SMTP_URL"), ("smtp", "smtps", "smtp+starttls")),
            mail_from=given("JALON_MAIL_FROM", lambda: "jalon@localhost"),
            seal_mail_to=_addresses(env, "JALON_SEAL_MAIL_TO"),
            base_url=_address("JALON_BASE_URL", given("JALON_BASE_URL", lambda: "http://localhost:8000").rstrip("/"), ("http", "https")),
            demo=demo,
            production=production,
            worker_lease_seconds=_positive(env, "JALON_WORKER_LEASE_SECONDS", default=15),
            log_level=_log_level(env),
            trusted_proxies=_count(env, "JALON_TRUSTED_PROXIES"),
            providers=_providers(env, "JALON_SIGN_IN_PROVIDERS"),
        )

    def with_servers(self, *, database_url: str, database_owner_url: str, redis_url: str) -> "Settings":
        """Return the same settings pointing at these servers, for instance the embedded ones."""
        return replace(
            self,
            database_url=_psycopg(database_url),
            database_owner_url=_psycopg(database_owner_url),
            redis_url=redis_url,
        )

    def child_environment(self) -> dict[str, str]:
        """Return this process's environment with these settings in it, for a process of ours."""
        return {**os.environ, **self.to_env()}

    def export(self) -> None:
        """Let what this process forks read these same settings."""
        os.environ.update(self.to_env())

    def to_env(self) -> dict[str, str]:
        """Return the variables that make a child process read these same settings. They carry secrets: never log them."""
        optional = {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
            "SMTP_URL": self.smtp_url,
            "JALON_SIGN_IN_PROVIDERS": str(self.providers.file or ""),
        }
        return {name: value for name, value in optional.items() if value} | {
            "JALON_ENV": "production" if self.production else "development",
            "JALON_DATA_DIR": str(self.data_dir),
            "JALON_BLOB_DIR": str(self.blob_dir),
            "JALON_SECRET_KEY": self.secret_key,
            "JALON_MASTER_KEY": base64.urlsafe_b64encode(self.master_key).decode(),
            "JALON_SEAL_KEY": base64.urlsafe_b64encode(self.seal_key).decode(),
            "JALON_MAIL_FROM": self.mail_from,
            "JALON_SEAL_MAIL_TO": ",".join(self.seal_mail_to),
            "JALON_BASE_URL": self.base_url,
            "JALON_DEMO": "1" if self.demo else "0",
            "JALON_WORKER_LEASE_SECONDS": str(self.worker_lease_seconds),
            "JALON_LOG_LEVEL": self.log_level,
            "JALON_TRUSTED_PROXIES": str(self.trusted_proxies),
        }


def _production(env: Mapping[str, str]) -> bool:
    name = env.get("JALON_ENV", "").strip() or "development"
    if name not in {"development", "production"}:
        raise SettingsError(f"JALON_ENV is {name!r}: say development or production")
    return name == "production"


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise SettingsError(f"{name} is {value!r}: say 1 or 0")
    return value in _YES


def _address(name: str, url: _Url, schemes: tuple[str, ...]) -> _Url:
    """Refuse what is no address of such a server, as a port that cannot be."""
    if url is None:
        return url
    try:
        parts = urlsplit(url)
        whole = parts.scheme in schemes and bool(parts.netloc or parts.path) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise SettingsError(f"{name} is no address: say {' or '.join(f'{scheme}://…' for scheme in schemes)}")
    return url


def _addresses(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip() for one in env.get(name, "").split(",") if one.strip()))
    if any(one.count("@") != 1 for one in found):
        raise SettingsError(f"{name} is {env[name]!r}: say e-mail addresses, separated by commas")
    return found


def _positive(env: Mapping[str, str], name: str, *, default: int) -> int:
    value = env.get(name, "").strip() or str(default)
    if not value.isdecimal() or int(value) == 0:
        raise SettingsError(f"{name} is {value!r}: say a whole number above zero")
    return int(value)


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name, "").strip() or "0"
    if not value.isdecimal():
        raise SettingsError(f"{name} is {value!r}: say a whole number")
    return int(value)


def _providers(env: Mapping[str, str], name: str) -> Providers:
    file = env.get(name, "").strip()
    try:
        return read_providers(Path(file).absolute()) if file else Providers()
    except (OSError, ValueError) as fault:
        raise SettingsError(f"{name}, {file}: {getattr(fault, 'strerror', None) or fault}") from fault


def _log_level(env: Mapping[str, str]) -> str:
    level = env.get("JALON_LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in logging.getLevelNamesMapping():
        raise SettingsError(f"JALON_LOG_LEVEL is {level!r}: say DEBUG, INFO, WARNING or ERROR")
    return level


def _psycopg(url: str | None) -> str | None:
    """Name the driver: hosting services hand out plain ``postgresql://`` or ``postgres://`` addresses."""
    if not url:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise SettingsError("DATABASE_URL and DATABASE_OWNER_URL must be postgresql:// addresses")
    return f"postgresql+psycopg://{rest}"


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{name} must be {KEY_BYTES} bytes in URL-safe base64")
    return key


def _kept_secret(path: Path) -> str:
    """Read a secret, or make it; two processes that start together end with the same one."""
    path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def terminal_language(environ: Mapping[str, str] | None = None) -> str:
    """The language of the terminal, `fr` or `en`, as its locale says."""
    env = os.environ if environ is None else environ
    named = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "fr" if named.lower().startswith("fr") else "en"
