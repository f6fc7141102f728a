"""What approvers asked about a budget, and what they were told. The same for its approvers, its preparer and the API."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from workflows.campaign.records import BudgetQuestion
from workflows.parties.model import Person


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; `answered_at` is None, and the answer empty, until there is one."""

    id: UUID
    number: int
    words: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


def questions_on(session: Session, budget_id: UUID) -> tuple[Question, ...]:
    """Every question about one budget, the oldest first."""
    asker, answerer = aliased(Person), aliased(Person)
    statement = (
        select(BudgetQuestion, asker.name, answerer.name)
        .outerjoin(asker, col(asker.id) == col(BudgetQuestion.asked_by_id))
        .outerjoin(answerer, col(answerer.id) == col(BudgetQuestion.answered_by_id))
        .where(BudgetQuestion.budget_id == budget_id)
        .order_by(col(BudgetQuestion.number))
    )
    return tuple(
        Question(
            id=row.id,
            number=row.number,
            words=row.words,
            asked_by=asked_by or "",
            asked_at=row.asked_at,
            answer=row.answer,
            answered_by=answered_by or "",
            answered_at=row.answered_at,
        )
        for row, asked_by, answered_by in session.exec(statement)
    )


def count_unanswered(session: Session, budget_id: UUID) -> int:
    """How many questions about one budget wait for their answer."""
    waiting = (BudgetQuestion.budget_id == budget_id, col(BudgetQuestion.answered_at).is_(None))
    return session.exec(select(func.count()).select_from(BudgetQuestion).where(*waiting)).one()
