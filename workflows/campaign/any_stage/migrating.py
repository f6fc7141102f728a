"""Moving a campaign over to the processes as they are declared today, when what it stands on is declared no more. Not for ordinary moves.

An operator plans it, the engine carries it out, and its checkpoint says from where, to where, and what became of each user task.
"""

from dataclasses import dataclass, field

from sqlalchemy import update
from sqlmodel import col, select

from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.shapes import WAITING
from workflows.engine.step import Step
from workflows.engine.user_tasks import UserTask
from workflows.parties.roles import Role


class TargetStateUnknown(Refused):
    """The campaign cannot be moved to a state that no stage declares."""

    code = "engine.target_state_unknown"


@dataclass(frozen=True, kw_only=True)
class MigrateProcess(Command):
    """Let the campaign go on under another shape of its processes.

    `user_tasks` says what becomes of waiting user tasks, by name: another name, or nothing where they are dropped.
    """

    to_state: str
    from_sha256: str
    to_sha256: str
    user_tasks: dict[str, str] = field(default_factory=dict)


def migrate(step: Step) -> None:
    """Move the campaign, rename or drop what waits, and open what its new stage asks of people and nobody was asked yet.

    Machines are asked for nothing and no document is issued: what the new stage would do on being entered is somebody's decision.

    :raises TargetStateUnknown: when today's process has no such state.
    """
    command: MigrateProcess = step.command
    campaign = step.chain
    stage = step.process.stage(command.to_state)
    if stage is None:
        raise TargetStateUnknown(state=command.to_state)
    moved = command.to_state != campaign.state
    mine = (col(UserTask.campaign_id) == campaign.id, col(UserTask.state).in_(WAITING))
    connection = step.session.connection()
    for name, new_name in command.user_tasks.items():
        if new_name:
            connection.execute(update(UserTask).where(*mine, col(UserTask.name) == name).values(name=new_name))
        else:
            values = {"state": "cancelled", "closed_at": step.now, "closed_seq": step.seq}
            connection.execute(update(UserTask).where(*mine, col(UserTask.name) == name).values(**values))
    if moved:
        connection.execute(update(UserTask).where(*mine, col(UserTask.stage) == campaign.state).values(stage=command.to_state))
        campaign.state = command.to_state
        step.forget_facts()
        _open_what_is_new(step)


def _open_what_is_new(step: Step) -> None:
    stage = step.process.stage(step.chain.state)
    assert stage is not None, "it was looked up before"
    mine = (UserTask.campaign_id == step.chain.id, col(UserTask.state).in_(WAITING))
    waiting = set(step.session.exec(select(UserTask.name).where(*mine)))
    for spec in stage.opens:
        if spec.name not in waiting:
            for target in spec.each(step.facts) if spec.each else (None,):
                step.open_task(spec, target, stage=str(step.chain.state))


MIGRATE = Move(MigrateProcess, by=Role.SYSTEM, event="campaign.process.migrated", do=migrate, keeps_work=True)
"""Open in every state, known today or not."""
