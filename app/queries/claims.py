"""Refund claims of a campaign: each with its figures, state and window, and what may still be claimed. A supplier sees its own."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.campaign import find_campaign
from app.queries.names import names_by_id
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.claims.claimable import Claimable, claimable_until, claimables
from workflows.campaign.claims.records import RefundClaim
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.parties.model import Advertiser, Supplier


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """One claim as it was made, and what became of it. `paper` is its document.

    Amounts are without VAT: `amount` was claimed, `refund_amount` comes off what is due.
    """

    id: UUID
    number: str
    list_code: str
    list_name: str
    supplier_name: str
    order_number: str
    mailed: int
    undeliverable: int
    allowed: int
    claimed: int
    warranty_rate: Decimal
    amount: Decimal
    counts: dict[str, int]
    due_on: date
    claimable_until_on: date
    state: str
    is_open: bool
    refund_amount: Decimal
    answer: str
    reason: str
    claimed_at: datetime
    answered_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    paper: PaperLine | None
    seq: int


@dataclass(frozen=True, kw_only=True)
class ClaimsPage:
    """A campaign's claims, by number; what is beyond its warranty and not claimed yet, until which day; and the lists within theirs."""

    claims: tuple[ClaimLine, ...]
    claimable: tuple[Claimable, ...]
    within: tuple[Claimable, ...]
    until_on: date | None


@dataclass(frozen=True, kw_only=True)
class OwnClaims:
    """What is claimed of the supplier who asks, in one campaign."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    currency: str
    claims: tuple[ClaimLine, ...]


def get_claims(facts: CampaignFacts) -> ClaimsPage:
    """How the claims of a campaign stand."""
    claimed = {one.list_id for one in facts.claims}
    open_lists = [one for one in claimables(facts) if one.row.id not in claimed]
    return ClaimsPage(
        claims=list_claims(facts.session, facts.campaign.id),
        claimable=tuple(one for one in open_lists if one.claim.excess),
        within=tuple(one for one in open_lists if not one.claim.excess),
        until_on=claimable_until(facts),
    )


def get_own_claims(session: Session, campaign_code: str) -> OwnClaims:
    """The claims that were made of this supplier.

    :raises NotFound: when there is no such campaign for this supplier, or nothing is claimed of it.
    """
    campaign = find_campaign(session, campaign_code)
    claims = list_claims(session, campaign.id)
    if not claims:
        raise NotFound(subject="refund_claim")
    return OwnClaims(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        currency=campaign.currency,
        claims=claims,
    )


def list_claims(session: Session, campaign_id: UUID) -> tuple[ClaimLine, ...]:
    """Every claim of a campaign that the asker sees, by number."""
    statement = select(RefundClaim).where(RefundClaim.campaign_id == campaign_id, col(RefundClaim.to_seq).is_(None))
    rows = session.exec(statement.order_by(col(RefundClaim.number))).all()
    names = names_by_id(session, (row.decided_by_id for row in rows))
    lists = {row.id: row.name for row in session.exec(select(CampaignList).where(CampaignList.campaign_id == campaign_id))}
    suppliers = {row.id: row.name for row in session.exec(select(Supplier).where(col(Supplier.id).in_({row.supplier_id for row in rows})))}
    found = documents_of(session, Document.campaign_id == campaign_id, Document.kind == "refund_claim") if rows else []
    papers = {one.subject_id: paper_line(session, one) for one in found}
    return tuple(
        ClaimLine(
            id=row.id,
            number=row.number,
            list_code=row.list_code,
            list_name=lists.get(row.list_id, row.list_code),
            supplier_name=suppliers.get(row.supplier_id, ""),
            order_number=row.order_number,
            mailed=row.mailed_qty,
            undeliverable=row.undeliverable_qty,
            allowed=row.allowed_qty,
            claimed=row.claimed_qty,
            warranty_rate=row.warranty_rate,
            amount=row.amount,
            counts=row.counts,
            due_on=row.due_on,
            claimable_until_on=row.claimable_until_on,
            state=row.state,
            is_open=row.is_open,
            refund_amount=row.refund_amount,
            answer=row.answer,
            reason=row.reason,
            claimed_at=row.claimed_at,
            answered_at=row.answered_at,
            decided_by=names.get(row.decided_by_id, ""),
            decided_at=row.decided_at,
            paper=papers.get(row.id),
            seq=row.from_seq,
        )
        for row in rows
    )
