"""What of each list of a campaign that was mailed a follow-up may write to again: how many, at what price, or why not.

The house's own lists always. Those of others, once, where their owner agreed to a second use whose last day is not before the follow-up's
drop. Of those who were mailed, whoever answered, refused in a call, objected or came back since is left out. Counts are of today, and from
the database alone: the files decide whom they hold when they are made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union
from sqlmodel import col

from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import Response, StoredFile, Undeliverable
from workflows.campaign.results.figures import list_bills, reported_lists
from workflows.campaign.states import CampaignState
from workflows.plan_line.model import DEAD, PlanLine
from workflows.trade.apportionment import largest_remainder
from workflows.trade.billing import LossReason
from workflows.trade.contact_reports import Outcome
from workflows.trade.retroplanning import plan_backward

SINGLE_USE, REUSE_ENDED, USED_ALREADY, NOBODY_LEFT = "single_use", "reuse_ended", "used_already", "nobody_left"
"""Why a list may not be brought over."""
LONGEST_AHEAD = 400
"""Days after the files' end within which the latest drop is looked for: no retroplanning is longer."""


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """Those of one segment who may be written to again, by the channel and message that they were written to with."""

    segment: str
    channel: str
    message: str
    offer: str
    rank: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """One list: who owns it, how many were mailed and how many of them are left out by now, its group seconds that were paid.

    `why_not` is one of the reasons of this module, empty where it may be brought over; `used_by` the follow-up that had it.
    """

    list: CampaignList
    owner: str
    mailed: int
    left_out: int
    seconds: int
    lines: tuple[SourceLine, ...]
    why_not: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def available(self) -> int:
        """How many there are to write to, at most where it has group seconds: some of their people answered, too."""
        return sum(line.quantity for line in self.lines)

    @property
    def cpm(self) -> Decimal:
        """What a thousand of them cost; nothing for those that were paid already."""
        return Decimal(0) if self.list.is_house or self.list.reuse_cpm is None else self.list.reuse_cpm


def sources_of(facts: CampaignFacts, drop_on: date) -> tuple[Source, ...]:
    """Every list of which something was mailed or may be used besides, for a follow-up that drops on that day, by code."""
    gone, used = _gone_by_lot(facts), _used_by(facts)
    return tuple(_source(row, facts, drop_on, gone, used) for row in facts.live_lists)


def lets_addresses(row: CampaignList) -> bool:
    """Whether those who were mailed may be written to again."""
    return row.is_house or row.reuse_cpm is not None


def paid_seconds(facts: CampaignFacts, row: CampaignList) -> int:
    """How many of a list's group seconds its bill holds at the full price, where its owner lets them be used.

    What is billed beyond the net is what the merge-purge took out and the list's terms let nobody deduct. Where they never bill what is
    lost to other lists, none was paid.
    """
    if not row.reuse_seconds or row.code not in reported_lists(facts) or LossReason.INTER in row.unbilled_reasons:
        return 0
    bill = list_bills(facts)[row.code]
    return max(0, min(bill.billable - bill.net, int(reported_lists(facts)[row.code]["inter"])))


def _source(row: CampaignList, facts: CampaignFacts, drop_on: date, gone: dict[str, int], used: dict[Any, str]) -> Source:
    lots = [lot for lot in facts.lots if lot.list_code == row.code and lot.is_sent]
    mailed = sum(lot.quantity for lot in lots)
    left_out = sum(min(lot.quantity, gone.get(lot.code, 0)) for lot in lots)
    seconds = paid_seconds(facts, row)
    left: dict[tuple[str, str, str, str], int] = {}
    for lot in lots if lets_addresses(row) else ():
        key = lot.segment, lot.channel, lot.message, lot.offer
        left[key] = left.get(key, 0) + max(0, lot.quantity - gone.get(lot.code, 0))
    planned = [line for line in facts.live_lines if line.list_id == row.id]
    parts = largest_remainder(seconds, [line.gross_qty for line in planned]) if planned else []
    for line, part in zip(planned, parts, strict=True):
        key = line.segment, line.channel, line.message, line.offer
        left[key] = left.get(key, 0) + part
    ranks = {line.segment: line.rank for line in reversed(planned)}
    lowest = max(ranks.values(), default=0) + 1
    lines = tuple(
        SourceLine(segment=key[0], channel=key[1], message=key[2], offer=key[3], rank=ranks.get(key[0], lowest), quantity=quantity)
        for key, quantity in sorted(left.items())
        if quantity
    )
    owner = facts.supplier(row.owner_id or row.broker_id)
    why_not, params = _why_not(row, drop_on, lines, used)
    return Source(
        list=row,
        owner=owner.name if owner else "",
        mailed=mailed,
        left_out=left_out,
        seconds=seconds,
        lines=lines,
        why_not=why_not,
        params=params,
    )


