"""What an inbox keeps of what it drew: whatever changes shows at once, to each in their own words, and forms are new each time."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, update
from sqlmodel import col, select

from app.clock import FixedClock
from app.factory import create_app
from app.portals.manager.inbox import ROW
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, person_named
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.campaign.stages.negotiation import ReopenTerms
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person, Supplier
from workflows.parties.roles import Role

INBOX = "/manager/"


@pytest.fixture
def task(journey: Journey) -> UserTask:
    """A list to settle."""
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(UserTask).where(UserTask.name == "settle_list", UserTask.state == "open").order_by(col(UserTask.label)))
        return found.first()


def row(visitor: Visitor, task: UserTask) -> str:
    """What the task's row says."""
    page = visitor.open(INBOX).text
    (found,) = [one for one in re.findall("<li data-row>.*?</li>", page, re.DOTALL) if str(task.id) in one]
    return " ".join(re.sub("<[^>]+>", " ", found).replace("\u00a0", " ").split())


def write(journey: Journey, change: Callable[[Connection], Any]) -> None:
    with journey.database.writing(SYSTEM) as session:
        change(session.connection())


def keys(page: str) -> list[str]:
    return re.findall('name="form_key" value="([^"]+)"', page)


def without_what_is_new(page: str) -> str:
    return re.sub("(nonce|value|hx-headers:inherited)=(\"[^\"]*\"|'[^']*')", "", page)


def test_an_inbox_that_did_not_change_is_the_same_but_for_the_keys_of_its_forms(marion: Visitor) -> None:
    first, second = marion.open(INBOX).text, marion.open(INBOX).text

    assert without_what_is_new(first) == without_what_is_new(second)
    assert len(keys(first)) == len(keys(second)) == len({*keys(first), *keys(second)}) / 2
    assert len(keys(first)) > 5
    assert "\0" not in first


def test_every_form_of_an_inbox_carries_the_token_of_who_reads_it(marion: Visitor, nadia: Visitor) -> None:
    for visitor in (marion, nadia, marion):
        page = visitor.open(INBOX).text
        posts = page.count('method="post"')
        tokens = re.findall('name="csrf_token" value="([^"]+)"', page)
        assert len(tokens) == posts
        answer = visitor.client.post(f"{INBOX}tasks", data={"csrf_token": tokens[-1], "form_key": keys(page)[-1], "act": "claim"})
        assert answer.status_code != 400, "the token is one of this session"


@pytest.mark.parametrize(
    ("table", "values", "shown"),
    [
        (UserTask, {"due_at": datetime(2026, 9, 1, 9).astimezone()}, "1 September 2026|due|late"),
        (UserTask, {"priority": "urgent"}, "priority: urgent"),
        (UserTask, {"label": "ZEBRE"}, "Settle the terms of ZEBRE"),
        (UserTask, {"name": "prepare_plan"}, "Prepare the plan"),
        (UserTask, {"follow_up_on": date(2036, 1, 2)}, "set aside until 2 January 2036"),
        (UserTask, {"reminded_at": datetime(2026, 9, 2, 9).astimezone()}, "reminded on 2 September 2026"),
        (UserTask, {"escalated_at": datetime(2026, 9, 3, 9).astimezone()}, "escalated on 3 September 2026"),
        (Campaign, {"title": "Un autre nom"}, "Un autre nom"),
        (Campaign, {"calendar_at": datetime(2036, 1, 2, 9).astimezone()}, "late: due"),
    ],
)
def test_what_changes_in_the_database_shows_at_once(
    journey: Journey, marion: Visitor, task: UserTask, table: type, values: dict[str, Any], shown: str
) -> None:
    before = row(marion, task)
    assert before == row(marion, task)

    which = col(UserTask.id) == task.id if table is UserTask else col(Campaign.id) == task.campaign_id
    write(journey, lambda connection: connection.execute(update(table).where(which).values(**values)))

    after = row(marion, task)
    assert after != before
    assert re.search(shown, after)


