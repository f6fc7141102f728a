"""Dispatch: the one way anything moves. Locks, asks the machine, carries out the declared effects and writes the checkpoint.

One call is one step inside the caller's transaction, and whatever other subjects it lets move. It never commits: `app.execute` does.
Any refusal is an exception, so the caller's rollback leaves no trace.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from workflows.engine import checkpoints, machine
from workflows.engine.command import Command, plain, recorded_fields
from workflows.engine.process import DocumentSpec, Move, Process, Stage
from workflows.engine.refusals import NotFound, Overtaken, Paused, ProcessChanged, Stale, Unmet
from workflows.engine.registry import Registry
from workflows.engine.shapes import adopt, follow
from workflows.engine.step import Step
from workflows.parties.actor import SYSTEM, Actor


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a move left: the subject, its new state and version, and the place of its checkpoint. `repeated` when it was made before."""

    subject: Any
    event: str
    state: str
    version: int
    campaign_id: Any
    seq: int
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class AvailableMove:
    """A move of the present state as one asker sees it: open, or closed by every condition in `unmet`.

    `to` is its one destination, None where it stays or leads to one of several `targets`.
    """

    command: type[Command]
    to: str | None
    targets: tuple[str, ...]
    allowed: bool
    unmet: tuple[Unmet, ...]

    @property
    def name(self) -> str:
        return self.command.name()

    @property
    def is_open(self) -> bool:
        return self.allowed and not self.unmet


@cache
def _locking(table: Any) -> Select[Any]:
    """FOR NO KEY UPDATE: moves exclude each other, and whoever writes a row that points to this one does not wait, for its key stays. With
    FOR UPDATE the relay, which sends outbox rows again, and the worker of one of them could wait for each other.
    """
    locked = select(table).where(table.id == bindparam("key")).with_for_update(key_share=True)
    return locked.execution_options(populate_existing=True)


class Locks:
    """Rows that a transaction has locked and read since: nobody else changes them before it ends, so each is locked once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[int, Any] = {}

    def read(self, table: Any, key: Any) -> Any:
        """The row of that key, read and locked in one; None when the asker may not do both."""
        row = self._session.execute(_locking(table), {"key": key}).scalar_one_or_none()
        if row is not None:
            self._held[id(row)] = row
        return row

    def take(self, row: Any) -> None:
        """Lock a row and read it again, unless it is held."""
        if id(row) not in self._held:
            self._session.refresh(row, with_for_update={"key_share": True})
            self._held[id(row)] = row


def dispatch(session: Session, registry: Registry, command: Command, *, actor: Actor, now: datetime, locks: Locks | None = None) -> Outcome:
    """Carry out one command in the open transaction, and the moves that follow from it.

    :param locks: what this transaction holds already, when it holds something.
    :raises Refused: typed, when the move may not be made; nothing is to be committed then.
    """
    locks = locks or Locks(session)
    outcome, step = _one(session, registry, command, actor=actor, now=now, locks=locks)
    following = step.following
    while following:
        _, next_step = _one(session, registry, following.pop(0), actor=SYSTEM, now=now, because_of=step, locks=locks)
        following.extend(next_step.following)
    # What followed may have moved the same subject on: whoever asked is to know it as it stands now.
    return replace(outcome, state=str(outcome.subject.state), version=outcome.subject.version)


def available_moves(session: Session, process: Process, subject: Any, *, actor: Actor, now: datetime) -> tuple[AvailableMove, ...]:
    """Every move that starts from the subject's present state, with all that closes it as far as the asker sees that; reads only."""
    stage = process.stage(subject.state)
    if stage is None:
        return ()
    chain = process.chain_of(session, subject)
    facts = process.facts(session, subject)
    pause = process.pause(chain) if chain is not subject else None
    rests = pause.unmet if isinstance(pause, Paused) else ()
    # A supplier sees neither policy nor what others' moves rest on. Of its own checklist it learns where it does its task.
    sees_whole = actor.is_system or chain.advertiser_id in actor.staff_advertiser_ids
    moves = []
    for move in stage.moves:
        step = Step(session=session, process=process, subject=subject, chain=chain, command=None, actor=actor, now=now)
        allowed = machine.may_ask(move, step)
        conditions = machine.unmet_conditions(move, facts) if sees_whole or allowed else ()
        moves.append(
            AvailableMove(
                command=move.command,
                to=move.targets[0] if len(move.targets) == 1 else None,
                targets=move.targets,
                allowed=allowed,
                unmet=(*rests, *conditions, *(machine.unticked(move, step) if sees_whole else ())),
            )
        )
    return tuple(moves)


