"""The organisations whose people sign in at their own OpenID Connect provider, as whoever operates Jalon wrote them into a file.

A provider vouches for the addresses of its own domains and for nobody else's, and a domain is one provider's: no organisation signs in
another's people. Administrators set up none, since each would open accounts in other houses. Not for asking a provider: `adapters.openid`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_WORDS = ("name", "issuer", "client_id", "client_secret")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One organisation's provider. `key` stands in the address that it leads back to; `required` lets its people in by it alone."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]
    required: bool = False

    def vouches_for(self, email: str) -> bool:
        """Whether the address is one of its organisation's."""
        return email.rpartition("@")[2].lower() in self.domains


@dataclass(frozen=True, kw_only=True)
class Providers:
    """Those of this installation, in the file's order, and the file."""

    file: Path | None = None
    every: tuple[Provider, ...] = ()

    def named(self, key: str) -> Provider | None:
        """The provider of that key."""
        return next((one for one in self.every if one.key == key), None)

    def of(self, email: str) -> Provider | None:
        """The provider of the organisation that an address belongs to."""
        return next((one for one in self.every if one.vouches_for(email)), None)

    def name_of(self, issuer: str) -> str:
        """What an issuer is called; its own address where no provider of today has it."""
        return next((one.name for one in self.every if one.issuer == issuer), issuer)


def read_providers(file: Path) -> Providers:
    """Read the file.

    :raises ValueError: when it is no TOML, or says too little, too much, or what cannot be; the message tells where.
    :raises OSError: when it cannot be read.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    every = tuple(_provider(key, told) for key, told in tables.items())
    domains = [domain for one in every for domain in one.domains]
    twice = sorted({domain for domain in domains if domains.count(domain) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands twice: a domain has one provider")
    return Providers(file=file, every=every)


def is_safe(url: Any) -> bool:
    """Whether what is said there stays between the two: `https`, or this machine itself."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(str(parts.hostname))))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _provider(key: str, told: Any) -> Provider:
    if not _KEY.fullmatch(key) or not isinstance(told, Mapping):
        raise ValueError(f"{key} is no provider: write [name], of small letters, figures and single hyphens, and its lines below")
    known = {*_WORDS, "domains", "required"}
    if unknown := sorted(set(told) - known):
        raise ValueError(f"[{key}] {', '.join(unknown)}: nothing is called so; there are {', '.join(sorted(known))}")
    for word in _WORDS:
        if not isinstance(told.get(word), str) or not told[word].strip():
            raise ValueError(f"[{key}] {word} is missing: write it in quotation marks")
    if not is_safe(told["issuer"]):
        raise ValueError(f"[{key}] issuer is no https:// address")
    domains = told.get("domains")
    if not isinstance(domains, list) or not domains or not all(isinstance(one, str) and _DOMAIN.fullmatch(one.lower()) for one in domains):
        raise ValueError(f'[{key}] domains are missing: write those of its people\'s addresses, as ["clairval.example"]')
    required = told.get("required", False)
    if not isinstance(required, bool):
        raise ValueError(f"[{key}] required is true or false")
    words = {word: told[word].strip() for word in _WORDS}
    return Provider(key=key, **words, domains=tuple(dict.fromkeys(one.lower() for one in domains)), required=required)
