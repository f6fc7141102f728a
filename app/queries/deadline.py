"""By when somebody has to answer, as their page says it. Not for the inbox, which reads thousands: `open_tasks` does."""

from dataclasses import dataclass
from datetime import date, datetime

from workflows.campaign.model import Campaign
from workflows.engine.user_tasks import UserTask
from workflows.trade.working_days import local_day


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a user task is due, seen from the campaign's own day; when its people were reminded of it, and those above them told."""

    due_at: datetime
    today: date
    reminded_on: date | None
    escalated_on: date | None

    @property
    def late(self) -> bool:
        return local_day(self.due_at) < self.today


def deadline_of(task: UserTask | None, campaign: Campaign, now: datetime) -> Deadline | None:
    """The task's; None where nothing waits, or what waits has no date."""
    if task is None or task.due_at is None:
        return None
    return Deadline(
        due_at=task.due_at,
        today=campaign.today(now),
        reminded_on=local_day(task.reminded_at) if task.reminded_at else None,
        escalated_on=local_day(task.escalated_at) if task.escalated_at else None,
    )
