"""Commands as pydantic models, made from their dataclasses: what JSON they take, and the command that comes of it.

Shape only. Amounts and rates are text; numbers with a decimal point are refused, since they are no longer what was meant. A file is
handed over in the portals: a command that needs one is not offered, one that may have one is offered without.
"""

import dataclasses
import types
import typing
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints, create_model

from workflows.campaign.keeping import KeptFile
from workflows.engine.command import Command
from workflows.engine.process import Move, Process
from workflows.engine.registry import Registry
from workflows.parties.roles import Role
from workflows.trade.money import Cents

LARGEST_INTEGER = 2**31 - 1
LONGEST_TEXT = 20_000
MOST_ROWS = 20_000


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text has no NUL character")
    return text


Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, strict=True), AfterValidator(_storable)]
Whole = Annotated[int, Field(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER, strict=True)]
Money = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}\.[0-9]{2}$"), AfterValidator(Decimal)]
Rate = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,6}(\.[0-9]{1,6})?$"), AfterValidator(Decimal)]


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfferedCommand:
    """A command that people may send, the process it belongs to, and who may."""

    command: type[Command]
    process: Process
    roles: tuple[Role, ...]


def offered_commands(registry: Registry) -> dict[str, OfferedCommand]:
    """Every command a person may send as JSON, by name."""
    offered: dict[str, OfferedCommand] = {}
    for process in registry.processes:
        for move in (*process.births, *(move for stage in process.stages for move in stage.moves)):
            if not (roles := _people(move)) or _needs_file(move.command):
                continue
            earlier = offered.get(move.command.name())
            everybody = dict.fromkeys((*(earlier.roles if earlier else ()), *roles))
            offered[move.command.name()] = OfferedCommand(command=move.command, process=process, roles=tuple(everybody))
    return offered


_MODELS: dict[type[Any], type[BaseModel]] = {}


def model_of(command: type[Any]) -> type[BaseModel]:
    """The model whose instances `value_of` turns into that dataclass; made once."""
    if command not in _MODELS:
        _MODELS[command] = _make_model(command)
    return _MODELS[command]


def _make_model(command: type[Any]) -> type[BaseModel]:
    hints = typing.get_type_hints(command, include_extras=True)
    fields: dict[str, Any] = {}
    for item in dataclasses.fields(command):
        if KeptFile in (hints[item.name], *typing.get_args(hints[item.name])):
            continue
        fields[item.name] = (_kind(hints[item.name]), _default(item))
    doc = (command.__doc__ or "").strip()
    return create_model(command.__name__, __config__=ConfigDict(extra="forbid"), __doc__=doc, **fields)


def value_of(model: BaseModel, kind: type[Any]) -> Any:
    """The dataclass that a model was made from; what was not sent keeps its own default."""
    return kind(**{name: getattr(model, name) for name in model.model_fields_set})


def _default(item: "dataclasses.Field[Any]") -> Any:
    if item.default is not dataclasses.MISSING:
        return item.default
    return Field(default_factory=item.default_factory) if item.default_factory is not dataclasses.MISSING else ...


def _kind(hint: Any) -> Any:
    """The type under which a value arrives as JSON."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return typing.Union[tuple(part if part is type(None) else _kind(part) for part in parts)]  # noqa: UP007 - made of a list
    if origin is tuple and parts[-1] is Ellipsis:
        return Annotated[tuple.__class_getitem__((_kind(parts[0]), ...)), Field(max_length=MOST_ROWS)]
    if origin is tuple:
        return tuple.__class_getitem__(tuple(_kind(part) for part in parts))
    if origin is dict:
        return dict.__class_getitem__((Text, Any if parts[1] is Any else _kind(parts[1])))
    if dataclasses.is_dataclass(hint):
        return Annotated[
            model_of(typing.cast(type[Any], hint)), AfterValidator(lambda model: value_of(model, typing.cast(type[Any], hint)))
        ]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return {str: Text, int: Whole, bool: StrictBool, UUID: UUID, date: date, Cents: Money, Decimal: Rate}[hint]


def _people(move: Move) -> tuple[Role, ...]:
    return tuple(role for role in move.audience if role is not Role.SYSTEM)


def _needs_file(command: type[Command]) -> bool:
    return KeptFile in typing.get_type_hints(command).values()
