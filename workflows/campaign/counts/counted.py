"""How a list stands with its counts: what is wanted of it, what was asked and counted, what falls short. It asks nobody."""

from dataclasses import dataclass
from uuid import UUID

from workflows.campaign.counts.records import CountRequest, ListCount
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Override

LIST_COUNTED = "list_counted"
"""The control that compares a count with what is wanted; policy says who may pass over it."""


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """The segments of a list that fall short of what is wanted of them, and both figures over these alone."""

    segments: tuple[str, ...]
    wanted: int
    counted: int


def wanted_of(facts: CampaignFacts, list_id: UUID) -> dict[str, int]:
    """Addresses wanted of a list by segment, in the plan's order."""
    wanted: dict[str, int] = {}
    for line in facts.live_lines:
        if line.list_id == list_id:
            wanted[line.segment] = wanted.get(line.segment, 0) + line.gross_qty
    return wanted


def request_of(facts: CampaignFacts, list_id: UUID) -> CountRequest | None:
    """The request about a list that counts."""
    return next((one for one in facts.count_requests if one.list_id == list_id), None)


def count_of(facts: CampaignFacts, list_id: UUID) -> ListCount | None:
    """What was counted of a list, last."""
    return next((one for one in facts.list_counts if one.list_id == list_id), None)


def is_answered(facts: CampaignFacts, request: CountRequest) -> bool:
    """Whether a count came since it was asked for."""
    count = count_of(facts, request.list_id)
    return count is not None and count.from_seq > request.from_seq


def shortage(wanted: dict[str, int], available: dict[str, int]) -> Shortage | None:
    """What falls short. A segment that was not counted may hold enough: it does not."""
    short = tuple(segment for segment, quantity in wanted.items() if available.get(segment, quantity) < quantity)
    if not short:
        return None
    return Shortage(segments=short, wanted=sum(wanted[one] for one in short), counted=sum(available[one] for one in short))


def shortage_of(facts: CampaignFacts, row: CampaignList) -> Shortage | None:
    """What falls short of a list, whether somebody let that pass or not."""
    count = count_of(facts, row.id)
    return shortage(wanted_of(facts, row.id), count.available) if count is not None else None


def let_pass(facts: CampaignFacts, row: CampaignList, short: Shortage) -> Override | None:
    """The decision to order as planned in view of these very figures, if somebody took it; the newest."""
    figures = (row.code, str(short.wanted), str(short.counted))
    passed = (one for one in reversed(facts.overrides) if one.control == LIST_COUNTED and not one.is_grant)
    return next((one for one in passed if (one.about, one.expected, one.actual) == figures), None)


def is_let_pass(facts: CampaignFacts, row: CampaignList, short: Shortage) -> bool:
    """Whether somebody took it."""
    return let_pass(facts, row, short) is not None
