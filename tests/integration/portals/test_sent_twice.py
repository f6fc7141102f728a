"""A form sent twice acts once and is answered alike; whoever decides second reads who was first, what they did and when."""

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.integration.api.test_api import Program, budget_hash
from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.checkpoints import Checkpoint
from workflows.parties.actor import SYSTEM

BUDGET = "/approver/campaigns/26A/budget"
HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "budget"


def events(journey: Journey, event: str) -> int:
    with journey.database.reading(SYSTEM) as session:
        return len(session.exec(select(Checkpoint.seq).where(Checkpoint.event == event)).all())


def test_an_approval_sent_twice_is_answered_twice_with_its_success(journey: Journey, site: Flask) -> None:
    president = Visitor(site, person_named(journey, "Solange Petit"))
    form = {**president.form(BUDGET, "accept"), "accept-comment": "", "form_key": president.form(BUDGET, "form_key")["form_key"]}

    answers = [president.send(f"{BUDGET}/approve", form) for _ in range(3)]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/approver/")] * 3
    assert events(journey, "campaign.budget.approved") == 1


def test_the_same_form_without_its_key_is_told_that_it_was_done(journey: Journey, site: Flask) -> None:
    president = Visitor(site, person_named(journey, "Solange Petit"))
    form = {**president.form(BUDGET, "accept"), "accept-comment": ""}
    president.send(f"{BUDGET}/approve", form)

    again = president.send(f"{BUDGET}/approve", form)

    assert again.status_code == 409
    assert "Solange Petit approved this budget" in words(again)


def test_every_showing_of_a_form_has_a_key_of_its_own(journey: Journey, site: Flask) -> None:
    president = Visitor(site, person_named(journey, "Solange Petit"))
    keys = [president.form(BUDGET, "form_key")["form_key"] for _ in range(2)]

    assert keys[0] != keys[1]
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Solange Petit approved this budget at 10:00"), ("fr", "Solange Petit a approuvé ce budget à 10:00")],
)
def test_the_approver_who_comes_second_reads_who_approved_and_when(journey: Journey, site: Flask, language: str, sentence: str) -> None:
    president = Visitor(site, person_named(journey, "Solange Petit"))
    director = Visitor(site, person_named(journey, "Bruno Leroux"), language)
    seen = {**director.form(BUDGET, "refuse"), "refuse-back_to": "negotiation", "refuse-reason": "Trop cher."}
    president.send(f"{BUDGET}/approve", {**president.form(BUDGET, "accept"), "accept-comment": ""})

    answer = director.send(f"{BUDGET}/refuse", seen)

    assert answer.status_code == 409
    assert sentence in words(answer)


def test_a_manager_whose_page_is_old_reads_what_happened_meanwhile(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    manager = Visitor(site, person_named(journey, "Marion Vidal"))

    answer = manager.send(f"{HERE}/moves/close_negotiation", {"close_negotiation-seen_version": "1"})

    assert answer.status_code == 409
    assert "approved this budget" in words(answer)


def test_a_file_sent_twice_is_kept_once(journey: Journey, site: Flask) -> None:
    journey.approve_budget()
    manager = Visitor(site, person_named(journey, "Marion Vidal"))
    settings = site.extensions["jalon"].settings
    form = {"form_key": manager.form(f"{HERE}/delivery", "form_key")["form_key"]}
    path, field, data = f"{HERE}/delivery/suppressions/opposition.csv", "suppression-opposition.csv-file", b"NOM;CP\n"

    answers = [manager.send(path, form, **{field: (BytesIO(data), "opposition.csv")}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    with journey.database.reading(SYSTEM) as session:
        rows = session.exec(select(StoredFile).where(col(StoredFile.kind).startswith("suppression:"))).all()
    assert len(rows) == 1
    assert len([path for path in settings.blob_dir.rglob("*") if path.is_file()]) == 1, "the second copy is not left behind"


def test_a_program_that_repeats_its_key_gets_the_same_answer(journey: Journey, site: Flask) -> None:
    president = Program(journey, site, "Solange Petit")
    president.headers["Idempotency-Key"] = "5f3c"
    body = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}

    first, again = president.send("approve_budget", body), president.send("approve_budget", body)
    other = president.send("approve_budget", {**body, "comment": "Oui."})

    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    assert (other.status_code, other.json["code"]) == (422, "engine.key_reused")
    assert events(journey, "campaign.budget.approved") == 1


def test_a_program_that_comes_second_is_told_who_was_faster(journey: Journey, site: Flask) -> None:
    president, director = Program(journey, site, "Solange Petit"), Program(journey, site, "Bruno Leroux")
    body = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}
    with journey.database.reading(SYSTEM) as session:
        version = session.get_one(Campaign, journey.campaign_id).version
    president.send("approve_budget", body)

    answer = director.send("refuse_budget", {"subject_id": str(journey.campaign_id), "seen_version": version, "reason": "Trop cher."})

    assert (answer.status_code, answer.json["code"]) == (409, "engine.stale")
    assert answer.json["detail"].startswith("Solange Petit a approuvé ce budget à")
    assert {name: answer.json["made"][name] for name in ("event", "by")} == {"event": "campaign.budget.approved", "by": "Solange Petit"}
    assert datetime.fromisoformat(answer.json["made"]["at"]).tzinfo is not None


@pytest.mark.parametrize("key", ["x" * 201, "clé"])
def test_a_malformed_key_is_a_malformed_request(journey: Journey, site: Flask, key: str) -> None:
    president = Program(journey, site, "Solange Petit")
    president.headers["Idempotency-Key"] = key
    body = {"subject_id": str(journey.campaign_id), "budget_sha256": budget_hash(journey)}

    answer = president.send("approve_budget", body)

    assert (answer.status_code, answer.json["code"]) == (400, "engine.key_malformed")
