"""Rest after a refusal: whoever refused in a call, as keyed hashes kept for as long as policy lets them rest, is not called by the
advertiser's next campaigns.

When calls are reported a machine keeps the keys of those who refused or objected. When lots are made that are called, it looks them up:
those at rest go to the other channels of their segment, or to the reserve. Nobody's name or number is kept for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlmodel import col

from workflows.campaign.contacted.bringing import CALLS, REPORTED_BY
from workflows.campaign.data_protection.purging import REFUSAL_KEYS
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, kept_elsewhere, kept_files, store
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command, unrecorded
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.working_days import instant_at


class RefusalsKept(Refused):
    """The keys of those who refused in this file are kept already."""

    code = "pressure.refusals_kept"


@dataclass(frozen=True, kw_only=True)
class KeepRefusals(Command):
    """Keep the keys of those who refused in a file of calls: how many people, and the day of the last refusal."""

    batch_id: UUID
    persons: int
    last_on: date
    file: KeptFile = unrecorded()


def keep_refusals(step: Step) -> None:
    """Store the keys until nobody in them rests any more.

    :raises RefusalsKept: when they are stored.
    """
    command: KeepRefusals = step.command
    if any(file.name == command.file.name for file in kept_files(step.session, step.chain.id, REFUSAL_KEYS)):
        raise RefusalsKept()
    ends_on = command.last_on + timedelta(days=step.policy.call_rules.rest_days + 1)
    store(step, command.file, kind=REFUSAL_KEYS, purge_on=ends_on)
    step.request("purge_files", at=instant_at(ends_on, time(6)))


def earlier_refusals(facts: CampaignFacts) -> Sequence[tuple[StoredFile, str]]:
    """Keys of those who refused in the advertiser's other campaigns, with their codes; none where nobody is called, or nobody rests."""
    campaign = facts.campaign
    if not campaign.policy.call_rules.rest_days or not any(line.channel in REPORTED_BY[CALLS] for line in facts.live_lines):
        return ()
    statement = kept_elsewhere(campaign, REFUSAL_KEYS).order_by(col(Campaign.code), col(StoredFile.from_seq))
    return [(file, other.code) for file, other in facts.session.exec(statement)]


KEEP_REFUSALS = Move(KeepRefusals, by=Role.SYSTEM, event="campaign.contacts.refusals_kept", do=keep_refusals)
"""From the first report of calls on, wherever the campaign stands by the time the machine has read the files."""
