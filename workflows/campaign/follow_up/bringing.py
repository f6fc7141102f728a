"""Bringing over: once its orders are accepted, a follow-up's files are made of those of the campaign before, and nobody delivers any."""

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.limits import to_come
from workflows.delivery.model import FileState
from workflows.engine.step import Step
from workflows.plan_line.model import LineState
from workflows.plan_line.process import AcceptLine, DeliverLine


def bring_over(step: Step) -> None:
    """Ask for the files that are not there yet; lines that were added to a list which is here are all that will come of it."""
    facts: CampaignFacts = step.facts
    confirmed = {line.list_id for line in facts.live_lines if line.state == LineState.CONFIRMED}
    lists = [str(row.id) for row in to_come(facts) if row.id in confirmed]
    if lists:
        step.request("bring_lists_over", {"lists": lists})
    here = {file.list_id for file in facts.files if file.state == FileState.ACCEPTED}
    brought = {row.id for row in facts.live_lists if row.is_brought_over} & here
    for line in facts.live_lines:
        if line.list_id in brought and line.state == LineState.CONFIRMED:
            step.then(DeliverLine(subject_id=line.id))
            step.then(AcceptLine(subject_id=line.id))
