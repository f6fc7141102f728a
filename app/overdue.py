"""Looks for overdue user tasks and has each reminded of or escalated, as policy says. Run every minute; running it twice does no harm.

A campaign that is played has a calendar of its own and is left alone: its people are played too.
"""

import logging
from datetime import datetime

from sqlmodel import Session, col, select

from app.database import Database
from app.execute import Door
from workflows.campaign.model import Campaign
from workflows.engine.command import Command
from workflows.engine.refusals import Refused
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import local_day
from workflows.user_task.overdue import next_step

MOST = 500
"""So many in one round; what is left comes in the next."""

log = logging.getLogger(__name__)


def follow_up(database: Database, door: Door, *, now: datetime) -> int:
    """Make what moves are due; returns how many were made. A task that cannot be moved is told of and keeps no other waiting."""
    with database.reading(SYSTEM) as session:
        commands = _due(session, now)
    made = 0
    for command in commands:
        try:
            door.execute(command, actor=SYSTEM, now=now)
            made += 1
        except Refused as refusal:
            log.info("an overdue task moved on meanwhile: %s", refusal)
        except Exception:
            log.exception("an overdue task could not be followed up: task=%s", command.subject_id)
    return made


def _due(session: Session, now: datetime) -> list[Command]:
    """What is to be done, the longest overdue first. Read as it is needed: tasks that nothing is to be done about yet use up no place."""
    today = local_day(now)
    statement = (
        select(UserTask, Campaign)
        .join(Campaign, col(Campaign.id) == col(UserTask.campaign_id))
        .where(
            UserTask.state == "open",
            col(UserTask.due_at) < now,
            col(UserTask.escalated_at).is_(None),
            col(UserTask.follow_up_on).is_(None) | (col(UserTask.follow_up_on) <= today),
            col(Campaign.calendar_at).is_(None),
        )
        .order_by(col(UserTask.due_at), col(UserTask.id))
        .execution_options(yield_per=MOST)
    )
    found: list[Command] = []
    with session.exec(statement) as rows:
        for task, campaign in rows:
            command = next_step(task, campaign.policy, now=now)
            if command is not None:
                found.append(command(subject_id=task.id))
            if len(found) == MOST:
                break
    return found
