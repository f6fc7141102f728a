"""A project manager leads a campaign through its rooms; what is refused keeps what was typed and says why; nobody else comes in."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import select

from tests.integration.papers.journey import KIT, Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import Checkpoint
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person
from workflows.parties.roles import Role

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    """Marion Vidal, who leads the campaign."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


def state_of(journey: Journey, code: str = "26A") -> str:
    with journey.database.reading(SYSTEM) as session:
        return session.exec(select(Campaign.state).where(Campaign.code == code)).one()


def version_of(journey: Journey) -> int:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(Campaign, journey.campaign_id).version


def press(manager: Visitor, journey: Journey, move: str, **fields: str) -> None:
    """Make a move by its button, and see that it was made."""
    data = {f"{move}-seen_version": version_of(journey), **{f"{move}-{name}": value for name, value in fields.items()}}
    answer = manager.send(f"{HERE}/moves/{move}", data)
    assert answer.status_code == 303, words(answer)


def settle_every_list(manager: Visitor) -> None:
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        for step in ("terms", "consent"):
            fields = manager.form(f"{HERE}/negotiation", f"{step}-{code}-")
            answer = manager.send(f"{HERE}/negotiation/{code}/{step}", fields)
            assert answer.status_code == 303, words(answer)


def test_the_inbox_leads_to_each_task_and_a_press_does_what_needs_no_more(journey: Journey, manager: Visitor) -> None:
    assert "Prepare the plan" in manager.words("/manager/")
    press(manager, journey, "submit_plan")
    settle_every_list(manager)

    inbox = manager.open("/manager/").text

    assert f'action="{HERE}/moves/close_negotiation"' in inbox
    fields = manager.form("/manager/", "close_negotiation")
    assert manager.send(f"{HERE}/moves/close_negotiation", fields).status_code == 303
    assert state_of(journey) == "budget"
    assert "waiting for Approver" in manager.words("/manager/")


def test_the_plan_promises_line_by_line_and_warns_of_missed_targets(manager: Visitor) -> None:
    page = manager.words(f"{HERE}/plan")

    assert "responses are expected; the target is 160." in page
    assert "Projected from 48 lines of 3 earlier campaigns" in page


def test_a_submitted_plan_says_what_weak_day_it_was_warned_of_whatever_policy_calls_it_since(journey: Journey, manager: Visitor) -> None:
    with journey.reading() as session:
        day = f"{journey.facts(session).campaign.drop_on:%m-%d}"
    window = {"first": day, "last": day}
    journey.tune_policy({"no_drop_windows": [{"code": "school", "fr": "la rentrée", "en": "back to school"} | window]})
    journey.submit_plan()
    journey.close_negotiation()

    journey.tune_policy({"no_drop_windows": [{"code": "fair", "fr": "la foire", "en": "the fair"} | window]})

    assert "The drop falls on a weak date: back to school." in manager.words(f"{HERE}/plan")
    assert "Drop date · back to school" in manager.words(f"{HERE}/history?all=1")
    for kind in ("media_plan", "budget_file"):
        (paper,) = journey.issued(kind)
        (told,) = (one for one in paper.content.targets if one.code == "drop")
        assert [told.called(language) for language in ("fr", "en")] == ["la rentrée", "back to school"]


def test_refused_terms_keep_what_was_typed_and_say_what_is_wrong(journey: Journey, manager: Visitor) -> None:
    press(manager, journey, "submit_plan")
    fields = manager.form(f"{HERE}/negotiation", "terms-ALZ-") | {"terms-ALZ-cpm": "cent soixante", "terms-ALZ-technical_fee": "77.00"}

    answer = manager.send(f"{HERE}/negotiation/ALZ/terms", fields)

    assert answer.status_code == 422
    assert 'value="cent soixante"' in answer.text
    assert 'value="77.00"' in answer.text
    assert "Write a number" in words(answer)


def test_a_page_that_was_open_too_long_is_refused_kindly(journey: Journey, manager: Visitor) -> None:
    press(manager, journey, "submit_plan")
    stale = manager.form(f"{HERE}/negotiation", "terms-ALZ-")
    manager.send(f"{HERE}/negotiation/BTN/terms", manager.form(f"{HERE}/negotiation", "terms-BTN-"))

    answer = manager.send(f"{HERE}/negotiation/ALZ/terms", stale)

    assert answer.status_code == 409
    assert "Somebody changed this while you were reading" in words(answer)


