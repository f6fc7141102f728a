"""What a document's content is made of: frozen records of plain values, checked when they are made.

A record holds text, whole numbers, exact decimals, dates, other records and tuples of these, and nothing that knows a database, a
clock or a language. Its bytes are canonical JSON, and it can be made again from them. Not for table rows, commands or forms.

Two rules keep a printed hash true for years:

* every Decimal field declares how many decimals it has, so ``1.5`` and ``1.50`` are one value with one hash;
* a field that holds its default is left out of the bytes, so a later release may add a field with a default
  without changing the hash of any document that was issued before.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Self


@dataclass(frozen=True)
class Places:
    """How many decimals a Decimal field has, and whether a longer value is rounded half-up or refused."""

    decimals: int
    rounded: bool = False

    def applied_to(self, value: Decimal) -> Decimal:
        """Return ``value`` with exactly these decimals; raise ValueError when that would lose something it may not lose."""
        if not value.is_finite():
            raise ValueError(f"{value} is no amount")
        fitted = value.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)
        if not self.rounded and fitted != value:
            raise ValueError(f"{value} has more than {self.decimals} decimals")
        return fitted + 0  # plus zero turns -0.00 into 0.00: one value, one hash


Money = Annotated[Decimal, Places(2)]
"""An amount already rounded to the cent: a document prints amounts, it never rounds them."""
UnitPrice = Annotated[Decimal, Places(6)]
"""Euros for one piece, or for a thousand; the field's name or unit says which."""
Parts = Annotated[Decimal, Places(2)]
"""Things that are counted, shared out to the hundredth."""
Rate = Annotated[Decimal, Places(6, rounded=True)]
"""A quotient: 0.85 is 85 %, and a return of 0.85 is 85 cents for a euro. Rounded half-up to six decimals."""


class ContentInvalid(ValueError):
    """A document's content breaks its own form: a wrong type, a missing field, an amount with half cents.

    :ivar field: the record and field, as ``OrderRow.amount``.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ContentUnbalanced(ValueError):
    """A document's figures do not add up, so the document must not be issued.

    :ivar identity: the identity that fails, as ``gross = rejected + suppressed + intra + inter + net``.
    """

    def __init__(self, identity: str, left: object, right: object) -> None:
        super().__init__(f"{identity}: {left} is not {right}")
        self.identity = identity


@dataclass(frozen=True, kw_only=True)
class Record:
    """A frozen set of plain values; subclasses only name their fields."""

    def __post_init__(self) -> None:
        for name, kind in _field_types(type(self)).items():
            where = f"{type(self).__name__}.{name}"
            object.__setattr__(self, name, _checked(getattr(self, name), kind, where))

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values: decimals and dates as strings, fields at their default left out."""
        return {
            field.name: _plain(getattr(self, field.name))
            for field in dataclasses.fields(self)
            if not (_has_default(field) and getattr(self, field.name) == field.default)
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Make the record again from what :meth:`as_json` returned.

        :raises ContentInvalid: on an unknown or missing field or a value of another type.
        """
        if not isinstance(data, Mapping):
            raise ContentInvalid(cls.__name__, "an object is expected")
        kinds = _field_types(cls)
        if unknown := sorted(set(data) - set(kinds)):
            raise ContentInvalid(f"{cls.__name__}.{unknown[0]}", "is no field of this record")
        required = {field.name for field in dataclasses.fields(cls) if not _has_default(field)}
        if missing := sorted(required - set(data)):
            raise ContentInvalid(f"{cls.__name__}.{missing[0]}", "is missing")
        values = {name: _read(value, kinds[name], f"{cls.__name__}.{name}") for name, value in data.items()}
        return cls(**values)


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING


_FIELD_TYPES: dict[type[Record], dict[str, Any]] = {}


def _field_types(cls: type[Record]) -> dict[str, Any]:
    """Return the resolved annotations of a record's fields, read once for each class."""
    if cls not in _FIELD_TYPES:
        _FIELD_TYPES[cls] = typing.get_type_hints(cls, include_extras=True)
    return _FIELD_TYPES[cls]


def _optional(kind: Any) -> tuple[Any, bool]:
    """Split ``X | None`` into X and whether None may stand there."""
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        (inner,) = [choice for choice in typing.get_args(kind) if choice is not type(None)]
        return inner, True
    return kind, False


def _checked(value: Any, kind: Any, where: str) -> Any:
    inner, may_be_none = _optional(kind)
    if value is None and may_be_none:
        return None
    origin = typing.get_origin(inner)
    if origin is Annotated:
        return _checked_decimal(value, inner.__metadata__[0], where)
    if origin is tuple:
        if not isinstance(value, tuple):
            raise ContentInvalid(where, f"a tuple is expected, not {type(value).__name__}")
        item_kind = typing.get_args(inner)[0]
        return tuple(_checked(item, item_kind, f"{where}[{index}]") for index, item in enumerate(value))
    # bool is an int and datetime is a date to Python; neither is meant where the other is declared.
    if not isinstance(value, inner) or (isinstance(value, bool) and inner is not bool) or isinstance(value, datetime):
        raise ContentInvalid(where, f"{inner.__name__} is expected, not {type(value).__name__}")
    return value


def _checked_decimal(value: Any, places: Places, where: str) -> Decimal:
    if not isinstance(value, Decimal):
        raise ContentInvalid(where, f"Decimal is expected, not {type(value).__name__}")
    try:
        return places.applied_to(value)
    except ValueError as refusal:
        raise ContentInvalid(where, str(refusal)) from refusal


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.as_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(value: Any, kind: Any, where: str) -> Any:
    inner, may_be_none = _optional(kind)
    if value is None and may_be_none:
        return None
    origin = typing.get_origin(inner)
    try:
        if origin is tuple and isinstance(value, list):
            item_kind = typing.get_args(inner)[0]
            return tuple(_read(item, item_kind, f"{where}[{index}]") for index, item in enumerate(value))
        if origin is Annotated and isinstance(value, str):
            return Decimal(value)
        if inner is date and isinstance(value, str):
            return date.fromisoformat(value)
    except (ArithmeticError, ValueError) as error:
        raise ContentInvalid(where, f"{value!r} cannot be read") from error
    if origin is None and isinstance(inner, type) and issubclass(inner, Record):
        return inner.from_json(value)
    return value
