"""What the media plan says: lines with their projection, objectives, retroplanning, and who answers for what."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.documents import Check, Measure, MediaPlan, PlanLineRow, Responsibility, RetroplanningRow, count, money, ratio
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList, Lesson
from workflows.campaign.papers import heads
from workflows.campaign.planning import history, project, warnings
from workflows.campaign.states import CampaignState
from workflows.campaign.terms.basis import stated_of
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.apportionment import largest_remainder
from workflows.trade.billing import ListKind
from workflows.trade.costs import Budget
from workflows.trade.projection import HistoryRow, LineProjection, PlanProjection, Scenario, whole_responses
from workflows.trade.retroplanning import DEFAULT_CONTROL_POINTS

LESSONS_SHOWN = 10
"""How many lessons of earlier campaigns a plan repeats, the newest first."""
_STEP_CONTROLS = {point.step: point.code for point in DEFAULT_CONTROL_POINTS if point.step}


def media_plan(step: Step) -> Iterable[Paper]:
    """The plan that is submitted."""
    facts = heads.gather(step)
    campaign, found = facts.campaign, project(facts)
    yield heads.paper(
        MediaPlan(
            head=heads.head(step, facts, MediaPlan, heads.number(facts, heads.MEDIA_PLAN), stage=CampaignState.PLAN),
            drop_on=campaign.drop_on,
            offer_ends_on=campaign.offer_ends_on,
            envelope_amount=campaign.envelope_amount,
            lines=tuple(_lines(facts, found)),
            targets=(envelope(facts, planned_budget(facts)), *targets(facts, found)),
            retroplanning=tuple(retroplanning_rows(facts)),
            responsibilities=tuple(_responsibilities(facts)),
            roi=found.outcomes[Scenario.CENTRAL].roi(campaign.margin).value,
            lessons=tuple(_earlier_lessons(facts)),
            policy_version=str(campaign.policy_number),
            margin=heads.margin_used(campaign.margin),
        ),
        subject_id=campaign.id,
    )


def legal_basis(facts: CampaignFacts, row: CampaignList) -> str:
    """On what basis people may be written to, or who has yet to say it: nobody else knows (trade reference, section 9)."""
    stated = stated_of(facts, row.id)
    if stated is not None:
        return stated.legal_basis
    return "advertiser_confirms" if row.nature == ListKind.HOUSE else "owner_confirms"


def targets(facts: CampaignFacts, found: PlanProjection) -> Iterable[Check]:
    """The campaign's objectives against its projection, then whatever else the projection warns of."""
    campaign, central = facts.campaign, found.outcomes[Scenario.CENTRAL]
    raised = {str(warning["code"]): warning for warning in warnings(facts, found)}

    def target(code: str, expected: Measure, actual: Measure | None) -> Check:
        return Check(code=code, verdict="warning" if raised.pop(code, None) else "ok", expected=expected, actual=actual)

    if campaign.target_responses is not None:
        yield target("target_responses", count(campaign.target_responses), count(whole_responses(central.responses)))
    if campaign.target_roi is not None:
        roi = central.roi(campaign.margin).value
        yield target("target_roi", ratio(campaign.target_roi), None if roi is None else ratio(roi))
    if campaign.minimum_net_quantity is not None:
        yield target("minimum_net_quantity", count(campaign.minimum_net_quantity), count(found.net))
    if "segments" in raised:  # of a delivered file "segments" are codes; here they are counted
        raised["segments"] = {**raised["segments"], "code": "segment_count"}
    yield from heads.checks({**warning, "verdict": "warning"} for warning in raised.values())


def envelope(facts: CampaignFacts, budget: Budget) -> Check:
    """What the plan costs, contingency included, against what may be spent."""
    limit, total = facts.campaign.envelope_amount, budget.total_amount
    return Check(code="envelope", verdict="ok" if total <= limit else "warning", expected=money(limit), actual=money(total))


