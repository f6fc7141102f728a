"""What an auditor looks at first, over all campaigns: overrides, rework, substitutions, lateness, approvals near a limit,
what came in parts, missing certificates of destruction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.queries.certificates import CertificateLine, list_certificates
from app.queries.history import HistoryEntry, get_history
from app.queries.splits import PostedInParts, SplitApproval, list_posted_in_parts, list_split_approvals
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetDecision, BudgetOverrun, BudgetVersion
from workflows.parties.model import Person

NEAR = Decimal("0.90")
"""From this share of a limit on, an approval is near it."""


@dataclass(frozen=True, kw_only=True)
class ExceptionalEntry:
    """An entry that stands out, and its campaign's code."""

    campaign: str
    entry: HistoryEntry


@dataclass(frozen=True, kw_only=True)
class NearLimit:
    """An approval of almost all that the approver may accept alone. `approved_amount` is the total, or the lowest cap set on it, or what is
    forecast where it is of an overrun.
    """

    campaign: str
    seq: int
    person: str
    approved_amount: Decimal
    limit_amount: Decimal
    share: Decimal
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Exceptions:
    """Everything out of the ordinary, the newest first.

    `certificates` of destruction, each with its campaign’s code, are missing, late, waived, or leave copies.
    """

    overrides: tuple[ExceptionalEntry, ...]
    substitutions: tuple[ExceptionalEntry, ...]
    rework: tuple[ExceptionalEntry, ...]
    late: tuple[ExceptionalEntry, ...]
    near_limits: tuple[NearLimit, ...]
    splits: tuple[SplitApproval, ...]
    posted_in_parts: tuple[PostedInParts, ...]
    certificates: tuple[tuple[str, CertificateLine], ...]

    @property
    def count(self) -> int:
        apart = (self.splits, self.posted_in_parts)
        parts = (self.overrides, self.substitutions, self.rework, self.late, self.near_limits, *apart, self.certificates)
        return sum(len(part) for part in parts)


def get_exceptions(session: Session, campaign: Campaign | None = None, *, now: datetime) -> Exceptions:
    """What stands out in one campaign, or in all that the asker may see, the newest first."""
    campaigns = [campaign] if campaign else list(session.exec(select(Campaign).order_by(col(Campaign.opened_at).desc())))
    found = (
        ExceptionalEntry(campaign=one.code, entry=entry)
        for one in campaigns
        for entry in reversed(get_history(session, one))
        if entry.marks
    )
    entries = sorted(found, key=lambda one: one.entry.at, reverse=True)

    def marked(mark: str) -> tuple[ExceptionalEntry, ...]:
        return tuple(one for one in entries if mark in one.entry.marks and one.entry.kind != "plan_line")

    return Exceptions(
        overrides=marked("override"),
        substitutions=marked("substitution"),
        rework=marked("rework"),
        late=marked("late"),
        near_limits=_near_limits(session, {one.id: one.code for one in campaigns}),
        splits=list_split_approvals(session, campaign),
        posted_in_parts=list_posted_in_parts(session, campaigns),
        certificates=tuple(
            (one.code, line) for one in campaigns for line in list_certificates(session, one, now=now) if line.is_out_of_order
        ),
    )


def _near_limits(session: Session, codes: Mapping[UUID, str]) -> tuple[NearLimit, ...]:
    signed = aliased(BudgetDecision)
    cap = select(func.min(signed.cap_amount)).where(signed.budget_id == BudgetVersion.id).scalar_subquery()
    approved = func.coalesce(col(BudgetOverrun.forecast_amount), cap, BudgetVersion.total_amount)
    statement = (
        select(BudgetDecision, approved, col(Person.name))
        .join(BudgetVersion, col(BudgetVersion.id) == col(BudgetDecision.budget_id))
        .outerjoin(BudgetOverrun, col(BudgetOverrun.id) == col(BudgetDecision.overrun_id))
        .outerjoin(Person, col(Person.id) == col(BudgetDecision.person_id))
        .where(
            col(BudgetDecision.campaign_id).in_(codes),
            BudgetDecision.decision == "approved",
            BudgetDecision.limit_amount > 0,
            approved >= col(BudgetDecision.limit_amount) * NEAR,
        )
        .order_by(col(BudgetDecision.decided_at).desc())
    )
    return tuple(
        NearLimit(
            campaign=codes[decision.campaign_id],
            seq=decision.from_seq,
            person=name or "",
            approved_amount=amount,
            limit_amount=decision.limit_amount,
            share=amount / decision.limit_amount,
            decided_at=decision.decided_at,
        )
        for decision, amount, name in session.exec(statement)
    )
