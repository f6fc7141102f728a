"""Who sends messages or calls reads and proves it in words of its own, and nobody is told of a post that had no part in it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlmodel import select

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import DROP, Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.campaign.records import Deposit, Lot
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier

THEIRS = "/supplier/campaigns/26A/send"
ROOM = "/manager/campaigns/26A/send"
OF_THE_POST = ("Posted", "posting", "Deposit", "deposit", "slip", "pieces", "Mailing order")


@pytest.fixture
def stage() -> str:
    return "send"


@pytest.fixture
def sent_by(journey: Journey) -> Callable[[dict[str, str], dict[str, str]], Journey]:
    """The campaign, its sending ordered: messages by these channels, sent by suppliers that do nothing else."""

    def order(channels: dict[str, str], kinds: dict[str, str]) -> Journey:
        journey.reach("send")
        with journey.database.writing(SYSTEM) as session:
            for code, kind in kinds.items():
                session.exec(select(Supplier).where(Supplier.code == code)).one().kind = kind
            for lot in session.exec(select(Lot)):
                lot.channel = channels.get(lot.message, lot.channel)
        journey.order_mailing()
        journey.door.set_calendar(journey.campaign_id, DROP)
        return journey

    return order


def test_a_sender_proves_its_messages_with_the_report_of_its_platform(
    sent_by: Callable[..., Journey], site: Flask, marion: Visitor
) -> None:
    journey = sent_by({"A": "email", "B": "email"}, {"S-CAG": "esp"})
    sender = Visitor(site, give_contact(journey, "S-CAG"))
    assert "Prove the sending: Appel d’automne With the report of your platform" in sender.words("/supplier/")
    page = sender.words(THEIRS)
    for said in ("Prove the sending", "Messages sent", "Sent on", "Reference of the sending", "The report of the platform"):
        assert said in page
    assert [word for word in OF_THE_POST if word in page] == []

    nothing = sender.send(THEIRS, {**sender.form(THEIRS), "slip_number": ""})
    assert (nothing.status_code, "Write how the platform names the sending." in words(nothing)) == (422, True)
    proof = {**sender.form(THEIRS), "slip_number": "ENVOI-7"}
    proof.pop("rest_follows")
    assert sender.send(THEIRS, proof, slip=(BytesIO(b"lot;envoyes\r\n"), "rapport.csv")).status_code == 303

    (deposit,) = rows(journey, Deposit)
    room = marion.words(ROOM)
    assert "Sending report Sent on Sent Lots The report of the platform" in room
    assert "ENVOI-7 proved by" in room
    assert "Correct sending ENVOI-7" in room
    assert [word for word in OF_THE_POST if word in room.partition("Order to send e-mails")[2]] == []
    refused = marion.form(ROOM, prefix=f"refuse-{deposit.id}") | {f"refuse-{deposit.id}-reason": "Rapport d’une autre campagne."}
    assert marion.send(f"{ROOM}/deposits/{deposit.id}/refuse", refused).status_code == 303
    home = sender.words("/supplier/")
    assert "Prove the sending again: Appel d’automne Sending ENVOI-7 was refused: “Rapport d’une autre campagne.”" in home


def test_a_call_centre_reports_its_calls_with_a_first_and_a_last_day(sent_by: Callable[..., Journey], site: Flask, marion: Visitor) -> None:
    journey = sent_by({"A": "phone", "B": "phone"}, {"S-IMP": "call_center"})
    caller = Visitor(site, give_contact(journey, "S-IMP"))
    assert "Report the calls: Appel d’automne With your report: the first and the last day" in caller.words("/supplier/")
    page = caller.words(THEIRS)
    for said in ("Report the calls", "People called", "First day of calls", "Last day of calls", "Reference of the calls"):
        assert said in page
    assert [word for word in (*OF_THE_POST, "Messages", "platform") if word in page] == []
    assert "/proofs" not in caller.open(THEIRS).text, "which are read by those who make them"

    report = {**caller.form(THEIRS), "slip_number": "APPELS-1", "ended_on": "2026-10-12"}
    report.pop("rest_follows")
    before = caller.send(THEIRS, report)
    assert (before.status_code, "not one before the first" in words(before)) == (409, True)
    assert caller.send(THEIRS, {**report, "deposited_on": "2026-10-13", "ended_on": "2026-10-13"}).status_code == 303

    (deposit,) = rows(journey, Deposit)
    assert caller.form(f"/supplier/campaigns/26A/deposits/{deposit.id}/correct")["ended_on"] == "2026-10-13"
    for who, where in ((marion, ROOM), (Visitor(site, person_named(journey, "Yann Kerbrat")), "/auditor/campaigns/26A/send")):
        told = who.words(where)
        assert "Report of calls First day of calls Called" in told
        assert "13 October 2026 until 13 October 2026" in told
        assert [word for word in (*OF_THE_POST, "Messages") if word in told.partition("Report of calls")[2]] == []
    (read,) = Program(journey, site, "Contact S-IMP").get("campaigns/26A/deposits").json["deposits"]
    assert (read["way"], read["ended_on"]) == ("calls", "2026-10-13")


def test_a_house_that_posts_and_sends_proves_each_by_itself(sent_by: Callable[..., Journey], site: Flask, marion: Visitor) -> None:
    journey = sent_by({"B": "sms"}, {})
    house = Visitor(site, give_contact(journey, "S-ROU"))
    home = house.words("/supplier/")
    assert "Prove the posting: Appel d’automne" in home
    assert "Prove the sending: Appel d’automne" in home

    page = house.words(THEIRS)
    assert "Prove the posting" in page
    assert "You do more for this campaign: Prove the sending" in page
    posted = {**house.form(THEIRS), "slip_number": "D-1"}
    posted.pop("rest_follows")
    assert house.send(THEIRS, posted).status_code == 303

    assert "Prove the posting:" not in house.words("/supplier/"), "what is proved is not asked for again"
    assert "Prove the sending" in house.words(THEIRS)
    assert "A proof was given" not in house.words(THEIRS)
    sent = {**house.form(THEIRS), "slip_number": "SMS-1"}
    sent.pop("rest_follows")
    assert set(sent).isdisjoint({name for name in posted if name.startswith("pieces_")})
    assert house.send(f"{THEIRS}?way=messages", sent).status_code == 303
    assert house.open(f"{THEIRS}?way=calls").status_code == 404

    assert {tuple(sorted(one.quantities)) for one in rows(journey, Deposit)} == {
        tuple(sorted(lot.code for lot in rows(journey, Lot) if lot.message == message)) for message in "AB"
    }
    room = marion.words(ROOM)
    assert "Proof of sending Day Gone out" in room
    assert "D-1 Deposit slip · proved by" in room
    assert "SMS-1 Sending report · proved by" in room
    assert "Order to send text messages" in room


def test_a_project_manager_records_for_each_what_was_proved_by_other_means(sent_by: Callable[..., Journey], marion: Visitor) -> None:
    journey = sent_by({"B": "phone"}, {"S-IMP": "call_center"})
    room = marion.words(ROOM)
    assert "Record a deposit on behalf of the mailer" in room
    assert "Record calls on behalf of the call centre" in room
    for way, more in (("post", {}), ("calls", {"record-calls-ended_on": "2026-10-13"})):
        form = marion.form(ROOM, f"record-{way}-") | {f"record-{way}-slip_number": way, **more}
        form.pop(f"record-{way}-rest_follows")
        assert marion.send(f"{ROOM}/{way}", form).status_code == 303
    assert {(one.slip_number, str(one.ended_on)) for one in rows(journey, Deposit)} == {("post", "None"), ("calls", "2026-10-13")}
