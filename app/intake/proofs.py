"""Proofs as they come in: what a file is, by its bytes and whatever its name says. Shape only: which kinds are proofs is a rule."""

from io import SEEK_END
from typing import IO

_LOOKED_AT = 1024
"""A PDF begins within so many bytes of a file, and ends within so many of its end."""


def media_type_of(stream: IO[bytes]) -> str:
    """What a whole PDF, PNG or JPEG is called; empty for anything else, or what was cut off. The stream is back at its beginning."""
    begins = stream.read(_LOOKED_AT)
    stream.seek(max(0, stream.seek(0, SEEK_END) - _LOOKED_AT))
    ends = stream.read(_LOOKED_AT)
    stream.seek(0)
    if b"%PDF-" in begins and b"%%EOF" in ends:
        return "application/pdf"
    if begins.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in ends:
        return "image/png"
    if begins.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in ends:
        return "image/jpeg"
    return ""