def _lines(facts: CampaignFacts, found: PlanProjection) -> Iterable[PlanLineRow]:
    """The live lines; whole responses are shared out so that the column adds up to its foot."""
    lists = {row.id: row for row in facts.lists}
    universes = {(row.list_id, row.code): row.universe for row in facts.segments}
    past = history(facts)
    total = whole_responses(found.outcomes[Scenario.CENTRAL].responses)
    responses = largest_remainder(total, [one.central.responses for one in found.lines])
    for line, one, answers in zip(facts.live_lines, found.lines, responses, strict=True):
        row = lists[line.list_id]
        owner, broker = facts.supplier(row.owner_id), facts.supplier(row.broker_id)
        yield PlanLineRow(
            list_code=row.code,
            list_name=row.name,
            segment=line.segment,
            nature=row.nature,
            role=line.role,
            channel=line.channel,
            message=line.message,
            offer=line.offer,
            rank=line.rank,
            gross_qty=line.gross_qty,
            retention_rate=one.rates.retention_rate,
            net_qty=one.net,
            cpm=row.cpm,
            cost_amount=one.central.cost,
            response_rate=one.rates.response_rate,
            responses=answers,
            average_gift=one.rates.average_gift,
            revenue_amount=one.central.amount,
            roi=one.central.roi(facts.campaign.margin).value,
            universe=universes.get((line.list_id, line.segment)),
            owner_name=owner.name if owner else "",
            broker_name=broker.name if broker else "",
            legal_basis=legal_basis(facts, row),
            assumption=_assumption(one, past),
            projected_rate=None if one.line.stated_rate is None else one.projected_rate,
        )


def _assumption(one: LineProjection, past: Sequence[HistoryRow]) -> str:
    """What a line's rates rest on: what somebody stated, else the nearest level that has a past."""
    if one.line.stated_rate is not None:
        return "stated"
    if one.evidence:
        return "history"
    if any(row.list_code == one.line.list_code for row in past):
        return "parent"
    if any(row.kind is one.line.kind for row in past):
        return "category"
    return "campaign" if past else "default"


def retroplanning_rows(facts: CampaignFacts) -> Iterable[RetroplanningRow]:
    """Every step with the control point it ends on, and control points that end none, by day."""
    schedule = facts.campaign.retroplanning
    assert schedule is not None, "a campaign is opened with its retroplanning"
    rows = [
        RetroplanningRow(
            stage=one["step"],
            starts_on=date.fromisoformat(one["start_on"]),
            ends_on=date.fromisoformat(one["finish_on"]),
            checkpoint=_STEP_CONTROLS.get(one["step"], ""),
            answerable=_name(facts, one["stage"]),
        )
        for one in schedule["steps"]
    ]
    ended = {row.checkpoint for row in rows}
    for point in schedule["control_points"]:
        if point["code"] not in ended:
            on, stage = date.fromisoformat(point["due_on"]), CampaignState.RESPONSES.value
            rows.append(RetroplanningRow(stage=stage, starts_on=on, ends_on=on, checkpoint=point["code"], answerable=_name(facts, stage)))
    return sorted(rows, key=lambda row: (row.starts_on, row.ends_on))


def _name(facts: CampaignFacts, stage: str) -> str:
    person = heads.answerable(facts, stage)
    return person.name if person else ""


def _responsibilities(facts: CampaignFacts) -> Iterable[Responsibility]:
    """Each person who answers for something, once, with the names of their stages in order."""
    roles = {person.id: role.value for role in reversed(Role) for person, _ in heads.members(facts, role)}
    by_stage = {row.stage: row.person_id for row in facts.responsibilities}
    stages: dict[UUID, list[str]] = {}
    for stage in CampaignState:
        if stage in by_stage:
            stages.setdefault(by_stage[stage], []).append(stage.value)
    for person_id, named in stages.items():
        person = heads.person(facts, person_id)
        if person is not None:
            yield Responsibility(name=person.name, role=roles.get(person_id, ""), answerable_for=", ".join(named))


def _earlier_lessons(facts: CampaignFacts) -> Iterable[str]:
    """What the advertiser's other campaigns taught, the newest first."""
    statement = (
        select(Lesson, Campaign.code)
        .join(Campaign, col(Campaign.id) == col(Lesson.campaign_id))
        .where(
            Lesson.advertiser_id == facts.campaign.advertiser_id,
            Lesson.campaign_id != facts.campaign.id,
            col(Lesson.to_seq).is_(None),
        )
        .order_by(col(Lesson.recorded_at).desc(), col(Lesson.id))
        .limit(LESSONS_SHOWN)
    )
    for lesson, code in facts.session.exec(statement):
        yield f"{code} – {lesson.words}"
