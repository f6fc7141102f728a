"""Counts in the portals: the supplier's card and form, the manager's room beside what is wanted, a stranger, programs, the auditor."""

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from tests.integration.portals.visiting import words as words_of
from workflows.campaign.counts.counting import RequestCounts
from workflows.campaign.counts.records import ListCount
from workflows.campaign.stages.negotiation import ReturnToPlan

ROOM = "/manager/campaigns/26A/negotiation"


@pytest.fixture
def owner(journey: Journey, site: Flask) -> Visitor:
    """The owner of CDR, which has no broker."""
    return Visitor(site, give_contact(journey, "S-CDR"))


def list_id(journey: Journey, code: str) -> str:
    with journey.reading() as session:
        return next(str(row.id) for row in journey.facts(session).lists if row.code == code)


def page_of(journey: Journey, code: str = "CDR") -> str:
    return f"/supplier/lists/{list_id(journey, code)}/counts"


def ask(journey: Journey, *codes: str, exclusions: str = "Adresses déjà louées pour 26P.") -> None:
    with journey.reading() as session:
        lists = tuple(row.id for row in journey.facts(session).lists if row.code in codes)
    journey.ask(RequestCounts(subject_id=journey.campaign_id, list_ids=lists, exclusions=exclusions))


def counts(journey: Journey) -> list[ListCount]:
    with journey.reading() as session:
        return list(journey.facts(session).list_counts)


def typed(prefix: str = "", **changes: str) -> dict[str, str]:
    """What somebody types for CDR, whose segments are M1 and M2."""
    fields = {"segment_0": "900", "segment_1": "5 000", "held_until_on": "2026-09-30", "remark": "Hors Corse."}
    return {f"{prefix}{name}": value for name, value in (fields | changes).items()}


# --- the supplier ---------------------------------------------------------------------------------------------------------------------


def test_a_card_with_the_day_of_the_answer_leads_to_what_is_to_be_counted(journey: Journey, owner: Visitor) -> None:
    assert "Give the counts" not in owner.words("/supplier/")
    ask(journey, "CDR")

    home = owner.words("/supplier/")
    assert "One thing to do Give the counts: Cadre et Rivière – multi-acheteurs" in home
    assert "2,980 addresses wanted · no order yet" in home
    page = owner.words(page_of(journey))
    for said in ("885 wanted · test", "2,095 wanted · test", "Adresses déjà louées pour 26P.", "13 October 2026", "Cadre et Rivière SARL"):
        assert said in page, said


def test_counts_that_are_given_leave_the_card_stay_to_be_corrected_and_stand_in_the_manager_s_room(
    journey: Journey, owner: Visitor, marion: Visitor
) -> None:
    ask(journey, "CDR")

    assert owner.send(page_of(journey), typed()).status_code == 303

    (count,) = counts(journey)
    assert (count.available, count.remark, count.on_behalf) == ({"M1": 900, "M2": 5000}, "Hors Corse.", False)
    home = owner.words("/supplier/")
    assert "Nothing to do now" in home
    assert "5,900 available" in home
    assert 'value="5,000"' in owner.open(page_of(journey)).text
    room = marion.words(ROOM)
    assert "Enough" in room
    assert "Contact S-CDR, Cadre et Rivière SARL" in room
    assert "Kept until 30 September 2026" in room
    assert "“Hors Corse.”" in room


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"segment_0": ""}, 422, "Write how many addresses there are, 0 where there is none."),
        ({"segment_0": "a few"}, 422, "Write a whole number, such as 12,000."),
        ({"segment_0": "-5"}, 422, "Write a whole number, such as 12,000."),
        ({"held_until_on": "2020-01-01"}, 409, "is past: name a day from today on, or none."),
    ],
    ids=["missing", "no number", "below zero", "past"],
)
def test_what_is_amiss_is_said_and_what_was_typed_stays(
    journey: Journey, owner: Visitor, changes: dict[str, str], status: int, sentence: str
) -> None:
    ask(journey, "CDR")

    answer = owner.send(page_of(journey), typed(**changes))

    assert answer.status_code == status
    assert sentence in words_of(answer)
    assert "Hors Corse." in answer.text
    assert counts(journey) == []


def test_a_form_that_is_sent_twice_counts_once(journey: Journey, owner: Visitor) -> None:
    ask(journey, "CDR")
    sent = typed() | owner.form(page_of(journey), "sent") | {"segment_0": "900", "segment_1": "5000"}

    assert [owner.send(page_of(journey), sent).status_code for _ in range(2)] == [303, 303]
    assert len(counts(journey)) == 1


def test_nobody_else_finds_the_page_and_neither_does_who_was_not_asked(journey: Journey, owner: Visitor, broker: Visitor) -> None:
    assert owner.open(page_of(journey)).status_code == 404
    ask(journey, "CDR")

    assert broker.open(page_of(journey)).status_code == 404
    assert broker.send(page_of(journey), typed()).status_code == 404
    assert owner.open(page_of(journey, "ALZ")).status_code == 404
    assert "Cadre et Rivière" not in broker.words("/supplier/")


