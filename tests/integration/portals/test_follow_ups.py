"""Follow-ups in the portals: a second use as it is agreed, what may be written to again and why not, and whom one follows."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from app.api.command_models import model_of, offered_commands
from tests.integration.papers.journey import DROP, Journey
from tests.integration.portals.visiting import Visitor, enrol, words
from workflows.campaign.follow_up.opening import OpenFollowUp
from workflows.campaign.model import Campaign
from workflows.campaign.stages.negotiation import RecordConsent
from workflows.parties.roles import Role
from workflows.processes import REGISTRY

TERMS = "/manager/campaigns/26A/negotiation"
ROOM = "/manager/campaigns/26A/follow-up"
AGAIN = date(2027, 1, 19)


def agree(visitor: Visitor, **terms: str) -> int:
    fields = visitor.form(TERMS, "terms-ALZ") | {f"terms-ALZ-{name}": value for name, value in terms.items()}
    return visitor.send(f"{TERMS}/ALZ/terms", fields).status_code


def mailed(journey: Journey, marion: Visitor) -> None:
    """A campaign whose mail is posted, with a second use of ALZ agreed in the portal."""
    assert agree(marion, reuse_cpm="90", reuse_until_on="2027-03-01") == 303
    with journey.reading() as session:
        alz = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    journey.ask(RecordConsent(subject_id=journey.campaign_id, list_id=alz))
    journey.reach("responses")
    journey.door.set_calendar(journey.campaign_id, DROP + timedelta(days=10))


def fill_in(visitor: Visitor, *lists: str, **other: str) -> dict[str, object]:
    fields: dict[str, object] = dict(visitor.form(ROOM, "follow_up-"))
    asked = {"campaign_code": "26R", "drop_on": AGAIN.isoformat(), "envelope_amount": "60,000.00"} | other
    return fields | {f"follow_up-{name}": value for name, value in asked.items()} | {"follow_up-lists": list(lists)}


def test_a_second_use_is_agreed_read_back_and_refused_in_the_reader_s_words(marion: Visitor, broker: Visitor, journey: Journey) -> None:
    assert agree(marion, reuse_until_on="2027-03-01") == 409
    assert agree(marion, reuse_cpm="90", reuse_until_on="2027-03-01", reuse_seconds="y") == 303

    assert "Follow-up agreed until 1 March 2027, at €90.00 per thousand. Its group seconds may be used." in marion.words(TERMS)
    marion.send(f"{TERMS}/ALZ/consent", marion.form(TERMS, "consent-ALZ"))
    journey.reach("order")
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "ALZ")
    read = broker.words(f"/supplier/orders/{order.id}")
    assert "one only, dropped by 1 March 2027, to addresses that were mailed: €90.00 without VAT per thousand mailed again" in read


def test_the_page_says_list_by_list_what_may_be_used_and_why_not(marion: Visitor, journey: Journey) -> None:
    assert "Nobody to follow up yet" in marion.words(ROOM)
    mailed(journey, marion)

    page = marion.words(ROOM)
    assert "lent for one use: no second one was agreed with its owner" in page
    assert "Addresses end 11 January 2027" in page
    fields = marion.open(ROOM).text
    assert 'value="ALZ"' in fields
    assert 'value="ECL"' not in fields, "what may not be used is not offered"
    assert ROOM in marion.open("/manager/campaigns/26A").text


@pytest.mark.parametrize(
    ("language", "refused"),
    [
        ("en", "Éclat Jardin SAS lent ECL for one use: no second one was agreed. Leave the list out."),
        ("fr", "a confié ECL pour un usage unique"),
    ],
)
def test_a_list_that_was_lent_once_is_refused_with_its_owner_and_what_was_typed_is_kept(
    marion: Visitor, journey: Journey, language: str, refused: str
) -> None:
    mailed(journey, marion)
    marion.client.post("/language", data={"lang": language, "csrf_token": marion.token})

    answer = marion.send(ROOM, fill_in(marion, "ALZ", "ECL", envelope_amount="60000"))

    assert answer.status_code == 409
    assert refused in words(answer)
    assert 'value="26R"' in answer.text


def test_a_form_without_its_fields_is_marked(marion: Visitor, journey: Journey) -> None:
    mailed(journey, marion)

    answer = marion.send(ROOM, {name: value for name, value in fill_in(marion).items() if name != "follow_up-lists"})

    assert answer.status_code == 422
    assert "Choose one list at least." in answer.text


def test_a_follow_up_is_opened_and_everybody_reads_whom_it_follows(marion: Visitor, journey: Journey, site: Flask) -> None:
    mailed(journey, marion)

    answer = marion.send(ROOM, fill_in(marion, "ALZ", "MAI"))

    assert answer.status_code == 303, words(answer)
    assert answer.headers["Location"].endswith("/manager/campaigns/26R/plan")
    assert "The follow-up 26R is open." in marion.words("/manager/campaigns/26R/plan")
    assert "It follows up 26A" in marion.words("/manager/campaigns/26R")
    assert "26R · " in marion.words("/manager/campaigns/26A")
    assert "used again already, by 26R" in marion.words(ROOM)
    auditor = Visitor(site, enrol(journey, "audit@example.org", "Alice Audit", Role.AUDITOR))
    assert "A follow-up of 26A" in auditor.words("/auditor/campaigns/26R")
    assert "Followed up by 26R" in auditor.words("/auditor/campaigns/26A")
    assert "Follow-up opened" in auditor.words("/auditor/campaigns/26A")
    assert "Opened as a follow-up" in auditor.words("/auditor/campaigns/26R")
    entry = auditor.words("/auditor/campaigns/26R/entries/1")
    assert "Campaign that is followed up" in entry
    assert "26A" in entry


def test_the_rooms_of_a_follow_up_say_where_its_addresses_come_from_and_its_approver_whom_it_follows(
    marion: Visitor, president: Visitor, broker: Visitor, journey: Journey
) -> None:
    mailed(journey, marion)
    assert marion.send(ROOM, fill_in(marion, "ALZ", "MAI")).status_code == 303
    with journey.reading() as session:
        journey.campaign_id = session.exec(select(Campaign.id).where(Campaign.code == "26R")).one()
    journey.door.set_calendar(journey.campaign_id, DROP + timedelta(days=10))
    journey.submit_plan()
    assert "brought over from the campaign before, on the terms that were agreed with it" in marion.words(
        "/manager/campaigns/26R/negotiation"
    )
    with journey.reading() as session:
        alz = next(row.id for row in journey.facts(session).lists if row.code == "ALZ")
    journey.ask(RecordConsent(subject_id=journey.campaign_id, list_id=alz))
    journey.close_negotiation()

    assert "A follow-up of 26A" in president.words("/approver/campaigns/26R/budget")
    journey.approve_budget()
    with journey.reading() as session:
        order = next(one for one in journey.facts(session).orders if one.list_code == "ALZ")
    read = broker.words(f"/supplier/orders/{order.id}")
    assert "of the addresses of campaign 26A, delivered under order BC-26A-" in read
    assert "Nothing is to be delivered" in read
    assert "The file is then expected" not in read
    journey.confirm_orders()
    room = marion.words("/manager/campaigns/26R/delivery")
    assert "brought over from the campaign before" in room
    assert "Bring a file on behalf of the supplier" not in room


def test_nobody_else_opens_a_follow_up(marion: Visitor, broker: Visitor, director: Visitor, journey: Journey) -> None:
    mailed(journey, marion)

    for stranger in (broker, director):
        assert stranger.send(ROOM, {"follow_up-campaign_code": "26R"}).status_code in (403, 404)
        assert stranger.open(ROOM).status_code in (403, 404)


def test_a_program_opens_one_by_its_command(journey: Journey) -> None:
    offered = offered_commands(REGISTRY)["open_follow_up"]
    asked = {
        "subject_id": str(journey.campaign_id),
        "campaign_code": "26R",
        "title": "Relance",
        "drop_on": "2027-01-19",
        "envelope_amount": "60000.00",
        "lists": ["ALZ"],
    }
    assert offered.roles == (Role.PROJECT_MANAGER,)
    assert model_of(OpenFollowUp).model_validate(asked).lists == ("ALZ",)  # type: ignore[attr-defined]
    assert "begin_follow_up" not in offered_commands(REGISTRY), "a follow-up begins where it is opened"
