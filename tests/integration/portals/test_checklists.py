"""Checklists on pages: written in the policy, ticked by whoever does the task, in every portal; what is closed says by which points."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.campaign.policy import PolicyVersion
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM

EDIT = "/administration/policy/edit"


@pytest.fixture
def stage() -> str:
    return "budget"


def points(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "required": True, "fr": f"Le point {code}", "en": f"The point {code}"} for code in codes]


def task_of(journey: Journey, name: str) -> UserTask:
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(UserTask).where(UserTask.name == name, UserTask.state == "open").order_by(col(UserTask.label))).first()
        assert found is not None
        session.expunge(found)
        return found


def newest(journey: Journey) -> dict[str, Any]:
    with journey.database.reading(SYSTEM) as session:
        version = session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number).desc())).first()
        assert version is not None
        return version.body


def test_an_administrator_writes_a_checklist_sees_what_changes_and_saves_it(journey: Journey, administrator: Visitor) -> None:
    sent = administrator.form(EDIT) | {"region": "france", "checklists__review_budget": "Relu | Read again\r\n? Vu | Seen"}
    sent = {name: value for name, value in sent.items() if name not in ("csrf_token", "lang", "next")}

    compared = words(administrator.send(EDIT, sent | {"step": "compare"}))
    assert "2 values differ" in compared
    assert "Approve or refuse the budget · read_again — Relu / Read again new" in compared
    assert "Vu / Seen (not required)" in compared
    assert administrator.send(EDIT, sent | {"step": "save"}).status_code == 303

    assert newest(journey)["checklists"]["review_budget"] == [
        {"code": "read_again", "required": True, "fr": "Relu", "en": "Read again"},
        {"code": "seen", "required": False, "fr": "Vu", "en": "Seen"},
    ]
    assert "Approve or refuse the budget Read again · Seen (not required)" in administrator.words("/administration/policy")
    assert "read_again: Relu | Read again\n? seen: Vu | Seen" in administrator.open(EDIT).text
    turned = sent | {"checklists__review_budget": "? seen: Vu | Seen\nread_again: Relu | Read again", "step": "compare"}
    assert "Approve or refuse the budget: order read_again, seen seen, read_again" in words(administrator.send(EDIT, turned))


def test_a_line_that_is_no_point_comes_back_with_its_remark(journey: Journey, administrator: Visitor) -> None:
    page = administrator.send(EDIT, administrator.form(EDIT) | {"checklists__review_budget": "Relu", "step": "save"})

    assert page.status_code == 422
    assert "Line 1: write the French, a bar | and the English." in words(page)
    assert newest(journey)["checklists"]["review_budget"] == []


def test_an_approver_is_told_which_points_are_open_and_where_to_tick_them(journey: Journey, site: Flask) -> None:
    journey.tune_policy({"checklists": {"review_budget": points("envelope", "treasurer")}})
    task = task_of(journey, "review_budget")
    president = Visitor(site, person_named(journey, "Solange Petit"))

    assert f'href="/attachments/{task.id}"' in president.open("/approver/").text
    closed = president.open("/approver/campaigns/26A/budget")
    assert "Still to be ticked on the checklist: “The point envelope”, “The point treasurer”." in words(closed)
    assert "Can be lifted by: Approver" in words(closed)
    assert f'href="/checklists/{task.id}"' in closed.text
    for code in ("envelope", "treasurer"):
        assert president.send(f"/checklists/{task.id}/{code}/tick", {}).location == f"/checklists/{task.id}#point-{code}"

    page = president.words(f"/checklists/{task.id}")
    assert "ticked by Solange Petit, 6 July 2026" in page
    assert "Nothing required is open" in page
    assert "Still to be ticked" not in president.words("/approver/campaigns/26A/budget")
    again = president.send(f"/checklists/{task.id}/envelope/tick", {})
    assert (again.status_code, "Solange Petit has ticked this already." in again.text) == (409, True)
    assert president.send(f"/checklists/{task.id}/envelope/untick", {}).status_code == 303
    assert "1 of 2 ticked" in Visitor(site, person_named(journey, "Marion Vidal")).words(f"/manager/tasks/{task.id}")
    kept = Visitor(site, person_named(journey, "Yann Kerbrat")).words("/auditor/campaigns/26A?kind=user_task")
    assert "Point of a checklist ticked: Approve or refuse the budget — Solange Petit" in kept


def test_a_task_is_not_done_by_a_press_while_a_point_is_open(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    journey.tune_policy({"checklists": {"confirm_orders": points("answers")}})
    marion, task = Visitor(site, person_named(journey, "Marion Vidal")), task_of(journey, "confirm_orders")
    room = marion.open("/manager/campaigns/26A/order")

    assert "Still to be ticked on the checklist: “The point answers”." in words(room)
    assert f'href="/checklists/{task.id}"' in room.text
    ticked = marion.send(f"/checklists/{task.id}/answers/tick", {"back": "task"})
    assert ticked.location == f"/manager/tasks/{task.id}#checklist"
    assert "Point of a checklist ticked: The point answers — Marion Vidal" in marion.words(f"/manager/tasks/{task.id}")
    assert "Still to be ticked" not in marion.words("/manager/campaigns/26A/order")


def test_a_supplier_finds_its_checklist_beside_what_there_is_to_do(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    journey.tune_policy({"checklists": {"acknowledge_order": points("date_held")}})
    broker = Visitor(site, give_contact(journey, "S-CRT"))
    home = broker.open("/supplier/").text
    address = home.partition('href="/checklists/')[2].partition('"')[0]

    assert "Checklist: 0 of 1 ticked" in words(broker.open("/supplier/"))
    (order, *_others) = re.findall(r'href="/supplier/orders/([0-9a-f-]{36})"', home)
    fields = broker.form(f"/supplier/orders/{order}", "accept-")
    refused = broker.send(f"/supplier/orders/{order}/acknowledge", fields)
    assert refused.status_code == 409
    assert "Still to be ticked on the checklist: “The point date_held”." in words(refused)
    assert broker.send(f"/checklists/{address}/date_held/tick", {}).status_code == 303
    assert "Checklist: 1 of 1 ticked" in broker.words("/supplier/")
    mailer = Visitor(site, give_contact(journey, "S-ROU"))
    assert mailer.open(f"/checklists/{address}").status_code == 404
    assert address not in mailer.open("/supplier/").text
