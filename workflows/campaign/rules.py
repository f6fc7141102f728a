"""Rules that several machines share: refusals and checks that belong to no single stage."""

from workflows.campaign.facts import CampaignFacts
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class ReasonMissing(Refused):
    """A refusal, rework or exception needs its reason in words."""

    code = "campaign.reason_missing"


class NotOfThisCampaign(Refused):
    """The command names a row of another campaign."""

    code = "campaign.not_of_this_campaign"


def reason_is_given(step: Step) -> None:
    """Refuse an empty reason.

    :raises ReasonMissing: when there are no words.
    """
    if not step.command.reason.strip():
        raise ReasonMissing()


def a_line_is_left(facts: CampaignFacts) -> Unmet | None:
    """Not everything was refused."""
    return None if facts.live_lines else Unmet(code="plan.no_lines", lifted_by=Role.PROJECT_MANAGER)
