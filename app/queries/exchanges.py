"""The exchange ledger as a campaign's project manager reads it: each partner's entries over all campaigns, its balance, what is to come."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from app.queries.names import names_by_id
from workflows.campaign.exchanges.exchanging import LIMIT, balance_with, exchanged_lists, ledger, partner_of, to_come
from workflows.campaign.exchanges.records import ExchangeEntry
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.trade.exchange import Direction, is_within


@dataclass(frozen=True, kw_only=True)
class ExchangeLine:
    """One entry. `is_posted`: results posted it; `is_here`: it belongs to the campaign that is looked at; `counts`: it has not expired.

    `seq` is its entry in the chain of its campaign.
    """

    id: UUID
    direction: str
    quantity: int
    basis: str
    dealt_on: date
    expires_on: date | None
    counts: bool
    quality: str
    written_in: str
    campaign_code: str
    recorded_by: str
    is_posted: bool
    is_here: bool
    seq: int


@dataclass(frozen=True, kw_only=True)
class Partner:
    """How things stand with one house, in addresses. `balance`: received less given; above zero the advertiser owes.

    `to_come`: wanted of it by campaigns whose results are not published. `is_here`: the campaign that is looked at exchanges with it.
    """

    id: UUID
    code: str
    name: str
    received: int
    given: int
    balance: int
    to_come: int
    is_within: bool
    is_here: bool
    lines: tuple[ExchangeLine, ...]


@dataclass(frozen=True, kw_only=True)
class ExchangesPage:
    """Every partner of the advertiser, those of the campaign that is looked at first, then by code. `limit`: 0 where policy sets none."""

    limit: int
    partners: tuple[Partner, ...]


def get_exchanges(facts: CampaignFacts, *, now: datetime) -> ExchangesPage:
    """The ledger as it stands today."""
    session, campaign = facts.session, facts.campaign
    today, limit = campaign.today(now), campaign.policy.whole("thresholds", LIMIT)
    entries = ledger(session, campaign.advertiser_id)
    coming = to_come(session, campaign.advertiser_id, entries)
    here = {partner_of(row) for row in exchanged_lists(facts)}
    codes = dict(session.exec(select(Campaign.id, Campaign.code).where(col(Campaign.id).in_({one.campaign_id for one in entries}))).all())
    names = names_by_id(session, (one.recorded_by_id for one in entries))

    def line(one: ExchangeEntry) -> ExchangeLine:
        return ExchangeLine(
            id=one.id,
            direction=one.direction,
            quantity=one.quantity,
            basis=one.basis,
            dealt_on=one.dealt_on,
            expires_on=one.expires_on,
            counts=one.expires_on is None or one.expires_on >= today,
            quality=one.quality,
            written_in=one.written_in,
            campaign_code=codes[one.campaign_id],
            recorded_by=names.get(one.recorded_by_id, ""),
            is_posted=one.is_posted,
            is_here=one.campaign_id == campaign.id,
            seq=one.from_seq,
        )

    def partner(partner_id: UUID) -> Partner:
        lines = [line(one) for one in entries if one.partner_id == partner_id]
        balance, wanted = balance_with(entries, partner_id, today), coming.get(partner_id, 0)
        return Partner(
            id=partner_id,
            code=facts.suppliers[partner_id].code,
            name=facts.suppliers[partner_id].name,
            received=sum(one.quantity for one in lines if one.counts and one.direction == Direction.RECEIVED),
            given=sum(one.quantity for one in lines if one.counts and one.direction == Direction.GIVEN),
            balance=balance,
            to_come=wanted,
            is_within=is_within(balance + wanted, limit),
            is_here=partner_id in here,
            lines=tuple(lines),
        )

    found = [partner(one) for one in {*here, *coming, *(entry.partner_id for entry in entries)}]
    return ExchangesPage(limit=limit, partners=tuple(sorted(found, key=lambda one: (not one.is_here, one.code))))
