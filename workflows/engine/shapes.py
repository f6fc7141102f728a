"""The shapes that processes have had: kept by hash when first met, compared in words, and followed by each chain.

A chain's row says under which shape of all processes it last moved (`process_sha256`). While that is today's, a move costs one comparison
of text. When it is another, the chain goes on under today's if nothing that it stands on is gone; else its people move nothing until a
migration, on record, says where to. Not for making that migration: the process that can be migrated declares the move.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, select

from workflows.engine.columns import document, instant
from workflows.engine.refusals import ProcessChanged
from workflows.engine.registry import Registry
from workflows.engine.step import Step
from workflows.engine.user_tasks import UserTask

WAITING = ("open", "suspended")
"""States of a user task that somebody still has to do."""


class ProcessShape(SQLModel, table=True):
    """What the processes were under one hash, as `Registry.shape` tells it. The same for every advertiser."""

    __tablename__ = "process_shape"

    sha256: str = Field(primary_key=True)
    shape: dict[str, Any] = document()
    seen_at: datetime = instant()


@dataclass(frozen=True, kw_only=True)
class ShapeChange:
    """One difference. `kind`: `added`, `vanished` or `changed`; `what`: `process`, `state`, `move` or `user_task`.

    `where` is the state of a move; `parts` names what changed in it.
    """

    process: str
    kind: str
    what: str
    name: str
    where: str = ""
    parts: tuple[str, ...] = ()


def follow(step: Step, registry: Registry) -> None:
    """Let a chain go on under today's processes, when it last moved under others and all that it stands on is still there.

    A machine's answer goes on in any case, and decides nothing for the chain.

    :raises ProcessChanged: when the chain's state or a user task that waits in it is not declared any more.
    """
    chain = step.chain
    if chain is None or chain.process_sha256 == registry.sha256 or step.actor.is_system:
        return
    vanished = missing(registry, step.session, chain)
    if vanished:
        raise ProcessChanged(**vanished)
    adopt(step, registry)


def adopt(step: Step, registry: Registry) -> None:
    """Write that the chain runs under today's processes, and keep what these are."""
    step.chain.process_sha256 = registry.sha256
    remember(step.session, registry, now=step.now)


def remember(session: Session, registry: Registry, *, now: datetime) -> None:
    """Keep the shape of today's processes, unless it is known."""
    row = {"sha256": registry.sha256, "shape": registry.shape, "seen_at": now}
    session.connection().execute(insert(ProcessShape).values(row).on_conflict_do_nothing())


def missing(registry: Registry, session: Session, chain: Any) -> dict[str, Any]:
    """What a chain stands on and no process declares: its `state`, and `user_tasks` that wait; empty when it may move."""
    process = next(process for process in registry.processes if isinstance(chain, process.subject))
    found: dict[str, Any] = {}
    if process.stage(chain.state) is None:
        found["state"] = str(chain.state)
    waiting = session.exec(
        select(UserTask.name).where(UserTask.campaign_id == chain.id, col(UserTask.state).in_(WAITING)).distinct().order_by(UserTask.name)
    )
    if vanished := [name for name in waiting if name not in registry.user_tasks]:
        found["user_tasks"] = vanished
    return found


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[ShapeChange, ...]:
    """What differs between two shapes of all processes, in the order of the new one."""
    before, after = ({process["name"]: process for process in shape["processes"]} for shape in (old, new))
    changes = [ShapeChange(process=name, kind="added", what="process", name=name) for name in after if name not in before]
    changes += [ShapeChange(process=name, kind="vanished", what="process", name=name) for name in before if name not in after]
    for name in after:
        if name in before:
            changes += _within(name, before[name], after[name])
    return tuple(changes)


def _within(process: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ShapeChange]:
    states_before, states_after = ([stage["state"] for stage in shape["stages"]] for shape in (old, new))
    yield from _apart(process, "state", states_before, states_after)
    yield from _apart(process, "user_task", tasks_of(old), tasks_of(new))
    moves_before, moves_after = _moves(old), _moves(new)
    for place in [*moves_after, *(one for one in moves_before if one not in moves_after)]:
        where, name = place
        earlier, later = moves_before.get(place), moves_after.get(place)
        if earlier is None or later is None:
            if where not in states_before or where not in states_after:
                continue  # the state itself came or went
            kind = "added" if earlier is None else "vanished"
            yield ShapeChange(process=process, kind=kind, what="move", name=name, where=where)
        elif earlier != later:
            parts = tuple(part for part in later if earlier.get(part) != later[part])
            yield ShapeChange(process=process, kind="changed", what="move", name=name, where=where, parts=parts)


def _apart(process: str, what: str, before: Iterable[str], after: Iterable[str]) -> Iterator[ShapeChange]:
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    yield from (ShapeChange(process=process, kind="added", what=what, name=name) for name in new if name not in old)
    yield from (ShapeChange(process=process, kind="vanished", what=what, name=name) for name in old if name not in new)


def _moves(shape: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    found = {("", move["command"]): move for move in shape["births"]}
    return found | {(stage["state"], move["command"]): move for stage in shape["stages"] for move in stage["moves"]}


def tasks_of(shape: Mapping[str, Any]) -> list[str]:
    """The user tasks that one process opens, in the order of declaration."""
    sources = [*shape["births"], *shape["stages"], *(move for stage in shape["stages"] for move in stage["moves"])]
    return list(dict.fromkeys(name for source in sources for name in source["opens"]))
