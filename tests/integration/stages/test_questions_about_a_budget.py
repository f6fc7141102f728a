"""An approver asks, a project manager answers, and the budget goes on waiting: on record, without the words themselves."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.any_stage.holding import HoldCampaign
from workflows.campaign.budget.asking import AnswerQuestion, AskAboutBudget, NothingWritten, QuestionClosed
from workflows.campaign.budget.deciding import PreparerMayNotDecide
from workflows.campaign.records import BudgetQuestion
from workflows.campaign.stages.budget import RefuseBudget
from workflows.campaign.stages.negotiation import CloseNegotiation
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import NotYourMove, Paused

Campaigns = Callable[[str], Played]
ASKED, ANSWERED = "Pourquoi deux imprimeurs ?", "Le second imprime les enveloppes."


def ask(campaign: Played, words: str = ASKED) -> BudgetQuestion:
    """The president asks; the question as it was kept."""
    campaign.ask(AskAboutBudget(subject_id=campaign.campaign_id, words=words), by=campaign.president)
    question: BudgetQuestion = campaign.rows(BudgetQuestion, order=col(BudgetQuestion.from_seq))[-1]
    return question


def answer(campaign: Played, question: BudgetQuestion, words: str = ANSWERED) -> None:
    campaign.ask(AnswerQuestion(subject_id=campaign.campaign_id, question_id=question.id, words=words))


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    return played("budget")


def test_a_question_opens_a_task_for_project_managers_and_the_budget_goes_on_waiting(campaign: Played) -> None:
    first, second = ask(campaign), ask(campaign, "Et la TVA ?")

    assert campaign.state == "budget"
    assert campaign.tasks() == [("answer_question", "1"), ("answer_question", "2"), ("review_budget", "")]
    assert (first.number, second.number, second.words) == (1, 2, "Et la TVA ?")
    assert first.asked_by_id == campaign.president.person_id
    assert campaign.move("approve_budget", by=campaign.president).is_open, "nobody has to wait for the answer"


def test_the_answer_stands_beside_its_question_closes_its_task_and_is_told_to_whoever_asked(campaign: Played) -> None:
    first, second = ask(campaign), ask(campaign)
    answer(campaign, second)

    first, second = campaign.rows(BudgetQuestion, order=col(BudgetQuestion.number))
    assert (first.answer, first.answered_at) == ("", None)
    assert (second.answer, second.answered_by_id) == (ANSWERED, campaign.manager.person_id)
    assert campaign.tasks() == [("answer_question", "1"), ("review_budget", "")]
    assert campaign.tasks("done") == [("answer_question", "2"), ("close_negotiation", ""), ("prepare_plan", "")] + [
        task for task in campaign.tasks("done") if task[0] == "settle_list"
    ]
    (told,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_answer")
    assert told.payload["question_id"] == str(second.id)


def test_question_and_answer_are_on_record_and_their_words_in_no_checkpoint(campaign: Played) -> None:
    answer(campaign, ask(campaign))

    asked, answered = campaign.rows(Checkpoint, order=col(Checkpoint.seq))[-2:]
    assert (asked.event, answered.event) == ("campaign.budget.questioned", "campaign.budget.question_answered")
    assert {ASKED.encode(), ANSWERED.encode()} & {part for row in (asked, answered) for part in row.body.split(b'"')} == set()
    words = campaign.rows(ErasableText, col(ErasableText.seq) >= asked.seq, order=col(ErasableText.seq))
    assert [(one.field, one.text) for one in words] == [("words", ASKED), ("words", ANSWERED)]
    assert words[0].sha256.encode() in asked.body


def test_only_who_may_decide_asks_and_only_a_project_manager_answers_both_in_words(campaign: Played) -> None:
    both = replace(campaign.manager, grants=campaign.manager.grants + campaign.president.grants)
    about = {"subject_id": campaign.campaign_id}
    question = ask(campaign)

    for command, by, refusal in (
        (AskAboutBudget(**about, words=ASKED), campaign.manager, NotYourMove),
        (AskAboutBudget(**about, words=ASKED), both, PreparerMayNotDecide),
        (AskAboutBudget(**about, words=" \n"), campaign.president, NothingWritten),
        (AnswerQuestion(**about, question_id=question.id, words=ANSWERED), campaign.president, NotYourMove),
        (AnswerQuestion(**about, question_id=question.id, words=""), campaign.manager, NothingWritten),
        (AnswerQuestion(**about, question_id=campaign.campaign_id, words=ANSWERED), campaign.manager, QuestionClosed),
    ):
        with pytest.raises(refusal):
            campaign.ask(command, by=by)


def test_a_question_is_answered_once(campaign: Played) -> None:
    question = ask(campaign)
    answer(campaign, question)

    with pytest.raises(QuestionClosed):
        answer(campaign, question, "Autre chose.")


def test_another_budget_closes_the_questions_about_the_one_before_and_counts_its_own_anew(campaign: Played) -> None:
    old = ask(campaign)
    campaign.ask(RefuseBudget(subject_id=campaign.campaign_id, reason="À revoir."), by=campaign.president)
    assert ("answer_question", "1") in campaign.tasks("cancelled")
    campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    with pytest.raises(QuestionClosed):
        answer(campaign, old)
    new = ask(campaign)
    assert (new.number, new.budget_id != old.budget_id) == (1, True)
    answer(campaign, new)


def test_a_budget_is_approved_over_an_open_question_whose_task_goes_with_it(campaign: Played) -> None:
    ask(campaign)

    campaign.approve_budget()

    assert campaign.state == "order"
    assert ("answer_question", "1") in campaign.tasks("cancelled")


def test_while_the_campaign_rests_nobody_asks_and_the_question_waits_with_it(campaign: Played) -> None:
    question = ask(campaign)
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Le conseil se réunit."))

    assert ("answer_question", "1") in campaign.tasks("suspended")
    with pytest.raises(Paused):
        answer(campaign, question)
