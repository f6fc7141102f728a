"""Contact pressure: whom the advertiser's earlier sends reached, as keyed hashes kept for a year, and what policy does about it.

When the mail is posted a machine keeps the keys of whoever got it. The next merge-purge of the advertiser is told of them; who would be
written to more often than policy allows is suppressed, or goes to the reserve. So is who gave to another campaign of late, whose keys are
kept when answers are read (`contacted.barring`). Nobody's name or address is kept for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import col

from workflows.campaign.contacted.barring import days_barred
from workflows.campaign.data_protection.purging import CONTACT_KEYS, GAVE_KEYS, ask_purge
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, kept_elsewhere, kept_files, store
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command, unrecorded
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.barring import Bar

LONGEST_DAYS = 365
"""What is older counts in no window, and is destroyed."""
REASON = "contact_pressure"
"""Where a report counts who was suppressed by which list, what the cap took."""
GIFT_REASON = "recent_gift"
"""There likewise, who rests after a gift and is over no cap."""


class ContactsKept(Refused):
    """The keys of this send are kept already, or nothing was posted."""

    code = "pressure.contacts_kept"


@dataclass(frozen=True, kw_only=True)
class KeepContacts(Command):
    """Keep the keys of whom the mail reached: how many persons and households, out of how many pieces."""

    pieces: int
    persons: int
    households: int
    file: KeptFile = unrecorded()


def keep_contacts(step: Step) -> None:
    """Store the keys until no window reaches back to this drop.

    :raises ContactsKept: when they are stored, or there was no drop.
    """
    command: KeepContacts = step.command
    campaign = step.chain
    if campaign.dropped_on is None or kept_files(step.session, campaign.id, CONTACT_KEYS):
        raise ContactsKept()
    store(step, command.file, kind=CONTACT_KEYS, purge_on=contacts_end(campaign))


def contacts_follow_drop(step: Step) -> None:
    """Let the keys end as long after the drop as they were to, once its day is found to have been another."""
    for file in kept_files(step.session, step.chain.id, CONTACT_KEYS):
        file.purge_on = contacts_end(step.chain)
        ask_purge(step, file.purge_on)


def contacts_end(campaign: Campaign) -> date:
    """The day when this drop is in no window any more."""
    assert campaign.dropped_on is not None, "keys are of a drop"
    return campaign.dropped_on + timedelta(days=LONGEST_DAYS + 1)


def pressure_brief(facts: CampaignFacts) -> dict[str, Any]:
    """What a run is told: the policy's caps, and the advertiser's earlier sends with how many days before this drop they were.

    A send that was posted while this one was prepared counts too, whatever day this one was meant for. Where policy lets givers rest, it is
    told since which day, and the keys of those who gave to other campaigns that are there by now.
    """
    campaign, policy = facts.campaign, facts.campaign.policy
    sends = []
    for file, earlier in facts.session.exec(_earlier_sends(facts)):
        days = max(0, (campaign.drop_on - earlier.drop_day).days)
        if days <= LONGEST_DAYS:
            sends.append({"file_id": str(file.id), "campaign": earlier.code, "posted_on": earlier.drop_day.isoformat(), "days": days})
    caps = [{"kind": cap.kind, "days": cap.days, "most": cap.most} for cap in policy.pressure_caps]
    return {"action": policy.pressure_action, "caps": caps, "sends": sends, **_gift_rest(facts)}


def _gift_rest(facts: CampaignFacts) -> dict[str, Any]:
    days = days_barred(facts.campaign.policy, Bar.GAVE)
    if not days:
        return {}
    kept = facts.session.exec(kept_elsewhere(facts.campaign, GAVE_KEYS).order_by(col(Campaign.code), col(StoredFile.from_seq)))
    files = [{"file_id": str(file.id), "campaign": other.code} for file, other in kept]
    return {"gift_rest": {"days": days, "since": (facts.campaign.drop_on - timedelta(days=days)).isoformat(), "files": files}}


def _earlier_sends(facts: CampaignFacts) -> Any:
    """The advertiser's other sends whose keys are kept, by day."""
    return kept_elsewhere(facts.campaign, CONTACT_KEYS).order_by(col(Campaign.dropped_on), col(Campaign.code))


@dataclass(frozen=True, kw_only=True)
class OtherSends:
    """Earlier sends, by their campaigns' codes, that a cap counts otherwise on one day than on the day for which a run counted them.

    Those that `press` count now and did not then: somebody may be written to too often. Those that `ease` count no more.
    """

    press: tuple[str, ...]
    ease: tuple[str, ...]


def sends_counted_otherwise(facts: CampaignFacts, drop_on: date) -> OtherSends:
    """What a drop on that day changes for the caps of the run that counts; nothing where there is no run, or no cap."""
    run = facts.run
    caps = {int(cap["days"]) for cap in (run.brief.get("pressure") or {}).get("caps", ())} if run else set()
    if run is None or not caps:
        return OtherSends(press=(), ease=())
    counted_on = next((move.from_on for move in facts.drop_moves if move.from_seq > run.from_seq), facts.campaign.drop_on)
    press, ease = [], []
    for _file, earlier in facts.session.exec(_earlier_sends(facts)):
        then, now = (max(0, (day - earlier.drop_day).days) for day in (counted_on, drop_on))
        if any(now <= days < then for days in caps):
            press.append(earlier.code)
        elif any(then <= days < now for days in caps):
            ease.append(earlier.code)
    return OtherSends(press=tuple(press), ease=tuple(ease))


def pressure_is_counted(facts: CampaignFacts) -> Unmet | None:
    """The drop was not moved to where a cap counts sends that the run left out."""
    press = sends_counted_otherwise(facts, facts.campaign.drop_on).press
    if not press:
        return None
    return Unmet(code="dedupe.pressure_outdated", lifted_by=Role.PROJECT_MANAGER, params={"campaigns": list(press)})


KEEP_CONTACTS = Move(KeepContacts, by=Role.SYSTEM, event="campaign.contacts.kept", do=keep_contacts)
"""From the drop on, wherever the campaign stands by the time the machine has read the files."""
CONTACTS = ServiceTaskRef("keep_contacts")
"""Asked for when the mail is posted."""
