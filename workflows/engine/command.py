"""Commands: what an asker wants, as plain immutable values. Not for what happens next; moves say that."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from workflows.engine.canonical import canonical_json


@dataclass(frozen=True, kw_only=True)
class Command:
    """A wish about one subject. `seen_version` is the version the person looked at; None does not compare."""

    subject_id: UUID
    seen_version: int | None = None

    @classmethod
    @cache
    def name(cls) -> str:
        """The command's name in checkpoints, URLs and the API: `ApproveBudget` is `approve_budget`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def free_text(default: str | Any = dataclasses.MISSING) -> Any:
    """A field with words that may name people: a checkpoint holds only its salted hash."""
    return dataclasses.field(default=default, metadata={"text": True})


def digest(default: Any = dataclasses.MISSING) -> Any:
    """A field too large for a checkpoint, which holds the SHA-256 of its canonical form."""
    return dataclasses.field(default=default, metadata={"digest": True})


def unrecorded(default: Any = dataclasses.MISSING) -> Any:
    """A field that the handler itself names in the checkpoint, by hashes."""
    return dataclasses.field(default=default, metadata={"unrecorded": True})


_PLAIN = frozenset({type(None), bool, int, str})


def plain(value: Any) -> Any:
    """`value` as data that has one canonical JSON form: no floats, Decimals and dates as text.

    :raises TypeError: for anything that has no such form.
    """
    if type(value) in _PLAIN:
        return value
    match value:
        case int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case Decimal():
            return f"{value:f}"
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(plain(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def sha256_of(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical form of `value`."""
    return sha256(canonical_json(plain(value))).hexdigest()


def recorded_fields(command: Command) -> tuple[dict[str, Any], dict[str, str]]:
    """What a checkpoint may say of a command, and apart from it the free text that it may not.

    :return: `(fields, texts)`; empty texts are in neither.
    """
    fields: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for item in dataclasses.fields(command):
        value = getattr(command, item.name)
        if item.name == "seen_version" or item.metadata.get("unrecorded"):
            continue
        if item.metadata.get("text"):
            if value:
                texts[item.name] = value
        elif item.metadata.get("digest"):
            fields[f"{item.name}_sha256"] = sha256_of(value)
        else:
            fields[item.name] = plain(value)
    return fields, texts
