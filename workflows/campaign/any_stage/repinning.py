"""Moving a campaign to its advertiser's newest policy, on record. Until somebody does, it keeps the version it was opened under.

From the move on everything is judged and timed by the new version: what is due already stays due on its day, what opens later gets its
delay from the new one. Not for saving a policy: an administrator does that.
"""

from dataclasses import dataclass

from sqlmodel import select

from workflows.campaign.policy import PolicyVersion, newest_policy
from workflows.campaign.rules import reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


class PolicyNotNewer(Refused):
    """The campaign follows that version, or a later one, already; `number` is the one it follows."""

    code = "policy.not_newer"


class PolicyNotNewest(Refused):
    """A newer version was saved meanwhile: what was looked at is not what the campaign would follow."""

    code = "policy.not_newest"


@dataclass(frozen=True, kw_only=True)
class FollowPolicy(Command):
    """Let the campaign follow the newest policy, whose number and hash the asker has looked at."""

    policy_number: int
    policy_sha256: str
    reason: str = free_text()


def is_newest(step: Step) -> None:
    """Refuse a version that is not the newest, or no change.

    :raises PolicyNotNewest: when another version is the newest.
    :raises PolicyNotNewer: when the campaign follows it already.
    """
    newest = newest_policy(step.session, step.chain.advertiser_id, now=step.now)
    if (newest.number, newest.sha256) != (step.command.policy_number, step.command.policy_sha256):
        raise PolicyNotNewest(number=newest.number)
    if newest.id == step.chain.policy_version_id:
        raise PolicyNotNewer(number=newest.number)


def follow_policy(step: Step) -> None:
    """Pin it."""
    number = PolicyVersion.number == step.command.policy_number
    found = step.session.exec(select(PolicyVersion).where(PolicyVersion.advertiser_id == step.chain.advertiser_id, number)).one()
    step.chain.policy_version, step.chain.policy_version_id, step.chain.policy_number = found, found.id, found.number


FOLLOW_POLICY = Move(
    FollowPolicy, by=Role.PROJECT_MANAGER, event="campaign.policy.followed", checks=(reason_is_given, is_newest), do=follow_policy
)
