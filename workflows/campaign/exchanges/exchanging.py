"""The exchange ledger: what a campaign received of a partner is posted with its results; what was given in return somebody records.

A partner is the owner of an exchanged list. Its balance is kept over all campaigns of the advertiser, and a negotiation is closed only
while the balance that is to come of it keeps to policy's limit. Not for what exchanged addresses cost: they are billed like rented ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.exchanges.records import ExchangeEntry
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.results.figures import list_bills
from workflows.campaign.rules import NotOfThisCampaign, reason_is_given
from workflows.campaign.states import ENDS
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import DEAD, PlanLine
from workflows.trade.billing import ListKind
from workflows.trade.exchange import Basis, Direction, basis_of, exchange_balance, is_within

LIMIT = "exchange_balance"
"""The threshold of policy: most addresses by which a balance may lean either way; 0 sets no limit."""


class PartnerUnknown(Refused):
    """Addresses are exchanged with the owner of a list that this campaign exchanges."""

    code = "exchanges.partner_unknown"


class ExchangeEmpty(Refused):
    """At least one address went over, one way or the other."""

    code = "exchanges.empty"


class ExchangeUnknown(Refused):
    """Addresses are given or received, and counted gross or net."""

    code = "exchanges.unknown"


class ExchangeIsToCome(Refused):
    """What is recorded has happened."""

    code = "exchanges.is_to_come"


class ExpiredBeforeDealt(Refused):
    """An entry counts on its own day at least."""

    code = "exchanges.expired_before_dealt"


class EntryWasPosted(Refused):
    """What the results posted changes with the results alone."""

    code = "exchanges.was_posted"


@dataclass(frozen=True, kw_only=True)
class RecordExchange(Command):
    """Record addresses that were given to a partner, or received from it outside any campaign here.

    `direction` is `given` or `received`, `basis` is `gross` or `net`. From the day after `expires_on` on they count no more.
    """

    partner_id: UUID
    direction: str
    quantity: int
    basis: str
    dealt_on: date
    expires_on: date | None = None
    quality: str = free_text("")
    written_in: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class WithdrawExchange(Command):
    """Take back an entry that was recorded by mistake, and say why. It stays in the history."""

    entry_id: UUID
    reason: str = free_text()


def exchanged_lists(facts: CampaignFacts) -> list[CampaignList]:
    """The lists that the campaign exchanges, by code, left out or not."""
    return [row for row in facts.lists if row.nature == ListKind.EXCHANGE and row.supplier_id]


def partner_of(row: CampaignList) -> UUID:
    """With whom a list is exchanged: its owner, whoever brokers it."""
    partner = row.owner_id or row.broker_id
    assert partner is not None, "an exchanged list is somebody's"
    return partner


def ledger(session: Session, advertiser_id: UUID) -> list[ExchangeEntry]:
    """Every entry of the advertiser that holds, over all its campaigns, by day."""
    rows = select(ExchangeEntry).where(ExchangeEntry.advertiser_id == advertiser_id, col(ExchangeEntry.to_seq).is_(None))
    return list(session.exec(rows.order_by(col(ExchangeEntry.dealt_on), col(ExchangeEntry.from_seq), col(ExchangeEntry.id))))


def balance_with(entries: Iterable[ExchangeEntry], partner_id: UUID, on: date) -> int:
    """Addresses received of a partner less those given to it, of the entries that count on that day."""
    return exchange_balance((one.exchanged for one in entries if one.partner_id == partner_id), on)


def to_come(session: Session, advertiser_id: UUID, entries: Iterable[ExchangeEntry]) -> dict[UUID, int]:
    """Addresses that campaigns want of each partner and whose results have not posted them yet."""
    wanted = (
        select(CampaignList, PlanLine.gross_qty)
        .join(PlanLine, col(PlanLine.list_id) == col(CampaignList.id))
        .join(Campaign, col(Campaign.id) == col(CampaignList.campaign_id))
        .where(
            CampaignList.advertiser_id == advertiser_id,
            CampaignList.nature == ListKind.EXCHANGE.value,
            col(CampaignList.to_seq).is_(None),
            col(PlanLine.to_seq).is_(None),
            col(PlanLine.state).not_in([state.value for state in DEAD]),
            col(Campaign.state).not_in([state.value for state in ENDS]),
        )
    )
    posted = {(one.campaign_id, one.list_code) for one in entries if one.is_posted}
    found: dict[UUID, int] = {}
    for row, quantity in session.exec(wanted):
        if row.supplier_id and (row.campaign_id, row.code) not in posted:
            found[partner_of(row)] = found.get(partner_of(row), 0) + quantity
    return found


def record(step: Step) -> None:
    """Write the entry down.

    :raises PartnerUnknown: when the campaign exchanges nothing with it.
    :raises ExchangeUnknown: when it is neither way, or counted otherwise.
    :raises ExchangeEmpty: when no address went over.
    :raises ExchangeIsToCome: when its day has not come.
    :raises ExpiredBeforeDealt: when it would never count.
    """
    command: RecordExchange = step.command
    facts: CampaignFacts = step.facts
    if command.partner_id not in {partner_of(row) for row in exchanged_lists(facts)}:
        raise PartnerUnknown()
    if command.direction not in set(Direction) or command.basis not in set(Basis):
        raise ExchangeUnknown(direction=command.direction, basis=command.basis)
    if command.quantity < 1:
        raise ExchangeEmpty()
    if command.dealt_on > facts.campaign.today(step.now):
        raise ExchangeIsToCome(dealt_on=command.dealt_on)
    if command.expires_on is not None and command.expires_on < command.dealt_on:
        raise ExpiredBeforeDealt(dealt_on=command.dealt_on, expires_on=command.expires_on)
    step.session.add(
        ExchangeEntry(
            **step.from_now_on(),
            partner_id=command.partner_id,
            direction=command.direction,
            quantity=command.quantity,
            basis=command.basis,
            dealt_on=command.dealt_on,
            expires_on=command.expires_on,
            quality=command.quality.strip(),
            written_in=command.written_in.strip(),
            recorded_by_id=step.actor.person_id,
        )
    )


def withdraw(step: Step) -> None:
    """End an entry of this campaign.

    :raises NotOfThisCampaign: when it is another campaign's, or withdrawn already.
    :raises EntryWasPosted: when the results posted it.
    """
    row = step.session.get(ExchangeEntry, step.command.entry_id)
    if row is None or row.campaign_id != step.chain.id or row.to_seq is not None:
        raise NotOfThisCampaign()
    if row.is_posted:
        raise EntryWasPosted()
    row.to_seq = step.seq


def post_received(step: Step) -> None:
    """Post what was received of each exchanged list: what its supplier may bill, as the net statement says. What was posted before ends."""
    facts: CampaignFacts = step.facts
    for earlier in ledger(step.session, step.chain.advertiser_id):
        if earlier.campaign_id == step.chain.id and earlier.is_posted:
            earlier.to_seq = step.seq
    bills = list_bills(facts)
    for row in exchanged_lists(facts):
        if row.code in bills and bills[row.code].billable:
            step.session.add(
                ExchangeEntry(
                    **step.from_now_on(),
                    partner_id=partner_of(row),
                    direction=Direction.RECEIVED.value,
                    quantity=bills[row.code].billable,
                    basis=basis_of(row.min_billing_rate, row.unbilled_reasons).value,
                    dealt_on=facts.campaign.drop_day,
                    quality=row.name,
                    list_code=row.code,
                )
            )


def balances_keep_to_the_limit(facts: CampaignFacts) -> Unmet | None:
    """With what running campaigns are to receive, no partner's balance leans further than policy allows."""
    limit = facts.campaign.policy.whole("thresholds", LIMIT)
    partners = {partner_of(row) for row in exchanged_lists(facts) if row in facts.live_lists}
    if not limit or not partners:
        return None
    session, advertiser_id = facts.session, facts.campaign.advertiser_id
    entries = ledger(session, advertiser_id)
    coming = to_come(session, advertiser_id, entries)
    beyond = {
        facts.suppliers[one].name
        for one in partners
        if not is_within(balance_with(entries, one, facts.campaign.drop_day) + coming.get(one, 0), limit)
    }
    if not beyond:
        return None
    return Unmet(code="exchanges.beyond_limit", lifted_by=Role.PROJECT_MANAGER, params={"partners": sorted(beyond), "most": limit})


EXCHANGES = (
    Move(RecordExchange, by=Role.PROJECT_MANAGER, event="campaign.exchange.recorded", do=record),
    Move(WithdrawExchange, by=Role.PROJECT_MANAGER, event="campaign.exchange.withdrawn", checks=(reason_is_given,), do=withdraw),
)
"""In every stage, and after the end: addresses are often given long after others were received."""
