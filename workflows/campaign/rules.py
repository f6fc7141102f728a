"""Rules that several machines share: refusals and checks that belong to no single stage."""

from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.engine import checkpoints
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class ReasonMissing(Refused):
    """A refusal, rework or exception needs its reason in words."""

    code = "campaign.reason_missing"


class NotOfThisCampaign(Refused):
    """The command names a row of another campaign."""

    code = "campaign.not_of_this_campaign"


def same_hands(step: Step, person_id: UUID | None, seq: int) -> bool:
    """Whether the asker is who did something at that entry of the chain; whoever stands in for somebody counts as both.

    Two pairs of eyes hold so for the substitute and for the absent person, whichever of them came first.
    """
    did = checkpoints.hands_of(step.session.connection(), step.chain.id, seq) | ({person_id} if person_id else set())
    return not did.isdisjoint(step.actor.hands(step.chain.advertiser_id))


def manages(step: Step) -> bool:
    """Whether the asker manages the campaign, and so acts for any supplier of it, whomever they speak for elsewhere."""
    return step.actor.has_role(Role.PROJECT_MANAGER, step.chain.advertiser_id)


def answers_for(step: Step, supplier_id: UUID | None) -> bool:
    """Whether the asker may act for that supplier: they speak for it, or manage the campaign."""
    return manages(step) or supplier_id in step.actor.supplier_ids


def reason_is_given(step: Step) -> None:
    """Refuse an empty reason.

    :raises ReasonMissing: when there are no words.
    """
    if not step.command.reason.strip():
        raise ReasonMissing()


def a_line_is_left(facts: CampaignFacts) -> Unmet | None:
    """Not everything was refused."""
    return None if facts.live_lines else Unmet(code="plan.no_lines", lifted_by=Role.PROJECT_MANAGER)
