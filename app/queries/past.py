"""A campaign as it was known at the end of a day: from what holds between two checkpoints, and from the chain itself.

What was recorded later is not here, even where it speaks of an earlier day. Amounts are Decimal euros without VAT.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from workflows.campaign.budget.conditions import conditions_of
from workflows.campaign.model import Campaign, CampaignFact
from workflows.campaign.records import BudgetDecision, BudgetOverrun, BudgetVersion, DropMove, Lot, Response
from workflows.campaign.results.credited import APART
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.documents import Document
from workflows.engine.user_tasks import UserTask
from workflows.order.model import OrderState, PurchaseOrder
from workflows.parties.model import Person, Supplier
from workflows.plan_line.model import PlanLine
from workflows.trade.approval import Conditions
from workflows.trade.working_days import instant_at

Fact = TypeVar("Fact", bound=CampaignFact)


@dataclass(frozen=True, kw_only=True)
class PastDecision:
    """What somebody had decided about the budget that counted, and under which conditions; `forecast_amount` where it was of an overrun."""

    person: str
    decision: str
    limit_amount: Decimal
    conditions: Conditions
    forecast_amount: Decimal | None
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PastBudget:
    """The budget that counted."""

    number: int
    sha256: str
    total_amount: Decimal
    decisions: tuple[PastDecision, ...]

    @property
    def is_approved(self) -> bool:
        return any(one.decision == "approved" and one.forecast_amount is None for one in self.decisions)


@dataclass(frozen=True, kw_only=True)
class PastOrder:
    """An order, in the state it was in."""

    number: str
    revision: int
    supplier: str
    state: str
    total_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class PastTask:
    """A user task that was open."""

    name: str
    label: str
    role: str
    opened_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class Past:
    """The campaign at the end of a day. `seq` is the last entry there was; 0 and no state before it was opened.

    `drop_on` is the day for which the drop was planned then.
    """

    on: date
    seq: int
    head: str
    state: str | None
    lines: Mapping[str, int]
    gross_qty: int
    budget: PastBudget | None
    orders: tuple[PastOrder, ...]
    tasks: tuple[PastTask, ...]
    documents: int
    lots: int
    lot_qty: int
    responses: int
    drop_on: date

    @property
    def ordered_amount(self) -> Decimal:
        """What was ordered and not refused or cancelled."""
        live = (OrderState.ISSUED, OrderState.ACCEPTED)
        return sum((order.total_amount for order in self.orders if order.state in live), Decimal(0))

    @property
    def accepted_orders(self) -> int:
        return sum(order.state == OrderState.ACCEPTED for order in self.orders)


def get_past(session: Session, campaign: Campaign, on: date) -> Past:
    """What was known of the campaign when that day ended in Paris."""
    end = instant_at(on + timedelta(days=1), time())
    rows = select(Checkpoint).where(Checkpoint.campaign_id == campaign.id, col(Checkpoint.at) < end).order_by(col(Checkpoint.seq))
    entries = [(row, read_json(row.body)) for row in session.exec(rows)]
    seq = entries[-1][0].seq if entries else 0
    states = {body["subject"]["id"]: body["to"] for _, body in entries}
    lines = _held(session, PlanLine, campaign.id, seq)
    alive = [line for line in lines if states.get(str(line.id), "candidate") not in ("refused", "cancelled")]
    lots = _held(session, Lot, campaign.id, seq)
    return Past(
        on=on,
        seq=seq,
        head=entries[-1][0].sha256 if entries else "",
        state=states.get(str(campaign.id)),
        lines=Counter(states.get(str(line.id), "candidate") for line in lines),
        gross_qty=sum(line.gross_qty for line in alive),
        budget=_budget(session, campaign.id, seq),
        orders=_orders(session, campaign.id, seq, states),
        tasks=_tasks(session, campaign.id, seq, end),
        documents=_count(session, select(func.count()).where(Document.campaign_id == campaign.id, Document.requested_seq <= seq)),
        lots=len(lots),
        lot_qty=sum(lot.quantity for lot in lots),
        responses=_count(
            session,
            select(func.count()).where(
                Response.campaign_id == campaign.id,
                Response.from_seq <= seq,
                col(Response.attribution).not_in(APART),
            ),
        ),
        drop_on=_drop_on(session, campaign, seq),
    )


def _drop_on(session: Session, campaign: Campaign, seq: int) -> date:
    later = select(DropMove).where(DropMove.campaign_id == campaign.id, DropMove.from_seq > seq).order_by(col(DropMove.from_seq))
    next_move = session.exec(later).first()
    return next_move.from_on if next_move else campaign.drop_on


def _held(session: Session, table: type[Fact], campaign_id: UUID, seq: int) -> list[Fact]:
    """Rows that had begun and not ended after entry `seq`."""
    ended = col(table.to_seq)
    return list(session.exec(select(table).where(table.campaign_id == campaign_id, table.from_seq <= seq, ended.is_(None) | (ended > seq))))


def _count(session: Session, statement: Any) -> int:
    return int(session.exec(statement).one())


def _budget(session: Session, campaign_id: UUID, seq: int) -> PastBudget | None:
    versions = sorted(_held(session, BudgetVersion, campaign_id, seq), key=lambda version: version.number)
    if not versions:
        return None
    budget = versions[-1]
    decisions = session.exec(
        select(BudgetDecision, Person.name, col(BudgetOverrun.forecast_amount))
        .outerjoin(BudgetOverrun, col(BudgetOverrun.id) == col(BudgetDecision.overrun_id))
        .outerjoin(Person, col(Person.id) == col(BudgetDecision.person_id))
        .where(BudgetDecision.budget_id == budget.id, BudgetDecision.from_seq <= seq)
        .order_by(col(BudgetDecision.from_seq))
    )
    return PastBudget(
        number=budget.number,
        sha256=budget.sha256,
        total_amount=budget.total_amount,
        decisions=tuple(
            PastDecision(
                person=name or "",
                decision=row.decision,
                limit_amount=row.limit_amount,
                conditions=conditions_of(row),
                forecast_amount=forecast,
                decided_at=row.decided_at,
            )
            for row, name, forecast in decisions
        ),
    )


def _orders(session: Session, campaign_id: UUID, seq: int, states: Mapping[str, str]) -> tuple[PastOrder, ...]:
    names = dict(session.exec(select(Supplier.id, Supplier.name)).all())
    return tuple(
        PastOrder(
            number=row.number,
            revision=row.revision,
            supplier=names.get(row.supplier_id, ""),
            state=states.get(str(row.id), OrderState.ISSUED.value),
            total_amount=row.total_amount,
        )
        for row in sorted(_held(session, PurchaseOrder, campaign_id, seq), key=lambda order: order.number)
    )


def _tasks(session: Session, campaign_id: UUID, seq: int, end: datetime) -> tuple[PastTask, ...]:
    closed = col(UserTask.closed_seq)
    statement = select(UserTask).where(UserTask.campaign_id == campaign_id, UserTask.opened_seq <= seq, closed.is_(None) | (closed > seq))
    return tuple(
        PastTask(
            name=row.name,
            label=row.label,
            role=row.candidate_role,
            opened_at=row.opened_at,
            due_at=row.due_at,
            late=row.due_at is not None and row.due_at < end,
        )
        for row in session.exec(statement.order_by(col(UserTask.due_at), col(UserTask.name), col(UserTask.label)))
    )
