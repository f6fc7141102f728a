"""The checklist of a user task: its points as the campaign's policy has them, and who ticked which. Ticking is a move.

Policy is the advertiser's own: a supplier sees the points of its tasks without seeing it. So the task is found as the asker sees it, and
its points are read on the machine's authority.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from app.queries.names import names_by_id
from app.queries.visible import see_task
from workflows.campaign.model import Campaign
from workflows.campaign.policy import Policy
from workflows.delivery.model import DeliveredFile
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class TickedPoint:
    """One point in its words by language; `ticked_by` is empty while it is open, and for somebody no longer here."""

    code: str
    words: Mapping[str, str]
    required: bool
    ticked_at: datetime | None
    ticked_by_id: UUID | None
    ticked_by: str


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """A task's points in policy's order, none where policy has none."""

    points: tuple[TickedPoint, ...]

    @property
    def ticked(self) -> int:
        return sum(point.ticked_at is not None for point in self.points)

    @property
    def waits(self) -> bool:
        """Whether a required point is open."""
        return any(point.required and point.ticked_at is None for point in self.points)


@dataclass(frozen=True, kw_only=True)
class ChecklistPage:
    """A task's checklist with what is to be known of the task."""

    task_id: UUID
    name: str
    about: str
    state: str
    role: Role
    campaign_code: str
    campaign_title: str
    checklist: Checklist


def get_checklist(database: Database, actor: Actor, task_id: UUID) -> ChecklistPage:
    """The checklist of a task that this person may see.

    :raises NotFound: when there is none.
    """
    see_task(database, actor, task_id)
    with database.reading(SYSTEM) as session:
        task = session.get_one(UserTask, task_id)
        campaign = session.get_one(Campaign, task.campaign_id)
        file = session.get(DeliveredFile, task.subject_id)
        return ChecklistPage(
            task_id=task.id,
            name=task.name,
            about=f"{file.list_code} {file.tranche}.{file.file_version}" if file else task.label,
            state=task.state,
            role=Role(task.candidate_role),
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            checklist=checklist_of(session, task, campaign.policy),
        )


def checklist_of(session: Session, task: Any, policy: Policy) -> Checklist:
    """The points of one task, under the policy that its campaign follows."""
    people = {UUID(tick["by"]) for tick in task.ticks.values()}
    names = names_by_id(session, people)
    points = []
    for point in policy.checklist(task.name):
        tick = task.ticks.get(point.code)
        by = UUID(tick["by"]) if tick else None
        points.append(
            TickedPoint(
                code=point.code,
                words=point.words,
                required=point.required,
                ticked_at=datetime.fromisoformat(tick["at"]) if tick else None,
                ticked_by_id=by,
                ticked_by=names.get(by, "") if by else "",
            )
        )
    return Checklist(points=tuple(points))


def open_checklists(database: Database, actor: Actor) -> dict[UUID, Checklist]:
    """The checklists of the open tasks that this person sees, by task; those without points are left out."""
    with database.reading(actor) as session:
        seen = list(session.exec(select(UserTask.id).where(UserTask.state == "open")))
    return {task_id: checklist for task_id, checklist in read_checklists(database, seen).items() if checklist.points}


def read_checklists(database: Database, task_ids: Sequence[UUID]) -> dict[UUID, Checklist]:
    """The checklists of tasks that the asker was found to see, by task."""
    with database.reading(SYSTEM) as session:
        rows = session.exec(
            select(UserTask, Campaign).join(Campaign, col(Campaign.id) == col(UserTask.campaign_id)).where(col(UserTask.id).in_(task_ids))
        )
        return {task.id: checklist_of(session, task, campaign.policy) for task, campaign in rows}
