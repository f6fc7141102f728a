"""On hold: the campaign rests, in whatever stage it stood. Left by `ResumeCampaign` to that stage, or by a cancellation."""

from workflows.campaign.any_stage.cancelling import CANCELLATION
from workflows.campaign.any_stage.holding import RESUME
from workflows.campaign.any_stage.overriding import OVERRIDES
from workflows.campaign.any_stage.shared_moves import PURGE
from workflows.campaign.data_protection.erasing import ERASE
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(state=CampaignState.ON_HOLD, moves=(RESUME, *CANCELLATION, *OVERRIDES, PURGE, ERASE))
