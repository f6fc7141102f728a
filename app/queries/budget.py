"""One budget and all that bears on its decision. Not for lists of budgets, and not for deciding: the stage does.

Amounts are Decimal euros without VAT unless a name says otherwise.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.answers import closed_answers
from app.queries.bases import BasisLine, list_basis_lines
from app.queries.budget_pdf import has_pdf
from app.queries.budget_questions import Question, questions_on
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.follow_up import Kin, get_kin
from app.queries.names import name_of
from app.queries.signing import Signing, get_signing
from app.queries.talk import Talk, talk_of
from app.queries.terms_sheets import SheetLine, sheets_under
from workflows.campaign.budget.asking import AskAboutBudget
from workflows.campaign.budget.conditions import conditions_of
from workflows.campaign.budget.deciding import ApproverLimitExceeded
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.margins import margin_in
from workflows.campaign.model import Campaign
from workflows.campaign.planning import project, warnings
from workflows.campaign.records import BudgetDecision, BudgetVersion
from workflows.campaign.stages.budget import (
    ApproveBudget,
    EndorseBudget,
    RefuseBudget,
    RefuseBudgetToPlan,
)
from workflows.campaign.states import CampaignState
from workflows.engine.canonical import read_json
from workflows.engine.command import Command
from workflows.engine.refusals import NotFound, Unmet
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import Actor
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.approval import Conditions
from workflows.trade.kpis import Margin
from workflows.trade.projection import whole_responses
from workflows.trade.working_days import NoDropWindow

LISTS = "lists"
"""The part of a budget that all lists make together."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A share of the money: a nature of cost, `lists` for all lists together."""

    nature: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the budget as it was signed."""

    nature: str
    list_name: str
    supplier_name: str
    basis: str
    quantity: Decimal
    unit_amount: Decimal | None
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is expected back in one scenario: `low`, `central` or `high`. A budget says its gifts where handling them costs something."""

    scenario: str
    responses: Decimal
    gifts: Decimal
    amount: Decimal
    cost: Decimal
    roi: Decimal | None

    @property
    def counted_on(self) -> int:
        """Its responses, whole."""
        return whole_responses(self.responses)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided about this budget, and under which conditions they signed it."""

    person_id: UUID
    person: str
    decision: str
    limit_amount: Decimal
    conditions: Conditions
    comment: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Approver:
    """Somebody who may accept budgets, up to a limit; `has_signed` when they, or somebody in their place, endorsed this one."""

    name: str
    limit_amount: Decimal
    has_signed: bool


@dataclass(frozen=True, kw_only=True)
class BudgetPage:
    """One budget and all that bears on its decision. `closed` holds, by the command's name, why a move is closed; empty means open.

    `signing` is None for a budget that waits for nobody. `up_to_amount` is the cap under which this approver may approve a budget that is
    above their limit, None where they may approve it whole or not at all. `drop_on` is the day that the budget names, `planned_on` the one
    planned now. `sheets` say what was agreed about its lists. `windows` are those of the campaign's policy: they have words for warnings.
    `bases` are those on which its lists may be used, while it waits.
    """

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    campaign_version: int
    advertiser_name: str
    state: str
    drop_on: date
    planned_on: date
    kin: Kin
    currency: str
    number: int
    sha256: str
    is_waiting: bool
    is_newest: bool
    total_amount: Decimal
    vat_amount: Decimal
    total_with_vat_amount: Decimal
    envelope_amount: Decimal
    prepared_by: str
    prepared_at: datetime
    deadline: Deadline | None
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    outcomes: tuple[Outcome, ...]
    break_even_responses: int | None
    margin: Margin
    target_responses: int | None
    target_roi: Decimal | None
    warnings: tuple[dict[str, Any], ...]
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    talk: Talk | None
    signing: Signing | None
    others: tuple[Approver, ...]
    up_to_amount: Decimal | None
    order_count: int
    ordered_amount: Decimal
    body: dict[str, Any]
    previous_number: int | None
    previous_body: dict[str, Any] | None
    previous_decisions: tuple[Decision, ...]
    names: dict[str, str]
    has_pdf: bool
    sheets: tuple[SheetLine, ...]
    windows: tuple[NoDropWindow, ...]
    bases: tuple[BasisLine, ...] = ()
    closed: dict[str, tuple[Unmet, ...]] = field(default_factory=dict)

    @property
    def left_amount(self) -> Decimal:
        """What the envelope leaves; negative when the budget is above it."""
        return self.envelope_amount - self.total_amount

    @property
    def central(self) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.scenario == "central")

    @property
    def lists(self) -> tuple[str, ...]:
        """The codes of the budget's lists."""
        return tuple(row["list"] for row in self.body["lists"])

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """Questions that nobody answered yet."""
        return tuple(one for one in self.questions if one.answered_at is None)

    @property
    def covering(self) -> tuple[Approver, ...]:
        """The other approvers whose limit covers the amount, or the cap that was set on it."""
        amount = self.signing.amount if self.signing else self.total_amount
        return tuple(one for one in self.others if one.limit_amount >= amount)