def test_a_list_is_refused_with_a_reason_and_opened_again(journey: Journey, manager: Visitor) -> None:
    press(manager, journey, "submit_plan")
    without = manager.send(f"{HERE}/negotiation/ECL/refuse", {"refuse-ECL-reason": ""})
    assert without.status_code == 422
    assert "Write the reason" in words(without)

    assert manager.send(f"{HERE}/negotiation/ECL/refuse", {"refuse-ECL-reason": "Trop cher."}).status_code == 303
    assert "Refused" in manager.words(f"{HERE}/negotiation")
    assert manager.send(f"{HERE}/negotiation/ECL/reopen", {"reopen-ECL-reason": "Nouvelle offre."}).status_code == 303

    assert "5 lists still to settle" in manager.words(f"{HERE}/negotiation")


def test_a_closed_move_says_why_who_can_lift_it_and_leads_there(journey: Journey, manager: Visitor) -> None:
    press(manager, journey, "submit_plan")

    page = manager.open(HERE)

    said = words(page)
    assert "Still to be agreed or refused: ALZ, BTN, CDR, DOM, ECL." in said
    assert "Can be lifted by: Marion Vidal (Project manager)" in said
    assert f'<a href="{HERE}/negotiation">Still to be agreed' in page.text
    forced = manager.send(f"{HERE}/moves/close_negotiation", {})
    assert forced.status_code == 409
    assert state_of(journey) == "negotiation"


def test_an_order_s_answer_is_recorded_on_behalf_of_its_supplier(journey: Journey, manager: Visitor) -> None:
    press(manager, journey, "submit_plan")
    settle_every_list(manager)
    press(manager, journey, "close_negotiation")
    journey.approve_budget()
    with journey.reading() as session:
        orders = [(order.id, order.number) for order in journey.facts(session).orders]

    refused = manager.send(f"{HERE}/order/{orders[0][0]}/decline", {f"decline-{orders[0][1]}-reason": ""})
    assert refused.status_code == 422
    for order_id, number in orders:
        fields = manager.form(f"{HERE}/order", f"accept-{number}-")
        assert manager.send(f"{HERE}/order/{order_id}/accept", fields).status_code == 303

    press(manager, journey, "confirm_orders")
    assert state_of(journey) == "delivery"
    assert "Suppression files still missing" in manager.words(f"{HERE}/delivery")


def test_every_room_can_be_read_in_both_languages_whatever_the_stage(journey: Journey, site: Flask, manager: Visitor) -> None:
    french = Visitor(site, person_named(journey, "Marion Vidal"), "fr")
    rooms = (
        "plan",
        "negotiation",
        "budget",
        "order",
        "delivery",
        "dedupe",
        "lots",
        "send",
        "responses",
        "analysis",
        "documents",
        "history",
    )
    for path in ("/manager/", "/manager/campaigns?view=all", "/manager/campaigns/new", HERE, *(f"{HERE}/{room}" for room in rooms)):
        assert manager.open(path).status_code == 200, path
        assert french.open(path).status_code == 200, path


