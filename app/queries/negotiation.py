"""The lists of a campaign as they are negotiated: terms, consent, refusal. Prices are euros per thousand without VAT."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.queries.proposals import Proposal, proposal_of
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.terms.other_uses import OtherUse, other_uses
from workflows.plan_line.model import LineState


@dataclass(frozen=True, kw_only=True)
class Negotiated:
    """One list. `state`: candidate (terms open), agreed (consent open), settled, refused, or past (ordered and beyond).

    `proposal` is the supplier's, where it was taken up and waits to be agreed. `other_uses` are those of other campaigns around the drop.
    """

    id: UUID
    code: str
    name: str
    nature: str
    is_house: bool
    owner_name: str
    broker_name: str
    gross: int
    state: str
    cpm: Decimal
    selection_cpm: Decimal
    run_charge_cpm: Decimal
    min_billing_rate: Decimal
    min_invoice_amount: Decimal
    technical_fee: Decimal
    billing_basis: str
    unbilled_reasons: tuple[str, ...]
    undeliverable_guarantee: Decimal | None
    offer_until_on: date | None
    protected_from_on: date | None
    protected_until_on: date | None
    reuse_cpm: Decimal | None
    reuse_until_on: date | None
    reuse_seconds: bool
    is_brought_over: bool
    terms_agreed_at: datetime | None
    consent_at: datetime | None
    proposal: Proposal | None = None
    other_uses: tuple[OtherUse, ...] = ()


def list_negotiated(facts: CampaignFacts) -> tuple[Negotiated, ...]:
    """Every list with a line, those still open first."""
    uses = other_uses(facts, facts.campaign.drop_on)
    rows = [_negotiated(row, facts, uses) for row in facts.lists if facts.lines_of(row.id)]
    order = ("candidate", "agreed", "settled", "past", "refused")
    return tuple(sorted(rows, key=lambda row: (row.is_house, order.index(row.state), row.code)))


def _negotiated(row: CampaignList, facts: CampaignFacts, uses: tuple[OtherUse, ...]) -> Negotiated:
    owner, broker = facts.supplier(row.owner_id), facts.supplier(row.broker_id)
    return Negotiated(
        id=row.id,
        code=row.code,
        name=row.name,
        nature=row.nature,
        is_house=row.is_house,
        owner_name=owner.name if owner else "",
        broker_name=broker.name if broker else "",
        gross=sum(line.gross_qty for line in facts.lines_of(row.id)),
        state=_state(row, facts),
        cpm=row.cpm,
        selection_cpm=row.selection_cpm,
        run_charge_cpm=row.run_charge_cpm,
        min_billing_rate=row.min_billing_rate,
        min_invoice_amount=row.min_invoice_amount,
        technical_fee=row.technical_fee,
        billing_basis=row.billing_basis,
        unbilled_reasons=tuple(row.unbilled_reasons),
        undeliverable_guarantee=row.undeliverable_guarantee,
        offer_until_on=row.offer_until_on,
        protected_from_on=row.protected_from_on,
        protected_until_on=row.protected_until_on,
        reuse_cpm=row.reuse_cpm,
        reuse_until_on=row.reuse_until_on,
        reuse_seconds=row.reuse_seconds,
        is_brought_over=row.is_brought_over,
        terms_agreed_at=row.terms_agreed_at,
        consent_at=row.consent_at,
        proposal=next((one for order in facts.orders if order.list_id == row.id and (one := proposal_of(order)) and one.is_accepted), None),
        other_uses=tuple(use for use in uses if use.list_code == row.code),
    )


def _state(row: CampaignList, facts: CampaignFacts) -> str:
    states = {LineState(line.state) for line in facts.lines_of(row.id)}
    if LineState.CANDIDATE in states:
        return "candidate"
    if LineState.AGREED in states:
        return "agreed"
    if LineState.OWNER_APPROVED in states:
        return "settled"
    return "refused" if states <= {LineState.REFUSED, LineState.CANCELLED} else "past"
