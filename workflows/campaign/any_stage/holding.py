"""Holding a campaign: everything about it rests, whatever its stage, until somebody resumes it where it stood.

User tasks are suspended and timers stop, each with the working days it had left. What people ask of the campaign, or of an order or file
of it, is refused meanwhile; what machines had begun for an order or a file still comes in. Not for ending it: `cancelling` does that.
"""

from dataclasses import dataclass
from typing import Any

from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, OneOf
from workflows.engine.refusals import Paused, Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class CampaignCancelled(Refused):
    """The campaign was cancelled: nothing of it moves any more."""

    code = "campaign.cancelled"


@dataclass(frozen=True, kw_only=True)
class HoldCampaign(Command):
    """Let the campaign rest, with a reason."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class ResumeCampaign(Command):
    """Go on where the campaign stood; what was due keeps the working days it had left."""


def pause(campaign: Any) -> Refused | None:
    """Why nothing of this campaign moves for now: it is on hold, or was cancelled."""
    if campaign.state == CampaignState.ON_HOLD:
        return Paused((Unmet(code="campaign.on_hold", lifted_by=Role.PROJECT_MANAGER, since=campaign.rested_at),))
    return CampaignCancelled() if campaign.state == CampaignState.CANCELLED else None


def hold(step: Step) -> None:
    """Remember the stage, and set everything open aside."""
    step.chain.stood_in, step.chain.rested_at = step.left_state, step.now
    step.set_aside()


def resume(step: Step) -> None:
    """Take everything up again."""
    step.chain.stood_in = step.chain.rested_at = None
    step.take_up()


HOLD = Move(
    HoldCampaign,
    to=CampaignState.ON_HOLD,
    by=Role.PROJECT_MANAGER,
    event="campaign.hold.begun",
    checks=(reason_is_given,),
    do=hold,
    keeps_work=True,
)
RESUME = Move(
    ResumeCampaign,
    to=OneOf(TEN_STAGES, lambda step: str(step.chain.stood_in)),
    by=Role.PROJECT_MANAGER,
    event="campaign.hold.lifted",
    do=resume,
    keeps_work=True,
)
