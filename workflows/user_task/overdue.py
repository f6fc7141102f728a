"""What becomes of a user task whose day is past: a reminder, then escalation, each on record and once. Not for when: policy says it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


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
    """What is to be done about an open task by now: nothing, a reminder, or escalation once it was reminded of."""
    if task.due_at is None or task.escalated_at is not None:
        return None
    command, delay = (RemindOfTask, "remind_task") if task.reminded_at is None else (EscalateTask, "escalate_task")
    return command if now > policy.after(task.due_at, delay) else None


def its_time_has_come(step: Step) -> None:
    """Refuse to remind or escalate before its day, or twice.

    :raises NotOverdue: when it is not to be done by now.
    """
    if next_step(step.subject, step.policy, now=step.now) is not type(step.command):
        raise NotOverdue()


def remind(step: Step) -> None:
    """Note it, and have them written to."""
    step.subject.reminded_at = step.now
    step.request("mail_overdue", {"task_id": str(step.subject.id), "escalated": False})


def escalate(step: Step) -> None:
    """Note it, make the task urgent, and have them written to."""
    step.subject.escalated_at, step.subject.priority = step.now, "urgent"
    step.request("mail_overdue", {"task_id": str(step.subject.id), "escalated": True})


OVERDUE = (
    Move(RemindOfTask, by=Role.SYSTEM, event="user_task.reminded", checks=(its_time_has_come,), do=remind),
    Move(EscalateTask, by=Role.SYSTEM, event="user_task.escalated", checks=(its_time_has_come,), do=escalate),
)
