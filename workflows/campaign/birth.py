"""How a campaign begins: its bare row with the newest policy pinned, and whoever is answerable for it. Not for what stands in it."""

import re
from typing import Any
from uuid import UUID

from sqlmodel import select

from workflows.campaign.any_stage.moving_drop import refuse_year
from workflows.campaign.any_stage.shared_moves import make_answerable
from workflows.campaign.model import Campaign
from workflows.campaign.planning import retroplanning
from workflows.campaign.policy import newest_policy
from workflows.campaign.states import TEN_STAGES
from workflows.engine.refusals import Refused
from workflows.engine.step import Step

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
"""What a campaign may be called."""


class CampaignCodeTaken(Refused):
    """Another campaign has this code."""

    code = "plan.campaign_code_taken"


class CampaignCodeMalformed(Refused):
    """A campaign's code stands in file names, addresses and on paper."""

    code = "plan.campaign_code_malformed"


class EnvelopeNotPositive(Refused):
    """A budget needs something to be held against."""

    code = "plan.envelope_not_positive"


def bare_campaign(step: Step, **values: Any) -> Campaign:
    """Make a campaign's bare row, which is its own chain, under the command's code for the advertiser that it names.

    :param values: its own columns, `drop_on` among them
    :raises CampaignCodeMalformed: when it is not up to 20 letters, digits, dots, hyphens and underscores.
    :raises CampaignCodeTaken: when the code is in use.
    :raises DropBeyondCalendar: when the drop is in no year that a campaign can have.
    """
    code: str = step.command.campaign_code
    if not CODE.fullmatch(code):
        raise CampaignCodeMalformed(code=code)
    refuse_year(values["drop_on"])
    policy = newest_policy(step.session, step.command.subject_id, now=step.now)
    if step.session.exec(select(Campaign.id).where(Campaign.code == code)).first():
        raise CampaignCodeTaken(code=code)
    return Campaign(
        advertiser_id=step.command.subject_id,
        code=code,
        policy_version_id=policy.id,
        policy_version=policy,
        policy_number=policy.number,
        opened_at=step.now,
        **values,
    )


def begin(step: Step) -> Campaign:
    """Write the new campaign's row: from here on it is what the step is about."""
    campaign: Campaign = step.chain
    step.session.add(campaign)
    step.session.flush()
    step.subject = campaign
    return campaign


def entrust(step: Step, person_id: UUID | None) -> None:
    """Make whoever opened the campaign answerable for every stage, and plan it backward from its drop."""
    if person_id is not None:
        for stage in TEN_STAGES:
            make_answerable(step, stage, person_id)
    step.chain.retroplanning = retroplanning(step.chain)
