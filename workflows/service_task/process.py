"""The service task's machine. Its runs are the outbox's and leave no checkpoint; giving it up does, and so does what a person decides then.

Work that failed in its last attempt is an incident: a project manager has it tried again, or settles it in another way and says how. What
is tried again stays an incident until it is done.
"""

from dataclasses import dataclass

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.model import Campaign
from workflows.campaign.rules import reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.outbox import OutboxMessage
from workflows.engine.process import Move, Process, Stage, UserTaskSpec, WorkingDays
from workflows.engine.step import Step
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class FailServiceTask(Command):
    """A machine gives work up after its last attempt. Why is in the outbox: an error may quote what no checkpoint should hold."""

    attempts: int


@dataclass(frozen=True, kw_only=True)
class RetryServiceTask(Command):
    """Have work that failed tried again, with all its attempts."""


@dataclass(frozen=True, kw_only=True)
class ResolveServiceTask(Command):
    """Say how work that failed was settled without its machine."""

    reason: str = free_text()


def fail(step: Step) -> None:
    """Remember since when it stands."""
    step.subject.failed_at, step.subject.retried_at = step.now, None


def retry(step: Step) -> None:
    """Give it back to the outbox as if it had never been tried."""
    message = step.subject
    message.attempts, message.retried_at = 0, step.now
    message.lease_token = message.lease_until = message.progress = None


SETTLE = UserTaskSpec("settle_incident", candidates=Role.PROJECT_MANAGER, due=WorkingDays("settle_incident"), filed_under="machines")

SERVICE_TASK = Process(
    name="service_task",
    subject=OutboxMessage,
    facts=lambda session, row: row,
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    pause=pause,
    stages=(
        Stage(state="pending"),
        Stage(state="queued"),
        Stage(
            state="running",
            moves=(Move(FailServiceTask, to="failed", by=Role.SYSTEM, event="service_task.failed", do=fail, opens=(SETTLE,)),),
        ),
        Stage(
            state="failed",
            moves=(
                Move(
                    RetryServiceTask,
                    to="pending",
                    by=Role.PROJECT_MANAGER,
                    event="service_task.retried",
                    do=retry,
                    closes=("settle_incident",),
                ),
                Move(
                    ResolveServiceTask,
                    to="resolved",
                    by=Role.PROJECT_MANAGER,
                    event="service_task.resolved",
                    checks=(reason_is_given,),
                    closes=("settle_incident",),
                ),
            ),
        ),
        Stage(state="resolved"),
        Stage(state="done"),
        Stage(state="cancelled"),
    ),
)
