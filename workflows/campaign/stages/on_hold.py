"""On hold: the campaign rests, in whatever stage it stood. Left by `ResumeCampaign` to that stage, or by a cancellation."""

from workflows.campaign.cancelling import CANCELLATION
from workflows.campaign.erasing import ERASE
from workflows.campaign.holding import RESUME
from workflows.campaign.overriding import OVERRIDES
from workflows.campaign.shared_moves import PURGE
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(state=CampaignState.ON_HOLD, moves=(RESUME, *CANCELLATION, *OVERRIDES, PURGE, ERASE))
