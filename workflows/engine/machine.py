"""The only import of `transitions`: a declared process as a machine whose guards raise. Not for effects; `dispatch` has them.

A condition that returns False only makes the trigger return False, so the guard raises. Callbacks after the change do no work: the
database transaction is the safety. Auto transitions are off, for `to_<state>` would be a back door.
"""

from functools import cache, partial
from typing import Any
from uuid import UUID

from transitions import EventData, Machine, MachineError

from workflows.engine.process import Move, OneOf, Process
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotYourMove, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


@cache
def machine_of(process: Process) -> Machine:
    """The one machine of a process, shared by all its subjects."""
    return Machine(
        model=None,
        initial=None,
        states=[str(stage.state) for stage in process.stages],
        transitions=[
            {
                "trigger": move.command.name(),
                "source": str(stage.state),
                "dest": target,
                # The first condition only chooses among several destinations; the guard raises.
                "conditions": [*([partial(_chosen, move.to, target)] if isinstance(move.to, OneOf) else []), partial(_guard, move)],
            }
            for stage in process.stages
            for move in stage.moves
            for target in (move.targets or (None,))
        ],
        auto_transitions=False,
        send_event=True,
        queued=False,
    )


def fire(step: Step) -> None:
    """Change the subject's state as the command asks.

    :raises Refused: when the move is not open, not the asker's, or a condition or check says no.
    """
    machine = machine_of(step.process)
    name = step.command.name()
    if name not in machine.events:
        raise MoveNotOpen(command=name, state=step.subject.state)
    try:
        machine.events[name].trigger(step.subject, step=step)
    except MachineError as error:
        raise MoveNotOpen(command=name, state=step.subject.state) from error


def guard(move: Move, step: Step) -> None:
    """Raise the first reason why this move may not be made: audience, then all conditions at once, then the checks.

    :raises Refused: the typed reason.
    """
    if not may_ask(move, step):
        raise NotYourMove(roles=[str(role) for role in move.audience])
    step.stands_in_for = step.actor.stands_in_for(move.audience, step.chain.advertiser_id)
    unmet = (*(unmet_conditions(move, step.facts) if move.requires else ()), *unticked(move, step))
    if unmet:
        raise ConditionsUnmet(unmet)
    for check in move.checks:
        check(step)


def may_ask(move: Move, step: Step) -> bool:
    """Whether the asker belongs to the move's audience; a supplier only for what is its own."""
    advertiser_id = step.chain.advertiser_id
    for role in move.audience:
        if role is Role.SUPPLIER:
            if not set(step.actor.supplier_ids).isdisjoint(_suppliers(move, step)):
                return True
        elif step.actor.has_role(role, advertiser_id):
            return True
    return False


def _suppliers(move: Move, step: Step) -> set[UUID]:
    """The suppliers for whom the move is: those it names, else the one the subject (or a birth's parent) belongs to."""
    if move.suppliers is not None:
        return set(move.suppliers(step.facts))
    about = step.subject if step.subject is not None else step.parent
    owner = step.process.supplier_of(about) if about is not None else None
    return {owner} if owner is not None else set()


def unmet_conditions(move: Move, facts: Any) -> tuple[Unmet, ...]:
    """Every condition of the move that does not hold on these facts."""
    return tuple(unmet for unmet in (condition(facts) for condition in move.requires) if unmet is not None)


def unticked(move: Move, step: Step) -> tuple[Unmet, ...]:
    """What the checklists of the user tasks that the move does still ask for."""
    if move.declines or step.subject is None:
        return ()
    return tuple(unmet for name in move.closes for unmet in step.unticked(name, step.subject.id))


def _chosen(destination: OneOf, target: str | None, event: EventData) -> bool:
    return str(destination.choose(event.kwargs["step"])) == target


def _guard(move: Move, event: EventData) -> bool:
    guard(move, event.kwargs["step"])
    return True
