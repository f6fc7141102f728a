"""Programs read and send what their person may, with a token; every refusal is told in the same words as on a page."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.api.commands import LARGEST_COMMAND_BYTES, OFFERED
from app.api.tokens import LIFETIME, make_token
from app.clock import FixedClock
from app.queries.policy import get_policy
from app.saved_policy import save_policy
from app.security.people import PeopleInDatabase
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.model import Campaign
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Person


@pytest.fixture
def stage() -> str:
    return "budget"


class Program:
    """A program with somebody's token."""

    def __init__(self, journey: Journey, site: Flask, name: str, *, age: timedelta = timedelta()) -> None:
        people = PeopleInDatabase(journey.database, FixedClock(BEGINNING))
        person = people.by_id(person_named(journey, name))
        assert person is not None
        with journey.database.writing(person.actor) as session:
            token = make_token(session, person.actor.person_id, name="tests", fingerprint=person.fingerprint, now=BEGINNING - age)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        self.client = site.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/{path}", headers=self.headers)

    def send(self, name: str, body: Any) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(f"/api/commands/{name}", data=data, headers=self.headers, content_type="application/json")


def budget_hash(journey: Journey) -> str:
    with journey.reading() as session:
        budget = journey.facts(session).budget
        assert budget is not None
        return budget.sha256


def test_a_campaign_is_read_with_its_moves_and_amounts_as_text(journey: Journey, site: Flask) -> None:
    director = Program(journey, site, "Bruno Leroux")
    (listed,) = director.get("campaigns").json["campaigns"]
    read = director.get("campaigns/26A").json

    assert (listed["code"], listed["state"], listed["envelope_amount"]) == ("26A", "budget", "10500.00")
    moves = {move["command"]: move for move in read["moves"]}
    assert moves["approve_budget"]["open"] is True
    assert director.get("campaigns/99Z").status_code == 404


def test_user_tasks_documents_and_the_chain_are_read(journey: Journey, site: Flask) -> None:
    auditor = Program(journey, site, "Yann Kerbrat")
    tasks = auditor.get("campaigns/26A/user-tasks").json["user_tasks"]
    documents = auditor.get("campaigns/26A/documents").json["documents"]
    chain = auditor.get("campaigns/26A/checkpoints?limit=3").json
    rest = auditor.get("campaigns/26A/checkpoints?after=3&limit=1000").json["checkpoints"]

    assert [task["name"] for task in tasks] == ["review_budget"]
    assert {document["kind"] for document in documents} == {"media_plan", "terms_sheet", "budget_file"}
    assert [entry["seq"] for entry in chain["checkpoints"]] == [1, 2, 3]
    assert sha256(rest[-1]["body"].encode()).hexdigest() == chain["head"] == rest[-1]["sha256"]
    wrong = auditor.get("campaigns/26A/checkpoints?limit=0")
    assert (wrong.status_code, wrong.content_type, wrong.json["code"]) == (422, "application/problem+json", "api.invalid")


def test_a_checklist_is_read_ticked_and_told_in_a_refusal(journey: Journey, site: Flask) -> None:
    point = {"code": "envelope", "required": True, "fr": "Enveloppe relue", "en": "Envelope read again"}
    journey.tune_policy({"checklists": {"review_budget": [point]}})
    president = Program(journey, site, "Solange Petit")
    approval = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}

    refused = president.send("approve_budget", approval).json
    (task,) = president.get("campaigns/26A/user-tasks").json["user_tasks"]
    assert (refused["unmet"][0]["code"], task["checklist"][0]["ticked_at"]) == ("user_task.points_unticked", None)
    assert refused["detail"] == "Reste à cocher sur la liste de contrôle\u00a0: «\u00a0Enveloppe relue\u00a0»."
    assert president.send("tick_point", {"subject_id": task["id"], "point": "envelope"}).status_code == 200

    (task,) = president.get("campaigns/26A/user-tasks").json["user_tasks"]
    assert task["checklist"][0]["words"] == {"fr": "Enveloppe relue", "en": "Envelope read again"}
    assert task["checklist"][0]["ticked_by_id"] == str(person_named(journey, "Solange Petit"))
    assert president.send("approve_budget", approval).status_code == 200


