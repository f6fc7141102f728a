"""Who may have a user task in hand: refusals and checks of its machine. Not for who may do what it asks: each move names its audience."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import select

from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.actor import Actor
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.priority import PRIORITIES

PEOPLE = (Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER)
"""Whoever user tasks are for. Which of them may ask about one task is a check: its candidates, and project managers."""


class NotACandidate(Refused):
    """The person named could not do what the task asks: they hold another role, or speak for another supplier."""

    code = "user_task.not_a_candidate"


class InOtherHands(Refused):
    """Somebody else has the task; `who` names them."""

    code = "user_task.in_other_hands"


class InNobodysHands(Refused):
    """Only who has a task can hand it on or let go of it, and nobody has it."""

    code = "user_task.in_nobodys_hands"


class NotDelegated(Refused):
    """The task was not handed on by anybody, so there is nobody to give it back to."""

    code = "user_task.not_delegated"


class AlreadyTheirs(Refused):
    """The person named has the task already."""

    code = "user_task.already_theirs"


class PriorityUnknown(Refused):
    """No task has that priority."""

    code = "user_task.priority_unknown"


class DayIsPast(Refused):
    """A task rests until a day to come."""

    code = "user_task.day_is_past"


def asker_is_a_candidate(step: Step) -> None:
    """Refuse whoever could not do what the task asks.

    :raises NotACandidate: when the asker holds another role.
    """
    if not _is_candidate(step.actor, step.subject):
        raise NotACandidate(who=step.actor.name)


def asker_has_a_say(step: Step) -> None:
    """A task's candidates and the advertiser's project managers say who does it, how urgent it is and until when it rests.

    :raises NotACandidate: when the asker is none of them.
    """
    if not has_a_say(step.actor, step.subject):
        raise NotACandidate(who=step.actor.name)


def has_a_say(actor: Actor, task: Any) -> bool:
    """Whether somebody is one of a task's candidates, or one of its advertiser's project managers."""
    return _leads(actor, task) or _is_candidate(actor, task)


def is_free(step: Step) -> None:
    """Refuse to take a task out of somebody's hands.

    :raises InOtherHands: naming who has it.
    :raises AlreadyTheirs: when it is the asker.
    """
    if step.subject.assignee_id is None:
        return
    if step.subject.assignee_id == step.actor.person_id:
        raise AlreadyTheirs(who=step.actor.name)
    raise InOtherHands(who=_name(step, step.subject.assignee_id))


def may_be_given(step: Step) -> None:
    """Candidates give away what is free or their own; a project manager may take a task out of other hands.

    :raises InOtherHands: naming who has it.
    """
    if step.subject.assignee_id not in (None, step.actor.person_id) and not _leads(step.actor, step.subject):
        raise InOtherHands(who=_name(step, step.subject.assignee_id))


def asker_has_it(step: Step) -> None:
    """Refuse to hand on or let go of what one has not.

    :raises InOtherHands: naming who has it.
    :raises InNobodysHands: when nobody has.
    """
    if step.subject.assignee_id is None:
        raise InNobodysHands()
    if step.subject.assignee_id != step.actor.person_id:
        raise InOtherHands(who=_name(step, step.subject.assignee_id))


def may_be_released(step: Step) -> None:
    """Who has a task lets go of it; a project manager may do so in their place.

    :raises InOtherHands: naming who has it.
    :raises InNobodysHands: when nobody has.
    """
    if step.subject.assignee_id is None or not _leads(step.actor, step.subject):
        asker_has_it(step)


def was_delegated(step: Step) -> None:
    """Refuse to give back what nobody handed on.

    :raises NotDelegated: when nobody did.
    """
    if step.subject.delegated_by_id is None:
        raise NotDelegated()


def receiver_could_do_it(step: Step) -> None:
    """Refuse to give a task to somebody whose role could not do what it asks.

    :raises AlreadyTheirs: when they have it.
    :raises NotACandidate: when they could not do it.
    """
    task, person_id = step.subject, step.command.person_id
    if task.assignee_id == person_id:
        raise AlreadyTheirs(who=_name(step, person_id))
    held = select(Membership.id).where(
        Membership.person_id == person_id, Membership.advertiser_id == task.advertiser_id, Membership.role == task.candidate_role
    )
    if task.supplier_id is not None:
        held = held.where(Membership.supplier_id == task.supplier_id)
    if step.session.exec(held).first() is None:
        raise NotACandidate(who=_name(step, person_id))


def priority_is_known(step: Step) -> None:
    """Refuse a word that is no priority.

    :raises PriorityUnknown: when it is none.
    """
    if step.command.priority not in PRIORITIES:
        raise PriorityUnknown(priority=step.command.priority)


def day_is_to_come(step: Step) -> None:
    """Refuse to let a task rest until today or before.

    :raises DayIsPast: when the day is not to come.
    """
    day: date | None = step.command.until_on
    if day is not None and day <= local_day(step.now):
        raise DayIsPast(day=day)


def _is_candidate(actor: Actor, task: Any) -> bool:
    if task.candidate_role == Role.SUPPLIER:
        return task.supplier_id in actor.supplier_ids
    return actor.has_role(Role(task.candidate_role), task.advertiser_id)


def _leads(actor: Actor, task: Any) -> bool:
    return actor.has_role(Role.PROJECT_MANAGER, task.advertiser_id)


def _name(step: Step, person_id: UUID) -> str:
    person = step.session.get(Person, person_id)
    return person.name if person else ""