def test_a_task_taken_in_hand_shows_to_each_as_it_is_to_them(journey: Journey, marion: Visitor, nadia: Visitor, task: UserTask) -> None:
    assert "I take it" in row(marion, task)
    assert "waiting for Marion Vidal · Details" in row(nadia, task), "she answers for the stage"

    marion.send(f"/manager/tasks/{task.id}/claim", {"back": "inbox"})

    assert "in your hands" in row(marion, task)
    assert "waiting for Marion Vidal" in row(nadia, task)
    other_name = update(Person).where(col(Person.name) == "Marion Vidal").values(name="Marion Vidal-Roux")
    write(journey, lambda connection: connection.execute(other_name))
    assert "waiting for Marion Vidal-Roux" in row(nadia, task)
    marion.send(f"/manager/tasks/{task.id}/release", {})
    assert "in your hands" not in row(marion, task)
    assert "I take it" in row(marion, task)


def test_who_answers_for_a_stage_is_who_does_so_now(journey: Journey, marion: Visitor, nadia: Visitor, task: UserTask) -> None:
    assert "I take it" in row(marion, task)

    to_nadia = AssignResponsibility(subject_id=journey.campaign_id, stage="negotiation", person_id=person_named(journey, "Nadia Perrot"))
    journey.ask(to_nadia)

    assert "I take it" in row(nadia, task)
    assert "waiting for Nadia Perrot" in row(marion, task)
    not_hers = delete(Membership).where(col(Membership.person_id) == person_named(journey, "Nadia Perrot"))
    write(journey, lambda connection: connection.execute(not_hers))
    assert "I take it" in row(marion, task), "nobody is waited for who lost the role"
    assert nadia.open(INBOX).status_code == 403


def test_a_new_colleague_may_be_given_tasks_at_once_and_has_an_inbox(journey: Journey, marion: Visitor, task: UserTask) -> None:
    assert "Solange Petit" not in marion.open(INBOX).text
    solange = person_named(journey, "Solange Petit")
    visitor = Visitor(marion.client.application, solange)
    assert visitor.open(INBOX).status_code == 403

    role = {"id": uuid4(), "person_id": solange, "advertiser_id": task.advertiser_id, "role": Role.PROJECT_MANAGER.value}
    write(journey, lambda connection: connection.execute(insert(Membership).values(role)))

    assert f'<option value="{solange}">Solange Petit</option>' in marion.open(INBOX).text
    assert str(task.id) in visitor.open(INBOX).text


def test_whoever_is_signed_out_or_changed_address_sees_no_inbox_any_more(journey: Journey, marion: Visitor, nadia: Visitor) -> None:
    assert marion.open(INBOX).status_code == nadia.open(INBOX).status_code == 200

    marion.send("/sign-out", {})
    moved = update(Person).where(col(Person.name) == "Nadia Perrot").values(email="nadia@ailleurs.example")
    write(journey, lambda connection: connection.execute(moved))

    assert marion.open(INBOX).status_code == nadia.open(INBOX).status_code == 303


def test_a_name_that_changes_shows_at_once_around_the_page(journey: Journey, marion: Visitor) -> None:
    assert "Marion Vidal" in marion.open(INBOX).text

    write(journey, lambda connection: connection.execute(update(Person).where(col(Person.name) == "Marion Vidal").values(name="M. Roux")))
    write(journey, lambda connection: connection.execute(update(Advertiser).values(name="Une autre maison")))

    page = marion.open(INBOX).text
    assert "Marion Vidal" not in page
    assert '<span class="menu-name">M. Roux</span>' in page
    assert '<span class="advertiser">Une autre maison</span>' in page


def test_what_stands_around_a_page_is_drawn_once_and_filled_in_for_this_showing(marion: Visitor) -> None:
    asked = "/manager/?q=%22%00form_fields%00%3Cb%3E"
    first, second = marion.open(asked), marion.open(asked)
    other = marion.open("/manager/?whose=held")

    nonces = [re.findall('nonce="([^"]+)"', page.text) for page in (first, second)]
    assert all(len(set(one)) == 1 for one in nonces)
    assert nonces[0] != nonces[1]
    assert all(f"'nonce-{one[0]}'" in page.headers["Content-Security-Policy"] for one, page in zip(nonces, (first, second), strict=True))
    assert 'name="q" value="&#34;\0form_fields\0&lt;b&gt;"' in first.text, "what somebody looks for fills in nothing"
    assert 'name="next" value="/manager/?q=%22%00form_fields%00%3Cb%3E"' in first.text
    assert 'name="next" value="/manager/?whose=held"' in other.text
    assert 'name="q" value=""' in other.text


