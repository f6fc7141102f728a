"""A campaign's plan: its lines and what each promises, its lists, costs and messages, who answers for what, earlier lessons.

Also the whole brief as values, to copy a campaign from or to write its tables out again. Amounts are Decimal euros without VAT.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.queries.budget import Outcome, outcomes_of
from app.queries.names import names_by_id
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_in
from workflows.campaign.model import Campaign, HistoryRow, Lesson
from workflows.campaign.planning import projection
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.parties.model import Membership, Person
from workflows.trade.kpis import Margin
from workflows.trade.projection import places_by_return
from workflows.trade.working_days import NoDropWindow

LESSONS_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """One line and what it promises; a line that was refused or cancelled promises nothing. `place` 1 has the best return.

    `rate` is the response rate that is expected; where it was stated, `projected_rate` is what history lets expect.
    """

    list_code: str
    list_name: str
    segment: str
    channel: str
    role: str
    message: str
    offer: str
    gross: int
    rank: int
    state: str
    net: int | None = None
    responses: Decimal | None = None
    amount: Decimal | None = None
    cost: Decimal | None = None
    roi: Decimal | None = None
    evidence: int | None = None
    rate: Decimal | None = None
    projected_rate: Decimal | None = None
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedList:
    """A list with its terms in short and its segments' universe."""

    code: str
    name: str
    nature: str
    supplier_name: str
    cpm: Decimal
    universe: int
    lead_days: int


@dataclass(frozen=True, kw_only=True)
class PlannedCost:
    """One cost by nature and basis."""

    nature: str
    basis: str
    amount: Decimal
    supplier_name: str


@dataclass(frozen=True, kw_only=True)
class PlannedMessage:
    """A mail piece."""

    code: str
    label: str
    offer: str
    tags: str


@dataclass(frozen=True, kw_only=True)
class EarlierLesson:
    """What an earlier campaign taught."""

    words: str
    about: str
    campaign_code: str
    campaign_title: str
    dropped_on: date


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """Who answers for a stage; nobody where the id is None."""

    stage: str
    person_id: UUID | None
    person_name: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who works for the advertiser."""

    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """The plan as it stands; the projection is that of now while it can still change, else the one that was submitted.

    Its returns are of `margin`.
    """

    lines: tuple[PlannedLine, ...]
    lists: tuple[PlannedList, ...]
    costs: tuple[PlannedCost, ...]
    messages: tuple[PlannedMessage, ...]
    seeds: int
    expected: tuple[Outcome, ...]
    net: int
    warnings: tuple[dict[str, Any], ...]
    windows: tuple[NoDropWindow, ...]
    history_rows: int
    history_campaigns: int
    lessons: tuple[EarlierLesson, ...]
    answerable: tuple[Answerable, ...]
    members: tuple[Member, ...]
    suppressions: tuple[str, ...]
    envelope_amount: Decimal
    target_responses: int | None
    target_roi: Decimal | None
    minimum_net_quantity: int | None
    margin: Margin

    @property
    def central(self) -> Outcome | None:
        return next((one for one in self.expected if one.scenario == "central"), None)

    @property
    def gross(self) -> int:
        return sum(line.gross for line in self.lines if line.net is not None)


def get_plan(facts: CampaignFacts) -> PlanPage:
    """Everything the plan's room shows."""
    campaign = facts.campaign
    promised = _projection(facts)
    rows, campaigns = facts.session.exec(
        select(func.count(), func.count(func.distinct(HistoryRow.campaign))).where(HistoryRow.advertiser_id == campaign.advertiser_id)
    ).one()
    return PlanPage(
        lines=_lines(facts, promised),
        lists=_lists(facts),
        costs=tuple(
            PlannedCost(
                nature=item.nature,
                basis=item.basis,
                amount=item.amount,
                supplier_name=supplier.name if (supplier := facts.supplier(item.supplier_id)) else "",
            )
            for item in facts.costs
        ),
        messages=tuple(PlannedMessage(code=row.code, label=row.label, offer=row.offer, tags=row.tags) for row in facts.messages),
        seeds=len(facts.seeds),
        expected=outcomes_of(promised["outcomes"]) if promised else (),
        net=promised["net"] if promised else 0,
        warnings=tuple(promised["warnings"]) if promised else (),
        windows=facts.campaign.policy.no_drop_windows,
        history_rows=rows,
        history_campaigns=campaigns,
        lessons=_lessons(facts.session, campaign),
        answerable=_answerable(facts),
        members=list_members(facts.session, campaign.advertiser_id),
        suppressions=tuple(campaign.dedupe.get("suppressions", ())),
        envelope_amount=campaign.envelope_amount,
        target_responses=campaign.target_responses,
        target_roi=campaign.target_roi,
        minimum_net_quantity=campaign.minimum_net_quantity,
        margin=margin_in(promised),
    )


