"""Lists that another running campaign of the advertiser mails around the same days, over which policy keeps two drops apart.

It is told and never refused: the addresses are the owner's, who clears the mailing window with the order; and a house may mean to write
twice. Not for campaigns that are closed: history tells of those. Not for other advertisers: nobody here knows of their plans.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.states import ENDS
from workflows.plan_line.model import DEAD, PlanLine

APART = "use_days_apart"
"""The threshold of policy: fewest calendar days between two drops to the same list; 0 keeps none apart."""


@dataclass(frozen=True, kw_only=True)
class OtherUse:
    """That another campaign mails a list too, and how many calendar days lie between the two drops."""

    list_code: str
    campaign_code: str
    drop_on: date
    days: int


def other_uses(facts: CampaignFacts, drop_on: date) -> tuple[OtherUse, ...]:
    """Every use of a list by another running campaign that is too near to a drop on that day, by list, the nearest first.

    That a follow-up writes to those of the campaign before is what it is for.
    """
    apart = facts.campaign.policy.whole("thresholds", APART)
    mine = {row.known_by for row in facts.live_lists if not row.is_house}
    if not apart or not mine:
        return ()
    follows = facts.campaign.follow_up_of_id
    dropped_on = func.coalesce(Campaign.dropped_on, Campaign.drop_on)
    used = (
        select(CampaignList.code, func.coalesce(CampaignList.owner_id, CampaignList.broker_id), Campaign.code, dropped_on)
        .join(PlanLine, col(PlanLine.list_id) == col(CampaignList.id))
        .join(Campaign, col(Campaign.id) == col(CampaignList.campaign_id))
        .where(
            CampaignList.advertiser_id == facts.campaign.advertiser_id,
            col(CampaignList.campaign_id).not_in([facts.campaign.id, *([follows] if follows else [])]),
            col(CampaignList.code).in_(sorted(code for code, _owner in mine)),
            col(CampaignList.to_seq).is_(None),
            col(PlanLine.to_seq).is_(None),
            col(PlanLine.state).not_in([state.value for state in DEAD]),
            col(Campaign.state).not_in([state.value for state in ENDS]),
        )
        .distinct()
    )
    found = [
        OtherUse(list_code=code, campaign_code=campaign, drop_on=day, days=abs((day - drop_on).days))
        for code, owner, campaign, day in facts.session.exec(used)
        if (code, owner) in mine
    ]
    near = [one for one in found if one.days < apart]
    return tuple(sorted(near, key=lambda one: (one.list_code, one.days, one.campaign_code)))
