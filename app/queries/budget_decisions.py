"""Budgets in a list: those that wait for an approver, and what this approver decided before. Not for one budget: `budget` has that."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.budget import decisions_on
from app.queries.budget_questions import count_unanswered
from app.queries.deadline import Deadline, deadline_of
from app.queries.names import name_of
from app.queries.signing import get_signing
from workflows.campaign.budget.signing import budget_signatures
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetDecision, BudgetOverrun, BudgetVersion
from workflows.campaign.states import CampaignState
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class WaitingBudget:
    """A budget that waits for a decision; `endorsed` when this approver has supported it already.

    `signatures_needed` is 0 where policy lets nobody approve it; `signed_enough` says whether this approver's approval would be the last;
    `within_limit`, whether they may approve it without a cap of their own, and `limit_amount` up to what they may with one.
    `unanswered` counts the questions about it that nobody answered yet.
    """

    campaign_code: str
    campaign_title: str
    advertiser_name: str
    number: int
    total_amount: Decimal
    envelope_amount: Decimal
    prepared_by: str
    task_id: UUID | None
    deadline: Deadline | None
    within_limit: bool
    limit_amount: Decimal
    own: bool
    endorsed: bool
    signatures_needed: int
    signatures_missing: int
    signed_enough: bool
    unanswered: int


@dataclass(frozen=True, kw_only=True)
class MadeDecision:
    """A decision of this approver about a budget or an overrun of it, and where its campaign stands now. `amount` is what it was about."""

    campaign_code: str
    campaign_title: str
    number: int
    amount: Decimal
    is_overrun: bool
    decision: str
    comment: str
    decided_at: datetime
    state: str


def list_waiting(session: Session, actor: Actor, *, now: datetime) -> list[WaitingBudget]:
    """Budgets that wait for somebody with this actor's role, the most urgent first."""
    mine = [grant.advertiser_id for grant in actor.grants if grant.role is Role.BUDGET_APPROVER]
    statement = (
        select(Campaign, Advertiser.name, BudgetVersion)
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .join(BudgetVersion, col(BudgetVersion.campaign_id) == col(Campaign.id))
        .where(Campaign.state == CampaignState.BUDGET.value, col(Campaign.advertiser_id).in_(mine), col(BudgetVersion.to_seq).is_(None))
    )
    waiting = []
    for campaign, advertiser_name, version in session.exec(statement):
        task, facts = open_task(session, "review_budget", campaign.id), CampaignFacts(session, campaign)
        signing, limit = get_signing(facts), actor.approval_limit_amount(campaign.advertiser_id)
        waiting.append(
            WaitingBudget(
                campaign_code=campaign.code,
                campaign_title=campaign.title,
                advertiser_name=advertiser_name,
                number=version.number,
                total_amount=version.total_amount,
                envelope_amount=campaign.envelope_amount,
                prepared_by=name_of(session, version.prepared_by_id),
                task_id=task.id if task else None,
                deadline=deadline_of(task, campaign, now),
                within_limit=signing.amount <= limit,
                limit_amount=limit,
                own=version.prepared_by_id in actor.hands(campaign.advertiser_id),
                endorsed=any(one.person_id == actor.person_id for one in decisions_on(session, version.id)),
                signatures_needed=signing.needed,
                signatures_missing=signing.missing,
                signed_enough=budget_signatures(facts).given_with(actor) >= signing.needed,
                unanswered=count_unanswered(session, version.id),
            )
        )
    return sorted(waiting, key=lambda one: (one.deadline is None, one.deadline.due_at if one.deadline else now, one.campaign_code))


def list_made(session: Session, actor: Actor, *, most: int = 30) -> list[MadeDecision]:
    """The decisions of this actor, the newest first."""
    statement = (
        select(BudgetDecision, BudgetVersion, Campaign, col(BudgetOverrun.forecast_amount))
        .join(BudgetVersion, col(BudgetVersion.id) == col(BudgetDecision.budget_id))
        .join(Campaign, col(Campaign.id) == col(BudgetDecision.campaign_id))
        .outerjoin(BudgetOverrun, col(BudgetOverrun.id) == col(BudgetDecision.overrun_id))
        .where(BudgetDecision.person_id == actor.person_id)
        .order_by(col(BudgetDecision.decided_at).desc(), col(BudgetDecision.from_seq).desc())
        .limit(most)
    )
    return [
        MadeDecision(
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            number=version.number,
            amount=version.total_amount if forecast is None else forecast,
            is_overrun=forecast is not None,
            decision=decision.decision,
            comment=decision.comment,
            decided_at=decision.decided_at,
            state=campaign.state,
        )
        for decision, version, campaign, forecast in session.execute(statement)
    ]
