"""Canonical JSON (RFC 8785): the one way a value becomes the bytes that are hashed.

Everything that Jalon hashes and may have to prove later (checkpoints, budget snapshots, the content of documents) passes here,
so that two programs that hold the same value hold the same bytes. Not for what a browser or another service reads: that is
ordinary JSON. Floats are refused rather than written, because a rate or an amount in a float has already lost what it meant;
write a Decimal as a string with a fixed number of decimals before it comes here.
"""

import json
from collections.abc import Mapping
from typing import Any

LARGEST_EXACT_INTEGER = 2**53 - 1
"""Numbers are IEEE 754 doubles to RFC 8785: beyond this an integer would not survive another reader."""

_ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(0x20)} | {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)


class NotCanonical(ValueError):
    """A value has no canonical form: it is of another type, too large, or not valid Unicode.

    :ivar path: where it stands in the whole value, as ``$.rows[3].amount``.
    :ivar reason: why it was refused.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes (UTF-8, no byte-order mark) of ``value``.

    ``value`` is made of ``str``, ``int``, ``bool``, ``None``, ``list`` or ``tuple``, and mappings with ``str`` keys.

    :raises NotCanonical: on a float, any other type, an integer beyond 2**53 - 1, a lone surrogate or a key that is no string.
    """
    if _is_ordinary(value):
        try:
            return _ORDINARY.encode(value).encode("utf-8")
        except UnicodeEncodeError:
            pass  # a lone surrogate: the careful writer says where it stands
    return _carefully(value)


_ORDINARY = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
"""The standard library's own writer, several times faster than ours. On ordinary values its bytes are the canonical ones."""


def _is_ordinary(value: Any) -> bool:
    """Whether the standard library writes the value canonically: exact types alone, no floats, and keys whose order is that of ASCII."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-LARGEST_EXACT_INTEGER <= value <= LARGEST_EXACT_INTEGER)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_ordinary(item) for key, item in value.items())
    if kind is list or kind is tuple:
        return all(map(_is_ordinary, value))
    return False


def _carefully(value: Any) -> bytes:
    pieces: list[str] = []
    _write(value, "$", pieces)
    return "".join(pieces).encode("utf-8")


def read_json(data: bytes | str) -> Any:
    """Read JSON back with the same strictness as it was written: no floats, no repeated keys.

    :raises NotCanonical: on a float, NaN or infinity, or a key that stands twice in an object.
    :raises json.JSONDecodeError: when it is no JSON.
    """
    return json.loads(data, parse_float=_refuse_float, parse_constant=_refuse_float, object_pairs_hook=_object_once)


def _write(value: Any, path: str, pieces: list[str]) -> None:
    if value is None:
        pieces.append("null")
    elif value is True or value is False:
        pieces.append("true" if value else "false")
    elif isinstance(value, str):
        pieces.append(_string(value, path))
    elif isinstance(value, int):
        if abs(value) > LARGEST_EXACT_INTEGER:
            raise NotCanonical(path, "an integer beyond 2**53 - 1 is written as a string")
        pieces.append(int.__repr__(value))
    elif isinstance(value, list | tuple):
        _write_array(value, path, pieces)
    elif isinstance(value, Mapping):
        _write_object(value, path, pieces)
    else:
        raise NotCanonical(path, f"{type(value).__name__} has no canonical form")


def _write_array(value: list[Any] | tuple[Any, ...], path: str, pieces: list[str]) -> None:
    pieces.append("[")
    for index, item in enumerate(value):
        if index:
            pieces.append(",")
        _write(item, f"{path}[{index}]", pieces)
    pieces.append("]")


def _write_object(value: Mapping[Any, Any], path: str, pieces: list[str]) -> None:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical(path, f"a key is {type(key).__name__}, not a string")
    pieces.append("{")
    for index, key in enumerate(sorted(value, key=_utf16_order)):
        if index:
            pieces.append(",")
        pieces.append(_string(key, path))
        pieces.append(":")
        _write(value[key], f"{path}.{key}", pieces)
    pieces.append("}")


def _utf16_order(key: str) -> bytes:
    # RFC 8785 §3.2.3 sorts by UTF-16 code units: U+FB33 comes after an emoji, whose first unit is a surrogate.
    return key.encode("utf-16-be", "surrogatepass")


def _string(text: str, path: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise NotCanonical(path, "a lone surrogate is not Unicode text")
    return f'"{text.translate(_ESCAPE_TABLE)}"'


def _refuse_float(text: str) -> Any:
    raise NotCanonical("$", f"{text} is a float")


def _object_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise NotCanonical("$", "a key stands twice in one object")
    return read
