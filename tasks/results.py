"""Computes a campaign's figures from what the database holds."""

from collections.abc import Sequence
from typing import Any

from tasks.registry import Work, service_task
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.results.figures import compute
from workflows.campaign.stages.analysis import RecordResults
from workflows.engine.command import Command


@service_task("compute_results")
def compute_results(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Compute every figure once."""
    with work.reading() as session:
        body = compute(CampaignFacts(session, session.get(Campaign, work.campaign_id)))
    return [RecordResults(subject_id=work.campaign_id, body=body)]
