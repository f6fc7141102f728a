"""Counts of lists: what was asked of whom and until when, what was counted beside what is wanted, and what falls short."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.deadline import Deadline, deadline_of
from app.queries.names import names_by_id
from app.queries.supplier_papers import PaperLine, documents_of, paper_line
from workflows.campaign.counts.counted import LIST_COUNTED, count_of, is_answered, is_let_pass, request_of, shortage_of, wanted_of
from workflows.campaign.counts.counting import GIVE_COUNTS, countable, is_to_ask
from workflows.campaign.counts.records import CountRequest, ListCount
from workflows.campaign.documents import CountRequest as CountRequestContent
from workflows.campaign.documents import content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.planning import planned_step
from workflows.campaign.states import CampaignState
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import open_task
from workflows.parties.model import Advertiser

COUNTING = (CampaignState.PLAN, CampaignState.NEGOTIATION)
"""States in which a supplier may still answer."""


@dataclass(frozen=True, kw_only=True)
class SegmentCount:
    """One segment: addresses wanted now, and those available, None where nobody counted them."""

    code: str
    wanted: int
    available: int | None

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.available) if self.available is not None else 0


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """One list as it stands with its counts.

    `state`: `unasked`, `waiting`, `late`, `counted`, `short`, or `passed` where it is to be ordered as planned though it is short, for
    `passed_reason`. `is_to_ask`: nobody was asked yet, or other quantities are wanted by now. `lapses`: what is kept is kept no longer when
    orders are planned.
    """

    list_id: UUID
    list_code: str
    supplier_name: str
    state: str
    is_to_ask: bool
    asked_at: datetime | None
    due_on: date | None
    exclusions: str
    segments: tuple[SegmentCount, ...]
    counted_at: datetime | None
    counted_by: str
    on_behalf: bool
    held_until_on: date | None
    lapses: bool
    remark: str
    passed_reason: str

    @property
    def short(self) -> tuple[SegmentCount, ...]:
        """The segments of which fewer were counted than are wanted."""
        return tuple(one for one in self.segments if one.missing)


@dataclass(frozen=True, kw_only=True)
class CountsPage:
    """A request as its supplier reads it, and what it counted last. `is_open`: an answer is still of use. `is_answered`: it came since."""

    campaign_id: UUID
    campaign_title: str
    advertiser_name: str
    list_id: UUID
    content: CountRequestContent
    paper: PaperLine
    deadline: Deadline | None
    is_open: bool
    is_answered: bool
    given: ListCount | None


@dataclass(frozen=True, kw_only=True)
class GivenCount:
    """Counts that a supplier gave and may still correct."""

    list_id: UUID
    list_name: str
    campaign_title: str
    available: int
    counted_at: datetime


def list_count_lines(facts: CampaignFacts, *, now: datetime) -> tuple[CountLine, ...]:
    """Every list that is to be counted or was, by code."""
    rows = {row.id for row in countable(facts)} | {one.list_id for one in facts.count_requests} | {one.list_id for one in facts.list_counts}
    names = names_by_id(facts.session, (one.counted_by_id for one in facts.list_counts))
    return tuple(_line(facts, row, names, now) for row in facts.lists if row.id in rows)


def _line(facts: CampaignFacts, row: CampaignList, names: dict[UUID | None, str], now: datetime) -> CountLine:
    request, count = request_of(facts, row.id), count_of(facts, row.id)
    supplier = facts.supplier(request.supplier_id if request else row.supplier_id)
    available = count.available if count else {}
    # A supplier sees no lines of the plan, and a list that was left out has none: what was asked stands in for them.
    wanted = wanted_of(facts, row.id) or (request.wanted if request else {})
    passed = next((one for one in reversed(facts.overrides) if one.control == LIST_COUNTED and one.about == row.code), None)
    state = _state(facts, row, now)
    return CountLine(
        list_id=row.id,
        list_code=row.code,
        supplier_name=supplier.name if supplier else "",
        state=state,
        is_to_ask=is_to_ask(facts, row),
        asked_at=request.asked_at if request else None,
        due_on=request.due_on if request else None,
        exclusions=request.exclusions if request else "",
        segments=tuple(SegmentCount(code=code, wanted=quantity, available=available.get(code)) for code, quantity in wanted.items()),
        counted_at=count.counted_at if count else None,
        counted_by=names.get(count.counted_by_id, "") if count else "",
        on_behalf=count.on_behalf if count else False,
        held_until_on=count.held_until_on if count else None,
        lapses=count is not None and count.held_until_on is not None and count.held_until_on < planned_step(facts.campaign, "order")[0],
        remark=count.remark if count else "",
        passed_reason=passed.reason if passed and state == "passed" else "",
    )


def _state(facts: CampaignFacts, row: CampaignList, now: datetime) -> str:
    request, short = request_of(facts, row.id), shortage_of(facts, row)
    if request is not None and not is_answered(facts, request):
        return "late" if request.due_on < facts.campaign.today(now) else "waiting"
    if count_of(facts, row.id) is None:
        return "unasked"
    if short is None:
        return "counted"
    return "passed" if is_let_pass(facts, row, short) else "short"


def get_counts_page(session: Session, list_id: UUID, *, now: datetime) -> CountsPage:
    """The newest request about a list that the asking supplier got.

    :raises NotFound: when there is none for this supplier.
    """
    newest = select(CountRequest).where(CountRequest.list_id == list_id).order_by(col(CountRequest.from_seq).desc())
    request = session.exec(newest).first()
    document = next(iter(documents_of(session, Document.subject_id == request.id)), None) if request else None
    if request is None or document is None:
        raise NotFound(subject="count_request")
    campaign = session.get_one(Campaign, request.campaign_id)
    given = session.exec(select(ListCount).where(ListCount.list_id == list_id, col(ListCount.to_seq).is_(None))).first()
    content = content_from_json(document.kind, document.content)
    assert isinstance(content, CountRequestContent), "it is read as its kind"
    return CountsPage(
        campaign_id=campaign.id,
        campaign_title=campaign.title,
        advertiser_name=session.get_one(Advertiser, campaign.advertiser_id).name,
        list_id=list_id,
        content=content,
        paper=paper_line(session, document),
        deadline=deadline_of(open_task(session, GIVE_COUNTS, request.id), campaign, now),
        is_open=request.to_seq is None and campaign.state in COUNTING,
        is_answered=given is not None and given.from_seq > request.from_seq,
        given=given,
    )


def list_given_counts(session: Session) -> list[GivenCount]:
    """What the asking supplier counted and may still correct, the newest first."""
    statement = (
        select(ListCount, CampaignList, Campaign)
        .join(CountRequest, col(CountRequest.list_id) == col(ListCount.list_id))
        .join(CampaignList, col(CampaignList.id) == col(ListCount.list_id))
        .join(Campaign, col(Campaign.id) == col(ListCount.campaign_id))
        .where(
            col(ListCount.to_seq).is_(None),
            col(CountRequest.to_seq).is_(None),
            col(ListCount.from_seq) > col(CountRequest.from_seq),
            col(Campaign.state).in_([str(state) for state in COUNTING]),
        )
        .order_by(col(ListCount.counted_at).desc(), col(CampaignList.code))
    )
    return [
        GivenCount(
            list_id=row.id,
            list_name=row.name,
            campaign_title=campaign.title,
            available=sum(count.available.values()),
            counted_at=count.counted_at,
        )
        for count, row, campaign in session.exec(statement)
    ]
