"""Controls that were passed over, and what was said of it afterwards. Not for the rule: `campaign.overriding` has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.queries.campaign import find_campaign
from workflows.campaign.any_stage.overriding import OVERRIDABLE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.processors.contracting import CONTROL as CONTRACT
from workflows.campaign.processors.holding import without_contract
from workflows.campaign.records import Override
from workflows.campaign.states import ENDS
from workflows.parties.actor import Actor
from workflows.parties.model import Person
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class OverrideRow:
    """One control that was passed over. `review`: empty while it waits, else confirmed or contested."""

    id: UUID
    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    campaign_version: int
    control: str
    about: str
    expected: str
    actual: str
    reason: str
    overridden_by: str
    overridden_at: datetime
    own: bool
    is_grant: bool
    review: str
    comment: str
    reviewed_by: str
    reviewed_at: datetime | None


def list_overrides(session: Session, code: str, actor: Actor) -> list[OverrideRow]:
    """Every override and grant of one campaign, the newest first.

    :raises NotFound: when the campaign is not this person's to see.
    """
    return _rows(session, actor, Override.campaign_id == find_campaign(session, code).id)


def list_waiting_reviews(session: Session, actor: Actor) -> list[OverrideRow]:
    """What waits for a review by an approver such as this one, the newest first."""
    mine = [grant.advertiser_id for grant in actor.grants if grant.role is Role.BUDGET_APPROVER]
    return _rows(session, actor, col(Override.advertiser_id).in_(mine), Override.review == "")


@dataclass(frozen=True, kw_only=True)
class Grantable:
    """A control of a campaign that policy leaves to approvers, who gave no leave yet to pass over it."""

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    control: str


def list_grantable(session: Session, actor: Actor) -> list[Grantable]:
    """What an approver such as this one may let others pass over, by campaign and control."""
    mine = [grant.advertiser_id for grant in actor.grants if grant.role is Role.BUDGET_APPROVER]
    running = select(Campaign).where(col(Campaign.advertiser_id).in_(mine), col(Campaign.state).not_in([str(state) for state in ENDS]))
    open_grants = select(Override.campaign_id, Override.control).where(col(Override.is_grant), col(Override.to_seq).is_(None))
    given = set(session.exec(open_grants))
    return [
        Grantable(campaign_id=campaign.id, campaign_code=campaign.code, campaign_title=campaign.title, control=control)
        for campaign in session.exec(running.order_by(col(Campaign.code)))
        for control in OVERRIDABLE
        if campaign.policy.overrider(control) is Role.BUDGET_APPROVER and (campaign.id, control) not in given
        # What is known to be in order needs no leave; what may still fail cannot be told before.
        if control != CONTRACT or without_contract(CampaignFacts(session, campaign))
    ]


def _rows(session: Session, actor: Actor, *where: Any) -> list[OverrideRow]:
    by, reviewer = aliased(Person), aliased(Person)
    statement = (
        select(Override, Campaign, by.name, reviewer.name)
        .join(Campaign, col(Campaign.id) == col(Override.campaign_id))
        .outerjoin(by, col(by.id) == col(Override.overridden_by_id))
        .outerjoin(reviewer, col(reviewer.id) == col(Override.reviewed_by_id))
        .where(*where)
        .order_by(col(Override.overridden_at).desc(), col(Override.control), col(Override.about))
    )
    return [
        OverrideRow(
            id=row.id,
            campaign_id=campaign.id,
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            campaign_version=campaign.version,
            control=row.control,
            about=row.about,
            expected=row.expected,
            actual=row.actual,
            reason=row.reason,
            overridden_by=by_name or "",
            overridden_at=row.overridden_at,
            own=actor.person_id in (row.overridden_by_id, row.granted_by_id),
            is_grant=row.is_grant,
            review=row.review,
            comment=row.comment,
            reviewed_by=reviewer_name or "",
            reviewed_at=row.reviewed_at,
        )
        for row, campaign, by_name, reviewer_name in session.exec(statement)
    ]
