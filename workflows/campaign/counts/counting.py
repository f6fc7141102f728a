"""Asking the suppliers of rented and exchanged lists how many addresses there are, before anything is ordered.

A project manager asks, list by list or all at once; each supplier gets a paper and a user task, and answers by segment. What came by
telephone or e-mail is recorded by the project manager, asked for or not. A negotiation is closed without an answer, never with a count
below what is wanted that nobody settled: by fewer addresses in the plan, by doing without the list, or by ordering as planned for a
reason. Not for the terms of a list: those are negotiated whether it is counted or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.counts.counted import (
    LIST_COUNTED,
    count_of,
    is_answered,
    is_let_pass,
    request_of,
    shortage,
    shortage_of,
    wanted_of,
)
from workflows.campaign.counts.records import CountRequest, ListCount
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.papers import count_requests
from workflows.campaign.rules import NotOfThisCampaign, manages, reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.trade.working_days import local_day

COUNTS = "counts"
"""Where the suppliers' tasks are filed: they outlive a return to the plan."""
GIVE_COUNTS = "give_counts"
"""The supplier's task, and policy's name for how long it takes."""
NOT_ORDERED = frozenset({LineState.CANDIDATE, LineState.AGREED, LineState.OWNER_APPROVED})
"""States of a line in which a count may still change what is ordered."""


class NobodyToAsk(Refused):
    """The list is the house's own, is left out, or is ordered already: there is nobody to ask for a count, or no more reason to."""

    code = "counts.nobody_to_ask"


class NothingAsked(Refused):
    """A request names at least one list."""

    code = "counts.nothing_asked"


class CountsIncomplete(Refused):
    """Each segment that is wanted has its count; none at all is 0."""

    code = "counts.incomplete"


class SegmentNotWanted(Refused):
    """A count of a segment that nobody asked about."""

    code = "counts.segment_not_wanted"


class CountBelowZero(Refused):
    """There are at least no addresses."""

    code = "counts.below_zero"


class HeldUntilPast(Refused):
    """Addresses are kept until today at least."""

    code = "counts.held_until_past"


class NothingFallsShort(Refused):
    """The list's count is not below what is wanted."""

    code = "counts.nothing_short"


@dataclass(frozen=True, kw_only=True)
class RequestCounts(Command):
    """Ask the suppliers of lists to count what the plan wants of them; of a list that was asked about before, anew."""

    list_ids: tuple[UUID, ...]
    exclusions: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class GiveCounts(Command):
    """Say how many addresses there are of a list, by segment. Given again, it takes the place of what was said before."""

    list_id: UUID
    available: dict[str, int]
    held_until_on: date | None = None
    remark: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class AcceptShortCount(Command):
    """Order a list as planned though its supplier counted fewer addresses, and say why."""

    list_id: UUID
    reason: str = free_text()


def countable(facts: CampaignFacts) -> list[CampaignList]:
    """The lists of which a count is of use, by code: of others, and not ordered yet."""
    open_lists = {line.list_id for line in facts.live_lines if line.state in NOT_ORDERED}
    return [row for row in facts.lists if row.id in open_lists and not row.is_house and not row.is_brought_over and row.supplier_id]


def is_to_ask(facts: CampaignFacts, row: CampaignList) -> bool:
    """Whether nobody was asked about a list yet, or other quantities are wanted by now than its request says or its count tells."""
    request, count, wanted = request_of(facts, row.id), count_of(facts, row.id), wanted_of(facts, row.id)
    if request is not None and not is_answered(facts, request):
        return request.wanted != wanted
    return count is None or not wanted.keys() <= count.available.keys()


def ask(step: Step) -> None:
    """Write down what each supplier is asked, in place of what it was asked before.

    :raises NotOfThisCampaign: when a list is another campaign's.
    :raises NobodyToAsk: when a list is not to be counted.
    :raises NothingAsked: when none is named.
    """
    facts: CampaignFacts = step.facts
    command: RequestCounts = step.command
    rows = [_list(facts, list_id) for list_id in dict.fromkeys(command.list_ids)]
    if not rows:
        raise NothingAsked()
    for row in rows:
        if row not in countable(facts) or row.supplier_id is None:
            raise NobodyToAsk(list=row.code)
        if earlier := request_of(facts, row.id):
            _end(step, earlier)
        step.session.add(
            CountRequest(
                **step.from_now_on(),
                list_id=row.id,
                supplier_id=row.supplier_id,
                wanted=wanted_of(facts, row.id),
                exclusions=command.exclusions.strip(),
                due_on=local_day(step.policy.after(step.now, GIVE_COUNTS)),
                asked_at=step.now,
            )
        )