def visible(session: Session, registry: Registry, command: Command, locks: Locks) -> Any:
    """The row that the asker must be able to see to ask this at all, read under the asker's own eyes.

    The first row of a chain is locked as it is read, where the asker may: it comes first in the order of locks anyway.

    :raises NotFound: when there is none, or none for this asker.
    """
    process = registry.process_for(type(command))
    if process.birth(type(command)):
        row = process.parent(session, command) if process.parent else True
    else:
        row = locks.read(process.subject, command.subject_id) if process.birth_chain else None
        row = row or session.get(process.subject, command.subject_id)
    if row is None:
        raise NotFound(subject=process.name)
    return row


def _one(
    session: Session,
    registry: Registry,
    command: Command,
    *,
    actor: Actor,
    now: datetime,
    locks: Locks,
    because_of: Step | None = None,
) -> tuple[Outcome, Step]:
    """One subject's move: lock and read it, let the move be made, carry out what it declares, write it down."""
    step = _begin(session, registry, command, actor=actor, now=now, locks=locks)
    move, before = _make_move(step, registry)
    _effects(step, move, before)
    step.subject.version += 1
    seq = _write_down(step, move, because_of or step)
    outcome = Outcome(
        subject=step.subject,
        event=move.event,
        state=str(step.subject.state),
        version=step.subject.version,
        campaign_id=step.chain.id,
        seq=seq,
    )
    return outcome, step


def _begin(session: Session, registry: Registry, command: Command, *, actor: Actor, now: datetime, locks: Locks) -> Step:
    """The step of a command, its chain and its subject (or a birth's parent) locked and read again, and its chain not at rest.

    :raises NotFound: when there is no such subject.
    """
    process = registry.process_for(type(command))
    birth = process.birth(type(command))
    subject: Any = None if birth else session.get(process.subject, command.subject_id)
    if birth is None and subject is None:
        raise NotFound(subject=process.name)
    parent = process.parent(session, command) if birth and process.parent else None
    chain = _lock(session, process, subject if subject is not None else parent, locks)
    step = Step(session=session, process=process, subject=subject, chain=chain, command=command, actor=actor, now=now)
    step.parent = parent
    if not _migrates(step):
        follow(step, registry)
        _refuse_paused(step)
    return step


def _make_move(step: Step, registry: Registry) -> tuple[Move, Stage | None]:
    """Let a subject be born, be migrated or move as its stage declares; returns the move, and the stage it stood in before."""
    if birth := step.process.birth(type(step.command)):
        _be_born(step, birth, registry)
        return birth, None
    step.left_state = str(step.subject.state)
    if _migrates(step):
        return _migrate(step, registry), Stage(state=step.left_state)
    before = _fire(step)
    move = next(move for move in before.moves if move.command is type(step.command))
    if move.do:
        move.do(step)
    return move, before


def _migrates(step: Step) -> bool:
    """Whether the command brings a subject to today's form, from a state that may be unknown by now."""
    migration = step.process.migration
    return migration is not None and migration.command is type(step.command)


def _migrate(step: Step, registry: Registry) -> Move:
    """Bring a subject to today's form, and pin that."""
    move = step.process.migration
    assert move is not None, "its command was recognised"
    _refuse_stale(step)
    machine.guard(move, step)
    if move.do:
        move.do(step)
    adopt(step, registry)
    return move


def _write_down(step: Step, move: Move, asked: Step) -> int:
    """Append the checkpoint, and carry out in one breath what the step asked of user tasks, outbox and documents; returns its place."""
    fields, texts = recorded_fields(step.command)
    entry = {**_entry(step, move, asked), "command": {"name": step.command.name(), **fields}}
    seq = checkpoints.append(
        step.session.connection(), step.chain, at=step.now, by=step.actor.person_id, entry=entry, texts=texts, effects=step.effects
    )
    step.session.flush()
    return seq


