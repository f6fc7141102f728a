"""An auditor reads everything and changes nothing: what happened, who did it, what it was like on a day, and what proves it."""

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlmodel import select

from app.erasure import erase
from app.evidence import verify
from app.evidence.mailing import mail_head
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from app.portals.auditor.words import exception_row, late_row
from app.queries.exceptions import get_exceptions
from app.queries.history import Control
from app.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, person_named
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.campaign.records import Override
from workflows.campaign.stages.budget import RefuseBudget
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser, Membership, Person
from workflows.parties.roles import Role

HOME = "/auditor/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "budget"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A budget refused and approved the second time, a month later and late; a file refused."""
    opened.ask(RefuseBudget(subject_id=opened.campaign_id, reason="Trop cher pour ECL."), by=opened.actors["presidence"])
    opened.close_negotiation()
    opened.now = BEGINNING + timedelta(days=31)
    opened.approve_budget()
    opened.confirm_orders()
    opened.refuse_a_delivery("DOM")
    return opened


@pytest.fixture
def auditor(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Yann Kerbrat"))


def seq_of(journey: Journey, event: str) -> int:
    """The number of the last entry of that event."""
    with journey.database.reading(SYSTEM) as session:
        return max(session.exec(select(Checkpoint.seq).where(Checkpoint.event == event)))


def go_on(journey: Journey) -> None:
    """One entry more."""
    journey.ask(AssignResponsibility(subject_id=journey.campaign_id, stage="send", person_id=journey.manager.person_id))


def test_the_timeline_tells_who_did_what_and_what_stands_out(auditor: Visitor) -> None:
    told = auditor.words(HOME)

    assert "Budget refused, negotiation opened again — Solange Petit" in told
    assert "“Trop cher pour ECL.”" in told
    assert "Line agreed" not in told


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("mark=four_eyes", "Budget approved", "File rejected"),
        ("mark=rework", "File rejected", "Budget approved"),
        ("mark=late", "Approve or refuse the budget, due", "File rejected"),
        ("stage=plan", "Plan submitted", "Budget approved"),
        ("kind=plan_line", "Line agreed", "Budget approved"),
        ("who=machine", "File checked", "Budget approved"),
    ],
)
def test_the_timeline_is_filtered(query: str, there: str, gone: str, auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}?{query}")

    assert there in told
    assert gone not in told


def test_the_timeline_is_filtered_by_person(journey: Journey, auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}?who={person_named(journey, 'Solange Petit')}")

    assert "Budget approved" in told
    assert "Plan submitted" not in told


def test_an_entry_opens_into_before_after_controls_and_hashes_and_is_verified(journey: Journey, auditor: Visitor) -> None:
    seq = seq_of(journey, "campaign.budget.approved")
    told = auditor.words(f"{HOME}/entries/{seq}?verify=1")

    assert "This entry is as it was written" in told
    assert "Orders — 8 begin" in told
    assert "Hash of the budget that was signed" in told
    assert "Done Approve or refuse the budget" in told
    assert "Budget approved approve_budget" in told
    assert "Lists not to order excluded_lists —" in told
    assert "BC-26A-001 r1 Purchase order" in told


def test_an_entry_names_lists_and_files_by_what_they_are_called(journey: Journey, auditor: Visitor) -> None:
    assert "List list_id ECL Éclat Jardin" in auditor.words(f"{HOME}/entries/{seq_of(journey, 'campaign.negotiation.terms_agreed')}")
    assert "Delivered file delivery" in auditor.words(f"{HOME}/entries/{seq_of(journey, 'delivery.received')}")


def test_words_that_were_erased_are_said_to_be(journey: Journey, auditor: Visitor, database_urls: DatabaseUrls, tmp_path: Path) -> None:
    seq = seq_of(journey, "campaign.budget.refused")
    assert "“Trop cher pour ECL.”" in auditor.words(f"{HOME}/entries/{seq}")

    settings = Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)})
    erase(journey.door, settings, person_named(journey, "Solange Petit"), asked_by_id=None)
    by = seq_of(journey, "campaign.person.erased")

    assert f"erased; the chain keeps its hash ( entry {by} )" in auditor.words(f"{HOME}/entries/{seq}")
    assert f"What it erased: entry {seq} (Reason)" in auditor.words(f"{HOME}/entries/{by}")
    assert "Everything is as it was written" in auditor.words(f"{HOME}/evidence?verify=1")
    assert f"1 26A · {by}" in auditor.words("/auditor/erasures")
    assert "in the place of" in auditor.words(f"{HOME}/entries/{seq_of(journey, 'document.redacted')}")
    assert "A person was taken out of" in auditor.words(f"{HOME}/evidence?verify=1")
    assert "Solange" not in auditor.words("/auditor/erasures")


