"""Ticking the points of a user task's checklist: by whoever may do the task, each on record. Not for what they are: policy says it."""

from dataclasses import dataclass
from uuid import UUID

from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Person
from workflows.parties.roles import Role
from workflows.user_task.rules import PEOPLE, asker_has_a_say, asker_is_a_candidate


class PointUnknown(Refused):
    """The task's checklist has no such point, in the policy that the campaign follows."""

    code = "user_task.point_unknown"


class PointTicked(Refused):
    """The point is ticked already; `who` says by whom."""

    code = "user_task.point_ticked"


class PointNotTicked(Refused):
    """Nobody ticked the point."""

    code = "user_task.point_not_ticked"


@dataclass(frozen=True, kw_only=True)
class TickPoint(Command):
    """Vouch that one point of a task's checklist is done."""

    point: str


@dataclass(frozen=True, kw_only=True)
class UntickPoint(Command):
    """Take a tick back."""

    point: str


def asker_may_do_it(step: Step) -> None:
    """A task's candidates vouch for its points; for a supplier, a project manager may, who may also answer in its place.

    :raises NotACandidate: when the asker is neither.
    """
    if step.subject.candidate_role == Role.SUPPLIER:
        asker_has_a_say(step)
    else:
        asker_is_a_candidate(step)


def point_is_known(step: Step) -> None:
    """Refuse a point that the checklist has not.

    :raises PointUnknown: when it has not.
    """
    if step.command.point not in {point.code for point in step.policy.checklist(step.subject.name)}:
        raise PointUnknown(point=step.command.point)


def point_is_open(step: Step) -> None:
    """Refuse to tick twice: who vouched first stays named.

    :raises PointTicked: when it is ticked.
    """
    tick = step.subject.ticks.get(step.command.point)
    if tick is not None:
        person = step.session.get(Person, UUID(tick["by"]))
        raise PointTicked(who=person.name if person else "")


def point_is_ticked(step: Step) -> None:
    """Refuse to take back what is not there.

    :raises PointNotTicked: when the point is open.
    """
    if step.command.point not in step.subject.ticks:
        raise PointNotTicked()


def tick(step: Step) -> None:
    """Keep who vouched, and when."""
    step.subject.ticks = {**step.subject.ticks, step.command.point: {"by": str(step.actor.person_id), "at": step.now.isoformat()}}


def untick(step: Step) -> None:
    """Forget the tick; the chain keeps that there was one."""
    step.subject.ticks = {code: one for code, one in step.subject.ticks.items() if code != step.command.point}


TICKING = (
    Move(TickPoint, by=PEOPLE, event="user_task.point_ticked", checks=(asker_may_do_it, point_is_known, point_is_open), do=tick),
    Move(UntickPoint, by=PEOPLE, event="user_task.point_unticked", checks=(asker_may_do_it, point_is_ticked), do=untick),
)
