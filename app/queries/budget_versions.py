"""All budgets a campaign submitted, as its preparer reads them: what each said, who decided what. `budget` is the approver's.

Amounts are Decimal euros without VAT unless a name says otherwise.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from app.queries.budget import Decision, Part, decisions_on, parts_of
from app.queries.budget_questions import Question, questions_on
from app.queries.names import name_of
from app.queries.overrun import Overrun, list_overruns
from app.queries.signing import Signing, get_signing
from workflows.campaign.budget.conditions import signed_amount
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import BudgetVersion
from workflows.campaign.states import CampaignState
from workflows.engine.canonical import read_json
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.approval import Conditions, add_up


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """One budget. `state`: waiting, approved, refused or superseded; `signing` is None for one that does not wait.

    `conditions` are those of all its signatures; `overruns` what lots made under it cost above it, the newest first.
    """

    id: UUID
    number: int
    state: str
    sha256: str
    total_amount: Decimal
    total_with_vat_amount: Decimal
    envelope_amount: Decimal
    prepared_by: str
    prepared_at: datetime
    parts: tuple[Part, ...]
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    signing: Signing | None
    conditions: Conditions
    overruns: tuple[Overrun, ...]


@dataclass(frozen=True, kw_only=True)
class PossibleApprover:
    """Somebody who may approve up to a limit; `covers` says whether the limit covers the newest budget, or the cap that was set on it."""

    name: str
    limit_amount: Decimal
    covers: bool


def list_budgets(facts: CampaignFacts) -> tuple[Submitted, ...]:
    """Every budget there has been, the newest first."""
    return tuple(_submitted(version, facts) for version in reversed(facts.budgets))


def list_approvers(facts: CampaignFacts) -> tuple[PossibleApprover, ...]:
    """Those who may approve for this advertiser, by limit."""
    statement = (
        select(Person.name, col(Membership.approval_limit_amount))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.advertiser_id == facts.campaign.advertiser_id, Membership.role == Role.BUDGET_APPROVER.value)
        .order_by(col(Membership.approval_limit_amount), Person.name)
    )
    newest = facts.budgets[-1].total_amount if facts.budgets else Decimal(0)
    amount = signed_amount(facts) if facts.budget else newest
    session: Session = facts.session
    return tuple(
        PossibleApprover(name=name, limit_amount=limit or Decimal(0), covers=amount <= (limit or Decimal(0)))
        for name, limit in session.exec(statement)
    )


def _submitted(version: BudgetVersion, facts: CampaignFacts) -> Submitted:
    body = read_json(version.body)
    decisions = decisions_on(facts.session, version.id)
    state = _state(version, decisions, facts)
    return Submitted(
        id=version.id,
        number=version.number,
        state=state,
        sha256=version.sha256,
        total_amount=version.total_amount,
        total_with_vat_amount=Decimal(body["total_with_vat_amount"]),
        envelope_amount=Decimal(body["envelope_amount"]),
        prepared_by=name_of(facts.session, version.prepared_by_id),
        prepared_at=version.prepared_at,
        parts=parts_of(body),
        decisions=decisions,
        questions=questions_on(facts.session, version.id),
        signing=get_signing(facts) if state == "waiting" else None,
        conditions=add_up(one.conditions for one in decisions),
        overruns=list_overruns(facts.session, version.id),
    )


def _state(version: BudgetVersion, decisions: tuple[Decision, ...], facts: CampaignFacts) -> str:
    if any(one.decision == "refused" for one in decisions):
        return "refused"
    if version.to_seq is not None:
        return "superseded"
    if version.approved_at is not None:
        return "approved"
    return "waiting" if facts.campaign.state == CampaignState.BUDGET else "superseded"
