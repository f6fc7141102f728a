"""The campaign's process: its stages, how it is born, and where its facts come from."""

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.any_stage.migrating import MIGRATE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.beginning import BEGIN_FOLLOW_UP, BeginFollowUp, make_follow_up
from workflows.campaign.model import Campaign
from workflows.campaign.stages import STAGES, plan
from workflows.engine.process import Process
from workflows.parties.model import Advertiser

CAMPAIGN = Process(
    name="campaign",
    subject=Campaign,
    stages=STAGES,
    births=(plan.OPEN, BEGIN_FOLLOW_UP),
    birth_chain=lambda step: make_follow_up(step) if isinstance(step.command, BeginFollowUp) else plan.make_campaign(step),
    parent=lambda session, command: session.get(Advertiser, command.subject_id),
    chain_of=lambda session, row: row if isinstance(row, Campaign) else None,
    facts=CampaignFacts,
    migration=MIGRATE,
    pause=pause,
)
