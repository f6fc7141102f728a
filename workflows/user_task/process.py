"""The user task's machine. People take a task in hand, hand it on, set it aside; its state changes only with its campaign.

To have a task in hand is a word among colleagues, no right: the move that it asks for stays open to everybody of its audience, and the
checkpoint says who made it. So nothing waits because somebody is away.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.model import Campaign
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, Stage
from workflows.engine.step import Step
from workflows.engine.user_tasks import UserTask
from workflows.user_task.attaching import ATTACHING
from workflows.user_task.overdue import OVERDUE
from workflows.user_task.rules import (
    PEOPLE,
    asker_has_a_say,
    asker_has_it,
    asker_is_a_candidate,
    day_is_to_come,
    is_free,
    may_be_given,
    may_be_released,
    priority_is_known,
    receiver_could_do_it,
    was_delegated,
)
from workflows.user_task.talking import TALK
from workflows.user_task.ticking import TICKING


@dataclass(frozen=True, kw_only=True)
class ClaimTask(Command):
    """Take a free task in hand: the others see who has it."""


@dataclass(frozen=True, kw_only=True)
class ReleaseTask(Command):
    """Let go of a task: it is anybody's again."""


@dataclass(frozen=True, kw_only=True)
class AssignTask(Command):
    """Give a task to somebody who could do it."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class DelegateTask(Command):
    """Hand one's own task on to somebody who could do it, and get it back from them."""

    person_id: UUID
    note: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class GiveBackTask(Command):
    """Give a task back to who handed it on."""

    note: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class PrioritizeTask(Command):
    """Say how urgent a task is: urgent, high, normal or low."""

    priority: str


@dataclass(frozen=True, kw_only=True)
class PostponeTask(Command):
    """Let a task rest in the inbox until a day to come; without a day it rests no more. When it is due stays as it is."""

    until_on: date | None = None


def claim(step: Step) -> None:
    """Put the task into the asker's hands."""
    step.subject.assignee_id = step.actor.person_id


def release(step: Step) -> None:
    """Put the task into nobody's hands."""
    step.subject.assignee_id = step.subject.delegated_by_id = None


def assign(step: Step) -> None:
    """Put the task into the named person's hands, for good."""
    step.subject.assignee_id, step.subject.delegated_by_id = step.command.person_id, None


def delegate(step: Step) -> None:
    """Put the task into the named person's hands, and remember whose it was first."""
    step.subject.delegated_by_id = step.subject.delegated_by_id or step.subject.assignee_id
    step.subject.assignee_id = step.command.person_id


def give_back(step: Step) -> None:
    """Put the task back into the hands of who handed it on."""
    step.subject.assignee_id, step.subject.delegated_by_id = step.subject.delegated_by_id, None


def prioritize(step: Step) -> None:
    """Write the priority."""
    step.subject.priority = step.command.priority


def postpone(step: Step) -> None:
    """Write until when the task rests."""
    step.subject.follow_up_on = step.command.until_on


USER_TASK = Process(
    name="user_task",
    subject=UserTask,
    facts=lambda session, row: row,
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    supplier_of=lambda row: row.supplier_id,
    pause=pause,
    outlives=True,
    stages=(
        Stage(
            state="open",
            moves=(
                Move(ClaimTask, by=PEOPLE, event="user_task.claimed", checks=(asker_is_a_candidate, is_free), do=claim),
                Move(ReleaseTask, by=PEOPLE, event="user_task.released", checks=(may_be_released,), do=release),
                Move(
                    AssignTask,
                    by=PEOPLE,
                    event="user_task.assigned",
                    checks=(asker_has_a_say, may_be_given, receiver_could_do_it),
                    do=assign,
                ),
                Move(DelegateTask, by=PEOPLE, event="user_task.delegated", checks=(asker_has_it, receiver_could_do_it), do=delegate),
                Move(GiveBackTask, by=PEOPLE, event="user_task.resent", checks=(asker_has_it, was_delegated), do=give_back),
                Move(PrioritizeTask, by=PEOPLE, event="user_task.prioritized", checks=(asker_has_a_say, priority_is_known), do=prioritize),
                Move(PostponeTask, by=PEOPLE, event="user_task.postponed", checks=(asker_has_a_say, day_is_to_come), do=postpone),
                *TALK,
                *TICKING,
                *ATTACHING,
                *OVERDUE,
            ),
        ),
        Stage(state="suspended"),
        Stage(state="done"),
        Stage(state="cancelled"),
    ),
)
