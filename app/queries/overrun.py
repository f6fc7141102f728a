"""What a campaign is going to cost above its budget, beside what was approved: before its lots are frozen, while somebody decides, after.

Amounts are Decimal euros without VAT. The rule is `workflows.campaign.budget.overrun`'s.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.answers import closed_answers
from app.queries.budget import Approver, Decision, decisions_on, names_of, other_approvers
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.names import name_of
from app.queries.signing import Signing, get_overrun_signing
from app.queries.talk import Talk, talk_of
from workflows.campaign.budget.conditions import signed_amount
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.overrun import (
    ApproveOverrun,
    EndorseOverrun,
    RefuseOverrun,
    accepted_amount,
    is_waiting,
)
from workflows.campaign.budget.signing import overrun_signatures
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import Campaign
from workflows.campaign.orders.owing import owed_total
from workflows.campaign.records import BudgetOverrun
from workflows.campaign.states import CampaignState
from workflows.engine.canonical import read_json
from workflows.engine.command import Command
from workflows.engine.refusals import NotFound, Unmet
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role
from workflows.trade.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Overrun:
    """One overrun as it was kept, with its decisions. `body` are the figures that are signed by their hash.

    `invoice_reason` is why the invoice that it is of was accepted; empty where it is of lots.
    """

    sha256: str
    forecast_amount: Decimal
    body: dict[str, Any]
    prepared_by: str
    prepared_at: datetime
    approved_at: datetime | None
    decisions: tuple[Decision, ...]
    invoice_reason: str = ""

    @property
    def invoice(self) -> dict[str, Any] | None:
        """The invoice of which it is: its number, supplier and order, and what it bills and what is due, without VAT."""
        signed: dict[str, Any] | None = self.body.get("invoice")
        return signed and {**signed, **{name: Decimal(signed[name]) for name in ("net_amount", "due_amount")}}

    @property
    def approved_amount(self) -> Decimal:
        """What had been approved: the budget, or the lowest cap set on it."""
        return Decimal(self.body["approved_amount"])

    @property
    def tolerated_amount(self) -> Decimal:
        """What that allowed with the tolerance."""
        return Decimal(self.body["tolerated_amount"])

    @property
    def tolerance_share(self) -> Decimal:
        return Decimal(self.body["tolerance"]["share"])

    @property
    def tolerance_amount(self) -> Decimal:
        """The most euros above what was approved; 0 for no such cap."""
        return Decimal(self.body["tolerance"]["amount"])


@dataclass(frozen=True, kw_only=True)
class OverrunPage:
    """An overrun and all that bears on its decision. `closed` holds, by the command's name, why an answer is closed; empty means open.

    `ordered_amount` is what the orders that are out come to, `owed_amount` what would be owed if the campaign were given up now.
    `signing` is None for one that waits for nobody. `names` are those of lists and suppliers by their codes.
    """

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    campaign_version: int
    advertiser_name: str
    currency: str
    drop_on: date
    budget_number: int
    overrun: Overrun
    is_waiting: bool
    deadline: Deadline | None
    order_count: int
    ordered_amount: Decimal
    owed_amount: Decimal
    talk: Talk | None
    signing: Signing | None
    others: tuple[Approver, ...]
    names: dict[str, str]
    closed: dict[str, tuple[Unmet, ...]] = field(default_factory=dict)

    @property
    def covering(self) -> tuple[Approver, ...]:
        """The other approvers whose limit covers the forecast."""
        return tuple(one for one in self.others if one.limit_amount >= self.overrun.forecast_amount)


@dataclass(frozen=True, kw_only=True)
class OverrunsPage:
    """The overruns of the budget that counts, the newest first, as their preparer reads them; `signing` is None where none waits.

    `decide_by` is None once somebody has answered. `names` are those of lists and suppliers by their codes.
    """

    overruns: tuple[Overrun, ...]
    signing: Signing | None
    decide_by: datetime | None
    names: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class WaitingOverrun:
    """An overrun in the approver's list. `endorsed` when this approver has supported it; `able` when they could approve it now."""

    campaign_code: str
    campaign_title: str
    advertiser_name: str
    approved_amount: Decimal
    forecast_amount: Decimal
    deadline: Deadline | None
    own: bool
    endorsed: bool
    able: bool


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What lots that are not frozen yet would make the campaign cost, where that is above what it may come to."""

    forecast_amount: Decimal
    accepted_amount: Decimal


def get_overrun(session: Session, campaign_code: str, actor: Actor, *, now: datetime) -> OverrunPage:
    """The newest overrun of the campaign's budget.

    :raises NotFound: when there is none, or none for this actor.
    """
    campaign = find_campaign(session, campaign_code)
    if not actor.has_role(Role.BUDGET_APPROVER, campaign.advertiser_id):
        raise NotFound(subject="campaign")
    facts = CampaignFacts(session, campaign)
    budget, row = facts.budget, facts.overrun
    if budget is None or row is None:
        raise NotFound(subject="overrun")
    waiting = is_waiting(facts)
    task = open_task(session, "reapprove_budget", campaign.id) if waiting else None
    signing = get_overrun_signing(facts) if waiting else None
    preparers = {budget.prepared_by_id, row.prepared_by_id}
    answers: tuple[Command, ...] = (
        ApproveOverrun(subject_id=campaign.id, overrun_sha256=row.sha256, forecast_amount=row.forecast_amount),
        EndorseOverrun(subject_id=campaign.id, overrun_sha256=row.sha256, forecast_amount=row.forecast_amount),
        RefuseOverrun(subject_id=campaign.id, reason="?"),
    )
    return OverrunPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        campaign_version=campaign.version,
        advertiser_name=facts.advertiser.name,
        currency=campaign.currency,
        drop_on=campaign.drop_on,
        budget_number=budget.number,
        overrun=_overrun(session, row),
        is_waiting=waiting,
        deadline=deadline_of(task, campaign, now),
        order_count=len(facts.live_orders),
        ordered_amount=sum((order.total_amount for order in facts.live_orders), ZERO),
        owed_amount=owed_total(facts),
        talk=talk_of(session, actor, "reapprove_budget", campaign.id) if waiting else None,
        signing=signing,
        others=other_approvers(session, campaign.advertiser_id, actor, preparers, signing.hands if signing else frozenset()),
        names=names_of(facts),
        closed=closed_answers(session, campaign, answers, actor, now=now) if waiting else {},
    )


def list_overruns(session: Session, budget_id: UUID) -> tuple[Overrun, ...]:
    """The overruns of one budget that still count, the newest first."""
    statement = select(BudgetOverrun).where(BudgetOverrun.budget_id == budget_id, col(BudgetOverrun.to_seq).is_(None))
    return tuple(_overrun(session, row) for row in session.exec(statement.order_by(col(BudgetOverrun.from_seq).desc())))


def get_overruns(facts: CampaignFacts) -> OverrunsPage:
    """The overruns of the budget that counts."""
    waiting = is_waiting(facts)
    task = open_task(facts.session, "reapprove_budget", facts.campaign.id) if waiting else None
    return OverrunsPage(
        overruns=list_overruns(facts.session, facts.budget.id) if facts.budget else (),
        signing=get_overrun_signing(facts) if waiting else None,
        decide_by=task.due_at if task else None,
        names=names_of(facts),
    )


def look_ahead(facts: CampaignFacts) -> Ahead | None:
    """What freezing the lots that are made would lead to; None where they cost no more than the campaign may."""
    if facts.campaign.state != CampaignState.LOTS or not facts.lots or facts.budget is None:
        return None
    forecast, accepted = forecast_budget(facts).total_amount, accepted_amount(facts)
    return Ahead(forecast_amount=forecast, accepted_amount=accepted) if forecast > accepted else None


def list_waiting_overruns(session: Session, actor: Actor, *, now: datetime) -> list[WaitingOverrun]:
    """Overruns that wait for somebody with this actor's role, oldest first."""
    mine = [grant.advertiser_id for grant in actor.grants if grant.role is Role.BUDGET_APPROVER]
    statement = (
        select(Campaign, Advertiser.name)
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .join(BudgetOverrun, col(BudgetOverrun.campaign_id) == col(Campaign.id))
        .where(col(Campaign.advertiser_id).in_(mine))
        .where((col(Campaign.state) == CampaignState.SEND.value) | col(BudgetOverrun.invoice_id).is_not(None))
        .where(col(BudgetOverrun.to_seq).is_(None), col(BudgetOverrun.approved_at).is_(None))
        .order_by(col(BudgetOverrun.prepared_at))
    )
    waiting = []
    for campaign, advertiser_name in {one.id: (one, name) for one, name in session.exec(statement)}.values():
        facts = CampaignFacts(session, campaign)
        budget, row = facts.budget, facts.overrun
        if budget is None or row is None or not is_waiting(facts):
            continue
        task, asked = open_task(session, "reapprove_budget", campaign.id), overrun_signatures(facts)
        hands = actor.hands(campaign.advertiser_id)
        own = not hands.isdisjoint({budget.prepared_by_id, row.prepared_by_id})
        within_limit = row.forecast_amount <= actor.approval_limit_amount(campaign.advertiser_id)
        waiting.append(
            WaitingOverrun(
                campaign_code=campaign.code,
                campaign_title=campaign.title,
                advertiser_name=advertiser_name,
                approved_amount=signed_amount(facts),
                forecast_amount=row.forecast_amount,
                deadline=deadline_of(task, campaign, now),
                own=own,
                endorsed=any(one.person_id == actor.person_id for one, _hands in asked.endorsements),
                able=within_limit and not own and 0 < asked.needed <= asked.given_with(actor),
            )
        )
    return waiting


def _overrun(session: Session, row: BudgetOverrun) -> Overrun:
    return Overrun(
        sha256=row.sha256,
        forecast_amount=row.forecast_amount,
        body=read_json(row.body),
        prepared_by=name_of(session, row.prepared_by_id),
        prepared_at=row.prepared_at,
        approved_at=row.approved_at,
        decisions=decisions_on(session, row.budget_id, row.id),
        invoice_reason=session.get_one(Invoice, row.invoice_id).reason if row.invoice_id else "",
    )
