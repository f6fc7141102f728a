"""Sample mail pieces in the portals: the manager attaches, the owner looks and approves just that, the auditor finds both."""

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from tests.integration.portals.visiting import words as words_of
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation

ROOM = "/manager/campaigns/26A/negotiation"
FIRST, SECOND = b"%PDF-1.7 first %%EOF", b"%PDF-1.7 second %%EOF"
PICTURE = b"\x89PNG\r\n\x1a\n....IEND...."


@pytest.fixture
def owner(journey: Journey, site: Flask) -> Visitor:
    """The owner of CDR, which has no broker and sends message A alone."""
    return Visitor(site, give_contact(journey, "S-CDR"))


def list_id(journey: Journey, code: str = "CDR") -> str:
    with journey.reading() as session:
        return next(str(row.id) for row in journey.facts(session).lists if row.code == code)


def page_of(journey: Journey, code: str = "CDR") -> str:
    return f"/supplier/lists/{list_id(journey, code)}/sample"


def agree(journey: Journey, *codes: str) -> None:
    for code in codes:
        journey.ask(AgreeTerms(subject_id=journey.campaign_id, list_id=UUID(list_id(journey, code))))


def attach(marion: Visitor, content: bytes, message: str = "A", name: str = "lettre.pdf") -> TestResponse:
    return marion.send(f"{ROOM}/samples/{message}", {}, **{f"sample-{message}-file": (BytesIO(content), name)})


def pieces(journey: Journey) -> list[SamplePiece]:
    with journey.reading() as session:
        return list(journey.facts(session).samples)


def requests(journey: Journey) -> list[SampleApproval]:
    with journey.reading() as session:
        return list(journey.facts(session).sample_approvals)


def approve(owner: Visitor, journey: Journey) -> TestResponse:
    """The owner presses the button of the page that it has before it."""
    return owner.send(f"{page_of(journey)}/approve", owner.form(page_of(journey), "approve-"))


# --- the manager ----------------------------------------------------------------------------------------------------------------------


def test_the_room_says_plainly_that_no_sample_is_attached(journey: Journey, marion: Visitor) -> None:
    agree(journey, "CDR")
    room = marion.words(ROOM)
    assert "None is attached: owners consent without one, and what they agreed to says so." in room
    assert "No sample mail piece is attached: the consent says so." in room
    assert marion.send(f"{ROOM}/CDR/consent", marion.form(ROOM, "consent-CDR") | {"consent-CDR-comment": ""}).status_code == 303
    assert "No sample mail piece was attached." in marion.words(ROOM)
    assert requests(journey) == []


def test_versions_stand_in_the_room_with_their_files_and_a_replaced_one_can_still_be_read(journey: Journey, marion: Visitor) -> None:
    assert attach(marion, FIRST).status_code == 303
    first = pieces(journey)[0]
    assert attach(marion, PICTURE, name="lettre.png").status_code == 303
    second = pieces(journey)[0]

    room = marion.words(ROOM)
    assert "Look at version 1" in room
    assert "2 (newest)" in room
    for piece, content, media_type in ((first, FIRST, "application/pdf"), (second, PICTURE, "image/png")):
        shown = marion.open(f"/samples/{piece.id}")
        assert (shown.data, shown.mimetype) == (content, media_type)


@pytest.mark.parametrize("content", [b"", b"hello", b"<svg onload=alert(1)>", b"%PDF-1.7 cut off", b"PK\x03\x04 a document"])
def test_a_file_that_nobody_could_look_at_is_refused_in_words_and_not_kept(journey: Journey, marion: Visitor, content: bytes) -> None:
    answer = attach(marion, content, name="lettre.docx")
    assert answer.status_code == 409
    assert "lettre.docx is no sample that can be shown: send a whole PDF, or a PNG or JPEG picture." in words_of(answer)
    assert pieces(journey) == []


def test_no_file_at_all_is_asked_for(journey: Journey, marion: Visitor) -> None:
    answer = marion.send(f"{ROOM}/samples/A", {})
    assert answer.status_code == 422
    assert "Choose a file." in words_of(answer)
    assert marion.send(f"{ROOM}/samples/Z", {}).status_code == 404


def test_the_very_file_again_is_refused(journey: Journey, marion: Visitor) -> None:
    attach(marion, FIRST)
    answer = attach(marion, FIRST)
    assert answer.status_code == 409
    assert "This is the very file of version 1 of message A." in words_of(answer)