def test_words_that_are_missing_without_an_erasure_are_a_fault(journey: Journey, auditor: Visitor) -> None:
    seq = seq_of(journey, "campaign.budget.refused")
    with journey.database.writing(SYSTEM) as session:
        session.delete(session.exec(select(ErasableText).where(ErasableText.seq == seq)).one())

    assert "missing: no entry erased it" in auditor.words(f"{HOME}/entries/{seq}")
    assert f"the text 'reason' of entry {seq} is missing; no entry erased it" in auditor.words(f"{HOME}/evidence?verify=1")


def test_an_entry_there_is_not_is_not_found(auditor: Visitor) -> None:
    assert auditor.open(f"{HOME}/entries/9999").status_code == 404


def test_a_past_day_shows_what_was_known_then_and_no_more(auditor: Visitor) -> None:
    before = auditor.words(f"{HOME}/past?on=2026-07-10")
    after = auditor.words(f"{HOME}/past?on=2026-08-08")

    assert "Nobody had decided yet." in before
    assert "Nothing was ordered yet." in before
    assert "Approved Solange Petit" in after
    assert "BC-26A-001" in after
    assert "The campaign did not exist yet" in auditor.words(f"{HOME}/past?on=2026-01-01")


def test_two_days_are_compared(auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}/past?on=2026-08-08&against=2026-07-10")

    assert "Stage Budget Deliveries changed" in told
    assert "Orders 0 8 +8" in told


def test_a_day_that_is_none_is_remarked_beside_its_field(auditor: Visitor) -> None:
    assert "Write a day, such as 23/03/2027." in auditor.words(f"{HOME}/past?on=yesterday")


def test_the_exceptions_stand_on_one_page(auditor: Visitor) -> None:
    told = auditor.words("/auditor/exceptions")

    assert "Budget refused, negotiation opened again" in told
    assert "File rejected: DOM 1.1" in told
    assert "Approve or refuse the budget, due" in told
    assert "No control was overridden." in told


def test_what_came_late_stands_there_for_its_day_and_not_for_what_was_warned_of_with_it(journey: Journey, site: Flask) -> None:
    warned = Control(code="segments", expected="6-9", actual=12, tolerance=None, verdict="warning", override=None)
    with journey.reading() as session:
        (late,) = get_exceptions(session, now=journey.now).late
    late = replace(late, entry=replace(late.entry, controls=(*late.entry.controls, warned)))

    with site.test_request_context(), force_locale("en"):
        assert late_row(late)["why"] == "Approve or refuse the budget, due 10 July 2026"
        assert exception_row(late)["why"].endswith("12 instead of 6–9")


@pytest.mark.parametrize(
    ("limit", "cap", "told"),
    [(9500, "null", "Solange Petit"), (9500, 4000, "No approval came near"), (4200, 4000, "€4,000.00 €4,200.00 95")],
)
def test_an_approval_near_its_limit_is_an_exception(journey: Journey, auditor: Visitor, limit: int, cap: object, told: str) -> None:
    assert "No approval came near its limit." in auditor.words("/auditor/exceptions?campaign=26A")

    with journey.database.engine.begin() as connection:
        connection.exec_driver_sql("select set_config('jalon.asker', 'system', true)")
        connection.exec_driver_sql(
            "insert into budget_decision select gen_random_uuid(), campaign_id, advertiser_id, from_seq, to_seq, budget_id, budget_sha256,"
            f" person_id, decision, {limit}, comment, decided_at, {cap}, excluded_lists from budget_decision where decision = 'approved'"
        )

    assert told in auditor.words("/auditor/exceptions?campaign=26A").split("Approvals near a limit")[-1]


def test_the_evidence_is_downloaded_and_the_page_says_how_to_check_it(auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}/evidence?verify=1")
    with closing(auditor.open(f"{HOME}/evidence.zip")) as sent, ZipFile(BytesIO(sent.data)) as bundle:
        head = json.loads(bundle.read("head.json"))

    assert head["head"] in told
    assert "python verify.py" in told
    assert "Everything is as it was written" in told


