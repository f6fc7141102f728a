"""Who is left alone for a while: people at rest after a refusal in a call, addresses and numbers at which nobody was reached, and givers.

The first two are barred from that channel alone, in the advertiser's next campaigns. When reports are read a machine keeps keyed hashes,
for as long as policy bars them; when lots are made that go by the channel it looks them up, and those it finds go to the other channels of
their segment, or to the reserve. Whoever gave is kept alike when answers are read, and looked up by the dedupe (`dedupe.pressure`).
Whoever was got to by a channel as often as its cap allows is barred from it like the first two, by the keys that sends keep.
Nobody's name, address or number is kept for it. Not for whoever objects, or whom the post did not reach: the
house's file has those, and the dedupe goes by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col

from workflows.campaign.data_protection.purging import CONTACT_KEYS, GAVE_KEYS, REST_KEYS, UNREACHED_KEYS
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, kept_elsewhere, kept_files, store
from workflows.campaign.model import Campaign
from workflows.campaign.policy import Policy
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command, unrecorded
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.barring import BARRABLE, Bar

KINDS: dict[Bar, str] = {Bar.AT_REST: REST_KEYS, Bar.UNREACHED: UNREACHED_KEYS, Bar.GAVE: GAVE_KEYS, Bar.AT_CAP: CONTACT_KEYS}
"""The kinds of stored files of their keys."""
CAP_DAYS = 30
"""So far back the cap of a channel counts."""


class BarredKept(Refused):
    """The keys of those whom this file bars for that reason are kept already."""

    code = "pressure.barred_kept"


@dataclass(frozen=True, kw_only=True)
class KeepBarred(Command):
    """Keep the keys of those whom a file of reports or answers bars: for which reason, how many people, and the day of the last of them."""

    batch_id: UUID
    bar: Bar
    persons: int
    last_on: date
    file: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class KeptKeys:
    """A file of keys that another campaign of the advertiser keeps, which holds whom it bars from that day on."""

    bar: Bar
    since: date
    file: StoredFile
    campaign: str


def days_barred(policy: Policy, bar: Bar) -> int:
    """For how many days after the report, gift or send somebody may be barred; 0 where nobody is."""
    match bar:
        case Bar.AT_REST:
            return policy.call_rules.rest_days
        case Bar.UNREACHED:
            return policy.whole("thresholds", "unreached_days")
        case Bar.GAVE:
            return policy.whole("pressure", "gift_rest_days")
        case Bar.AT_CAP:
            return CAP_DAYS if policy.channel_caps else 0


def keep_barred(step: Step) -> None:
    """Store the keys until nobody in them is barred any more.

    :raises BarredKept: when they are stored.
    """
    command: KeepBarred = step.command
    kind = KINDS[command.bar]
    if any(file.name == command.file.name for file in kept_files(step.session, step.chain.id, kind)):
        raise BarredKept()
    ends_on = command.last_on + timedelta(days=days_barred(step.policy, command.bar) + 1)
    store(step, command.file, kind=kind, purge_on=ends_on)


def keys_to_look_up(facts: CampaignFacts) -> Iterator[KeptKeys]:
    """The keys that other campaigns of the advertiser keep of whom a channel of this one's plan may have to leave alone at its drop."""
    campaign, planned = facts.campaign, {line.channel for line in facts.live_lines}
    for bar, channels in BARRABLE.items():
        days = days_barred(campaign.policy, bar)
        if days and planned.intersection(channels):
            since = campaign.drop_on - timedelta(days=days)
            kept = kept_elsewhere(campaign, KINDS[bar]).order_by(col(Campaign.code), col(StoredFile.from_seq))
            for file, other in facts.session.exec(kept):
                if bar is Bar.AT_CAP and other.drop_day < since:
                    continue
                yield KeptKeys(bar=bar, since=since, file=file, campaign=other.code)


KEEP_BARRED = Move(KeepBarred, by=Role.SYSTEM, event="campaign.contacts.barred", do=keep_barred)
"""From the first reports or answers on, wherever the campaign stands by the time the machine has read the files."""
