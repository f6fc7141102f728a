"""Campaigns and their follow-ups: whom a campaign follows up, which follow it up, and what of its lists one could be opened with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.sources import Source, latest_drop, lets_addresses, mailed_file, sources_of
from workflows.campaign.model import Campaign
from workflows.trade.retroplanning import plan_backward


@dataclass(frozen=True, kw_only=True)
class Relative:
    """Another campaign of the same people."""

    id: UUID
    code: str
    title: str
    state: str
    drop_on: date


@dataclass(frozen=True, kw_only=True)
class Kin:
    """The campaign that one follows up, and those that follow it up, by their drop."""

    follows: Relative | None
    followed_by: tuple[Relative, ...]


@dataclass(frozen=True, kw_only=True)
class FollowUpList:
    """One list as a follow-up may have it: who was `mailed`, who of them is `left_out` by now, and its group `seconds` that are billed.

    `left_out` is None where those who were mailed may not be written to again. `why_not` is a reason of
    `workflows.campaign.follow_up.sources`, empty where the list may be brought over. A house list costs nothing.
    """

    code: str
    name: str
    owner: str
    is_house: bool
    mailed: int
    left_out: int | None
    seconds: int
    available: int
    cpm: Decimal
    until_on: date | None
    why_not: str
    params: dict[str, Any]

    @property
    def is_allowed(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, kw_only=True)
class FollowUpPage:
    """What a follow-up may be opened with, and by when: `purge_on` ends its addresses, and it is best opened by `open_by_on`.

    `latest_drop_on` is the last day for which it takes them in time; None once they are destroyed.
    """

    kin: Kin
    lists: tuple[FollowUpList, ...]
    purge_on: date
    latest_drop_on: date | None
    open_by_on: date | None


def get_kin(session: Session, campaign: Campaign) -> Kin:
    """A campaign's kin as far as the asker may see it."""
    follows = session.get(Campaign, campaign.follow_up_of_id) if campaign.follow_up_of_id else None
    found = select(Campaign).where(Campaign.follow_up_of_id == campaign.id).order_by(col(Campaign.drop_on), col(Campaign.code))
    return Kin(follows=_relative(follows) if follows else None, followed_by=tuple(_relative(one) for one in session.exec(found)))


def get_follow_up(facts: CampaignFacts, today: date) -> FollowUpPage:
    """Every list of a campaign that was mailed, those first that may be brought over."""
    campaign, stored, latest_on = facts.campaign, mailed_file(facts), latest_drop(facts)
    lists = [_list(source) for source in sources_of(facts, today)]
    steps = plan_backward(latest_on, campaign.policy.lead_times, region=campaign.policy.region).steps if latest_on else ()
    return FollowUpPage(
        kin=get_kin(facts.session, campaign),
        lists=tuple(sorted(lists, key=lambda one: (not one.is_allowed, one.code))),
        purge_on=(stored and stored.purge_on) or campaign.purge_on,
        latest_drop_on=latest_on,
        open_by_on=min((step.start_on for step in steps), default=None),
    )


def _list(source: Source) -> FollowUpList:
    row = source.list
    return FollowUpList(
        code=row.code,
        name=row.name,
        owner=source.owner,
        is_house=row.is_house,
        mailed=source.mailed,
        left_out=source.left_out if lets_addresses(row) else None,
        seconds=source.seconds,
        available=source.available,
        cpm=source.cpm,
        until_on=row.reuse_until_on,
        why_not=source.why_not,
        params=source.params,
    )


def _relative(campaign: Campaign) -> Relative:
    return Relative(id=campaign.id, code=campaign.code, title=campaign.title, state=campaign.state, drop_on=campaign.drop_day)
