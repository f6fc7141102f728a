"""What becomes of a user task whose day is past: a reminder, then escalation, each on record and once. Not for when: policy says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.told import company_address, who_is_told

NOBODY = "told_to_nobody"
"""The control that an entry carries when there was nobody to tell: policy names nobody, or nobody holds the role it names."""


class NotOverdue(Refused):
    """The task is not overdue so long, or that was done already."""

    code = "user_task.not_overdue"


@dataclass(frozen=True, kw_only=True)
class RemindOfTask(Command):
    """Remind whoever has an overdue task in hand, or else all who could do it."""


@dataclass(frozen=True, kw_only=True)
class EscalateTask(Command):
    """Tell those whom policy names that a task is still undone, and make it urgent."""


def next_step(task: Any, policy: Any, *, now: datetime) -> type[Command] | None:
    """What is to be done about an open task by now: nothing, a reminder, or escalation once it was reminded of.

    Nothing is done while the task is set aside. A reminder that came late, because the task was set aside or nobody looked, leaves the
    working days that policy puts between the two.
    """
    if task.due_at is None or task.escalated_at is not None or _is_set_aside(task, now):
        return None
    if task.reminded_at is None:
        return RemindOfTask if now > policy.after(task.due_at, "remind_task") else None
    grace = max(0, policy.days("escalate_task") - policy.days("remind_task"))
    last_day = max(policy.after(task.due_at, "escalate_task"), policy.after_days(task.reminded_at, grace))
    return EscalateTask if now > last_day else None


def _is_set_aside(task: Any, now: datetime) -> bool:
    return task.follow_up_on is not None and task.follow_up_on > local_day(now)


def its_time_has_come(step: Step) -> None:
    """Refuse to remind or escalate before its day, or twice.

    :raises NotOverdue: when it is not to be done by now.
    """
    if next_step(step.subject, step.policy, now=step.now) is not type(step.command):
        raise NotOverdue()


def remind(step: Step) -> None:
    """Note it, and have them written to."""
    step.subject.reminded_at = step.now
    _tell(step, None, escalated=False)


def escalate(step: Step) -> None:
    """Note it, make the task urgent, and have those written to whom policy names."""
    step.subject.escalated_at, step.subject.priority = step.now, "urgent"
    role = step.policy.escalates_to(step.subject.candidate_role)
    if role is None:
        _note_nobody(step)
    else:
        _tell(step, role, escalated=True)


def _tell(step: Step, escalates_to: Role | None, *, escalated: bool) -> None:
    """Have them written to, or say on record that there is nobody."""
    task = step.subject
    if who_is_told(step.session, task, escalates_to, today=local_day(step.now)) or company_address(step.session, task, escalates_to):
        step.request("mail_overdue", {"task_id": str(task.id), "escalated": escalated})
    else:
        _note_nobody(step)


def _note_nobody(step: Step) -> None:
    step.control(NOBODY, expected=1, actual=0, verdict="warning")


OVERDUE = (
    Move(RemindOfTask, by=Role.SYSTEM, event="user_task.reminded", checks=(its_time_has_come,), do=remind),
    Move(EscalateTask, by=Role.SYSTEM, event="user_task.escalated", checks=(its_time_has_come,), do=escalate),
)