def test_a_consent_recorded_on_a_page_with_an_older_sample_is_refused_and_shows_the_newest(journey: Journey, marion: Visitor) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    seen = marion.form(ROOM, "consent-CDR")
    attach(marion, SECOND)

    answer = marion.send(f"{ROOM}/CDR/consent", seen | {"consent-CDR-seen_version": "", "consent-CDR-comment": "Par téléphone."})

    assert answer.status_code == 409
    assert "A newer sample than the one that you looked at is here, of message A." in words_of(answer)
    assert "Par téléphone." in answer.text
    assert pieces(journey)[0].sha256 in answer.text
    assert marion.send(f"{ROOM}/CDR/consent", marion.form(ROOM, "consent-CDR")).status_code == 303
    (request,) = requests(journey)
    assert (request.on_behalf, request.samples["A"]["version"]) == (True, 2)
    assert "The owner approved by other means; noted on" in marion.words(ROOM)


# --- the owner ------------------------------------------------------------------------------------------------------------------------


def test_an_owner_looks_at_the_sample_and_approves_it_with_one_press(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    assert owner.open(page_of(journey)).status_code == 404, "nobody has asked yet"
    agree(journey, "CDR")
    attach(marion, FIRST)

    assert "Approve the mail piece: Cadre et Rivière – multi-acheteurs" in owner.words("/supplier/")
    page = owner.words(page_of(journey))
    assert "Version 1, of" in page
    assert "Open the mail piece" in page
    assert owner.open(f"/samples/{pieces(journey)[0].id}").data == FIRST

    assert approve(owner, journey).status_code == 303

    (request,) = requests(journey)
    assert (request.approved_at is not None, request.on_behalf) == (True, False)
    assert "Nothing to do now" in owner.words("/supplier/")
    assert "You approved it on" in owner.words(page_of(journey))
    room = marion.words(ROOM)
    assert "by Contact S-CDR, Cadre et Rivière SARL." in room
    assert "What was approved: message A, version 1" in room


def test_a_picture_stands_in_the_page(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    agree(journey, "CDR")
    attach(marion, PICTURE, name="lettre.png")
    assert f'<img src="/samples/{pieces(journey)[0].id}"' in owner.open(page_of(journey)).text


def test_an_approval_of_a_page_that_is_older_than_the_sample_is_refused_and_shows_the_newest(
    journey: Journey, marion: Visitor, owner: Visitor
) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    seen = owner.form(page_of(journey), "approve-")
    attach(marion, SECOND)

    answer = owner.send(f"{page_of(journey)}/approve", seen)

    assert answer.status_code == 409
    assert "A newer sample than the one that you looked at is here" in words_of(answer)
    assert "Version 2, of" in words_of(answer)
    assert [one.approved_at for one in requests(journey)] == [None]


def test_a_later_version_comes_back_to_the_owner_who_can_still_read_the_one_before(
    journey: Journey, marion: Visitor, owner: Visitor
) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    first = pieces(journey)[0]
    approve(owner, journey)
    attach(marion, SECOND)

    assert "Approve the mail piece again: Cadre et Rivière – multi-acheteurs" in owner.words("/supplier/")
    page = owner.words(page_of(journey))
    assert "It changed since you approved it" in page
    assert "You approved version 1 of message A." in page
    assert owner.open(f"/samples/{first.id}").data == FIRST
    room = marion.words(ROOM)
    assert "A sample changed since the owner approved it: CDR." in room
    assert "Owner asked" in room
    assert approve(owner, journey).status_code == 303
    assert "A sample changed since" not in marion.words(ROOM)


def test_an_owner_who_does_not_agree_says_why_and_the_manager_reads_it(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    sent = owner.form(page_of(journey), "refuse-")

    empty = owner.send(f"{page_of(journey)}/refuse", sent | {"refuse-reason": " "})
    assert empty.status_code == 422
    assert "Write why, so that the advertiser can change it." in words_of(empty)
    assert owner.send(f"{page_of(journey)}/refuse", sent | {"refuse-reason": "Le logo imite le nôtre."}).status_code == 303

    assert "You did not agree with it on" in owner.words(page_of(journey))
    assert "“Le logo imite le nôtre.”" in marion.words(ROOM)


def test_what_was_pressed_twice_counts_once(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    sent = owner.form(page_of(journey), "approve-") | owner.form(page_of(journey), "form_key")
    assert [owner.send(f"{page_of(journey)}/approve", sent).status_code for _ in range(2)] == [303, 303]


def test_another_supplier_finds_neither_the_page_nor_the_file(journey: Journey, marion: Visitor, owner: Visitor, broker: Visitor) -> None:
    agree(journey, "CDR", "ALZ")
    attach(marion, FIRST)
    attach(marion, SECOND, "B")
    shown = {one.message: one.id for one in pieces(journey)}

    assert broker.open(page_of(journey)).status_code == 404
    assert broker.send(f"{page_of(journey)}/approve", {}).status_code == 404
    assert broker.open(f"/samples/{shown['B']}").data == SECOND
    assert owner.open(f"/samples/{shown['B']}").status_code == 404, "its list does not send message B"


# --- the manager lets a change pass ---------------------------------------------------------------------------------------------------


def test_a_manager_says_why_a_change_does_not_touch_what_was_approved(journey: Journey, marion: Visitor, owner: Visitor) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    assert "The change does not touch what was approved" not in marion.words(ROOM)
    approve(owner, journey)
    attach(marion, SECOND)

    kept = marion.send(f"{ROOM}/CDR/samples/keep", {"keep-CDR-reason": "Seule l’adresse de retour change."})

    assert kept.status_code == 303
    room = marion.words(ROOM)
    assert "A sample changed; the approval before is kept “Seule l’adresse de retour change.”" in room
    assert "What was approved: message A, version 1" in room
    assert "The newest: message A, version 2" in room
    assert "Nothing to do now" in owner.words("/supplier/")


# --- programs, and who audits ---------------------------------------------------------------------------------------------------------


def test_a_program_of_an_owner_that_was_only_asked_approves(
    journey: Journey, marion: Visitor, owner: Visitor, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(journey, "CDR")
    attach(marion, FIRST)
    monkeypatch.setattr("workflows.campaign.policy._remembered", {})  # as in a process that has just begun
    program = Program(journey, site, "Contact S-CDR")

    read = program.get("campaigns/26A").json
    assert {move["command"] for move in read["moves"] if move["allowed"]} == {"record_consent", "refuse_sample", "state_basis"}
    wrong = {"subject_id": read["id"], "list_id": list_id(journey), "samples": {"A": "0" * 64}}
    refused = program.send("record_consent", wrong)
    assert (refused.status_code, refused.json["code"]) == (409, "samples.outdated")
    assert program.send("record_consent", wrong | {"samples": {"A": pieces(journey)[0].sha256}}).status_code == 200
    told = program.get("campaigns/26A/samples").json
    assert [(one["message"], one["version"], one["has_file"]) for one in told["samples"]] == [("A", 1, True)]
    (approval,) = told["approvals"]
    assert (approval["list_code"], approval["counts"], approval["on_behalf"]) == ("CDR", True, False)
    assert approval["samples"] == [{"message": "A", "version": 1, "sha256": pieces(journey)[0].sha256}]
    assert program.get(f"samples/{told['samples'][0]['id']}").data == FIRST


def test_an_auditor_finds_every_version_and_every_answer(journey: Journey, marion: Visitor, owner: Visitor, site: Flask) -> None:
    agree(journey, "CDR", "BTN")
    attach(marion, FIRST)
    approve(owner, journey)
    attach(marion, SECOND)
    owner.send(f"{page_of(journey)}/refuse", owner.form(page_of(journey), "refuse-") | {"refuse-reason": "Le logo imite le nôtre."})

    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    page = auditor.words("/auditor/campaigns/26A/documents")
    for said in ("Message A, version 1", "Message A, version 2", "by Contact S-CDR", "“Le logo imite le nôtre.”", "waited for"):
        assert said in page, said
    (newest,) = pieces(journey)
    assert auditor.open(f"/samples/{newest.id}").data == SECOND
    entry = auditor.words(f"/auditor/campaigns/26A/entries/{newest.from_seq}")
    assert "Samples that an owner approved, against the newest · CDR" in entry
    assert f"A v2 {newest.sha256}" in entry


def test_an_approver_reads_what_owners_approved_before_signing(journey: Journey, marion: Visitor, president: Visitor) -> None:
    agree(journey, "ALZ", "BTN", "CDR", "DOM", "ECL")
    attach(marion, FIRST, "B")
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        assert marion.send(f"{ROOM}/{code}/consent", marion.form(ROOM, f"consent-{code}")).status_code == 303
    journey.ask(CloseNegotiation(subject_id=journey.campaign_id))

    page = president.words("/approver/campaigns/26A/budget")
    assert "message B, version 1" in page
    assert "no sample was attached" in page


@pytest.mark.parametrize(
    ("messages", "said", "unsaid"),
    [
        ("", "Owners of lists consented without a sample mail piece.", "approved no sample of this message"),
        ("B", "The owners of ALZ, BTN, CDR, DOM, ECL approved no sample of this message. Make sure", "consented without a sample"),
        ("AB", "Approved by the owners of ALZ, DOM before it was ordered: Look at version 1", "approved no sample of this message"),
    ],
    ids=["none", "of the other message alone", "of both"],
)
def test_the_sending_s_room_warns_of_a_message_that_owners_did_not_see(
    journey: Journey, marion: Visitor, messages: str, said: str, unsaid: str
) -> None:
    agree(journey, "ALZ", "BTN", "CDR", "DOM", "ECL")
    for message in messages:
        attach(marion, FIRST, message)
    for code in ("ALZ", "BTN", "CDR", "DOM", "ECL"):
        assert marion.send(f"{ROOM}/{code}/consent", marion.form(ROOM, f"consent-{code}")).status_code == 303
    journey.reach("send")

    room = marion.words("/manager/campaigns/26A/send")
    assert said in room
    assert unsaid not in room
