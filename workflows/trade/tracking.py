"""Numbers, addresses and QR codes that one lot alone carries: whoever calls, types or scans one tells which lot the answer comes from.

Use it to compare what was printed with what an answer came by. Not for the codes of lots (`lot_codes`), nor for crediting (`attribution`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

LONGEST = 200
"""Characters of what is printed."""
_BETWEEN = str.maketrans("", "", " .-/()\u00a0\u2007\u202f\u2010\u2011\u2012\u2013")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+(:\d{1,5})?")


class Kind(StrEnum):
    """By what an answer comes: a telephone number, an address that is typed, an address that a QR code holds."""

    PHONE = "phone"
    URL = "url"
    QR = "qr"


@dataclass(frozen=True, kw_only=True)
class TrackedReference:
    """What a lot carries of a kind, as it is printed."""

    lot_code: str
    kind: Kind
    value: str

    @property
    def mark(self) -> str | None:
        """The value as it is compared, None where it is none of its kind."""
        return number_mark(self.value) if self.kind is Kind.PHONE else address_mark(self.value)


def number_mark(text: str) -> str | None:
    """A telephone number as it is compared: `+` and its digits (ITU-T E.164), a French short number as it is; None for anything else.

    French numbers may lack the zero in front, which spreadsheets take away (ARCEP, plan de numérotation).
    """
    bare = text.strip().replace("(0)", "").translate(_BETWEEN)
    digits = bare[1:] if bare.startswith("+") else bare[2:] if bare.startswith("00") else ""
    if not bare.removeprefix("+").isdecimal() or not bare.isascii():
        return None
    if digits:
        return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None
    if len(bare) == 10 and bare[0] == "0":
        return f"+33{bare[1:]}"
    if len(bare) == 9:
        return f"+33{bare}" if bare[0] != "0" else None
    if len(bare) == 11 and bare.startswith("33"):
        return f"+{bare}"
    return bare if re.fullmatch(r"[13]\d{3}|118\d{3}", bare) else None


def address_mark(text: str) -> str | None:
    """An address as it is compared: no scheme, the host in small letters, no slash at the end of the path, no part behind `#`, which no
    server sees. Path and query are as they are written. None for what is none.
    """
    stripped = text.strip()
    if any(one.isspace() or not one.isprintable() for one in stripped):
        return None
    try:
        parts = urlsplit(web_address(stripped))
    except ValueError:
        return None
    if not _HOST.fullmatch(parts.netloc):
        return None
    return parts.netloc.lower() + _place(parts.path, parts.query)


def _place(path: str, query: str) -> str:
    return path.rstrip("/") + (f"?{query}" if query else "")


def web_address(text: str) -> str:
    """An address with its scheme, as a QR code holds it: without one a telephone would search for the text instead of opening it."""
    return text if _WEB.match(text) else f"https://{text}"


def address_for(base: str, lot_code: str, parameter: str = "") -> str:
    """The address of a lot under a common one: its code as the last part of the path, or as the value of a parameter."""
    bare = base.strip().partition("#")[0]
    if parameter:
        return f"{bare}{'&' if '?' in bare else '?'}{parameter}={lot_code}"
    path, mark, query = bare.partition("?")
    return f"{path.rstrip('/')}/{lot_code}{mark}{query}"


@dataclass(frozen=True)
class TrackedLots:
    """Which lot carries what, ready to be searched. A path that stands under several hosts maps to None."""

    lot_by_mark: Mapping[str, str]
    mark_by_place: Mapping[str, str | None]

    @classmethod
    def of(cls, references: Iterable[TrackedReference]) -> Self:
        """Index references; of what several lots carry no lot is told."""
        lots: dict[str, set[str]] = {}
        for one in references:
            if one.mark is not None:
                lots.setdefault(one.mark, set()).add(one.lot_code)
        places: dict[str, str | None] = {}
        for mark in lots:
            if (slash := mark.find("/")) > 0:
                places[mark[slash:]] = None if mark[slash:] in places else mark
        return cls({mark: next(iter(those)) for mark, those in lots.items() if len(those) == 1}, places)

    def mark_in(self, text: str) -> str:
        """What a lot carries of what an answer came by, as it is compared; empty where no lot carries it.

        Servers write down addresses without their host: a path is enough where it stands under one host alone.
        """
        if text.startswith("/"):
            path, _, query = text.partition("#")[0].partition("?")
            mark = self.mark_by_place.get(_place(path, query))
        else:
            mark = number_mark(text) or address_mark(text)
        return mark if mark is not None and mark in self.lot_by_mark else ""


NOTHING_TRACKED = TrackedLots({}, {})