def _projection(facts: CampaignFacts) -> dict[str, Any]:
    if facts.campaign.state in (CampaignState.PLAN, CampaignState.NEGOTIATION):
        return projection(facts) if facts.live_lines else {}
    return facts.campaign.projection or {}


def _lines(facts: CampaignFacts, promised: dict[str, Any]) -> tuple[PlannedLine, ...]:
    names = {row.code: row.name for row in facts.lists}
    by_key: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    projected = promised.get("lines", ())
    for one, place in zip(projected, places_by_return([_decimal(one["roi"]) for one in projected]), strict=True):
        key = (one["list"], one["segment"], one["channel"], one["message"], one["role"])
        by_key.setdefault(key, []).append({**one, "place": place})
    lines = []
    for line in facts.lines:
        waiting = by_key.get((line.list_code, line.segment, line.channel, line.message, line.role)) if line.is_alive else None
        promise = waiting.pop(0) if waiting else None
        lines.append(
            PlannedLine(
                list_code=line.list_code,
                list_name=names.get(line.list_code, ""),
                segment=line.segment,
                channel=line.channel,
                role=line.role,
                message=line.message,
                offer=line.offer,
                gross=line.gross_qty,
                rank=line.rank,
                state=line.state,
                **_promise(promise),
            )
        )
    return tuple(lines)


def _promise(promise: dict[str, Any] | None) -> dict[str, Any]:
    if promise is None:
        return {}
    return {
        "net": promise["net"],
        "responses": Decimal(promise["responses"]),
        "amount": Decimal(promise["amount"]),
        "cost": Decimal(promise["cost"]),
        "roi": _decimal(promise["roi"]),
        "evidence": promise["evidence"],
        "rate": Decimal(promise["response_rate"]),
        "projected_rate": _decimal(promise.get("projected_rate")),
        "place": promise["place"],
    }


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _lists(facts: CampaignFacts) -> tuple[PlannedList, ...]:
    universe: dict[UUID, int] = {}
    for segment in facts.segments:
        universe[segment.list_id] = universe.get(segment.list_id, 0) + segment.universe
    return tuple(
        PlannedList(
            code=row.code,
            name=row.name,
            nature=row.nature,
            supplier_name=supplier.name if (supplier := facts.supplier(row.supplier_id)) else "",
            cpm=row.cpm,
            universe=universe.get(row.id, 0),
            lead_days=row.lead_days,
        )
        for row in facts.lists
    )


def _lessons(session: Session, campaign: Campaign) -> tuple[EarlierLesson, ...]:
    statement = (
        select(Lesson, Campaign)
        .join(Campaign, col(Campaign.id) == col(Lesson.campaign_id))
        .where(Lesson.advertiser_id == campaign.advertiser_id, Lesson.campaign_id != campaign.id, col(Lesson.to_seq).is_(None))
        .order_by(col(Lesson.recorded_at).desc(), col(Lesson.from_seq).desc())
        .limit(LESSONS_SHOWN)
    )
    return tuple(
        EarlierLesson(
            words=lesson.words,
            about=lesson.stage,
            campaign_code=earlier.code,
            campaign_title=earlier.title,
            dropped_on=earlier.drop_day,
        )
        for lesson, earlier in session.exec(statement)
    )


def _answerable(facts: CampaignFacts) -> tuple[Answerable, ...]:
    people = {row.stage: row.person_id for row in facts.responsibilities}
    names = names_by_id(facts.session, people.values())
    return tuple(
        Answerable(
            stage=str(stage),
            person_id=people.get(str(stage)),
            person_name=names.get(people.get(str(stage)), ""),
        )
        for stage in TEN_STAGES
    )


def list_members(session: Session, advertiser_id: UUID) -> tuple[Member, ...]:
    """Those who work for the advertiser, suppliers' contacts left out, by name."""
    statement = (
        select(Person.id, Person.name)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.advertiser_id == advertiser_id, col(Membership.supplier_id).is_(None))
        .distinct()
        .order_by(Person.name)
    )
    return tuple(Member(id=person_id, name=name) for person_id, name in session.exec(statement))
