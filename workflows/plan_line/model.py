"""The table of plan lines, and their states."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.model import CampaignFact
from workflows.engine.columns import rate, reference


class LineState(StrEnum):
    """Where a line stands, from candidate to processed; `refused` and `cancelled` are ends."""

    CANDIDATE = "candidate"
    AGREED = "agreed"
    OWNER_APPROVED = "owner_approved"
    ORDERED = "ordered"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    PROCESSED = "processed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


DEAD = frozenset({LineState.REFUSED, LineState.CANCELLED})
"""States in which a line counts for nothing any more."""

HERE = frozenset({LineState.ACCEPTED, LineState.PROCESSED})
"""States in which all that was ordered of a line has come and was accepted."""


class PlanLine(CampaignFact, table=True):
    """list × segment × channel × role × message: how many addresses are wanted, and who keeps a shared person (`rank`, 1 keeps first).

    `expected_rate` is the response rate that somebody states for it; without one it is projected.
    """

    __tablename__ = "plan_line"

    list_id: UUID = reference("campaign_list.id")
    list_code: str
    segment: str
    channel: str
    role: str
    message: str
    offer: str
    gross_qty: int
    rank: int
    expected_rate: Decimal | None = rate(nullable=True)
    position: int
    state: str = LineState.CANDIDATE.value
    version: int = 0

    @property
    def is_alive(self) -> bool:
        return LineState(self.state) not in DEAD


def lines_of(session: Session, list_id: UUID, *states: LineState) -> list[PlanLine]:
    """The current lines of a list, in the order of the plan; only those in the given states, where any are given."""
    statement = select(PlanLine).where(PlanLine.list_id == list_id, col(PlanLine.to_seq).is_(None))
    if states:
        statement = statement.where(col(PlanLine.state).in_([str(state) for state in states]))
    return list(session.exec(statement.order_by(col(PlanLine.position))))
