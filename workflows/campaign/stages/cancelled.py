"""Cancelled: the campaign was given up. Its orders are withdrawn, its address files purged, its history stays."""

from workflows.campaign.cancelling import wind_up
from workflows.campaign.erasing import ERASE
from workflows.campaign.pressure import KEEP_CONTACTS
from workflows.campaign.purging import PURGE
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(state=CampaignState.CANCELLED, enter=wind_up, moves=(PURGE, KEEP_CONTACTS, ERASE))