def test_a_budget_that_takes_two_signatures_says_so_where_its_moves_are_read_and_in_a_refusal(journey: Journey, site: Flask) -> None:
    journey.tune_policy({"approval_tiers": [{"up_to": "100.00", "signatures": 1}, {"up_to": None, "signatures": 2}]})
    president, director = Program(journey, site, "Solange Petit"), Program(journey, site, "Bruno Leroux")
    approval = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}

    refused = president.send("approve_budget", approval).json
    (closed,) = [move for move in president.get("campaigns/26A").json["moves"] if move["command"] == "approve_budget"]
    assert refused["unmet"] == closed["unmet"]
    (unmet,) = closed["unmet"]
    assert (unmet["code"], unmet["lifted_by"], unmet["since"] is None) == ("budget.signatures_missing", "budget_approver", False)
    assert "2 valideurs différents" in unmet["message"]

    assert director.send("endorse_budget", approval).status_code == 200
    assert president.send("approve_budget", approval).json["state"] == "order"


def test_a_budget_is_read_with_what_was_asked_about_it_and_a_program_asks_and_answers(journey: Journey, site: Flask) -> None:
    president, manager = (Program(journey, site, name) for name in ("Solange Petit", "Marion Vidal"))
    about = {"subject_id": str(journey.campaign_id)}
    assert president.send("ask_about_budget", {**about, "words": "Why two printers?"}).json["state"] == "budget"
    tasks = manager.get("campaigns/26A/user-tasks").json["user_tasks"]
    (question_id,) = [task["subject_id"] for task in tasks if task["name"] == "answer_question"]
    assert manager.send("answer_question", {**about, "question_id": question_id, "words": "One for envelopes."}).status_code == 200
    again = manager.send("answer_question", {**about, "question_id": question_id, "words": "Both."})

    (budget,) = president.get("campaigns/26A/budgets").json["budgets"]

    assert (again.status_code, again.json["code"]) == (409, "budget.question_closed")
    assert (budget["state"], budget["sha256"], budget["decisions"]) == ("waiting", budget_hash(journey), [])
    (question,) = budget["questions"]
    assert (question["id"], question["asked_by"], question["words"]) == (question_id, "Solange Petit", "Why two printers?")
    assert (question["answered_by"], question["answer"]) == ("Marion Vidal", "One for envelopes.")


def test_a_program_signs_under_conditions_and_reads_what_keeps_the_orders_back(journey: Journey, site: Flask) -> None:
    president, manager = (Program(journey, site, name) for name in ("Solange Petit", "Marion Vidal"))
    about = {"subject_id": str(journey.campaign_id)}
    signed = {**about, "budget_sha256": budget_hash(journey), "cap_amount": "9000.00", "excluded_lists": ["DOM"]}
    assert president.send("approve_budget", {**signed, "cap_amount": "9000"}).status_code == 422, "an amount has its cents"
    assert president.send("approve_budget", signed).json["state"] == "order"

    refusal = manager.send("issue_orders", about)
    moves = {move["command"]: move for move in manager.get("campaigns/26A").json["moves"]}
    (budget,) = manager.get("campaigns/26A/budgets").json["budgets"]

    assert refusal.status_code == 409
    told = {one["code"]: (one["lifted_by"], one["since"]) for one in refusal.json["unmet"]}
    assert set(told) == {"order.lists_excluded", "order.above_cap"}
    assert {who for who, _since in told.values()} == {"project_manager"}
    assert moves["issue_orders"]["unmet"] == refusal.json["unmet"]
    assert budget["conditions"] == {"cap_amount": "9000.00", "excluded_lists": ["DOM"]} == budget["decisions"][0]["conditions"]


