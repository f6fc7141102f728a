"""Going back to an earlier stage, with a reason. Later work is kept and counts no more; what suppliers hold stays as it is.

A list may so be added late: back in *plan* the other lists' lines, orders and deliveries go on, and only what is new is ordered.
Not after the mail is posted, but from *analysis* to *responses*, and from the end back to *analysis*.
"""

from dataclasses import dataclass

from workflows.campaign.dedupe.merging import void_lots, void_run
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.rules import reason_is_given
from workflows.campaign.send.proofs import end_proofs
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, OneOf
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import ReturnLine


class NoWayBack(Refused):
    """The campaign cannot go back to that stage from where it stands."""

    code = "rework.no_way_back"


class MailIsPosted(Refused):
    """Mail that is with the post cannot be made anew."""

    code = "rework.mail_is_posted"


@dataclass(frozen=True, kw_only=True)
class ReturnToStage(Command):
    """Go back to an earlier stage, with a reason."""

    stage: str
    reason: str = free_text()


def going_back(*targets: CampaignState) -> Move:
    """The move back to one of these stages."""
    names = {str(state) for state in targets}

    def wanted(step: Step) -> str:
        if step.command.stage not in names:
            raise NoWayBack(stage=step.command.stage)
        return str(step.command.stage)

    return Move(
        ReturnToStage,
        to=OneOf(targets, wanted),
        by=Role.PROJECT_MANAGER,
        event="campaign.rework.begun",
        checks=(reason_is_given, nothing_is_posted),
        do=undo,
    )


def nothing_is_posted(step: Step) -> None:
    """Refuse to make anew what the post has.

    :raises MailIsPosted: when a deposit is recorded and the way back leads before the drop.
    """
    if step.facts.deposits and step.command.stage not in (CampaignState.RESPONSES, CampaignState.ANALYSIS):
        raise MailIsPosted()


def undo(step: Step) -> None:
    """End what the later stages left, from the last to the one that is entered."""
    facts: CampaignFacts = step.facts
    place = TEN_STAGES.index(CampaignState(step.command.stage))
    if place <= TEN_STAGES.index(CampaignState.RESPONSES) and facts.result is not None:
        facts.result.to_seq = step.seq
    if place <= TEN_STAGES.index(CampaignState.LOTS):
        end_proofs(step)
        void_lots(step)
    if place <= TEN_STAGES.index(CampaignState.DEDUPE):
        void_run(step)
    if place <= TEN_STAGES.index(CampaignState.DELIVERY):
        for line in step.facts.live_lines:
            if line.state == LineState.PROCESSED:
                step.then(ReturnLine(subject_id=line.id))
