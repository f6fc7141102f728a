"""Questions about a budget that waits: an approver asks, a project manager answers, and the budget goes on waiting.

Nobody has to wait for an answer to decide. Once the budget is decided, or another takes its place, its questions are closed with it.
Stage *budget* offers both moves. Not for comments on a user task: those are for colleagues, a question stands with its budget.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import BudgetQuestion
from workflows.engine.command import Command, free_text
from workflows.engine.process import Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


class NothingWritten(Refused):
    """A question or an answer is made of words."""

    code = "budget.nothing_written"


class QuestionClosed(Refused):
    """The question was answered, or it is about a budget that waits no more."""

    code = "budget.question_closed"


@dataclass(frozen=True, kw_only=True)
class AskAboutBudget(Command):
    """Ask the project managers something about the budget that waits."""

    words: str = free_text()


@dataclass(frozen=True, kw_only=True)
class AnswerQuestion(Command):
    """Answer a question about the budget that waits."""

    question_id: UUID
    words: str = free_text()


def something_is_written(step: Step) -> None:
    """Refuse an empty question or answer.

    :raises NothingWritten: when there are no words.
    """
    if not step.command.words.strip():
        raise NothingWritten()


def ask(step: Step) -> None:
    """Write the question down beside the budget."""
    facts: CampaignFacts = step.facts
    assert facts.budget is not None, "stage budget has a budget"
    step.session.add(
        BudgetQuestion(
            **step.from_now_on(),
            budget_id=facts.budget.id,
            number=len(facts.questions) + 1,
            words=step.command.words,
            asked_by_id=step.actor.person_id,
            asked_at=step.now,
        )
    )


def answer(step: Step) -> None:
    """Write the answer down beside its question.

    :raises QuestionClosed: when the budget that waits has no such question without an answer.
    """
    question = next((one for one in step.facts.questions if one.id == step.command.question_id), None)
    if question is None or question.answered_at is not None:
        raise QuestionClosed()
    question.answer, question.answered_by_id, question.answered_at = step.command.words, step.actor.person_id, step.now
    step.close_task("answer_question", question.id)


def told_question(step: Step) -> dict[str, Any]:
    """Which question was asked in this step."""
    return {"question_id": str(step.facts.questions[-1].id), "seq": step.seq}


def told_answer(step: Step) -> dict[str, Any]:
    """Which question was answered in this step."""
    return {"question_id": str(step.command.question_id), "seq": step.seq}


def new_question(facts: CampaignFacts) -> Iterable[Target]:
    """The question of this very step."""
    question = facts.questions[-1]
    yield Target(kind="budget_question", id=question.id, label=str(question.number))


ANSWER_QUESTION = UserTaskSpec("answer_question", candidates=Role.PROJECT_MANAGER, due=WorkingDays("answer_question"), each=new_question)
