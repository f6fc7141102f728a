"""What came in parts that an auditor puts together: spending that one approver accepted apart, and lots posted on several slips.

Spending is put together where one person approved it alone, the mailings lie near each other and pay a supplier in common: as one campaign
it would have been above what that person may accept. Nothing says that it was one; the plans do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.queries.deposits import DepositLine, list_deposits
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetDecision, BudgetVersion, Deposit
from workflows.order.model import STANDING, PurchaseOrder
from workflows.parties.model import Person, Supplier

NEAR_DAYS = 31
"""Mailings that lie no more calendar days apart are looked at together."""


@dataclass(frozen=True, kw_only=True)
class ApprovedPart:
    """What one person approved of one campaign: the total, or the lowest cap set on it; `seq` is the entry."""

    campaign: str
    seq: int
    amount: Decimal
    drop_on: date


@dataclass(frozen=True, kw_only=True)
class SplitApproval:
    """Campaigns that somebody approved one by one, each within `limit_amount`, all together above it; `suppliers` are paid by the first and
    by each of the others.
    """

    person: str
    limit_amount: Decimal
    total_amount: Decimal
    parts: tuple[ApprovedPart, ...]
    suppliers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PostedInParts:
    """A lot that was posted on several slips, the first one first."""

    campaign: str
    lot: str
    deposits: tuple[DepositLine, ...]

    @property
    def pieces(self) -> int:
        return sum(one.quantities[self.lot] for one in self.deposits)


@dataclass(frozen=True, kw_only=True)
class _Approval:
    part: ApprovedPart
    campaign_id: UUID
    limit_amount: Decimal


def list_split_approvals(session: Session, only: Campaign | None = None) -> tuple[SplitApproval, ...]:
    """Approvals that together are above their approver's limit, the last mailing first; `only` those that one campaign is part of."""
    by_person: dict[tuple[UUID, UUID, str], list[_Approval]] = {}
    for person_id, advertiser_id, name, approval in _approvals(session):
        by_person.setdefault((person_id, advertiser_id, name), []).append(approval)
    approved = [one.campaign_id for those in by_person.values() for one in those]
    paid = _paid(session, approved)
    names = dict(session.exec(select(Supplier.id, Supplier.name).where(col(Supplier.id).in_(set().union(*paid.values())))).all())
    found = [
        _split(person, those, paid, names)
        for (_id, _advertiser, person), approvals in by_person.items()
        for those in _together(approvals, paid)
    ]
    if only:
        found = [one for one in found if any(part.campaign == only.code for part in one.parts)]
    return tuple(sorted(found, key=lambda one: max(part.drop_on for part in one.parts), reverse=True))


def _approvals(session: Session) -> list[tuple[UUID, UUID, str, _Approval]]:
    signed = aliased(BudgetDecision)
    cap = select(func.min(signed.cap_amount)).where(signed.budget_id == BudgetVersion.id).scalar_subquery()
    statement = (
        select(BudgetDecision, Campaign, func.coalesce(cap, BudgetVersion.total_amount), col(Person.name))
        .join(BudgetVersion, col(BudgetVersion.id) == col(BudgetDecision.budget_id))
        .join(Campaign, col(Campaign.id) == col(BudgetDecision.campaign_id))
        .outerjoin(Person, col(Person.id) == col(BudgetDecision.person_id))
        .where(
            BudgetDecision.decision == "approved",
            BudgetDecision.limit_amount > 0,
            col(BudgetDecision.to_seq).is_(None),
            col(BudgetDecision.overrun_id).is_(None),
            col(BudgetVersion.to_seq).is_(None),
        )
        .order_by(func.coalesce(Campaign.dropped_on, Campaign.drop_on), col(Campaign.code))
    )
    return [
        (
            decision.person_id,
            campaign.advertiser_id,
            name or "",
            _Approval(
                part=ApprovedPart(campaign=campaign.code, seq=decision.from_seq, amount=amount, drop_on=campaign.drop_day),
                campaign_id=campaign.id,
                limit_amount=decision.limit_amount,
            ),
        )
        for decision, campaign, amount, name in session.exec(statement)
    ]


def _paid(session: Session, campaigns: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The suppliers that each campaign orders from."""
    statement = select(PurchaseOrder.campaign_id, PurchaseOrder.supplier_id).where(
        col(PurchaseOrder.campaign_id).in_(campaigns),
        col(PurchaseOrder.to_seq).is_(None),
        col(PurchaseOrder.state).in_(STANDING),
    )
    paid: dict[UUID, set[UUID]] = {one: set() for one in campaigns}
    for campaign_id, supplier_id in session.exec(statement):
        paid[campaign_id].add(supplier_id)
    return paid


def _together(approvals: Sequence[_Approval], paid: dict[UUID, set[UUID]]) -> list[list[_Approval]]:
    """From each approval on, by drop: those near it that pay one of its suppliers, where they are together above the limit; each once."""
    found: list[list[_Approval]] = []
    for place, first in enumerate(approvals):
        last_on = first.part.drop_on + timedelta(days=NEAR_DAYS)
        later = [one for one in approvals[place + 1 :] if one.part.drop_on <= last_on and paid[one.campaign_id] & paid[first.campaign_id]]
        those = [first, *later]
        above = sum(one.part.amount for one in those) > max(one.limit_amount for one in those)
        known = any({one.campaign_id for one in those} <= {one.campaign_id for one in earlier} for earlier in found)
        if later and above and not known:
            found.append(those)
    return found


def _split(person: str, those: Sequence[_Approval], paid: dict[UUID, set[UUID]], names: dict[UUID, str]) -> SplitApproval:
    first, *later = those
    shared = set().union(*(paid[one.campaign_id] & paid[first.campaign_id] for one in later))
    return SplitApproval(
        person=person,
        limit_amount=max(one.limit_amount for one in those),
        total_amount=sum((one.part.amount for one in those), Decimal(0)),
        parts=tuple(one.part for one in those),
        suppliers=tuple(sorted(names[one] for one in shared)),
    )


def list_posted_in_parts(session: Session, campaigns: Sequence[Campaign]) -> tuple[PostedInParts, ...]:
    """Lots of these campaigns that are on more than one slip, in the order of the campaigns."""
    posted = set(session.exec(select(Deposit.campaign_id).where(col(Deposit.campaign_id).in_([one.id for one in campaigns]))))
    found = []
    for campaign in campaigns:
        deposits = [one for one in list_deposits(session, campaign.id) if not one.is_over] if campaign.id in posted else []
        for lot in sorted({lot for one in deposits for lot in one.quantities}):
            those = tuple(one for one in deposits if lot in one.quantities)
            if len(those) > 1:
                found.append(PostedInParts(campaign=campaign.code, lot=lot, deposits=those))
    return tuple(found)
