"""Where to go after signing in, without ever leaving this site. Not for links inside pages."""

from urllib.parse import urlsplit


def safe_next(target: str | None, otherwise: str) -> str:
    """`target` when it is a path of this site, else `otherwise`.

    Refused: other hosts, other schemes, `//host`, backslashes (which browsers read as slashes) and control characters.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or any(ord(character) < 0x20 or ord(character) == 0x7F for character in target):
        return otherwise
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return otherwise
    return target