def test_a_mention_shows_to_whom_it_mentions_alone(journey: Journey, marion: Visitor, nadia: Visitor, task: UserTask) -> None:
    assert "mentioned" not in row(marion, task) + row(nadia, task)

    nadia_id = str(person_named(journey, "Nadia Perrot"))
    marion.send(f"/manager/tasks/{task.id}/comment", {"task-words": "@Nadia Perrot, tu regardes ?", "task-tell": [nadia_id]})

    assert "you are mentioned" in row(nadia, task)
    assert "you are mentioned" not in row(marion, task)


def test_each_reads_in_their_own_language(marion: Visitor, nadia: Visitor, task: UserTask) -> None:
    assert "Details" in row(marion, task)

    marion.client.post("/language", data={"lang": "fr", "csrf_token": marion.token})

    assert "Détails" in row(marion, task)
    assert "Details" in row(nadia, task)


def test_the_next_day_counts_its_own_days(
    journey: Journey, marion: Visitor, task: UserTask, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    write(journey, lambda connection: connection.execute(update(Campaign).values(calendar_at=None)))
    due = update(UserTask).where(col(UserTask.id) == task.id).values(due_at=BEGINNING + timedelta(days=3))
    write(journey, lambda connection: connection.execute(due))
    assert "due in 3 days" in row(marion, task)

    settings = Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path / "next"), "JALON_DEMO": "1"})
    tomorrow = create_app(settings, database=journey.database, clock=FixedClock(BEGINNING + timedelta(days=1)))

    assert "due in 2 days" in row(Visitor(tomorrow, person_named(journey, "Marion Vidal")), task)
    assert "due in 3 days" in row(marion, task)


def test_a_press_is_offered_once_its_conditions_hold_and_no_longer(journey: Journey, marion: Visitor) -> None:
    press = 'action="/manager/campaigns/[^"]*close_negotiation"'
    assert not re.search(press, marion.open(INBOX).text)

    journey.settle_lists()

    assert re.search(press, marion.open(INBOX).text)
    with journey.reading() as session:
        settled = journey.facts(session).live_lists[0].id
    journey.ask(ReopenTerms(subject_id=journey.campaign_id, list_id=settled, reason="Le tarif a changé."))
    assert not re.search(press, marion.open(INBOX).text)


def test_the_supplier_s_name_is_the_one_it_has_now(journey: Journey, marion: Visitor, task: UserTask) -> None:
    with journey.database.reading(SYSTEM) as session:
        supplier = session.exec(select(Supplier)).first().id
    write(
        journey,
        lambda connection: connection.execute(
            update(UserTask).where(col(UserTask.id) == task.id).values(supplier_id=supplier, candidate_role=Role.SUPPLIER.value)
        ),
    )
    assert "waiting for" in row(marion, task)

    write(journey, lambda connection: connection.execute(update(Supplier).where(col(Supplier.id) == supplier).values(name="Sud Fichiers")))

    assert "waiting for Sud Fichiers" in row(marion, task)


def test_a_move_of_a_campaign_draws_again_only_the_row_whose_press_has_seen_it(journey: Journey, marion: Visitor) -> None:
    journey.settle_lists()
    marion.open(INBOX)
    before = ROW.drawings

    write(journey, lambda connection: connection.execute(update(Campaign).values(version=Campaign.version + 1)))

    sees = re.search('name="close_negotiation-seen_version" value="([0-9]+)"', marion.open(INBOX).text)
    with journey.reading() as session:
        assert int(sees[1]) == session.get_one(Campaign, journey.campaign_id).version
    assert ROW.drawings == before + 1
