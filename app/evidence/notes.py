"""Signed heads of the tree, as others write them too: C2SP tlog-checkpoint bodies in C2SP signed notes, with Ed25519.

A head says: these are the first so many leaves, and this is their root. The log and its key have one name, made from the key, so that a
new key is a new name. Not for checkpoints of a campaign: they are the leaves.
"""

import base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
"""What a signed note calls this kind of signature."""


class Signer:
    """Signs heads with one key.

    :param seed: the 32 bytes of an Ed25519 private key.
    :ivar name: of the key, and the log's origin.
    :ivar verifier: the public key as signed notes write it: `name+id+base64`. What whoever verifies has to know, and from us alone.
    """

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = ED25519 + self._key.public_key().public_bytes_raw()
        self.name = f"jalon-{sha256(public).hexdigest()[:8]}"
        self._id = sha256(f"{self.name}\n".encode() + public).digest()[:4]
        self.verifier = f"{self.name}+{self._id.hex()}+{base64.b64encode(public).decode()}"

    def sign_head(self, size: int, root: bytes) -> str:
        """The note that says which root the first `size` leaves have."""
        body = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = base64.b64encode(self._id + self._key.sign(body.encode())).decode()
        return f"{body}\n— {self.name} {signature}\n"