def get_budget(session: Session, campaign_code: str, actor: Actor, *, now: datetime, number: int | None = None) -> BudgetPage:
    """One budget of a campaign: the newest, or the one with that number.

    :raises NotFound: when there is none, or none for this actor.
    """
    campaign = find_campaign(session, campaign_code)
    if not actor.has_role(Role.BUDGET_APPROVER, campaign.advertiser_id):
        raise NotFound(subject="campaign")
    facts = CampaignFacts(session, campaign)
    version = next((one for one in reversed(facts.budgets) if number in (None, one.number)), None)
    if version is None:
        raise NotFound(subject="budget")
    body = read_json(version.body)
    earlier = next((one for one in reversed(facts.budgets) if one.number < version.number), None)
    waiting = campaign.state == CampaignState.BUDGET and version is facts.budget
    task = open_task(session, "review_budget", campaign.id) if waiting else None
    signing = get_signing(facts) if waiting else None
    order_count, ordered_amount = _orders(body)
    closed = _closed(session, campaign, version, actor, now) if waiting else {}
    names = names_of(facts)
    outcomes = outcomes_of(body["expected"])
    return BudgetPage(
        campaign_id=campaign.id,
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        campaign_version=campaign.version,
        advertiser_name=facts.advertiser.name,
        state=campaign.state,
        drop_on=date.fromisoformat(body["drop_on"]),
        planned_on=campaign.drop_on,
        kin=get_kin(session, campaign),
        currency=body["currency"],
        number=version.number,
        sha256=version.sha256,
        is_waiting=waiting,
        is_newest=version is facts.budgets[-1],
        total_amount=version.total_amount,
        vat_amount=Decimal(body["vat_amount"]),
        total_with_vat_amount=Decimal(body["total_with_vat_amount"]),
        envelope_amount=Decimal(body["envelope_amount"]),
        prepared_by=name_of(session, version.prepared_by_id),
        prepared_at=version.prepared_at,
        deadline=deadline_of(task, campaign, now),
        parts=parts_of(body),
        lines=tuple(_line(line, names) for line in body["lines"]),
        outcomes=outcomes,
        break_even_responses=_break_even(outcomes[1], margin_in(body)),
        margin=margin_in(body),
        target_responses=campaign.target_responses,
        target_roi=campaign.target_roi,
        warnings=tuple(warnings(facts, project(facts))) if waiting else (),
        decisions=decisions_on(session, version.id),
        questions=questions_on(session, version.id),
        talk=talk_of(session, actor, "review_budget", campaign.id) if waiting else None,
        signing=signing,
        others=other_approvers(session, campaign.advertiser_id, actor, {version.prepared_by_id}, signing.hands if signing else frozenset()),
        up_to_amount=_up_to(session, campaign, version, actor, now, closed) if waiting else None,
        order_count=order_count,
        ordered_amount=ordered_amount,
        body=body,
        previous_number=earlier.number if earlier else None,
        previous_body=read_json(earlier.body) if earlier else None,
        previous_decisions=decisions_on(session, earlier.id) if earlier else (),
        names=names,
        has_pdf=has_pdf(session, version.id),
        sheets=sheets_under(session, campaign.id, tuple(row["list"] for row in body["lists"]), version.from_seq),
        windows=campaign.policy.no_drop_windows,
        bases=list_basis_lines(facts) if waiting else (),
        closed=closed,
    )


def _closed(session: Session, campaign: Campaign, version: BudgetVersion, actor: Actor, now: datetime) -> dict[str, tuple[Unmet, ...]]:
    """Why each answer would be refused."""
    answers: tuple[Command, ...] = (
        ApproveBudget(subject_id=campaign.id, budget_sha256=version.sha256),
        EndorseBudget(subject_id=campaign.id, budget_sha256=version.sha256),
        RefuseBudget(subject_id=campaign.id, reason="?"),
        RefuseBudgetToPlan(subject_id=campaign.id, reason="?"),
        AskAboutBudget(subject_id=campaign.id, words="?"),
    )
    return closed_answers(session, campaign, answers, actor, now=now)


