"""Asks an organisation's OpenID Connect provider who somebody is: by authorisation code with PKCE, state and nonce, through Authlib.

Of what a provider answers nothing is kept or logged but who it says it is. What it publishes is read at each sign-in: it is short, and
a key that was changed there counts at once. The libraries take a tenth of a second to load: they are loaded by whoever signs in so first.
Called from the sign-in pages, since somebody waits for the answer. Not for whom it lets in: `security.provider_accounts`.

Source: OpenID Connect Core 1.0, sections 3.1 and 5.3; Discovery 1.0, section 4; RFC 7636; RFC 9700.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.security.providers import Provider, is_safe
from workflows.engine.refusals import Refused

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
LEEWAY_SECONDS = 60
"""By so much two machines' clocks may differ."""
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""By a key that the provider alone has: not by the secret that both have, and never by none."""


class ProviderAway(Refused):
    """The provider does not answer, or not as one does."""

    code = "provider.away"


class ProviderNotBelieved(Refused):
    """What the provider answers does not hold: another issuer, audience, key or question, too old, or taken before."""

    code = "provider.not_believed"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What one sign-in is told by; it stays in the browser's session."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """Who somebody is at a provider. `email` is empty unless the provider verified that it is theirs."""

    issuer: str
    subject: str
    email: str


def where_to_ask(provider: Provider, question: Question, *, back: str, language: str) -> str:
    """The address at the provider to which the browser is led.

    :param back: where the provider leads it afterwards.
    :raises Refused: `ProviderAway` or `ProviderNotBelieved`.
    """
    with _asked(provider, back) as client:
        endpoint = _published(client, provider)["authorization_endpoint"]
        address, _ = client.create_authorization_url(
            endpoint, state=question.state, nonce=question.nonce, code_verifier=question.verifier, ui_locales=language
        )
    return str(address)


def who_came_back(provider: Provider, question: Question, *, back: str, code: str, now: datetime) -> Vouched:
    """Who the provider says it is, once everything about the answer holds.

    :raises Refused: `ProviderAway` or `ProviderNotBelieved`.
    """
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.jwk import KeySet

    with _asked(provider, back) as client:
        published = _published(client, provider)
        token = client.fetch_token(published["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=question.verifier)
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(_read(client, published["jwks_uri"])), algorithms=SIGNATURES)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}},
            {"nonce": question.nonce, "client_id": provider.client_id, "access_token": token["access_token"]},
        )
        claims.validate(int(now.timestamp()), LEEWAY_SECONDS)
        told = dict(claims)
        if not {"email", "email_verified"} <= told.keys() and "userinfo_endpoint" in published:
            said = _read(client, published["userinfo_endpoint"], withhold_token=False)
            # It is about whoever the token is about, or is no answer (Core 5.3.2).
            told |= said if said["sub"] == told["sub"] else {}
    subject, email = told["sub"], told.get("email")
    if not isinstance(subject, str) or not subject:
        raise ProviderNotBelieved(provider=provider.name)
    is_verified = told.get("email_verified") is True and isinstance(email, str)
    return Vouched(issuer=provider.issuer, subject=subject, email=str(email).strip().lower() if is_verified else "")


@contextmanager
def _asked(provider: Provider, back: str) -> Iterator[Any]:
    """A client of the provider's; whatever goes wrong is one of two refusals, and the log says which thing it was."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.errors import JoseError
    from requests import RequestException

    with OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=back,
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
        # An answer from elsewhere is none.
        max_redirects=0,
    ) as client:
        try:
            yield client
        except RequestException as fault:
            log.warning("provider %s does not answer: %s", provider.key, type(fault).__name__)
            raise ProviderAway(provider=provider.name) from fault
        except (AuthlibBaseError, JoseError) as fault:
            # Its code, and not its words: some repeat what was sent.
            log.warning("provider %s is not believed: %s %s", provider.key, fault.error, getattr(fault, "claim", ""))
            raise ProviderNotBelieved(provider=provider.name) from fault
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("provider %s is not believed: %s", provider.key, type(fault).__name__)
            raise ProviderNotBelieved(provider=provider.name) from fault


def _published(client: Any, provider: Provider) -> Any:
    """What the provider publishes of itself; the client is told how it is to say who it is."""
    published = _read(client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    places = [published[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if published["issuer"] != provider.issuer or not all(is_safe(one) for one in [*places, published.get("userinfo_endpoint", places[0])]):
        raise ValueError("another issuer, or a place that is not safe")
    # Basic where it is not said (Discovery 3).
    if "client_secret_basic" not in published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - a way, and no secret
    return published


def _read(client: Any, url: str, *, withhold_token: bool = True) -> Any:
    answer = client.get(url, withhold_token=withhold_token)
    answer.raise_for_status()
    told = answer.json()
    if not isinstance(told, dict):
        raise TypeError("no JSON object")
    return told
