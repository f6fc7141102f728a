"""Lists that wait to be settled, and the user task that asks for it. Opened by *negotiation*, and by whoever returns to it."""

from collections.abc import Iterable

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.engine.process import Target, UserTaskSpec, WorkingDays
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState


def list_target(row: CampaignList) -> Target:
    """A list as what a user task is about."""
    return Target(kind="campaign_list", id=row.id, label=row.code)


def unsettled_lists(facts: CampaignFacts) -> Iterable[Target]:
    """Lists whose terms or consent are still open."""
    for row in facts.live_lists:
        if any(line.state in (LineState.CANDIDATE, LineState.AGREED) for line in facts.lines_of(row.id)) and not row.is_house:
            yield list_target(row)


SETTLE_LIST = UserTaskSpec("settle_list", candidates=Role.PROJECT_MANAGER, due=WorkingDays("settle_list"), each=unsettled_lists)
