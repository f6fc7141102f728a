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
from workflows.user_task.overdue import next_step

MOST = 500
"""So many in one round; what is left comes in the next."""

log = logging.getLogger(__name__)


def follow_up(database: Database, door: Door, *, now: datetime) -> int:
    """Make what moves are due; returns how many were made."""
    with database.reading(SYSTEM) as session:
        commands = _due(session, now)
    made = 0
    for command in commands:
        try:
            door.execute(command, actor=SYSTEM, now=now)
            made += 1
        except Refused as refusal:
            log.info("an overdue task moved on meanwhile: %s", refusal)
    return made


def _due(session: Session, now: datetime) -> list[Command]:
    statement = (
        select(UserTask, Campaign)
        .join(Campaign, col(Campaign.id) == col(UserTask.campaign_id))
        .where(
            UserTask.state == "open", col(UserTask.due_at) < now, col(UserTask.escalated_at).is_(None), col(Campaign.calendar_at).is_(None)
        )
        .order_by(col(UserTask.due_at), col(UserTask.id))
        .limit(MOST)
    )
    found = [(task, next_step(task, campaign.policy, now=now)) for task, campaign in session.exec(statement)]
    return [command(subject_id=task.id) for task, command in found if command is not None]