def test_the_seals_are_checked_with_what_their_page_gives(
    journey: Journey, auditor: Visitor, database_urls: DatabaseUrls, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Nothing is sealed yet" in auditor.words("/auditor/seals")
    keepers = {"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path), "JALON_SEAL_MAIL_TO": "audit@cabinet.example"}
    settings = Settings.from_env(keepers)
    signer = Signer(settings.seal_key)
    first = seal(journey.database, signer, now=BEGINNING)
    assert mail_head(journey.database, settings, now=BEGINNING) is not None
    for days in (1, 1, 2):
        go_on(journey)
        seal(journey.database, signer, now=BEGINNING + timedelta(days=days))

    told = auditor.words("/auditor/seals?verify=1")
    (tmp_path / "heads.jsonl").write_bytes(auditor.open("/auditor/seals/heads.jsonl").data)
    (tmp_path / "verify.py").write_bytes(auditor.open("/auditor/seals/verify.py").data)
    mail = next(settings.outbox_dir.glob("*.eml"))
    command = [sys.executable, "verify.py", "--log", "heads.jsonl", "--key", signer.verifier, "--head", mail]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert signer.verifier in told
    assert "Every head follows from the one before" in told
    assert f"python verify.py --log heads.jsonl --key {signer.verifier}" in told
    assert run.returncode == 0, run.stdout + run.stderr
    newest, *lines = run.stdout.splitlines()
    assert newest in auditor.open("/auditor/seals").text
    assert lines == [
        "3 signed heads, each following from the one before.",
        f"The head of {first.size} leaves that you kept is one of them.",
        "the signatures hold.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: lines[:1] + lines[2:], "does not follow from that of"),
        (lambda lines: [lines[0].replace(b'"note":"jalon', b'"note":"nolaj')], "line 1 was changed"),
        (lambda lines: [], "holds no head"),
    ],
)
def test_a_log_of_heads_that_was_changed_is_told(
    change: Any, sentence: str, journey: Journey, auditor: Visitor, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    signer = Signer(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}).seal_key)
    for days in range(3):
        go_on(journey)
        seal(journey.database, signer, now=BEGINNING + timedelta(days=days))
    lines = auditor.open("/auditor/seals/heads.jsonl").data.splitlines(keepends=True)
    assert "The log of heads is not as it was signed" not in auditor.words("/auditor/seals?verify=1")
    assert len(lines) == 3
    (tmp_path / "heads.jsonl").write_bytes(b"".join(change(lines)))

    with pytest.raises(verify.Fault, match=sentence):
        verify.verify_log(tmp_path / "heads.jsonl")


@pytest.mark.parametrize("page", ["-1", "abc", "9", "9" * 40])
def test_a_page_of_seals_that_there_is_not_is_the_nearest_there_is(
    page: str, journey: Journey, auditor: Visitor, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    signer = Signer(Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path)}).seal_key)
    seal(journey.database, signer, now=BEGINNING)

    assert "No head on this page" not in auditor.words(f"/auditor/seals?page={page}")


def test_an_auditor_reads_the_policy_that_a_campaign_follows(auditor: Visitor) -> None:
    told = auditor.words(f"{HOME}/policy")

    assert "The campaign follows version 1." in told
    assert "Time given for each task, in working days" in told
    assert auditor.open(f"{HOME}/policy?version=9").status_code == 404


def test_everything_answers_in_french(journey: Journey, site: Flask) -> None:
    reader = Visitor(site, person_named(journey, "Yann Kerbrat"), language="fr")

    assert "Chronologie" in reader.words(HOME)
    assert "Validations proches d’un plafond" in reader.words("/auditor/exceptions")


def test_an_auditor_of_another_advertiser_finds_nothing(journey: Journey, site: Flask) -> None:
    with journey.database.writing(SYSTEM) as session:
        other = Advertiser(name="Les Amis du Fleuve")
        stranger = Person(email="emma@fleuve.example", name="Emma Fabre", created_at=BEGINNING)
        session.add_all([other, stranger])
        session.flush()
        here = session.get_one(Campaign, journey.campaign_id).advertiser_id
        session.add(Membership(person_id=stranger.id, advertiser_id=other.id, role=Role.AUDITOR))
        session.add(Membership(person_id=stranger.id, advertiser_id=here, role=Role.PROJECT_MANAGER))
    visitor = Visitor(site, person_named(journey, "Emma Fabre"))

    assert "No campaign yet" in visitor.words("/auditor/")
    for path in ("", "/entries/1", "/past", "/documents", "/overrides", "/policy", "/evidence", "/evidence.zip"):
        assert visitor.open(f"{HOME}{path}").status_code == 404


def test_a_manager_does_not_come_in(journey: Journey, site: Flask) -> None:
    assert Visitor(site, person_named(journey, "Marion Vidal")).open("/auditor/").status_code == 403


def test_a_control_that_was_passed_over_is_read_with_its_reason_and_its_review(journey: Journey, auditor: Visitor) -> None:
    assert "Every control was kept" in auditor.words(f"{HOME}/overrides")
    with journey.database.writing(SYSTEM) as session:
        campaign = session.get_one(Campaign, journey.campaign_id)
        session.add(
            Override(
                campaign_id=campaign.id,
                advertiser_id=campaign.advertiser_id,
                from_seq=campaign.chain_seq,
                control="minimum_net_quantity",
                expected="20000",
                actual="18450",
                reason="Le fichier reste rentable.",
                overridden_by_id=person_named(journey, "Marion Vidal"),
                overridden_at=BEGINNING,
                review="contested",
                comment="Trop juste.",
                reviewed_by_id=person_named(journey, "Solange Petit"),
                reviewed_at=BEGINNING + timedelta(days=1),
            )
        )

    told = auditor.words(f"{HOME}/overrides")

    assert "Expected: 20000. Found: 18450." in told
    assert "Le fichier reste rentable." in told
    assert "Reviewed by Solange Petit" in told
    assert "Trop juste." in told