def test_a_program_of_a_supplier_that_was_only_asked_reads_its_own_and_gives_its_counts(
    journey: Journey, owner: Visitor, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(journey, "CDR", "ALZ")
    monkeypatch.setattr("workflows.campaign.policy._remembered", {})  # as in a process that has just begun
    program = Program(journey, site, "Contact S-CDR")

    read = program.get("campaigns/26A").json
    assert [move["command"] for move in read["moves"] if move["allowed"]] == ["give_counts", "state_basis"]
    assert [task["name"] for task in program.get("campaigns/26A/user-tasks").json["user_tasks"]] == ["give_counts"]
    assert [one["list_code"] for one in program.get("campaigns/26A/counts").json["counts"]] == ["CDR"]
    assert program.get("campaigns/26A/budgets").json["budgets"] == []
    assert read["envelope_amount"] is None, "whoever negotiates is not told what there is to spend"
    asked = {"subject_id": read["id"], "list_id": list_id(journey, "CDR"), "available": {"M1": 885, "M2": 9000}}
    assert program.send("give_counts", asked).status_code == 200
    (said,) = program.get("campaigns/26A/counts").json["counts"]
    assert (said["state"], said["segments"][0]) == ("counted", {"code": "M1", "wanted": 885, "available": 885})


def test_an_answer_is_still_taken_while_the_plan_is_made_anew(journey: Journey, owner: Visitor) -> None:
    ask(journey, "CDR")
    journey.ask(ReturnToPlan(subject_id=journey.campaign_id, reason="Un message change."))

    assert "Give the counts" in owner.words("/supplier/")
    assert owner.send(page_of(journey), typed()).status_code == 303


def test_once_the_negotiation_is_closed_the_page_says_so_and_takes_nothing(journey: Journey, owner: Visitor) -> None:
    ask(journey, "CDR")
    journey.close_negotiation()

    assert "Give the counts" not in owner.words("/supplier/")
    assert "No counts are waited for any more" in owner.words(page_of(journey))
    assert owner.send(page_of(journey), typed()).status_code == 409


# --- the project manager --------------------------------------------------------------------------------------------------------------


def test_one_press_asks_every_supplier_that_was_not_asked_yet(journey: Journey, marion: Visitor, broker: Visitor) -> None:
    ask(journey, "CDR")
    assert "The suppliers of ALZ, BTN, DOM, ECL were not asked yet." in marion.words(ROOM)

    sent = {"counts-exclusions": "Sans la Corse."} | marion.form(ROOM, "counts-seen")
    assert marion.send(f"{ROOM}/counts", sent).status_code == 303

    room = marion.words(ROOM)
    assert "were not asked yet" not in room
    assert "Asked for, not answered yet: ALZ" in room
    assert "DC-26A-ALZ" in room
    assert broker.words("/supplier/").count("Give the counts:") == 3
    assert "Sans la Corse." in broker.words(page_of(journey, "ALZ"))


def test_counts_that_came_by_telephone_are_recorded_beside_what_is_wanted(journey: Journey, marion: Visitor) -> None:
    answer = marion.send(f"{ROOM}/CDR/counts", typed("record-CDR-", remark="Mme Rivière, au téléphone"))

    assert answer.status_code == 303
    (count,) = counts(journey)
    assert count.on_behalf
    assert "Recorded on 6 July 2026 by Marion Vidal." in marion.words(ROOM)


def test_a_count_below_what_is_wanted_says_what_is_missing_what_can_be_done_and_closes_the_way(journey: Journey, marion: Visitor) -> None:
    marion.send(f"{ROOM}/CDR/counts", typed("record-CDR-", segment_0="800"))

    room = marion.words(ROOM)

    assert "Fewer addresses than are wanted" in room
    assert "M1: 85 missing of 885" in room
    assert "go back to the plan and want fewer, do without this list, or order it as planned and say why" in room
    assert "Fewer addresses counted than wanted: CDR." in room


def test_ordering_as_planned_asks_for_its_reason_and_shows_it(journey: Journey, marion: Visitor, site: Flask) -> None:
    marion.send(f"{ROOM}/CDR/counts", typed("record-CDR-", segment_0="800"))
    assert marion.send(f"{ROOM}/CDR/counts/accept", {"accept-CDR-reason": ""}).status_code == 422

    assert marion.send(f"{ROOM}/CDR/counts/accept", {"accept-CDR-reason": "Le propriétaire complète."}).status_code == 303

    room = marion.words(ROOM)
    assert "Too few, ordered as planned" in room
    assert "“Le propriétaire complète.”" in room
    assert "Fewer addresses counted than wanted: CDR." not in room
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    assert "Addresses counted of a list against those wanted" in auditor.words("/auditor/exceptions")


def test_addresses_that_are_kept_for_too_short_a_time_are_pointed_out(journey: Journey, marion: Visitor) -> None:
    marion.send(f"{ROOM}/CDR/counts", typed("record-CDR-", held_until_on="2026-07-10"))

    assert "The addresses are kept until 10 July 2026, which is before orders are planned" in marion.words(ROOM)


def test_a_list_that_is_not_there_is_not_found(journey: Journey, marion: Visitor) -> None:
    for way in ("counts", "counts/request", "counts/accept"):
        assert marion.send(f"{ROOM}/XYZ/{way}", {}).status_code == 404
        assert marion.send(f"{ROOM}/MAI/{way}", {}).status_code == 404
