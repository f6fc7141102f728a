"""A process without any trade in it: a lamp that is switched on and off. Rows and sessions are plain values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, Stage
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.actor import Actor, Grant
from workflows.parties.roles import Role

OWNER = uuid4()
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


class TooDark(Refused):
    """A check of a command."""

    code = "lamp.too_dark"


@dataclass(frozen=True, kw_only=True)
class SwitchOn(Command):
    """Light."""

    watts: int = 10


@dataclass(frozen=True, kw_only=True)
class SwitchOff(Command):
    """Dark."""

    reason: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class Dim(Command):
    """Around within the state."""


@dataclass(frozen=True, kw_only=True)
class Fetch(Command):
    """For suppliers, of those the facts name."""


def is_plugged(facts: Any) -> Unmet | None:
    return None if facts.plugged else Unmet(code="lamp.unplugged", lifted_by=Role.PROJECT_MANAGER, since=NOW)


def has_bulb(facts: Any) -> Unmet | None:
    return None if facts.bulb else Unmet(code="lamp.no_bulb", lifted_by=Role.SUPPLIER)


def bright_enough(step: Step) -> None:
    if step.command.watts < 5:
        raise TooDark(watts=step.command.watts)


LAMP = Process(
    name="lamp",
    subject=object,
    facts=lambda session, row: row,
    chain_of=lambda session, row: row,
    supplier_of=lambda row: row.supplier_id,
    stages=(
        Stage(
            state="off",
            moves=(
                Move(
                    SwitchOn,
                    to="on",
                    by=Role.PROJECT_MANAGER,
                    event="lamp.lit",
                    requires=(is_plugged, has_bulb),
                    checks=(bright_enough,),
                ),
                Move(Fetch, by=(Role.SUPPLIER, Role.SYSTEM), event="lamp.fetched", suppliers=lambda facts: facts.fetchers),
            ),
        ),
        Stage(
            state="on",
            moves=(
                Move(SwitchOff, to="off", by=(Role.PROJECT_MANAGER, Role.SUPPLIER), event="lamp.out"),
                Move(Dim, by=Role.SYSTEM, event="lamp.dimmed"),
            ),
        ),
    ),
)


@dataclass
class Lamp:
    """The subject."""

    state: str = "off"
    version: int = 3
    plugged: bool = True
    bulb: bool = True
    advertiser_id: UUID = OWNER
    supplier_id: UUID | None = None
    fetchers: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=uuid4)


def somebody(role: Role, advertiser_id: UUID = OWNER, supplier_id: UUID | None = None) -> Actor:
    return Actor(person_id=uuid4(), grants=(Grant(advertiser_id=advertiser_id, role=role, supplier_id=supplier_id),))


def step(lamp: Lamp, command: Command, actor: Actor) -> Step:
    return Step(session=SimpleNamespace(), process=LAMP, subject=lamp, chain=lamp, command=command, actor=actor, now=NOW)
