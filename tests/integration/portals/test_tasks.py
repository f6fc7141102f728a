"""The inbox and the page of a task: taking in hand, giving away, setting aside, one by one and several at once."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import col, select

from app.overdue import follow_up
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, enrol, person_named, words
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role


def open_tasks(journey: Journey, name: str = "settle_list") -> list[UserTask]:
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(UserTask).where(UserTask.name == name, UserTask.state == "open").order_by(col(UserTask.label)))
        rows = list(found)
        session.expunge_all()
    return rows


def holder(journey: Journey, task_id: UUID) -> UUID | None:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(UserTask, task_id).assignee_id


def test_a_task_is_taken_in_the_inbox_and_the_colleague_sees_who_has_it(journey: Journey, marion: Visitor, nadia: Visitor) -> None:
    task = open_tasks(journey)[0]

    answer = marion.send(f"/manager/tasks/{task.id}/claim", {"back": "inbox"})

    assert (answer.status_code, answer.location) == (303, "/manager/")
    assert "in your hands" in marion.words("/manager/?whose=held")
    assert "waiting for Marion Vidal" in nadia.words("/manager/")
    assert "in your hands" not in nadia.words("/manager/")
    refused = nadia.send(f"/manager/tasks/{task.id}/claim", {"back": "inbox"})
    assert refused.status_code == 409
    assert "Marion Vidal has this task in hand." in refused.text


def test_the_inbox_shows_what_nobody_has_in_hand(journey: Journey, marion: Visitor) -> None:
    task = open_tasks(journey)[0]
    marion.send(f"/manager/tasks/{task.id}/claim", {})

    assert str(task.id) not in marion.open("/manager/?whose=free").text
    assert str(task.id) in marion.open("/manager/?whose=held").text


def test_a_task_s_page_tells_its_story(journey: Journey, marion: Visitor, nadia: Visitor) -> None:
    task = open_tasks(journey)[0]
    person = person_named(journey, "Nadia Perrot")
    page = f"/manager/tasks/{task.id}"
    for act, fields in (
        ("claim", {}),
        ("prioritize", {"task-priority": "urgent"}),
        ("comment", {"task-words": "Le fichier de Lyon manque.", "task-tell": [str(person)]}),
        ("delegate", {"task-person": person, "task-note": "Je pars mardi."}),
    ):
        assert marion.send(f"{page}/{act}", fields).status_code == 303

    told = nadia.words(page)

    assert "In the hands of Nadia Perrot · handed on by Marion Vidal" in told
    assert "Task handed on: Nadia Perrot — Marion Vidal “Je pars mardi.”" in told
    assert "Priority of a task set: urgent" in told
    assert "Comment on a task — Marion Vidal “Le fichier de Lyon manque.”" in told
    assert "Plan submitted" in told, "what opened it"
    assert nadia.send(f"{page}/give_back", {}).status_code == 303
    assert holder(journey, task.id) == person_named(journey, "Marion Vidal")


def test_a_task_set_aside_waits_under_later_until_its_day(journey: Journey, marion: Visitor) -> None:
    task = open_tasks(journey)[0]

    assert marion.send(f"/manager/tasks/{task.id}/postpone", {"task-until_on": "2036-09-01"}).status_code == 303

    later = marion.open("/manager/").text.partition('id="later"')[2]
    assert f"/manager/tasks/{task.id}" in later
    assert "set aside until" in later
    assert marion.send(f"/manager/tasks/{task.id}/wake", {}).status_code == 303
    assert "set aside until" not in marion.open("/manager/").text


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("assign", {}),
        ("assign", {"task-person": "nobody"}),
        ("prioritize", {"task-priority": "asap"}),
        ("postpone", {"task-until_on": "yesterday"}),
        ("postpone", {}),
        ("comment", {}),
    ],
)
def test_a_form_that_says_nothing_comes_back(journey: Journey, marion: Visitor, act: str, fields: dict[str, str]) -> None:
    task = open_tasks(journey)[0]

    assert marion.send(f"/manager/tasks/{task.id}/{act}", fields).status_code == 422


def test_of_several_tasks_each_is_tried_by_itself_and_told_by_itself(journey: Journey, marion: Visitor, nadia: Visitor) -> None:
    first, second, third = open_tasks(journey)[:3]
    nadia.send(f"/manager/tasks/{second.id}/claim", {})

    answer = marion.send("/manager/tasks", {"act": "claim", "task": [str(one.id) for one in (first, second, third)]})

    assert answer.status_code == 200
    assert re.search("2 tasks changed.*1 refused", words(answer))
    assert "Nadia Perrot has this task in hand." in words(answer)
    marion_id = person_named(journey, "Marion Vidal")
    assert [holder(journey, one.id) for one in (first, second, third)] == [marion_id, person_named(journey, "Nadia Perrot"), marion_id]


def test_several_tasks_are_named_by_one_question_and_no_page_of_theirs_is_read(journey: Journey, marion: Visitor) -> None:
    ids = [str(one.id) for one in open_tasks(journey)]
    asked: list[str] = []
    event.listen(journey.database.engine, "before_cursor_execute", lambda conn, cursor, statement, *rest: asked.append(statement))

    told = words(marion.send("/manager/tasks", {"act": "prioritize", "bulk-priority": "high", "task": ids}))

    assert "Settle the terms of ALZ 26A · Appel d’automne done" in told
    assert sum("JOIN delivered_file" in one for one in asked) == 1
    assert not any("convert_from" in one for one in asked), "the story of a task is read"


def test_of_several_tasks_one_that_is_not_there_stops_all_before_any_is_changed(journey: Journey, marion: Visitor) -> None:
    first = open_tasks(journey)[0]

    assert marion.send("/manager/tasks", {"act": "claim", "task": [str(first.id), str(uuid4())]}).status_code == 404
    assert holder(journey, first.id) is None


@pytest.mark.usefixtures("nadia")
def test_several_tasks_are_given_made_urgent_and_set_aside_at_once(journey: Journey, marion: Visitor) -> None:
    ids = [str(one.id) for one in open_tasks(journey)[:2]]
    nadia_id = person_named(journey, "Nadia Perrot")

    for fields in (
        {"act": "assign", "bulk-person": nadia_id},
        {"act": "prioritize", "bulk-priority": "high"},
        {"act": "postpone", "bulk-until_on": "2036-09-01"},
    ):
        assert "2 tasks changed" in words(marion.send("/manager/tasks", {**fields, "task": ids}))

    changed = [task for task in open_tasks(journey) if str(task.id) in ids]
    assert {(task.assignee_id, task.priority, str(task.follow_up_on)) for task in changed} == {(nadia_id, "high", "2036-09-01")}


def test_nothing_chosen_and_nothing_meant_change_nothing(journey: Journey, marion: Visitor) -> None:
    ids = [str(open_tasks(journey)[0].id)]

    assert marion.send("/manager/tasks", {"act": "claim"}).status_code == 303
    assert marion.send("/manager/tasks", {"act": "postpone", "task": ids}).status_code == 303
    assert marion.send("/manager/tasks", {"act": "approve", "task": ids}).status_code == 404
    assert marion.send("/manager/tasks", {"act": "claim", "task": ["x"]}).status_code == 400
    assert marion.open(f"/manager/tasks/{uuid4()}").status_code == 404
    assert holder(journey, open_tasks(journey)[0].id) is None


def test_a_reminder_and_an_escalation_show_in_the_inbox_on_the_task_and_to_the_administrator(
    journey: Journey, site: Flask, marion: Visitor
) -> None:
    task = open_tasks(journey)[0]
    assert task.due_at is not None
    enrol(journey, "ada@example.org", "Ada Roche", Role.ADMINISTRATOR)
    administrator = Visitor(site, person_named(journey, "Ada Roche"))
    assert "Nothing is left undone" in administrator.words("/administration/undone")

    assert follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=5)) == 5, "one for each list"
    assert "reminded on 21 July 2026" in marion.words("/manager/")
    follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=12))

    assert "escalated on 28 July 2026" in marion.words("/manager/")
    assert "Reminder 21 July 2026 Escalated 28 July 2026" in marion.words(f"/manager/tasks/{task.id}")
    page = administrator.open("/administration/undone")
    assert f'id="task-{task.id}"' in page.text
    assert f"Settle the terms of a list {task.label} 26A" in words(page)


def test_a_task_s_page_says_that_nobody_could_be_told(journey: Journey, marion: Visitor) -> None:
    task = open_tasks(journey)[0]
    assert task.due_at is not None

    follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=5))
    follow_up(journey.database, journey.door, now=task.due_at + timedelta(days=12))

    assert "nobody could be told" in marion.words(f"/manager/tasks/{task.id}"), "the advertiser has no administrator"


def test_a_mention_marks_the_colleague_s_inbox_until_it_was_seen(journey: Journey, marion: Visitor, nadia: Visitor) -> None:
    task = open_tasks(journey)[0]
    page = f"/manager/tasks/{task.id}"

    assert marion.send(f"{page}/comment", {"task-words": "@Nadia Perrot, <b>le fichier</b> de Lyon manque."}).status_code == 303

    assert "You are mentioned (1)" in nadia.words("/manager/")
    assert str(task.id) in nadia.open("/manager/?whose=mentioned").text
    assert "mentioned" not in marion.words("/manager/")
    html = nadia.open(page).text
    assert '<strong class="mention">@Nadia Perrot</strong>, &lt;b&gt;le fichier' in html
    assert "Colleagues mentioned: Nadia Perrot — Marion Vidal" in nadia.words(page)
    assert nadia.send(f"{page}/note_mention", {}).status_code == 303
    assert "You are mentioned" not in nadia.words("/manager/")


def test_a_mention_that_tells_nobody_comes_back_with_what_was_written(journey: Journey, marion: Visitor) -> None:
    task = open_tasks(journey)[0]

    answer = marion.send(f"/manager/tasks/{task.id}/comment", {"task-words": "@Nadja, le fichier manque."})

    assert answer.status_code == 409
    assert "Nobody who sees this task is called @Nadja" in words(answer)
    assert "@Nadja, le fichier manque." in answer.text
