"""The numbers, addresses and QR codes that lots carry, each one lot's alone, so that an answer which came by one tells its lot.

The project manager states them once lots are made; the lot plan and the mailing order print them. Of what an answer came by, and what that
is worth beside a lot's code: the trade's `tracking` and `attribution`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.orders.mailing_order import ORDER_AGAIN
from workflows.campaign.records import Lot
from workflows.campaign.send.describing import MailingIsPosted, MailingUnchanged
from workflows.campaign.send.records import LotTracking
from workflows.engine.command import Command, digest, plain, sha256_of
from workflows.engine.process import Move
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.lot_codes import LotRole
from workflows.trade.tracking import LONGEST, Kind, TrackedReference


class LotNotMailed(Refused):
    """A reference is of a lot that the campaign has not, or does not mail."""

    code = "tracking.lot_not_mailed"


class ReferenceUnreadable(Refused):
    """What a lot is to carry is no telephone number, or no web address."""

    code = "tracking.unreadable"


class ReferenceTwice(Refused):
    """A lot is to carry two of a kind."""

    code = "tracking.twice"


class ReferenceShared(Refused):
    """Two lots are to carry the same: it would tell neither."""

    code = "tracking.shared"


@dataclass(frozen=True, kw_only=True)
class TrackLots(Command):
    """Say which numbers, addresses and QR codes lots carry, in place of what was said before."""

    references: tuple[TrackedReference, ...] = digest()


def track(step: Step) -> None:
    """Keep them as the next version.

    :raises MailingIsPosted: when a deposit stands.
    :raises LotNotMailed: for a lot that is none, or is held out or in reserve.
    :raises ReferenceTwice: for a second one of a kind.
    :raises ReferenceUnreadable: for a value that is none of its kind.
    :raises ReferenceShared: for one that another lot carries.
    :raises MailingUnchanged: when that is what was said.
    """
    facts: CampaignFacts = step.facts
    if facts.deposits:
        raise MailingIsPosted()
    said = _checked(step.command.references, [lot.code for lot in mailed_lots(facts)])
    if said == tracked_references(facts):
        raise MailingUnchanged()
    for one in facts.trackings[-1:]:
        one.to_seq = step.seq
        step.session.add(one)
    step.session.flush()
    step.session.add(
        LotTracking(
            **step.from_now_on(),
            body={"references": plain(said)},
            sha256=sha256_of(said),
            stated_by_id=step.actor.person_id,
            stated_at=step.now,
        )
    )
    step.session.flush()
    step.forget_facts()


def _checked(references: Iterable[TrackedReference], codes: Iterable[str]) -> tuple[TrackedReference, ...]:
    """The references in their order, each held against what it may be, and against the others."""
    known, of_mark, seen = set(codes), dict[str, str](), set[tuple[str, Kind]]()
    for one in references:
        if one.lot_code not in known:
            raise LotNotMailed(lot=one.lot_code)
        if (one.lot_code, one.kind) in seen:
            raise ReferenceTwice(lot=one.lot_code, kind=one.kind)
        seen.add((one.lot_code, one.kind))
        if one.mark is None or len(one.value) > LONGEST:
            raise ReferenceUnreadable(lot=one.lot_code, kind=one.kind, value=one.value)
        other = of_mark.setdefault(one.mark, one.lot_code)
        if other != one.lot_code:
            raise ReferenceShared(value=one.value, lots=sorted({other, one.lot_code}))
    return tuple(sorted((replace(one, value=one.value.strip()) for one in references), key=_place))


def _place(one: TrackedReference) -> tuple[str, int]:
    return one.lot_code, list(Kind).index(one.kind)


def mailed_lots(facts: CampaignFacts) -> list[Lot]:
    """Lots that are mailed, or were to be."""
    return [lot for lot in facts.lots if LotRole(lot.role).is_sent]


def references_of(body: Mapping[str, Any]) -> tuple[TrackedReference, ...]:
    """One version of them, from its row's `body`."""
    return tuple(
        TrackedReference(lot_code=one["lot_code"], kind=Kind(one["kind"]), value=one["value"]) for one in body.get("references", ())
    )


def tracked_references(facts: CampaignFacts) -> tuple[TrackedReference, ...]:
    """What lots carry now. Of lots that the campaign has no more, nothing is said."""
    codes = {lot.code for lot in mailed_lots(facts)}
    newest: Iterable[LotTracking] = facts.trackings[-1:]
    return tuple(one for row in newest for one in references_of(row.body) if one.lot_code in codes)


def tracked_at(facts: CampaignFacts, seq: int) -> tuple[TrackedReference, ...]:
    """What was said of them when entry `seq` was written."""
    then = [row for row in facts.trackings if row.from_seq < seq]
    return references_of(then[-1].body) if then else ()


@dataclass(frozen=True, kw_only=True)
class ReferenceDifference:
    """What a lot carries of a kind in one version otherwise than in another; empty where it carries nothing."""

    lot_code: str
    kind: Kind
    before: str
    after: str


def reference_differences(before: Iterable[TrackedReference], after: Iterable[TrackedReference]) -> Iterator[ReferenceDifference]:
    """What two versions say otherwise, lot by lot."""
    old, new = ({(one.lot_code, one.kind): one.value for one in those} for those in (before, after))
    for lot_code, kind in sorted(old.keys() | new.keys(), key=lambda one: (one[0], list(Kind).index(one[1]))):
        values = old.get((lot_code, kind), ""), new.get((lot_code, kind), "")
        if values[0] != values[1]:
            yield ReferenceDifference(lot_code=lot_code, kind=kind, before=values[0], after=values[1])


def there_are_lots(facts: CampaignFacts) -> Unmet | None:
    """Lots have codes once the machine has split the net."""
    return None if facts.lot_plan is not None else Unmet(code="lots.not_made", lifted_by=Role.SYSTEM)


TRACK = Move(TrackLots, by=Role.PROJECT_MANAGER, event="campaign.mailing.tracked", requires=(there_are_lots,), do=track)
"""While lots are made."""
TRACK_ORDERED = replace(TRACK, requires=(), opens=(ORDER_AGAIN,))
"""Once the mailing may be ordered."""