def brief_alone() -> bytes:
    """The kit's brief and tables in an archive, before anything is delivered."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as kit:
        for path in sorted([*KIT.glob("*"), *KIT.glob("suppressions/*")]):
            if path.is_file() and path.name != "delivery_notes.csv":
                kit.write(path, Path("automne") / path.relative_to(KIT))
        kit.writestr("automne/delivery_notes.csv", "LISTE;TRANCHE;VERSION;FICHIER;NB_ENREGISTREMENTS\n")
    return archive.getvalue()


def test_a_campaign_is_opened_by_form_by_copy_and_from_a_kit(journey: Journey, manager: Visitor) -> None:
    advertiser = manager.form("/manager/campaigns/new", "form-advertiser_id")["form-advertiser_id"]
    brief = {"campaign_code": "27F", "title": "Fidélisation", "drop_on": "2027-03-23", "envelope_amount": "20,000.00", "vat_rate": "20"}
    form = {f"form-{name}": value for name, value in {**brief, "advertiser_id": advertiser, "level": "individual"}.items()}
    alone = manager.send("/manager/campaigns/new/form", form | {"form-multi_buyers": "1"})
    assert (alone.status_code, "Two files at least." in alone.text) == (422, True)
    assert manager.send("/manager/campaigns/new/form", form | {"form-multi_buyers": "2"}).status_code == 303
    with journey.reading() as session:
        assert session.exec(select(Campaign).where(Campaign.code == "27F")).one().multi_buyers == 2

    copy = {
        "copy-advertiser_id": advertiser,
        "copy-source": "26A",
        "copy-campaign_code": "27C",
        "copy-title": "Copie",
        "copy-drop_on": "2027-04-13",
    }
    assert manager.send("/manager/campaigns/new/copy", copy).status_code == 303

    sent = {"kit-advertiser_id": advertiser, "kit-campaign_code": "27K"}
    answer = manager.send("/manager/campaigns/new/kit", sent, **{"kit-file": (io.BytesIO(brief_alone()), "automne.zip")})
    assert answer.status_code == 303, words(answer)

    assert "The plan has no line yet" in manager.words("/manager/campaigns/27F/plan")
    assert "10,913" in manager.words("/manager/campaigns/27C/plan")
    assert "10,913" in manager.words("/manager/campaigns/27K/plan")


def test_a_code_that_is_taken_is_refused_and_the_form_stays_filled(manager: Visitor) -> None:
    advertiser = manager.form("/manager/campaigns/new", "copy-advertiser_id")["copy-advertiser_id"]
    copy = {
        "copy-advertiser_id": advertiser,
        "copy-source": "26A",
        "copy-campaign_code": "26A",
        "copy-title": "Encore",
        "copy-drop_on": "2027-04-13",
    }

    answer = manager.send("/manager/campaigns/new/copy", copy)

    assert answer.status_code == 409
    assert "Another campaign already has the code 26A" in words(answer)
    assert 'value="Encore"' in answer.text


@pytest.mark.parametrize(("name", "data"), [("kit.zip", b"no archive"), ("kit.zip", None)])
def test_what_is_no_kit_is_refused_in_words(manager: Visitor, name: str, data: bytes | None) -> None:
    archive = io.BytesIO()
    if data is None:
        with zipfile.ZipFile(archive, "w") as kit:
            kit.writestr("lisez-moi.txt", "rien")
        data = archive.getvalue()
    advertiser = manager.form("/manager/campaigns/new", "kit-advertiser_id")["kit-advertiser_id"]

    answer = manager.send("/manager/campaigns/new/kit", {"kit-advertiser_id": advertiser}, **{"kit-file": (io.BytesIO(data), name)})

    assert answer.status_code == 422
    assert "This is no kit that can be read" in words(answer)


def test_the_list_of_campaigns_asks_the_database_no_more_for_more_campaigns(journey: Journey, manager: Visitor) -> None:
    asked: list[str] = []
    event.listen(journey.database.engine, "before_cursor_execute", lambda conn, cursor, statement, *rest: asked.append(statement))
    manager.open("/manager/campaigns?view=all")
    for_one = len(asked)
    advertiser = manager.form("/manager/campaigns/new", "copy-advertiser_id")["copy-advertiser_id"]
    for number in range(3):
        copy = {"source": "26A", "campaign_code": f"27{number}X", "title": "Copie", "drop_on": "2027-04-13", "advertiser_id": advertiser}
        manager.send("/manager/campaigns/new/copy", {f"copy-{name}": value for name, value in copy.items()})

    asked.clear()
    page = manager.words("/manager/campaigns?view=all")

    assert page.count("27") >= 3
    assert len(asked) == for_one


def test_the_history_tells_the_head_of_the_chain_also_where_the_last_entries_are_left_out(journey: Journey, manager: Visitor) -> None:
    journey.submit_plan()
    with journey.reading() as session:
        head = journey.facts(session).campaign.chain_head
        last = session.exec(select(Checkpoint.event).where(Checkpoint.sha256 == head)).one()

    assert last.startswith("plan_line.")
    assert head in manager.open(f"{HERE}/history").text


def test_a_campaign_is_found_by_words_of_its_title(manager: Visitor) -> None:
    assert "Appel d’automne" in manager.words("/manager/campaigns?q=automne")
    assert "No campaign has these words" in manager.words("/manager/campaigns?q=printemps")


@pytest.mark.parametrize("path", ["/manager/campaigns?q=%00", "/manager/campaigns/%00/plan"])
def test_what_no_text_of_the_database_can_hold_is_no_request_that_can_be_read(manager: Visitor, path: str) -> None:
    answer = manager.open(path)

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.text


def test_another_house_s_manager_does_not_know_that_the_campaign_exists(journey: Journey, site: Flask) -> None:
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Ailleurs")
        person = Person(email="ailleurs@example.example", name="Ailleurs", created_at=journey.facts(session).campaign.opened_at)
        session.add_all([other, person])
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=other.id, role=Role.PROJECT_MANAGER.value))
        stranger_id = person.id
    stranger = Visitor(site, stranger_id)

    assert stranger.open(HERE).status_code == 404
    assert stranger.send(f"{HERE}/moves/submit_plan", {}).status_code == 404
    assert "26A" not in stranger.words("/manager/campaigns?view=all")
    assert state_of(journey) == "plan"


def test_an_approver_does_not_enter_the_manager_s_rooms(journey: Journey, site: Flask) -> None:
    approver = Visitor(site, person_named(journey, "Bruno Leroux"))

    assert approver.open(HERE).status_code == 403
    assert approver.send(f"{HERE}/moves/submit_plan", {}).status_code == 403
