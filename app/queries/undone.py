"""User tasks that stay undone after their escalation, over all campaigns of an advertiser: for who is told of them, not for doing them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from workflows.campaign.model import Campaign
from workflows.delivery.model import DeliveredFile
from workflows.engine.user_tasks import UserTask
from workflows.parties.model import Person, Supplier
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day


@dataclass(frozen=True, kw_only=True)
class UndoneTask:
    """An escalated task: what it asks of which role, where, since when it is due. `holder` has it in hand, empty where nobody has."""

    id: UUID
    name: str
    about: str
    role: Role
    supplier: str
    holder_id: UUID | None
    holder: str
    campaign_code: str
    campaign_title: str
    due_on: date
    reminded_on: date | None
    escalated_on: date


def list_undone(session: Session, advertiser_id: UUID) -> tuple[UndoneTask, ...]:
    """The advertiser's open tasks that were escalated, the longest overdue first."""
    statement = (
        select_columns(UserTask, Campaign, col(Supplier.name), col(Person.name), DeliveredFile)
        .join(Campaign, col(Campaign.id) == col(UserTask.campaign_id))
        .outerjoin(Supplier, col(Supplier.id) == col(UserTask.supplier_id))
        .outerjoin(Person, col(Person.id) == col(UserTask.assignee_id))
        .outerjoin(DeliveredFile, col(DeliveredFile.id) == col(UserTask.subject_id))
        .where(col(UserTask.state) == "open", col(UserTask.advertiser_id) == advertiser_id)
        .where(col(UserTask.escalated_at).is_not(None), col(UserTask.due_at).is_not(None))
        .order_by(col(UserTask.due_at), col(Campaign.code), col(UserTask.name), col(UserTask.label))
    )
    return tuple(
        UndoneTask(
            id=task.id,
            name=task.name,
            about=f"{file.list_code} {file.tranche}.{file.file_version}" if file else task.label,
            role=Role(task.candidate_role),
            supplier=supplier or "",
            holder_id=task.assignee_id,
            holder=holder or "",
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            due_on=local_day(task.due_at),
            reminded_on=local_day(task.reminded_at) if task.reminded_at else None,
            escalated_on=local_day(task.escalated_at),
        )
        for task, campaign, supplier, holder, file in session.execute(statement)
    )
