"""What is said about a task, where approvers decide and administrators look; nobody else reads it there."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from app.overdue import follow_up
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, words
from workflows.campaign.any_stage.cancelling import RequestCancellation
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import ErasableText
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.user_task.talking import CommentOnTask

BUDGET = "/approver/campaigns/26A/budget"


@pytest.fixture
def stage() -> str:
    return "budget"


def task_of(journey: Journey, name: str) -> UserTask:
    with journey.database.reading(SYSTEM) as session:
        task = session.exec(select(UserTask).where(UserTask.name == name, UserTask.state == "open")).one()
        session.expunge(task)
        return task


def say(visitor: Visitor, task: UserTask, said: str, **fields: str) -> int:
    return visitor.send(f"/comments/{task.id}", {f"talk-{task.id.hex}-words": said, **fields}).status_code


def test_an_approver_reads_on_the_budget_what_mentions_them_and_answers_there(journey: Journey, marion: Visitor, director: Visitor) -> None:
    task = task_of(journey, "review_budget")
    assert "Nobody has said anything yet." in director.words(BUDGET)
    journey.ask(CommentOnTask(subject_id=task.id, words="@Bruno Leroux, <b>l’enveloppe</b> tient."))

    assert "One comment" in director.words("/approver/")
    assert '<strong class="mention">@Bruno Leroux</strong>, &lt;b&gt;l’enveloppe' in director.open(BUDGET).text
    assert "Comment — Marion Vidal" in director.words(BUDGET)
    sent = director.send(f"/comments/{task.id}", {f"talk-{task.id.hex}-words": "Merci @Marion Vidal.", "back": BUDGET})

    assert sent.location == f"{BUDGET}#comments-{task.id}"
    assert "Your comment is kept with the task." in director.words(BUDGET)
    assert "2 comments" in director.words("/approver/")
    assert "Comment on a task — Bruno Leroux “Merci @Marion Vidal.”" in marion.words(f"/manager/tasks/{task.id}")


def test_a_comment_that_cannot_stand_comes_back_with_what_was_typed(journey: Journey, director: Visitor) -> None:
    task = task_of(journey, "review_budget")
    answer = director.send(f"/comments/{task.id}", {f"talk-{task.id.hex}-words": "@Nadja, d’accord ?"})

    assert (answer.status_code, "Nobody who sees this task is called @Nadja" in words(answer)) == (409, True)
    assert "@Nadja, d’accord ?" in words(answer)
    assert say(director, task, "  ") == 422
    elsewhere = {f"talk-{task.id.hex}-words": "D’accord.", "back": "https://elsewhere.example/"}
    assert director.send(f"/comments/{task.id}", elsewhere).location == f"/comments/{task.id}#comments-{task.id}"


def test_a_comment_sent_twice_is_said_once(journey: Journey, director: Visitor) -> None:
    task = task_of(journey, "review_budget")
    key = director.form(f"/comments/{task.id}", "form_key")["form_key"]

    assert [say(director, task, "D’accord.", form_key=key) for _ in range(2)] == [303, 303]
    assert director.words(BUDGET).count("“D’accord.”") == 1


def test_words_that_were_erased_are_gone_from_the_page(journey: Journey, director: Visitor) -> None:
    journey.ask(CommentOnTask(subject_id=task_of(journey, "review_budget").id, words="À effacer."))
    with journey.database.writing(SYSTEM) as session:
        for text in session.exec(select(ErasableText).where(ErasableText.field == "words")):
            session.delete(text)

    page = director.words(BUDGET)
    assert "Comment — Marion Vidal" in page
    assert "À effacer." not in page


def test_an_approver_reads_and_answers_on_a_cancellation_and_on_a_review(journey: Journey, director: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()
    with journey.database.writing(SYSTEM) as session:
        session.get_one(Campaign, journey.campaign_id).minimum_net_quantity = 1_000_000
    journey.approve_dedupe()
    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Le don a baissé."))

    for name, page in (("review_override", "/approver/overrides"), ("approve_cancellation", "/approver/campaigns/26A/cancellation")):
        task = task_of(journey, name)
        journey.ask(CommentOnTask(subject_id=task.id, words=f"À propos de {name}."))
        assert f"Comment — Marion Vidal “À propos de {name}.”" in director.words(page)
        assert say(director, task, "Vu.", back=page) == 303
        assert "Comment — Bruno Leroux “Vu.”" in director.words(page)


def test_an_administrator_reads_what_is_said_of_an_escalated_task_and_adds_nothing(journey: Journey, administrator: Visitor) -> None:
    task = task_of(journey, "review_budget")
    assert task.due_at is not None
    journey.ask(CommentOnTask(subject_id=task.id, words="Qui remplace Solange ?"))
    assert administrator.open(f"/comments/{task.id}").status_code == 404, "it is not escalated"
    for days in (5, 12):
        follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=days))

    assert f'href="/comments/{task.id}"' in administrator.open("/administration/undone").text
    page = administrator.words(f"/comments/{task.id}")
    assert "Comment — Marion Vidal “Qui remplace Solange ?”" in page
    assert "Say something" not in page
    assert say(administrator, task, "Moi.") == 403


def test_nobody_reads_what_is_said_of_a_task_that_is_not_theirs_to_see(
    journey: Journey, site: Flask, director: Visitor, marion: Visitor
) -> None:
    journey.approve_budget()
    with journey.database.reading(SYSTEM) as session:
        order = session.exec(select(UserTask.id).where(UserTask.name == "acknowledge_order", UserTask.state == "open")).first()
    supplier = Visitor(site, give_contact(journey, "S-CRT"))

    assert director.open(f"/comments/{order}").status_code == 404, "what suppliers do waits for no approver"
    assert supplier.open(f"/comments/{order}").status_code == 403
    assert marion.open(f"/comments/{order}").status_code == 200