def give(step: Step) -> None:
    """Keep the counts in place of those before, and compare them with what is wanted now.

    :raises Refused: `NotOfThisCampaign`, or one of those above.
    """
    facts: CampaignFacts = step.facts
    command: GiveCounts = step.command
    row = _list(facts, command.list_id)
    request, by_manager = request_of(facts, row.id), manages(step)
    if not by_manager and (request is None or request.supplier_id not in step.actor.supplier_ids):
        raise NotOfThisCampaign()
    supplier_id, wanted = (request.supplier_id if request else row.supplier_id), wanted_of(facts, row.id)
    if row not in countable(facts) or supplier_id is None:
        raise NobodyToAsk(list=row.code)
    _look_at(step, asked=wanted if by_manager or request is None else request.wanted, known={*wanted, *(request.wanted if request else ())})
    if earlier := count_of(facts, row.id):
        earlier.to_seq = step.seq
        step.session.flush()
    step.session.add(
        ListCount(
            **step.from_now_on(),
            list_id=row.id,
            supplier_id=supplier_id,
            available=dict(command.available),
            remark=command.remark.strip(),
            held_until_on=command.held_until_on,
            on_behalf=supplier_id not in step.actor.supplier_ids,
            counted_by_id=step.actor.person_id,
            counted_at=step.now,
        )
    )
    if request is not None:
        step.close_task(GIVE_COUNTS, request.id)
    counted = sum(quantity for segment, quantity in command.available.items() if segment in wanted)
    verdict = "warning" if shortage(wanted, command.available) else "ok"
    step.control(f"{LIST_COUNTED}:{row.code}", expected=sum(wanted.values()), actual=counted, verdict=verdict)


def _look_at(step: Step, *, asked: Iterable[str], known: Iterable[str]) -> None:
    command: GiveCounts = step.command
    if missing := [segment for segment in asked if segment not in command.available]:
        raise CountsIncomplete(segments=missing)
    if strange := sorted(command.available.keys() - set(known)):
        raise SegmentNotWanted(segments=strange)
    if any(quantity < 0 for quantity in command.available.values()):
        raise CountBelowZero()
    if command.held_until_on is not None and command.held_until_on < local_day(step.now):
        raise HeldUntilPast(held_until_on=command.held_until_on)


def accept_short(step: Step) -> None:
    """Pass over what falls short, on record.

    :raises NotOfThisCampaign: when the list is another campaign's.
    :raises NothingFallsShort: when nothing does, or it was let pass.
    """
    facts: CampaignFacts = step.facts
    row = _list(facts, step.command.list_id)
    short = shortage_of(facts, row)
    if short is None or is_let_pass(facts, row, short):
        raise NothingFallsShort(list=row.code)
    override(step, LIST_COUNTED, about=row.code, expected=short.wanted, actual=short.counted, reason=step.command.reason)


def wait_no_more(step: Step, list_ids: Iterable[UUID]) -> None:
    """End the requests about these lists that have no answer: nobody needs one any more."""
    for list_id in set(list_ids):
        request = request_of(step.facts, list_id)
        if request is not None and not is_answered(step.facts, request):
            _end(step, request)


def _end(step: Step, request: CountRequest) -> None:
    request.to_seq = step.seq
    step.session.flush()
    step.drop_task(GIVE_COUNTS, request.id)


def wait_for_what_is_wanted(step: Step) -> None:
    """On entering the negotiation: lists that the plan wants no more are asked about no more."""
    live = {row.id for row in step.facts.live_lists}
    wait_no_more(step, (one.list_id for one in step.facts.count_requests if one.list_id not in live))


def _list(facts: CampaignFacts, list_id: UUID) -> CampaignList:
    row = next((one for one in facts.lists if one.id == list_id), None)
    if row is None:
        raise NotOfThisCampaign()
    return row


def counts_suffice(facts: CampaignFacts) -> Unmet | None:
    """No list is counted below what is wanted of it, unless somebody let these figures pass. A list without a count holds nothing up."""
    short = [row.code for row in countable(facts) if (one := shortage_of(facts, row)) and not is_let_pass(facts, row, one)]
    if not short:
        return None
    return Unmet(code="counts.short", lifted_by=Role.PROJECT_MANAGER, params={"lists": short})


def _asked_now(facts: CampaignFacts) -> Iterable[Target]:
    """The requests of this very step."""
    codes = {row.id: row.code for row in facts.lists}
    for one in facts.count_requests:
        if one.from_seq == facts.campaign.chain_seq + 1:
            yield Target(kind="count_request", id=one.id, label=codes[one.list_id], supplier_id=one.supplier_id)


def _asked_suppliers(facts: CampaignFacts) -> Iterable[UUID]:
    return (one.supplier_id for one in facts.count_requests)


REQUEST = Move(
    RequestCounts,
    by=Role.PROJECT_MANAGER,
    event="campaign.counts.requested",
    do=ask,
    opens=(UserTaskSpec(GIVE_COUNTS, candidates=Role.SUPPLIER, due=WorkingDays(GIVE_COUNTS), filed_under=COUNTS, each=_asked_now),),
    issues=(DocumentSpec("count_request", count_requests),),
)
GIVE = Move(GiveCounts, by=(Role.SUPPLIER, Role.PROJECT_MANAGER), suppliers=_asked_suppliers, event="campaign.counts.given", do=give)
"""In the negotiation, and in a plan that is made anew meanwhile."""
ACCEPT_SHORT = Move(
    AcceptShortCount,
    by=Role.PROJECT_MANAGER,
    event="campaign.counts.short_accepted",
    checks=(reason_is_given,),
    do=accept_short,
    opens=(REVIEW_OVERRIDE,),
)