def test_a_file_put_with_a_task_is_listed_and_fetched_by_those_who_see_the_task(journey: Journey, site: Flask) -> None:
    (task,) = Program(journey, site, "Solange Petit").get("campaigns/26A/user-tasks").json["user_tasks"]
    marion = Visitor(site, person_named(journey, "Marion Vidal"))
    assert marion.send(f"/attachments/{task['id']}", {}, file=(BytesIO(b"%PDF-1.7"), "devis.pdf")).status_code == 303

    director = Program(journey, site, "Bruno Leroux")
    give_contact(journey, "S-CRT")
    ((file,),) = [one["attachments"] for one in director.get("campaigns/26A/user-tasks").json["user_tasks"]]

    assert (file["name"], file["size"], file["sha256"]) == ("devis.pdf", 8, sha256(b"%PDF-1.7").hexdigest())
    assert file["attached_by_id"] == str(person_named(journey, "Marion Vidal"))
    assert director.get(f"attachments/{file['id']}").data == b"%PDF-1.7"
    assert Program(journey, site, "Contact S-CRT").get(f"attachments/{file['id']}").status_code == 404


def test_a_command_is_carried_out_in_the_persons_name(journey: Journey, site: Flask) -> None:
    president = Program(journey, site, "Solange Petit")
    body = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey), "comment": "Oui."}
    answer = president.send("approve_budget", body)

    assert (answer.status_code, answer.json["event"], answer.json["state"]) == (200, "campaign.budget.approved", "order")
    again = president.send("approve_budget", body)
    assert (again.status_code, again.json["code"]) == (409, "engine.move_not_open")


def test_a_refusal_has_its_code_its_sentence_and_what_is_still_open(journey: Journey, site: Flask) -> None:
    director, president = Program(journey, site, "Bruno Leroux"), Program(journey, site, "Solange Petit")
    body = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}
    above = director.send("approve_budget", body)

    assert (above.status_code, above.content_type) == (409, "application/problem+json")
    assert above.json["code"] == "budget.approver_limit_exceeded"
    assert "dépasse ce que vous pouvez accepter seul" in above.json["detail"]
    assert director.send("submit_plan", {"subject_id": str(journey.campaign_id)}).status_code in (403, 409)
    president.send("approve_budget", body)
    closed = Program(journey, site, "Marion Vidal").send("confirm_orders", {"subject_id": str(journey.campaign_id)})
    assert closed.json["code"] == "engine.conditions_unmet"
    assert [unmet["code"] for unmet in closed.json["unmet"]] == ["order.not_accepted"]
    read = Program(journey, site, "Marion Vidal").get("campaigns/26A")
    assert [move["unmet"] for move in read.json["moves"] if move["command"] == "confirm_orders"] == [closed.json["unmet"]]


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("refuse_budget", b"{", 400, "api.malformed"),
        ("refuse_budget", b'{"subject_id": 1.5}', 400, "api.malformed"),
        ("refuse_budget", b'{"reason": "a", "reason": "b"}', 400, "api.malformed"),
        ("refuse_budget", b"[" * 100_000, 400, "api.malformed"),
        ("refuse_budget", {}, 422, "api.invalid"),
        ("refuse_budget", {"subject_id": "x", "reason": "r"}, 422, "api.invalid"),
        ("refuse_budget", {"subject_id": str(BEGINNING), "reason": "r", "person_id": None}, 422, "api.invalid"),
        ("agree_terms", {"subject_id": "0" * 32, "list_id": "0" * 32, "cpm": 12}, 422, "api.invalid"),
        ("refuse_budget", {"subject_id": "00000000-0000-0000-0000-000000000000", "reason": "a\0b"}, 422, "api.invalid"),
        ("refuse_budget", {"subject_id": "00000000-0000-0000-0000-000000000000", "reason": "r"}, 404, "engine.not_found"),
        ("record_results", {"subject_id": "00000000-0000-0000-0000-000000000000"}, 404, "engine.not_found"),
        ("deliver_file", {}, 404, "engine.not_found"),
    ],
)
def test_what_has_not_a_commands_shape_is_told(name: str, body: Any, status: int, code: str, journey: Journey, site: Flask) -> None:
    answer = Program(journey, site, "Solange Petit").send(name, body)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_no_command_of_a_machine_and_none_that_hands_over_a_stored_file_is_offered() -> None:
    assert not {"record_results", "record_rendering", "deliver_file", "import_batch", "keep_suppression", "agree_line"} & set(OFFERED)
    assert "slip" not in json.dumps(OFFERED["record_deposit"].command.__name__)


