"""Encrypt a stream of any length, piece by piece, so that nothing can be changed, moved, dropped or cut off unseen.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, *Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance*, 2015) on AES-256-GCM: the nonce of a piece is its number and whether it is the last. As every stream has a key
of its own, no nonce is used twice under one key. Keys are wrapped by the master key, bound to the id of what they open.
"""

import io
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_NONCE_BYTES = 12
_FORMAT = b"jalon-blob-1\n"


class Unsealable(ValueError):
    """The key does not fit, or the bytes are not those that were sealed."""


def new_key() -> bytes:
    """Return a random data key."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def derive_key(master_key: bytes, *, purpose: str) -> bytes:
    """A key for one purpose alone, always the same; it tells nothing of the master key or of another purpose's (HKDF, RFC 5869)."""
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=purpose.encode()).derive(master_key)


def wrap_key(master_key: bytes, key: bytes, *, bound_to: str) -> bytes:
    """Encrypt a data key with the master key; it opens only for the same ``bound_to``."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(master_key).encrypt(nonce, key, bound_to.encode())


def unwrap_key(master_key: bytes, wrapped_key: bytes, *, bound_to: str) -> bytes:
    """Give back a data key.

    :raises Unsealable: when the master key is another, or the wrapped key is another blob's or was altered.
    """
    nonce, sealed = wrapped_key[:_NONCE_BYTES], wrapped_key[_NONCE_BYTES:]
    try:
        return AESGCM(master_key).decrypt(nonce, sealed, bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable("the wrapped key does not open") from error


def seal(pieces: Iterator[bytes], target: BinaryIO, key: bytes) -> None:
    """Write pieces of ``PIECE_BYTES`` bytes, the last one shorter or empty, to ``target``, encrypted."""
    cipher = AESGCM(key)
    target.write(_FORMAT)
    waiting = next(pieces, b"")
    number = 0
    for piece in pieces:
        target.write(cipher.encrypt(_nonce(number, last=False), waiting, _FORMAT))
        waiting = piece
        number += 1
    target.write(cipher.encrypt(_nonce(number, last=True), waiting, _FORMAT))


class Unsealing(io.RawIOBase):
    """The plaintext of a sealed stream, read forward only.

    Reading raises :class:`Unsealable` at the first piece that is not as it was sealed; every byte given before is authentic.
    Closing it closes ``source``.
    """

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        super().__init__()
        self._source = source
        self._cipher = AESGCM(key)
        self._number = 0
        self._plain = memoryview(b"")
        self._ended = False
        if source.read(len(_FORMAT)) != _FORMAT:
            raise Unsealable("this is no sealed stream, or one of another format")
        self._ahead = source.read(PIECE_BYTES + _TAG_BYTES)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill ``buffer`` with as much as is at hand and return how much that was; 0 at the end."""
        while not self._plain and not self._ended:
            self._plain = memoryview(self._next_piece())
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def close(self) -> None:
        """Close it, and the source."""
        self._source.close()
        super().close()

    def _next_piece(self) -> bytes:
        sealed, self._ahead = self._ahead, self._source.read(PIECE_BYTES + _TAG_BYTES)
        self._ended = not self._ahead
        try:
            plain = self._cipher.decrypt(_nonce(self._number, last=self._ended), sealed, _FORMAT)
        except (InvalidTag, ValueError) as error:
            raise Unsealable(f"piece {self._number} is not as it was sealed") from error
        self._number += 1
        return plain


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">3xQ?", number, last)
