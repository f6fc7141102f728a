"""Campaigns one line each: rail, health, drop, money. A fixed number of queries for any number of lines, and no machine."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, case, func, or_
from sqlmodel import Session, col, select

from app.queries.schedule import Schedule, finished_on, schedule
from workflows.campaign.model import Campaign
from workflows.campaign.policy import PolicyVersion
from workflows.campaign.records import BudgetDecision, BudgetOverrun, BudgetVersion
from workflows.campaign.states import ENDS
from workflows.engine.user_tasks import UserTask
from workflows.order.model import STANDING, PurchaseOrder
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role

VIEWS = ("under_way", "late", "closed", "all")


@dataclass(frozen=True, kw_only=True)
class CampaignLine:
    """One campaign. `open_tasks` counts those of project managers; amounts are without VAT. `forecast_amount` is what it is going to cost,
    contingency left out, as of its last plan, budget, lots or invoice."""

    code: str
    title: str
    advertiser_name: str
    state: str
    schedule: Schedule
    open_tasks: int
    envelope_amount: Decimal
    approved_amount: Decimal | None
    committed_amount: Decimal
    forecast_amount: Decimal | None
    expected_amount: Decimal | None
    currency: str


@dataclass(frozen=True, kw_only=True)
class Copyable:
    """A campaign that a new one may be copied from."""

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Employer:
    """An advertiser for whom a campaign may be opened."""

    id: UUID
    name: str


def list_campaigns(session: Session, actor: Actor, *, now: datetime, view: str = "under_way", words: str = "") -> list[CampaignLine]:
    """The campaigns this person manages, the next drop first; closed ones by their drop, the last first.

    :param view: one of `VIEWS`.
    :param words: only those with these words in code or title.
    """
    statement = (
        select(Campaign, Advertiser.name)
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .join(PolicyVersion, col(PolicyVersion.id) == col(Campaign.policy_version_id))
        .where(col(Campaign.advertiser_id).in_(_managed(actor)))
        .order_by(col(Campaign.drop_on), col(Campaign.code))
    )
    if view == "closed":
        statement = statement.where(col(Campaign.state).in_([state.value for state in ENDS]))
    elif view in ("under_way", "late"):
        statement = statement.where(col(Campaign.state).not_in([state.value for state in ENDS]))
    if words:
        like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(or_(col(Campaign.code).ilike(like), col(Campaign.title).ilike(like)))
    rows = session.exec(statement).all()
    ids = [campaign.id for campaign, _ in rows]
    finished = finished_on(session, ids)
    approved, committed, tasks = _approved(session, ids), _committed(session, ids), _tasks(session, ids)
    lines = [
        CampaignLine(
            code=campaign.code,
            title=campaign.title,
            advertiser_name=advertiser_name,
            state=campaign.state,
            schedule=schedule(campaign, finished.get(campaign.id, {}), now=now),
            open_tasks=tasks.get(campaign.id, 0),
            envelope_amount=campaign.envelope_amount,
            approved_amount=approved.get(campaign.id),
            committed_amount=committed.get(campaign.id, Decimal(0)),
            forecast_amount=campaign.forecast_amount,
            expected_amount=_expected(campaign),
            currency=campaign.currency,
        )
        for campaign, advertiser_name in rows
    ]
    if view == "late":
        return [line for line in lines if line.schedule.health in ("late", "at_risk")]
    return sorted(lines, key=lambda line: line.state in ENDS)


def list_copyable(session: Session, actor: Actor) -> list[Copyable]:
    """Campaigns to copy from, the last drop first; no follow-up, whose prices are those of a second use."""
    statement = (
        select(Campaign.code, Campaign.title)
        .where(col(Campaign.advertiser_id).in_(_managed(actor)), col(Campaign.follow_up_of_id).is_(None))
        .order_by(col(Campaign.drop_on).desc(), col(Campaign.code))
    )
    return [Copyable(code=code, title=title) for code, title in session.exec(statement)]


def list_employers(session: Session, actor: Actor) -> list[Employer]:
    """The advertisers for whom this person is a project manager, by name."""
    statement = select(Advertiser).where(col(Advertiser.id).in_(_managed(actor))).order_by(Advertiser.name)
    return [Employer(id=row.id, name=row.name) for row in session.exec(statement)]


def _managed(actor: Actor) -> list[UUID]:
    return [grant.advertiser_id for grant in actor.grants if grant.role is Role.PROJECT_MANAGER]


def _expected(campaign: Campaign) -> Decimal | None:
    outcome = (campaign.projection or {}).get("outcomes", {}).get("central")
    return Decimal(outcome["amount"]) if outcome else None


def _approved(session: Session, ids: list[UUID]) -> dict[UUID, Decimal]:
    cap = select(func.min(BudgetDecision.cap_amount)).where(BudgetDecision.budget_id == BudgetVersion.id).scalar_subquery()
    above = select(func.max(BudgetOverrun.forecast_amount)).where(
        BudgetOverrun.budget_id == BudgetVersion.id, col(BudgetOverrun.approved_at).is_not(None)
    )
    signed = func.coalesce(cap, BudgetVersion.total_amount)
    statement = select(BudgetVersion.campaign_id, func.greatest(signed, above.scalar_subquery())).where(
        col(BudgetVersion.campaign_id).in_(ids), col(BudgetVersion.to_seq).is_(None), col(BudgetVersion.approved_at).is_not(None)
    )
    return dict(session.exec(statement).all())


def _committed(session: Session, ids: list[UUID]) -> dict[UUID, Decimal]:
    """As `orders.fees.committed_amount`, of many campaigns at once."""
    stands = and_(col(PurchaseOrder.to_seq).is_(None), col(PurchaseOrder.state).in_(STANDING))
    statement = (
        select(PurchaseOrder.campaign_id, func.sum(case((stands, PurchaseOrder.total_amount), else_=PurchaseOrder.owed_amount)))
        .where(col(PurchaseOrder.campaign_id).in_(ids), or_(stands, col(PurchaseOrder.owed_amount).is_not(None)))
        .group_by(col(PurchaseOrder.campaign_id))
    )
    return {campaign_id: Decimal(amount) for campaign_id, amount in session.exec(statement)}


def _tasks(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    statement = (
        select(UserTask.campaign_id, func.count())
        .where(col(UserTask.campaign_id).in_(ids), UserTask.state == "open", UserTask.candidate_role == Role.PROJECT_MANAGER.value)
        .group_by(col(UserTask.campaign_id))
    )
    return dict(session.exec(statement).all())