def test_every_offered_command_says_what_it_takes(journey: Journey, site: Flask) -> None:
    told = {one["name"]: one for one in Program(journey, site, "Marion Vidal").get("commands").json["commands"]}

    assert told["refuse_budget"]["roles"] == ["budget_approver"]
    assert told["refuse_budget"]["takes"]["required"] == ["subject_id", "reason"]
    assert "slip" not in told["record_deposit"]["takes"]["properties"]
    assert told["open_campaign"]["subject"] == "advertiser"


def test_without_a_token_that_works_nothing_is_told(journey: Journey, site: Flask) -> None:
    client = site.test_client()
    for headers in ({}, {"Authorization": "Bearer jalon_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = client.get("/api/campaigns", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Jalon"')
    browser = Visitor(site, person_named(journey, "Marion Vidal"))
    assert browser.open("/api/campaigns").status_code == 401
    assert Program(journey, site, "Marion Vidal", age=LIFETIME).get("campaigns").status_code == 401


def test_a_token_opens_no_page_and_makes_no_token(journey: Journey, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")

    assert program.client.get("/manager/", headers=program.headers).status_code == 303
    assert program.get("").status_code == 403


def test_who_holds_no_role_makes_no_token(journey: Journey, site: Flask) -> None:
    with journey.database.writing(SYSTEM) as session:
        session.add(Person(email="nadia@example.org", name="Nadia Perrot", created_at=BEGINNING))
    nadia = Visitor(site, person_named(journey, "Nadia Perrot"))

    assert nadia.open("/api/").status_code == 403
    assert nadia.send("/api/tokens", {"name": "Export"}).status_code == 403


def test_a_new_password_ends_the_tokens(journey: Journey, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")
    assert program.get("campaigns").status_code == 200

    with journey.database.writing(SYSTEM) as session:
        from workflows.parties.model import Person

        session.get_one(Person, person_named(journey, "Marion Vidal")).password_hash = "another"

    assert program.get("campaigns").status_code == 401


def test_a_person_makes_a_token_on_its_page_and_ends_it(journey: Journey, site: Flask) -> None:
    browser = Visitor(site, person_named(journey, "Marion Vidal"))
    token = re.findall(r"<code>(jalon_[^<]+)</code>", browser.send("/api/tokens", {"name": "Nightly export"}).text)[0]
    headers = {"Authorization": f"Bearer {token}"}
    program = site.test_client()
    assert program.get("/api/campaigns", headers=headers).status_code == 200
    assert token not in browser.words("/api/")

    other = Visitor(site, person_named(journey, "Bruno Leroux"))
    path = re.findall(r'action="(/api/tokens/[^"]+/revoke)"', browser.open("/api/").text)[0]
    assert other.send(path, {}).status_code == 404
    assert browser.send(path, {}).status_code == 303
    assert program.get("/api/campaigns", headers=headers).status_code == 401


def test_a_policy_is_read_version_by_version_with_what_differs_and_by_no_supplier(journey: Journey, site: Flask) -> None:
    manager = Program(journey, site, "Marion Vidal")
    with journey.database.writing(SYSTEM) as session:
        advertiser_id = session.get_one(Campaign, journey.campaign_id).advertiser_id
        body = get_policy(session, advertiser_id, 1).body
        later = {**body, "delays": {**body["delays"], "review_budget": 9}}
        save_policy(session, advertiser_id, later, seen_number=1, by=None, now=BEGINNING)

    followed = manager.get("campaigns/26A/policy").json
    assert (followed["followed"], followed["number"], followed["open_campaigns"]) == (1, 1, ["26A"])
    assert [one["number"] for one in followed["versions"]] == [2, 1]
    newest = manager.get("campaigns/26A/policy?version=2").json
    assert (newest["number"], newest["body"]["delays"]["review_budget"]) == (2, 9)
    compared = manager.get("campaigns/26A/policy/differences?before=1&after=2").json
    before = body["delays"]["review_budget"]
    assert compared == {"before": 1, "after": 2, "differences": [{"place": ["delays", "review_budget"], "before": before, "after": 9}]}

    assert manager.get("campaigns/26A/policy?version=3").status_code == 404
    assert manager.get("campaigns/26A/policy/differences?before=1").status_code == 422
    journey.approve_budget()
    give_contact(journey, "S-IMP")
    printer = Program(journey, site, "Contact S-IMP")
    assert printer.get("campaigns/26A").status_code == 200
    assert printer.get("campaigns/26A/policy").status_code == 404
    assert printer.get("campaigns/26A/policy/differences?before=1&after=2").status_code == 404


def test_a_supplier_sees_its_own_and_no_chain(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    give_contact(journey, "S-IMP")
    printer = Program(journey, site, "Contact S-IMP")

    assert {document["kind"] for document in printer.get("campaigns/26A/documents").json["documents"]} == {"purchase_order"}
    assert printer.get("campaigns/26A/checkpoints").json["checkpoints"] == []


def test_proofs_are_read_version_by_version_with_their_files_and_signed_by_their_hash(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    journey.reach("send")
    give_contact(journey, "S-IMP")
    printer, marion = Program(journey, site, "Contact S-IMP"), Program(journey, site, "Marion Vidal")
    visitor = Visitor(site, person_named(journey, "Contact S-IMP"))
    assert visitor.send("/supplier/campaigns/26A/proofs/A", {}, **{"A-file": (BytesIO(b"%PDF-1.7 %%EOF"), "bat.pdf")}).status_code == 303

    began: list[object] = []
    note = began.append
    event.listen(journey.database.engine, "begin", note)
    (proof,) = marion.get("campaigns/26A/proofs").json["proofs"]
    event.remove(journey.database.engine, "begin", note)
    assert len(began) == 2, "one says whose token it is, one reads"
    assert (proof["message"], proof["version"], proof["state"], proof["counts"], proof["has_file"]) == ("A", 1, "awaiting", True, True)
    assert printer.get("campaigns/26A/proofs").json["proofs"] == [proof]
    assert printer.get(f"proofs/{proof['id']}").data == b"%PDF-1.7 %%EOF"
    assert sha256(b"%PDF-1.7 %%EOF").hexdigest() == proof["sha256"]
    give_contact(journey, "S-CRT")
    assert Program(journey, site, "Contact S-CRT").get("campaigns/26A/proofs").json["proofs"] == []
    assert Program(journey, site, "Contact S-CRT").get(f"proofs/{proof['id']}").status_code == 404

    with journey.reading() as session:
        message = next(one for one in journey.facts(session).used_messages if one.code == "A")
        notice = draft_notice(journey.facts(session), "A")
    about = {"subject_id": str(journey.campaign_id), "message_id": str(message.id)}
    stale = marion.send("sign_proof", {**about, "notice": notice, "proof_version": 1, "proof_sha256": "0" * 64})
    assert (stale.status_code, stale.json["code"]) == (409, "send.proof_outdated")
    assert marion.send("sign_proof", {**about, "notice": notice, "proof_version": 1, "proof_sha256": proof["sha256"]}).status_code == 200
    assert marion.send("return_proof", {**about, "proof_version": 1, "remarks": "Trop pâle."}).status_code == 200
    (proof,) = marion.get("campaigns/26A/proofs").json["proofs"]
    assert (proof["state"], proof["remarks"]) == ("returned", "Trop pâle.")


def test_the_specification_describes_every_path(site: Flask) -> None:
    spec = site.test_client().get("/api/openapi.json").json

    assert "/api/tokens" not in spec["paths"]
    assert spec["paths"]["/api/commands/{name}"]["post"]["requestBody"]["required"] is True
    assert spec["components"]["schemas"]["CampaignsOut.CampaignOut"]["properties"]["envelope_amount"]["anyOf"][0]["type"] == "string"
    assert set(spec["components"]["schemas"]["Problem"]["required"]) == {"type", "title", "status", "detail", "code"}


def test_a_command_that_does_not_say_how_long_it_is_is_no_longer_than_others(journey: Journey, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")
    endless = BytesIO(b" " * (LARGEST_COMMAND_BYTES + 1))

    answer = program.client.post(
        "/api/commands/submit_plan",
        input_stream=endless,
        headers=program.headers,
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )

    assert (answer.status_code, answer.json["code"]) == (413, "api.too_large")
