"""The campaign's process: its stages, how it is born, and where its facts come from."""

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.any_stage.migrating import MIGRATE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.stages import STAGES, plan
from workflows.engine.process import Process
from workflows.parties.model import Advertiser

CAMPAIGN = Process(
    name="campaign",
    subject=Campaign,
    stages=STAGES,
    births=(plan.OPEN,),
    birth_chain=plan.make_campaign,
    parent=lambda session, command: session.get(Advertiser, command.subject_id),
    chain_of=lambda session, row: row if isinstance(row, Campaign) else None,
    facts=CampaignFacts,
    migration=MIGRATE,
    pause=pause,
)
