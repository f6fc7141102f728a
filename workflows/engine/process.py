"""The nouns a process is declared with: Stage, Move, UserTaskSpec, ServiceTaskRef, DocumentSpec, Process. Nothing runs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.engine.command import Command, sha256_of
from workflows.engine.refusals import Refused, Unmet
from workflows.parties.roles import Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from workflows.engine.step import Step

Facts = Any
Condition = Callable[[Any], Unmet | None]
Check = Callable[["Step"], None]


@dataclass(frozen=True)
class OneOf:
    """A destination that the step chooses among declared states. `choose` raises a refusal for any other."""

    states: tuple[str, ...]
    choose: Callable[[Step], str] = field(compare=False)

    def __str__(self) -> str:
        return " | ".join(str(state) for state in self.states)


@dataclass(frozen=True)
class WorkingDays:
    """A delay in working days, by the name under which policy holds the number."""

    policy: str


@dataclass(frozen=True)
class Hours:
    """A delay by the clock, whatever day it is, by the name under which policy holds the number of hours: what a law counts so."""

    policy: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """One of several things a user task or document is for: a row, and the supplier it concerns, if any.

    `due_at` is when a user task about it is due, where that is a day of its own and no delay from now.
    """

    kind: str
    id: UUID
    label: str = ""
    supplier_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class UserTaskSpec:
    """Work for a person, opened when its stage is entered, once or for `each` target.

    It goes when its stage is left, unless it is `filed_under` another name than a stage's.
    """

    name: str
    candidates: Role = field(kw_only=True)
    due: WorkingDays | Hours | None = field(kw_only=True, default=None)
    filed_under: str = field(kw_only=True, default="")
    each: Callable[[Facts], Iterable[Target]] | None = field(kw_only=True, default=None)


@dataclass(frozen=True)
class ServiceTaskRef:
    """Work for a machine, asked for in the move's own transaction; later, when `after` or the moment `at` is given."""

    name: str
    payload: Callable[[Step], dict[str, Any]] | None = field(kw_only=True, default=None)
    after: WorkingDays | None = field(kw_only=True, default=None)
    at: Callable[[Step], datetime] | None = field(kw_only=True, default=None)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document about to be issued: its number and revision, its canonical content, and whom it is for."""

    number: str
    revision: int
    content: bytes
    supplier_id: UUID | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True)
class DocumentSpec:
    """A kind of document issued by a move; `papers` writes the one or several that this step issues."""

    kind: str
    papers: Callable[[Step], Iterable[Paper]]


@dataclass(frozen=True)
class Move:
    """A way out of a stage, or around within it (`to=None`). `by` has no default: forgetting the audience is an error.

    `suppliers` names those who may ask where the subject itself belongs to no single supplier. A move that `keeps_work` neither closes
    what the stage it leaves has open nor opens what the stage it enters declares: that work is only set aside, or taken up again.
    One that `declines` leaves undone on purpose what its user tasks ask: their checklists need not be ticked.
    """

    command: type[Command]
    to: str | OneOf | None = field(kw_only=True, default=None)
    by: Role | tuple[Role, ...] = field(kw_only=True)
    event: str = field(kw_only=True)
    requires: tuple[Condition, ...] = field(kw_only=True, default=())
    checks: tuple[Check, ...] = field(kw_only=True, default=())
    do: Callable[[Step], Any] | None = field(kw_only=True, default=None)
    closes: tuple[str, ...] = field(kw_only=True, default=())
    opens: tuple[UserTaskSpec, ...] = field(kw_only=True, default=())
    requests: tuple[ServiceTaskRef, ...] = field(kw_only=True, default=())
    issues: tuple[DocumentSpec, ...] = field(kw_only=True, default=())
    suppliers: Callable[[Facts], Iterable[UUID]] | None = field(kw_only=True, default=None)
    keeps_work: bool = field(kw_only=True, default=False)
    declines: bool = field(kw_only=True, default=False)

    @property
    def targets(self) -> tuple[str, ...]:
        """Every state it may lead to; none for a move around within its stage."""
        if self.to is None:
            return ()
        return tuple(str(state) for state in self.to.states) if isinstance(self.to, OneOf) else (str(self.to),)

    @property
    def audience(self) -> tuple[Role, ...]:
        return self.by if isinstance(self.by, tuple) else (self.by,)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One state: what opens when it is entered, and the moves that start from it."""

    state: str
    moves: tuple[Move, ...] = ()
    enter: Callable[[Step], None] | None = None
    opens: tuple[UserTaskSpec, ...] = ()
    requests: tuple[ServiceTaskRef, ...] = ()
    issues: tuple[DocumentSpec, ...] = ()

    def takes(self, command: type[Command]) -> bool:
        """Whether a move of this stage is asked for by that command."""
        return any(move.command is command for move in self.moves)