def _why_not(row: CampaignList, drop_on: date, lines: Iterable[SourceLine], used: dict[Any, str]) -> tuple[str, dict[str, Any]]:
    if not row.is_house and row.reuse_until_on is None:
        return SINGLE_USE, {}
    if not row.is_house and row.id in used:
        return USED_ALREADY, {"campaign": used[row.id]}
    if not row.is_house and row.reuse_until_on is not None and row.reuse_until_on < drop_on:
        return REUSE_ENDED, {"until_on": row.reuse_until_on}
    return ("", {}) if any(lines) else (NOBODY_LEFT, {})


def refusals(campaign_id: UUID) -> tuple[Any, ...]:
    """The reports by which somebody who was called refused: that is an answer too, and nobody is asked again in its follow-up."""
    return col(ContactReport.campaign_id) == campaign_id, col(ContactReport.outcome) == str(Outcome.REFUSED)


def _gone_by_lot(facts: CampaignFacts) -> dict[str, int]:
    """How many of each lot answered, objected or came back, by its code, each once."""
    campaign_id = facts.campaign.id
    answered: Any = select(col(Response.lot_code).label("lot"), col(Response.unique_id).label("who")).where(
        col(Response.campaign_id) == campaign_id, col(Response.unique_id) != ""
    )
    matched = select(col(Response.matched_lot), col(Response.matched_id)).where(
        col(Response.campaign_id) == campaign_id, col(Response.matched_id) != ""
    )
    returned = select(col(Undeliverable.lot_code), col(Undeliverable.unique_id)).where(col(Undeliverable.campaign_id) == campaign_id)
    refused = select(col(ContactReport.lot_code), col(ContactReport.unique_id)).where(*refusals(campaign_id))
    gone = union(answered, matched, returned, refused).subquery()
    statement = select(gone.c.lot, func.count()).where(gone.c.lot.is_not(None)).group_by(gone.c.lot)
    return {lot: int(number) for lot, number in facts.session.connection().execute(statement)}


def _used_by(facts: CampaignFacts) -> dict[Any, str]:
    """The follow-up that has a list, by the list's id: a second use is one. One that was given up, or did without it, has none."""
    statement = (
        select(col(CampaignList.source_list_id), col(Campaign.code))
        .join(Campaign, col(Campaign.id) == col(CampaignList.campaign_id))
        .join(PlanLine, col(PlanLine.list_id) == col(CampaignList.id))
        .where(
            col(Campaign.follow_up_of_id) == facts.campaign.id,
            col(Campaign.state) != CampaignState.CANCELLED.value,
            col(CampaignList.to_seq).is_(None),
            col(PlanLine.to_seq).is_(None),
            col(PlanLine.state).not_in([state.value for state in DEAD]),
        )
        .order_by(col(Campaign.code))
    )
    return {one.source_list_id: one.code for one in facts.session.connection().execute(statement)}


def mailed_file(facts: CampaignFacts) -> StoredFile | None:
    """The file that holds whom the campaign mailed; None once it is destroyed."""
    if facts.lot_plan is None:
        return None
    stored = facts.session.get_one(StoredFile, facts.lot_plan.result_file_id)
    return stored if stored.purged_at is None else None


def taken_on(campaign: Campaign, drop_on: date) -> date:
    """The day on which a follow-up that drops then is planned to take its addresses: when its orders are accepted."""
    steps = plan_backward(drop_on, campaign.policy.lead_times, region=campaign.policy.region).steps
    return next(step.finish_on for step in steps if step.step == "order")


def latest_drop(facts: CampaignFacts) -> date | None:
    """The last day for a follow-up's drop: its addresses are taken before they are destroyed. None once they are."""
    stored = mailed_file(facts)
    if stored is None or stored.purge_on is None:
        return None
    # A drop may be on any day; the later, the later its addresses are taken.
    soonest, latest = stored.purge_on, stored.purge_on + timedelta(days=LONGEST_AHEAD)
    while soonest < latest:
        middle = soonest + timedelta(days=((latest - soonest).days + 1) // 2)
        if taken_on(facts.campaign, middle) < stored.purge_on:
            soonest = middle
        else:
            latest = middle - timedelta(days=1)
    return soonest