def _up_to(
    session: Session, campaign: Campaign, version: BudgetVersion, actor: Actor, now: datetime, closed: dict[str, tuple[Unmet, ...]]
) -> Decimal | None:
    """The cap under which the actor may approve what is above their limit: that limit, where nothing else is in the way."""
    if ApproverLimitExceeded.code not in {one.code for one in closed[ApproveBudget.name()]}:
        return None
    limit = actor.approval_limit_amount(campaign.advertiser_id)
    answer = ApproveBudget(subject_id=campaign.id, budget_sha256=version.sha256, cap_amount=limit)
    return None if closed_answers(session, campaign, [answer], actor, now=now)[answer.name()] else limit


def parts_of(body: dict[str, Any]) -> tuple[Part, ...]:
    """The money by nature, the largest first; everything that is paid for lists is one part."""
    amounts: dict[str, Decimal] = {}
    for line in body["lines"]:
        nature = LISTS if line["list"] else line["nature"]
        amounts[nature] = amounts.get(nature, Decimal(0)) + Decimal(line["net_amount"])
    ranked = sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Part(nature=nature, amount=amount) for nature, amount in ranked if amount)


def _line(line: dict[str, Any], names: dict[str, str]) -> Line:
    return Line(
        nature=line["nature"],
        list_name=names.get(line["list"] or "", line["list"] or ""),
        supplier_name=names.get(line["supplier"] or "", line["supplier"] or ""),
        basis=line["basis"] or "",
        quantity=Decimal(line["quantity"]),
        unit_amount=None if line["unit_amount"] is None else Decimal(line["unit_amount"]),
        amount=Decimal(line["net_amount"]),
    )


def outcomes_of(scenarios: dict[str, Any]) -> tuple[Outcome, ...]:
    """What is expected back in each scenario, the most cautious first."""
    ranked = [(name, scenarios[name]) for name in ("low", "central", "high")]
    return tuple(
        Outcome(
            scenario=name,
            responses=Decimal(one["responses"]),
            gifts=Decimal(one.get("gifts", 0)),
            amount=Decimal(one["amount"]),
            cost=Decimal(one["cost"]),
            roi=None if one["roi"] is None else Decimal(one["roi"]),
        )
        for name, one in ranked
    )


def _break_even(central: Outcome, margin: Margin) -> int | None:
    """The responses at which the campaign returns what it costs, each bringing what it does in the central scenario."""
    kept = margin.of(central.amount, central.gifts)
    if kept <= 0:
        return None
    return int((central.cost * central.responses / kept).to_integral_value(ROUND_CEILING))


def _orders(body: dict[str, Any]) -> tuple[int, Decimal]:
    """How many purchase orders the budget leads to, one a list and one a supplier of services, and what they come to without VAT."""
    ordered = [line for line in body["lines"] if line["supplier"]]
    each = {(line["supplier"], line["list"]) for line in ordered}
    return len(each), sum((Decimal(line["net_amount"]) for line in ordered), Decimal(0))


def decisions_on(session: Session, budget_id: UUID, overrun_id: UUID | None = None) -> tuple[Decision, ...]:
    """What was decided about one budget, or about its overrun where one is named, the oldest first."""
    statement = select(BudgetDecision, Person).join(Person, col(Person.id) == col(BudgetDecision.person_id))
    statement = statement.where(BudgetDecision.budget_id == budget_id, col(BudgetDecision.overrun_id) == overrun_id)
    return tuple(
        Decision(
            person_id=person.id,
            person=person.name,
            decision=row.decision,
            limit_amount=row.limit_amount,
            conditions=conditions_of(row),
            comment=row.comment,
            decided_at=row.decided_at,
        )
        for row, person in session.exec(statement.order_by(col(BudgetDecision.decided_at), col(BudgetDecision.from_seq)))
    )


def other_approvers(
    session: Session, advertiser_id: UUID, actor: Actor, preparers: Collection[UUID | None], signed: frozenset[UUID]
) -> tuple[Approver, ...]:
    """The advertiser's other approvers by limit, those who prepared what is to be signed left out."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.advertiser_id == advertiser_id, Membership.role == str(Role.BUDGET_APPROVER))
        .where(Person.id != actor.person_id, col(Person.id).not_in([one for one in preparers if one is not None]))
        .order_by(col(Membership.approval_limit_amount), col(Person.name))
    )
    return tuple(
        Approver(name=person.name, limit_amount=held.approval_limit_amount or Decimal(0), has_signed=person.id in signed)
        for person, held in session.exec(statement)
    )


def names_of(facts: CampaignFacts) -> dict[str, str]:
    """The names of the campaign's lists and suppliers, by their codes."""
    return {row.code: row.name for row in facts.lists} | {one.code: one.name for one in facts.suppliers.values()}
