"""Work that machines gave up in a campaign: what stands, what is being tried again, and how the rest was settled. Read only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask
from workflows.parties.model import Person


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One piece of work. `standing`: open, retried (nobody knows yet), confirmed (done after all) or resolved, with why and by whom."""

    id: UUID
    version: int
    name: str
    standing: str
    attempts: int
    error: str
    failed_at: datetime
    retried_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    reason: str


def list_incidents(session: Session, campaign: Campaign) -> list[Incident]:
    """The incidents of one campaign: what stands first, then the newest."""
    statement = select(OutboxMessage).where(OutboxMessage.campaign_id == campaign.id, col(OutboxMessage.failed_at).is_not(None))
    found = [
        _incident(session, row) for row in session.exec(statement.order_by(col(OutboxMessage.failed_at).desc(), col(OutboxMessage.name)))
    ]
    return sorted(found, key=lambda one: one.standing != "open")


def _incident(session: Session, row: OutboxMessage) -> Incident:
    assert row.failed_at is not None, "only what failed is asked for"
    settled = _settled(session, row) if row.state in ("resolved", "done") else None
    said = (row.error or "").strip().splitlines()
    return Incident(
        id=row.id,
        version=row.version,
        name=row.name,
        standing={"failed": "open", "resolved": "resolved", "done": "confirmed"}.get(row.state, "retried"),
        attempts=row.attempts,
        error=said[-1] if said else "",
        failed_at=row.failed_at,
        retried_at=row.retried_at,
        settled_at=settled.at if settled else row.done_at,
        settled_by=settled.who if settled else "",
        reason=settled.reason if settled else "",
    )


@dataclass(frozen=True, kw_only=True)
class _Settled:
    at: datetime | None
    who: str
    reason: str


def _settled(session: Session, row: OutboxMessage) -> _Settled | None:
    """Who last closed the incident's user task, and what they wrote."""
    found = session.exec(
        select(UserTask, Person.name)
        .outerjoin(Person, col(Person.id) == col(UserTask.closed_by_id))
        .where(UserTask.campaign_id == row.campaign_id, UserTask.name == "settle_incident", UserTask.subject_id == row.id)
        .order_by(col(UserTask.closed_seq).desc().nulls_last())
    ).first()
    if found is None:
        return None
    task, who = found
    words = session.exec(
        select(ErasableText.text).where(ErasableText.campaign_id == row.campaign_id, ErasableText.seq == task.closed_seq)
    ).first()
    return _Settled(at=task.closed_at, who=who or "", reason=words or "")