@dataclass(frozen=True, kw_only=True, eq=False)
class Process:
    """A machine's declaration, and the few questions the engine asks about its subject. Each is itself: two are never equal.

    `births` are the moves that make a subject: their `do` returns the new row. `parent` finds, for a birth, the row that must
    be visible to the asker. `chain_of` finds the row whose chain the checkpoint goes to; it is locked first. `birth_chain` makes that row
    where the subject is the first of its chain. `migration` moves a subject from any state, declared or not; it is no part
    of the shape. `pause` says, of a chain's row, why people move nothing that belongs to it for now; a process that `outlives` its chain
    is closed to them while that rests, and not once it has come to its end.
    """

    name: str
    subject: type[Any]
    stages: tuple[Stage, ...]
    facts: Callable[[Session, Any], Facts]
    chain_of: Callable[[Session, Any], Any]
    births: tuple[Move, ...] = ()
    parent: Callable[[Session, Command], Any] | None = None
    supplier_of: Callable[[Any], UUID | None] = lambda row: None
    birth_chain: Callable[[Step], Any] | None = None
    migration: Move | None = None
    pause: Callable[[Any], Refused | None] = lambda chain: None
    outlives: bool = False

    def stage(self, state: str) -> Stage | None:
        """The stage of that state, or None where the declaration knows none."""
        return next((stage for stage in self.stages if stage.state == state), None)

    def birth(self, command: type[Command]) -> Move | None:
        """The birth made by that command, if it makes one."""
        return next((move for move in self.births if move.command is command), None)

    @property
    def commands(self) -> tuple[type[Command], ...]:
        """Every command of this process, each once, in the order of declaration."""
        moves = (*self.births, *(move for stage in self.stages for move in stage.moves))
        found = dict.fromkeys(move.command for move in moves)
        return (*found, *((self.migration.command,) if self.migration else ()))

    @property
    def shape(self) -> dict[str, Any]:
        """What the process is, as plain data: states, moves, audiences, conditions and effects, without any code."""
        return {
            "name": self.name,
            "births": [_shape(move) for move in self.births],
            "stages": [
                {
                    "state": str(stage.state),
                    "opens": [spec.name for spec in stage.opens],
                    "requests": [ref.name for ref in stage.requests],
                    "issues": [spec.kind for spec in stage.issues],
                    "moves": [_shape(move) for move in stage.moves],
                }
                for stage in self.stages
            ],
        }

    @cached_property
    def sha256(self) -> str:
        """The hash of the shape, written in every checkpoint."""
        return sha256_of(self.shape)


def _shape(move: Move) -> dict[str, Any]:
    return {
        "command": move.command.name(),
        "to": list(move.targets) if isinstance(move.to, OneOf) else (str(move.to) if move.to else None),
        "by": [str(role) for role in move.audience],
        "event": move.event,
        "requires": _names(move.requires),
        "checks": _names(move.checks),
        "opens": [spec.name for spec in move.opens],
        "requests": [ref.name for ref in move.requests],
        "issues": [spec.kind for spec in move.issues],
        **({"declines": True} if move.declines else {}),
    }


def _names(functions: Sequence[Callable[..., Any]]) -> list[str]:
    return [function.__name__ for function in functions]
