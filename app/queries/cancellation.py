"""What giving a campaign up costs, who asked for it and what was decided. The rules are `campaign.cancelling`'s."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.campaign import find_campaign
from app.queries.names import name_of
from app.queries.talk import Talk, talk_of
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.services import done_so_far
from workflows.campaign.model import Campaign
from workflows.campaign.orders.owing import owed
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.records import Cancellation
from workflows.campaign.states import CampaignState
from workflows.engine.dispatch import AvailableMove, available_moves
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role
from workflows.trade.money import ZERO


@dataclass(frozen=True, kw_only=True)
class OwedOrder:
    """One order and what cancelling leaves of it, in euros without VAT.

    Of services not posted yet `done_amount` is what is known to be done, and `stated_reason` why the project manager states another amount.
    """

    number: str
    supplier_name: str
    list_code: str
    total_amount: Decimal
    owed_amount: Decimal
    done_amount: Decimal | None = None
    stated_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One time somebody asked to give the campaign up. `decision` is empty while it waits."""

    reason: str
    asked_by: str
    asked_at: datetime
    own: bool
    owed_amount: Decimal
    decision: str
    decided_by: str
    decided_at: datetime | None
    comment: str


@dataclass(frozen=True, kw_only=True)
class CancellationPage:
    """Everything there is to know before, and after, a campaign is given up."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    campaign_version: int
    currency: str
    is_cancelled: bool
    orders: tuple[OwedOrder, ...]
    owed_amount: Decimal
    asked: tuple[Asked, ...]
    talk: Talk | None
    moves: tuple[AvailableMove, ...]

    @property
    def waiting(self) -> Asked | None:
        """What waits for its decision."""
        return next((one for one in self.asked if not one.decision), None)

    @property
    def stated(self) -> tuple[OwedOrder, ...]:
        """The orders of which the project manager states what they owe."""
        return tuple(one for one in self.orders if one.stated_reason)

    def move(self, name: str) -> AvailableMove | None:
        """The move of that name, where the campaign has it now."""
        return next((move for move in self.moves if move.name == name), None)


@dataclass(frozen=True, kw_only=True)
class WaitingCancellation:
    """A cancellation in the approver's list."""

    campaign_code: str
    campaign_title: str
    advertiser_name: str
    asked_by: str
    reason: str
    owed_amount: Decimal
    own: bool


def get_cancellation(session: Session, code: str, actor: Actor, *, now: datetime) -> CancellationPage:
    """The page of one campaign's cancellation.

    :raises NotFound: when the campaign is not this person's to see.
    """
    campaign = find_campaign(session, code)
    facts = CampaignFacts(session, campaign)
    asked = tuple(_asked(session, row, actor) for row in reversed(facts.cancellations))
    over = campaign.state == CampaignState.CANCELLED
    amounts = {number: Decimal(amount) for number, amount in facts.cancellations[-1].owed.items()} if over else owed(facts)
    orders = tuple(
        OwedOrder(
            number=order.number,
            supplier_name=facts.suppliers[order.supplier_id].name,
            list_code=order.list_code or "",
            total_amount=order.total_amount,
            owed_amount=amounts[order.number],
            done_amount=done_so_far(facts, order) if order.list_id is None and not facts.deposits else None,
            stated_reason=order.stated_reason if not facts.deposits else "",
        )
        for order in facts.orders
        if order.number in amounts
    )
    return CancellationPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        advertiser_name=facts.advertiser.name,
        campaign_version=campaign.version,
        currency=campaign.currency,
        is_cancelled=over,
        orders=orders,
        owed_amount=sum((order.owed_amount for order in orders), ZERO),
        asked=asked,
        talk=talk_of(session, actor, "approve_cancellation", campaign.id),
        moves=available_moves(session, CAMPAIGN, campaign, actor=actor, now=campaign.present(now)),
    )


def list_waiting_cancellations(session: Session, actor: Actor) -> list[WaitingCancellation]:
    """Cancellations that wait for an approver such as this one, oldest first."""
    mine = [grant.advertiser_id for grant in actor.grants if grant.role is Role.BUDGET_APPROVER]
    statement = (
        select(Cancellation, Campaign, Advertiser.name)
        .join(Campaign, col(Campaign.id) == col(Cancellation.campaign_id))
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .where(col(Cancellation.advertiser_id).in_(mine), Cancellation.decision == "", col(Cancellation.to_seq).is_(None))
        .order_by(col(Cancellation.requested_at))
    )
    return [
        WaitingCancellation(
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            advertiser_name=advertiser_name,
            asked_by=name_of(session, row.requested_by_id),
            reason=row.reason,
            owed_amount=row.owed_amount,
            own=row.requested_by_id == actor.person_id,
        )
        for row, campaign, advertiser_name in session.exec(statement)
    ]


def _asked(session: Session, row: Cancellation, actor: Actor) -> Asked:
    return Asked(
        reason=row.reason,
        asked_by=name_of(session, row.requested_by_id),
        asked_at=row.requested_at,
        own=row.requested_by_id == actor.person_id,
        owed_amount=row.owed_amount,
        decision=row.decision,
        decided_by=name_of(session, row.decided_by_id),
        decided_at=row.decided_at,
        comment=row.comment,
    )
