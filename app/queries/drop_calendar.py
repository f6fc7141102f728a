"""Every drop of an advertiser's campaigns by its day: which lists it uses, which drops are too near to it, what contact pressure says.

A fixed number of queries for any number of drops. Not for moving one: `drop_moves` says what that changes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from workflows.campaign.contacted.barring import CAP_DAYS
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.policy import PolicyVersion, PressureCap
from workflows.campaign.records import DropMove, MergePurgeRun
from workflows.campaign.states import CampaignState
from workflows.campaign.terms.other_uses import APART
from workflows.parties.actor import Actor
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role
from workflows.plan_line.model import DEAD, PlanLine
from workflows.trade.working_days import NoDropWindow, drop_warnings

Uses = dict[Any, list[CampaignList]]
"""Lists in use, by whatever they are looked up by."""


@dataclass(frozen=True, kw_only=True)
class ListInUse:
    """A list that a drop uses. `is_crowded`: another drop uses it within the days that policy keeps them apart; a house list never is."""

    code: str
    name: str
    is_crowded: bool


@dataclass(frozen=True, kw_only=True)
class NearDrop:
    """Another drop, so many calendar days after (below zero, before), that uses some of the same lists, by code."""

    campaign: str
    days: int
    lists: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EarlierDrop:
    """A drop of the same advertiser that a cap counts, so many days before."""

    campaign: str
    days: int
    is_posted: bool


@dataclass(frozen=True, kw_only=True)
class DropPressure:
    """What policy's caps, of channels too, do about a drop. `earlier` are the drops before it that they count; `over` the people
    whom the dedupe found over a cap, or at rest after a gift, None until it has counted. `action` is `suppress` or `reserve`.
    """

    caps: tuple[PressureCap, ...]
    action: str
    earlier: tuple[EarlierDrop, ...]
    over: int | None
    gift_rest_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Drop:
    """One campaign's drop: planned, or posted. `first_on` is the day first promised, `moves` how often it was moved since.

    `apart` are the days over which policy keeps two uses of a list apart; `warnings` are codes of what speaks against the day, `windows`
    have their words.
    """

    code: str
    title: str
    advertiser_name: str
    state: str
    drop_on: date
    is_posted: bool
    first_on: date
    moves: int
    apart: int
    lists: tuple[ListInUse, ...]
    near: tuple[NearDrop, ...]
    pressure: DropPressure
    warnings: tuple[str, ...]
    windows: tuple[NoDropWindow, ...]

    @property
    def is_moved(self) -> bool:
        return self.moves > 0


def list_drops(session: Session, actor: Actor) -> tuple[Drop, ...]:
    """The drops of all campaigns that this person manages and that were not given up, by day."""
    managed = [grant.advertiser_id for grant in actor.grants if grant.role is Role.PROJECT_MANAGER]
    statement = (
        select(Campaign, Advertiser.name)
        .join(Advertiser, col(Advertiser.id) == col(Campaign.advertiser_id))
        .join(PolicyVersion, col(PolicyVersion.id) == col(Campaign.policy_version_id))
        .where(col(Campaign.advertiser_id).in_(managed), col(Campaign.state) != CampaignState.CANCELLED.value)
        .order_by(func.coalesce(Campaign.dropped_on, Campaign.drop_on), col(Campaign.code))
    )
    rows = session.exec(statement).all()
    campaigns = {campaign.id: campaign for campaign, _name in rows}
    uses, moves, over = _uses(session, campaigns), _moves(session, campaigns), _over(session, campaigns)
    by_campaign: Uses = defaultdict(list)
    by_list: Uses = defaultdict(list)
    for one in uses:
        by_campaign[one.campaign_id].append(one)
        if not one.is_house:
            by_list[one.advertiser_id, one.known_by].append(one)
    found = []
    for campaign, advertiser_name in rows:
        policy, moved = campaign.policy, moves.get(campaign.id, [])
        apart = policy.whole("thresholds", APART)
        lists = by_campaign[campaign.id]
        near = _near(lists, by_list, campaigns, apart)
        crowded = {code for one in near for code in one.lists}
        by_channel = (PressureCap(kind=channel, days=CAP_DAYS, most=most) for channel, most in policy.channel_caps.items())
        caps = (*policy.pressure_caps, *by_channel)
        found.append(
            Drop(
                code=campaign.code,
                title=campaign.title,
                advertiser_name=advertiser_name,
                state=campaign.state,
                drop_on=campaign.drop_day,
                is_posted=campaign.dropped_on is not None,
                first_on=moved[0] if moved else campaign.drop_on,
                moves=len(moved),
                apart=apart,
                lists=tuple(ListInUse(code=one.code, name=one.name, is_crowded=one.code in crowded) for one in lists),
                near=near,
                pressure=DropPressure(
                    caps=caps,
                    action=policy.pressure_action,
                    earlier=_earlier(campaign, campaigns.values(), max((cap.days for cap in caps), default=0)),
                    over=over.get(campaign.id),
                    gift_rest_days=policy.whole("pressure", "gift_rest_days"),
                ),
                warnings=tuple(drop_warnings(campaign.drop_day, policy.no_drop_windows, policy.region)),
                windows=policy.no_drop_windows,
            )
        )
    return tuple(found)


def _uses(session: Session, campaigns: Collection[UUID]) -> list[CampaignList]:
    """The lists with a living plan line, by campaign and code."""
    living = select(PlanLine.list_id).where(
        col(PlanLine.campaign_id).in_(campaigns),
        col(PlanLine.to_seq).is_(None),
        col(PlanLine.state).not_in([state.value for state in DEAD]),
    )
    statement = select(CampaignList).where(col(CampaignList.id).in_(living), col(CampaignList.to_seq).is_(None))
    return list(session.exec(statement.order_by(col(CampaignList.code))))


def _near(mine: Iterable[CampaignList], by_list: Uses, campaigns: Mapping[UUID, Campaign], apart: int) -> tuple[NearDrop, ...]:
    """Other drops of the same lists. That a follow-up writes to those of the campaign before is what it is for."""
    found: dict[tuple[int, str], list[str]] = {}
    for row in mine:
        here = campaigns[row.campaign_id]
        for other in by_list.get((row.advertiser_id, row.known_by), ()):
            there = campaigns[other.campaign_id]
            days = (there.drop_day - here.drop_day).days
            is_follow_up = there.follow_up_of_id == here.id or here.follow_up_of_id == there.id
            if there.id != here.id and not is_follow_up and abs(days) < apart:
                found.setdefault((days, there.code), []).append(other.code)
    return tuple(
        NearDrop(campaign=code, days=days, lists=tuple(lists))
        for (days, code), lists in sorted(found.items(), key=lambda one: (abs(one[0][0]), one[0]))
    )


def _earlier(here: Campaign, others: Iterable[Campaign], days: int) -> tuple[EarlierDrop, ...]:
    found = [
        EarlierDrop(campaign=one.code, days=(here.drop_day - one.drop_day).days, is_posted=one.dropped_on is not None)
        for one in others
        if one is not here and one.advertiser_id == here.advertiser_id and 0 <= (here.drop_day - one.drop_day).days <= days
    ]
    return tuple(sorted(found, key=lambda one: one.days)) if days else ()


def _moves(session: Session, campaigns: Collection[UUID]) -> dict[UUID, list[date]]:
    """The days from which each drop was moved, the first one first."""
    statement = select(DropMove.campaign_id, col(DropMove.from_on)).where(col(DropMove.campaign_id).in_(campaigns))
    moves: dict[UUID, list[date]] = {}
    for campaign_id, from_on in session.exec(statement.order_by(col(DropMove.from_seq))):
        moves.setdefault(campaign_id, []).append(from_on)
    return moves


def _over(session: Session, campaigns: Collection[UUID]) -> dict[UUID, int]:
    """How many people the dedupe that counts found over a cap, or at rest after a gift, by campaign."""
    pressure: Any = col(MergePurgeRun.report)["pressure"]
    statement = (
        select(MergePurgeRun.campaign_id, pressure)
        .where(col(MergePurgeRun.campaign_id).in_(campaigns), col(MergePurgeRun.to_seq).is_(None))
        .order_by(col(MergePurgeRun.number))
    )
    return {
        campaign_id: sum((*told["over"].values(), *told.get("resting", {}).values()))
        for campaign_id, told in session.exec(statement)
        if told and (told["caps"] or "resting" in told)
    }
