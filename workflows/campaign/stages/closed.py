"""The end: a closed campaign moves no more, and everything about it can still be read and proved."""

from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(state=CampaignState.CLOSED)
