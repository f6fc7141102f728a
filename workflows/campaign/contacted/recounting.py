"""Whether the lots that count still leave out whom their channels leave alone.

Whom a channel leaves alone is looked up when lots are made, for the day of the drop that is planned then. A drop that is moved to an
earlier day, or what other campaigns of the advertiser report afterwards, changes no lots. Until they are ordered to be sent, a machine
looks up again what is new, and counts the people of each lot whom its channel would have to leave alone by now; lots with any are made
again, or go out with a reason where policy lets somebody pass over that. Lots that are with the post already are counted no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from workflows.campaign.any_stage.overriding import may_pass, override
from workflows.campaign.contacted.barring import KeptKeys, keys_to_look_up
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import Lot
from workflows.engine.command import Command
from workflows.engine.process import Move, ServiceTaskRef
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.barring import BARRABLE

CONTROL = "barred_in_lots"
LOOKED_UP = "looked_up"
"""Where a lot plan's summary says which keys were looked up in its lots, for which day, and how many were found; if there were any."""


class LotsOfAnotherPlan(Refused):
    """The lots in which a machine looked keys up count no more."""

    code = "lots.recount_overtaken"


class BarredNeedAReason(Refused):
    """A lot has people whom its channel leaves alone, and nobody says why it is sent all the same."""

    code = "lots.barred_need_a_reason"


@dataclass(frozen=True, kw_only=True)
class RecountBarred(Command):
    """Have the people of each lot counted whom its channel would have to leave alone by now."""


@dataclass(frozen=True, kw_only=True)
class RecordBarred(Command):
    """Keep how many they are in each lot, by which files of keys, for a drop on which day."""

    lot_plan_id: UUID
    drop_on: date
    files: tuple[UUID, ...]
    found: dict[str, int]


def as_looked_up(drop_on: date, files: Iterable[UUID], found: Mapping[str, int] | None = None) -> dict[str, Any]:
    """What a lot plan's summary says of keys that were looked up."""
    return {"drop_on": drop_on.isoformat(), "files": sorted(str(one) for one in files), "found": dict(found or {})}


def keys_not_looked_up(facts: CampaignFacts, drop_on: date) -> list[KeptKeys]:
    """The keys that nobody looked up in the lots for a drop on that day: what is new, and all of them for an earlier day.

    None of a channel by which nothing is still to be sent.
    """
    waiting = {lot.channel for lot in _to_be_sent(facts)}
    if facts.lot_plan is None or not waiting:
        return []
    seen = facts.lot_plan.summary.get(LOOKED_UP, {"drop_on": drop_on.isoformat(), "files": []})
    is_earlier = drop_on < date.fromisoformat(seen["drop_on"])
    keys = [one for one in keys_to_look_up(facts) if waiting.intersection(BARRABLE[one.bar])]
    return [one for one in keys if is_earlier or str(one.file.id) not in seen["files"]]


def barred_in_lots(facts: CampaignFacts) -> dict[str, int]:
    """As last counted, the people of each lot that is still to be sent whom its channel leaves alone."""
    found = facts.lot_plan.summary.get(LOOKED_UP, {}).get("found", {}) if facts.lot_plan else {}
    return {lot.code: found[lot.code] for lot in _to_be_sent(facts) if lot.code in found}


def _to_be_sent(facts: CampaignFacts) -> list[Lot]:
    return [lot for lot in facts.lots if lot.is_sent and not lot.deposited]


def record_barred(step: Step) -> None:
    """Keep what was counted, in place of what was before.

    :raises LotsOfAnotherPlan: when the lots count no more.
    """
    command: RecordBarred = step.command
    plan = step.facts.lot_plan
    if plan is None or plan.id != command.lot_plan_id:
        raise LotsOfAnotherPlan()
    plan.summary = plan.summary | {LOOKED_UP: as_looked_up(command.drop_on, command.files, command.found)}
    number = sum(command.found.values())
    step.control(CONTROL, expected=0, actual=number, tolerance=0, verdict="warning" if number else "ok")


def barred_are_counted(facts: CampaignFacts) -> Unmet | None:
    """Every key that counts for the drop as it is planned was looked up in these lots."""
    unseen = keys_not_looked_up(facts, facts.campaign.drop_on)
    if not unseen:
        return None
    return Unmet(
        code="lots.barred_outdated", lifted_by=Role.PROJECT_MANAGER, params={"campaigns": sorted({one.campaign for one in unseen})}
    )


def nobody_is_barred(facts: CampaignFacts) -> Unmet | None:
    """No lot has anybody whom its channel leaves alone. Before lots are frozen they are made again for the asking."""
    found = barred_in_lots(facts)
    if not found:
        return None
    return Unmet(code="lots.barred", lifted_by=Role.PROJECT_MANAGER, params={"people": sum(found.values()), "lots": list(found)})


def barred_may_be_sent_to(facts: CampaignFacts) -> Unmet | None:
    """The same, or somebody may pass over it."""
    unmet = nobody_is_barred(facts)
    if unmet is None or may_pass(facts, CONTROL):
        return None
    role = facts.campaign.policy.overrider(CONTROL)
    return unmet if role is None else Unmet(code="lots.barred_need_a_grant", lifted_by=role, params=unmet.params)


def barred_have_a_reason(step: Step) -> None:
    """Pass over those whom the channels of the lots leave alone, where somebody says why.

    :raises BarredNeedAReason: when nobody does.
    """
    found = barred_in_lots(step.facts)
    if not found:
        return
    if not step.command.barred_reason.strip():
        raise BarredNeedAReason(people=sum(found.values()), lots=list(found))
    override(step, CONTROL, about=", ".join(found), expected=0, actual=sum(found.values()), reason=step.command.barred_reason)


def something_is_new(facts: CampaignFacts) -> Unmet | None:
    """There are keys that were not looked up."""
    return None if barred_are_counted(facts) else Unmet(code="lots.nothing_to_recount", lifted_by=Role.SYSTEM)


RECOUNT = ServiceTaskRef("recount_barred")
RECOUNTING = (
    Move(
        RecountBarred, by=Role.PROJECT_MANAGER, event="campaign.contacts.recount_asked", requires=(something_is_new,), requests=(RECOUNT,)
    ),
    Move(RecordBarred, by=Role.SYSTEM, event="campaign.contacts.recounted", do=record_barred),
)
"""While lots are made, and until they are sent."""
