"""What a request for counts says: the segments that the plan wants of a list, for which mailing, and until when an answer is expected."""

from collections.abc import Iterable
from typing import Any

from workflows.campaign.counts.records import CountRequest
from workflows.campaign.documents import CountRequest as CountRequestContent
from workflows.campaign.documents import CountRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers import heads
from workflows.campaign.planning import mailing_window
from workflows.campaign.states import CampaignState
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.plan_line.model import PlanLine
from workflows.trade.billing import ListKind


def count_requests(step: Step) -> Iterable[Paper]:
    """One for each list that this step asks about, for its supplier."""
    facts = heads.gather(step)
    for request in facts.count_requests:
        if request.from_seq == step.seq:
            yield _count_request(step, facts, request)


def _count_request(step: Step, facts: CampaignFacts, request: CountRequest) -> Paper:
    row = next(one for one in facts.lists if one.id == request.list_id)
    supplier = facts.suppliers[request.supplier_id]
    lines = [line for line in facts.live_lines if line.list_id == row.id]
    used = _each_once(line.message for line in lines)
    mailing_from, mailing_until = mailing_window(facts.campaign)
    content = CountRequestContent(
        head=heads.head(
            step,
            facts,
            CountRequestContent,
            heads.number(facts, heads.COUNT_REQUEST, row.code),
            stage=CampaignState.NEGOTIATION,
            recipient=supplier,
        ),
        list_code=row.code,
        list_name=row.name,
        owner=heads.supplier_party(facts.supplier(row.owner_id) or supplier),
        rows=tuple(_rows(facts, request, lines)),
        channels=_each_once(line.channel for line in lines),
        offers=tuple(f"{message.code} – {message.label}" for message in facts.messages if message.code in used),
        mailing_from=mailing_from,
        mailing_until=mailing_until,
        answer_by=request.due_on,
        exchange=row.nature == ListKind.EXCHANGE,
        exclusions=request.exclusions,
    )
    return heads.paper(content, recipient=supplier, subject_id=request.id)


def _rows(facts: CampaignFacts, request: CountRequest, lines: list[PlanLine]) -> Iterable[CountRow]:
    universes = {one.code: one.universe for one in facts.segments if one.list_id == request.list_id}
    for segment in _each_once(line.segment for line in lines):
        mine = [line for line in lines if line.segment == segment]
        yield CountRow(
            segment=segment,
            quantity=request.wanted[segment],
            roles=_each_once(line.role for line in mine),
            messages=_each_once(line.message for line in mine),
            universe_qty=universes.get(segment) or None,
        )


def _each_once(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
