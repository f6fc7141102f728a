"""An organisation's OpenID Connect provider on loopback: real HTTP, real keys, codes good once; it lies where a test asks for it."""

import json
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "jalon", "a-secret-that-both-have"
_BASIC = f"Basic {b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"


class OrganisationsProvider:
    """What it publishes, who stands before it, and what its next answers say otherwise than they should."""

    def __init__(self, address: str, now: datetime) -> None:
        self.issuer = f"{address}/realm"
        self.now = int(now.timestamp())
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signs_with: Any = self.key
        self.algorithm = "RS256"
        self.person: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.published: dict[str, Any] = {}
        self.lets_in = True
        self.asked: dict[str, dict[str, str]] = {}
        self.bearers: set[str] = set()
        self.handed_out: list[str] = []
        self.moved = False

    def meets(self, subject: str, email: str, email_verified: object = True) -> None:
        """Somebody else sits down before it."""
        self.person = {"sub": subject, "email": email, "email_verified": email_verified}

    def signs_by_the_shared_secret(self) -> None:
        """The key that both have, which whoever reads the client's settings has too."""
        self.signs_with, self.algorithm = OctKey.import_key(SECRET), "HS256"

    def signs_by_another_key(self) -> None:
        """A key of its own making, under the name of the published one."""
        self.signs_with = RSAKey.generate_key(2048, {"kid": "one"})

    def configuration(self) -> dict[str, Any]:
        """What it publishes of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.published,
        }

    def lead_back(self, asked: dict[str, str]) -> str:
        """Where a browser goes once the person answered."""
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        assert {"openid", "email"} <= set(asked["scope"].split())
        told = {"state": asked["state"], "error": "access_denied"}
        if self.lets_in:
            code = self._hand_out()
            self.asked[code] = asked
            told = {"state": asked["state"], "code": code}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def redeem(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, once, to the client that asked."""
        ways = {
            "client_secret_basic": authorization == _BASIC,
            "client_secret_post": (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET),
        }
        if not any(ways[one] for one in self.published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])):
            return 401, {"error": "invalid_client"}
        asked = self.asked.pop(sent["code"], None)
        challenge = urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or asked["redirect_uri"] != sent["redirect_uri"] or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant", "error_description": f"{sent['code']} is not good"}
        bearer = self._hand_out()
        self.bearers.add(bearer)
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": asked["nonce"]}
        said = {name: value for name, value in {**claims, **self.person, **self.claims}.items() if value is not None}
        token = jwt.encode({"alg": self.algorithm, "kid": "one"}, said, self.signs_with, algorithms=[self.algorithm])
        self.handed_out.append(token)
        return 200, {"access_token": bearer, "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def _hand_out(self) -> str:
        self.handed_out.append(token_urlsafe(24))
        return self.handed_out[-1]


def come_from(address: str) -> str:
    """Go to the provider as a browser does, say yes, and return where it leads back to."""

    class Stay(HTTPRedirectHandler):
        def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
            return fp

    with build_opener(Stay).open(f"{address}&yes=1") as answer:
        return str(answer.headers["Location"])


def _handler(named: list[OrganisationsProvider]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            (provider,) = named
            parts = urlsplit(self.path)
            asked = dict(parse_qsl(parts.query))
            match parts.path.removeprefix("/realm"):
                case "/.well-known/openid-configuration" if provider.moved:
                    self._lead(f"{provider.issuer}/elsewhere")
                case "/.well-known/openid-configuration" | "/elsewhere":
                    self._say(200, provider.configuration())
                case "/keys":
                    self._say(200, {"keys": [provider.key.as_dict(private=False)]})
                case "/authorize" if "yes" in asked:
                    self._lead(provider.lead_back(asked))
                case "/authorize":
                    self._page(asked)
                case "/userinfo" if self.headers["Authorization"].removeprefix("Bearer ") in provider.bearers:
                    self._say(200, {**provider.person, **provider.userinfo})
                case _:
                    self._say(404, {"error": "not_found"})

        def do_POST(self) -> None:
            (provider,) = named
            sent = {name: one[0] for name, one in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
            self._say(*provider.redeem(sent, self.headers.get("Authorization", "")))

        def _page(self, asked: dict[str, str]) -> None:
            kept = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items())
            page = f'<title>Sign in at work</title><form>{kept}<button name="yes" value="1">It is me</button></form>'
            self._send(200, page.encode(), "text/html; charset=utf-8")

        def _say(self, status: int, told: dict[str, Any]) -> None:
            self._send(status, json.dumps(told).encode(), "application/json")

        def _lead(self, address: str) -> None:
            self.send_response(303)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def provider_at(now: datetime) -> Iterator[OrganisationsProvider]:
    """A provider that answers, at the time of the campaign."""
    named: list[OrganisationsProvider] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(named)) as server:
        named.append(OrganisationsProvider(f"http://127.0.0.1:{server.server_address[1]}", now))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield named[0]
        finally:
            server.shutdown()
            thread.join()
