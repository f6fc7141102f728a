"""A device that keeps a passkey, in software: it signs what it is told to, and lies where a test asks for it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    """One passkey. `uses` counts, unless it is set."""

    def __init__(self, credential_id: bytes = b"a device's own id") -> None:
        self.id = credential_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = ""
        self.uses = 0

    def make(self, asked: dict[str, Any], origin: str = "http://localhost:8000", flags: int = PRESENT | VERIFIED) -> str:
        """The answer to being asked for a new passkey."""
        self.owner = asked["user"]["id"]
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        data = self._data(asked["rp"]["id"], flags | HOLDS_KEY) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {"clientDataJSON": text_of(_client("webauthn.create", asked, origin)), "attestationObject": text_of(attestation)}
        )

    def sign(self, asked: dict[str, Any], origin: str = "http://localhost:8000", flags: int = PRESENT | VERIFIED) -> str:
        """The answer to being asked for a signature."""
        self.uses += 1
        data, client = self._data(asked["rpId"], flags), _client("webauthn.get", asked, origin)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: text_of(value) for name, value in said.items()} | {"userHandle": self.owner})

    def _data(self, site: str, flags: int) -> bytes:
        return sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        named = {"id": text_of(self.id), "rawId": text_of(self.id), "type": "public-key", "clientExtensionResults": {}}
        return json.dumps({**named, "response": response})


def _client(kind: str, asked: dict[str, Any], origin: str) -> bytes:
    urlsafe_b64decode(asked["challenge"] + "==")
    return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin, "crossOrigin": False}).encode()