def _lock(session: Session, process: Process, row: Any, locks: Locks) -> Any:
    """Lock the chain's row first and then the subject's (or parent's) own, always in this order, and read both again."""
    chain = process.chain_of(session, row) if row is not None else None
    for locked in (chain, row if row is not chain else None):
        if locked is not None:
            locks.take(locked)
    return chain


def _fire(step: Step) -> Stage:
    """Change the state of a subject that is still as the asker saw it; returns the stage it stood in."""
    try:
        _refuse_stale(step)
        before = step.process.stage(step.subject.state)
        if before is None:
            raise ProcessChanged(state=step.subject.state)
        machine.fire(step)
    except Overtaken as refusal:
        refusal.made = checkpoints.overtaking_move(
            step.session.connection(), step.chain.id, step.subject.id, seen_version=step.command.seen_version
        )
        raise
    return before


def _refuse_stale(step: Step) -> None:
    seen = step.command.seen_version
    if seen is not None and seen != step.subject.version:
        raise Stale(seen=seen, version=step.subject.version)


def _refuse_paused(step: Step) -> None:
    """While a chain rests, it takes only what its own present stage declares, and what belongs to it takes nothing from people."""
    if step.chain is None:
        return
    refusal = step.process.pause(step.chain)
    step.paused = isinstance(refusal, Paused)
    if step.subject is step.chain:
        stage = step.process.stage(step.subject.state)
        closed = stage is None or not stage.takes(type(step.command))
    else:
        closed = not step.actor.is_system and (step.paused or not step.process.outlives)
    if refusal is not None and closed:
        raise refusal


def _be_born(step: Step, move: Move, registry: Registry) -> None:
    """Make the subject. The first of a chain has no chain to lock yet: it is its own."""
    if step.chain is None:
        assert step.process.birth_chain is not None, f"{step.process.name} is born without a chain"
        step.chain = step.process.birth_chain(step)
        adopt(step, registry)
    machine.guard(move, step)
    assert move.do is not None, f"the birth {move.event} makes nothing"
    step.subject = move.do(step)
    step.session.add(step.subject)
    step.session.flush()


def _effects(step: Step, move: Move, before: Stage | None) -> None:
    """Close and open user tasks, request service tasks, issue documents: first the move's own, then those of the stage it enters."""
    moved = before is None or (str(step.subject.state) != str(before.state) and not move.keeps_work)
    step.forget_facts()
    for name in move.closes:
        # Its checklist was asked for with the move's other conditions.
        step.close_task(name, step.subject.id, declined=True)
    if moved and before is not None:
        step.drop_tasks(stage=str(before.state))
    entered = step.process.stage(step.subject.state) if moved else None
    if entered and entered.enter:
        entered.enter(step)
        step.session.flush()
        step.forget_facts()
    stages: list[Move | Stage] = [move] + ([entered] if entered else [])
    for source in stages:
        for spec in source.opens:
            for target in spec.each(step.facts) if spec.each else (None,):
                step.open_task(spec, target, stage=str(step.subject.state))
        for ref in source.requests:
            step.request(ref.name, ref.payload(step) if ref.payload else None, after=ref.after, at=ref.at(step) if ref.at else None)
        for document in source.issues:
            _issue(step, document)


def _issue(step: Step, spec: DocumentSpec) -> None:
    for paper in spec.papers(step):
        step.issue(spec.kind, paper)


def _entry(step: Step, move: Move, asked: Step) -> dict[str, Any]:
    """The checkpoint's own fields, apart from the command and its texts. `asked` is the step of the person who set it off."""
    person = asked.actor
    return {
        "event": move.event,
        "subject": {"kind": step.process.name, "id": str(step.subject.id), "version": step.subject.version},
        "from": step.left_state,
        "to": str(step.subject.state),
        "actor": {
            "id": str(person.person_id) if person.person_id else None,
            "roles": sorted(str(role) for role in person.roles),
            "stands_in_for": str(asked.stands_in_for) if asked.stands_in_for else None,
        },
        "process": {"name": step.process.name, "sha256": step.process.sha256},
        "policy": {"version": step.chain.policy_number},
        "documents": plain(step.documents),
        "files": plain(step.files),
        "checks": plain(step.controls),
        **({"erased": plain(step.erased)} if step.erased else {}),
    }
