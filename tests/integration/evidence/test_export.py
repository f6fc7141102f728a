"""The bundle of a played campaign is verified by the file in it, alone; what somebody changes in the database shows."""

import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from app.embedded import EmbeddedPostgres
from app.evidence import CampaignUnknown, check_chain, check_entry, export_campaign
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from tests.integration.papers.journey import Journey
from workflows.campaign.model import Campaign
from workflows.engine.rendering import Drawn, RecordRendering
from workflows.parties.actor import SYSTEM

SIGNER = Signer(bytes(range(32)))
NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def stage() -> str:
    return "delivery"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign with a refusal, one document drawn, and others that wait for it."""
    opened.refuse_a_delivery("DOM")
    document = opened.issued("purchase_order")[0].document
    pdfs = tuple(Drawn(locale=one, pdf=one.encode(), sha256=sha256(one.encode()).hexdigest()) for one in ("fr", "en"))
    opened.ask(RecordRendering(subject_id=document.id, pdfs=pdfs), by=SYSTEM)
    return opened


def tamper(postgres: EmbeddedPostgres, journey: Journey, statement: str) -> None:
    """What somebody who owns the server can do: switch the triggers off and change a row."""
    name = journey.database.engine.url.database
    with psycopg.connect(postgres.url("postgres", name).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement)


def fault(journey: Journey, folder: Path) -> str:
    """What the verifier says here and now."""
    with journey.database.reading(SYSTEM) as session:
        return check_chain(session, session.get_one(Campaign, journey.campaign_id), folder).fault


def test_the_bundle_verifies_itself_and_prints_the_campaigns_head(journey: Journey, tmp_path: Path) -> None:
    export_campaign(journey.database, "26A", tmp_path / "evidence.zip", signer=SIGNER, now=NOW)
    with ZipFile(tmp_path / "evidence.zip") as bundle:
        bundle.extractall(tmp_path / "folder")
    command = [sys.executable, "-I", "-S", tmp_path / "folder" / "verify.py", tmp_path / "folder"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    with journey.database.reading(SYSTEM) as session:
        campaign = session.get_one(Campaign, journey.campaign_id)
        assert (run.returncode, run.stdout.splitlines()[0]) == (0, campaign.chain_head)
        assert len((tmp_path / "folder" / "checkpoints.jsonl").read_bytes().splitlines()) == campaign.chain_seq
    assert sorted(path.name for path in (tmp_path / "folder" / "documents").iterdir()) == ["BC-26A-001-r1.en.pdf", "BC-26A-001-r1.fr.pdf"]
    assert "Fichier incomplet" in (tmp_path / "folder" / "texts.jsonl").read_text()


def test_a_campaign_nobody_opened_has_no_evidence(journey: Journey, tmp_path: Path) -> None:
    with pytest.raises(CampaignUnknown):
        export_campaign(journey.database, "99Z", tmp_path / "evidence.zip", signer=SIGNER, now=NOW)
    assert list(tmp_path.glob("*evidence*")) == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "update checkpoint set body = convert_to(replace(convert_from(body, 'UTF8'), 'plan', 'plot'), 'UTF8') where seq = 4",
            "entry 4 was changed",
        ),
        ("delete from checkpoint where seq = 6", "entry 6 is missing"),
        ("delete from checkpoint where seq > 20", "the tail was cut"),
        ("update document_pdf set pdf = 'other' where locale = 'fr'", "documents/BC-26A-001-r1.fr.pdf was swapped"),
        ("delete from document_pdf where locale = 'en'", "documents/BC-26A-001-r1.en.pdf is missing"),
        ("update erasable_text set text = 'other words'", "was changed"),
        ("delete from erasable_text", "is missing; no entry erased it"),
    ],
)
def test_what_is_changed_in_the_database_is_named(
    statement: str, sentence: str, journey: Journey, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    assert fault(journey, tmp_path) == ""

    tamper(postgres, journey, statement)

    assert sentence in fault(journey, tmp_path)


REWRITE = """
do $$
declare
    one record;
    known text;
    words text;
begin
    for one in select * from checkpoint where seq >= 9 order by seq loop
        words := convert_from(one.body, 'UTF8');
        words := case when one.seq = 9 then replace(words, '"v":1', '"v":1,"w":1')
                      else regexp_replace(words, '"prev":"[0-9a-f]+"', '"prev":"' || known || '"') end;
        known := encode(sha256(convert_to(words, 'UTF8')), 'hex');
        update checkpoint set body = convert_to(words, 'UTF8'), sha256 = known where seq = one.seq;
    end loop;
    update campaign set chain_head = known;
end $$
"""
"""A whole new chain from the ninth entry on, as an owner of the server could write it."""


def test_a_chain_that_was_written_anew_before_any_seal_is_whole_in_itself(
    journey: Journey, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    tamper(postgres, journey, REWRITE)
    assert fault(journey, tmp_path) == "", "before the first seal nobody could tell"


def test_a_chain_that_was_written_anew_after_its_seal_is_named(journey: Journey, postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    seal(journey.database, SIGNER, now=NOW)
    tamper(postgres, journey, REWRITE)

    assert fault(journey, tmp_path).startswith("entry 9 was changed, and the chain was written anew from there")
    assert "is not the head of the chain now" in seal(journey.database, SIGNER, now=NOW).faults[0]


def test_a_seal_that_lost_its_leaves_is_missed(journey: Journey, postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    seal(journey.database, SIGNER, now=NOW)
    tamper(postgres, journey, "delete from sealed_entry")

    assert fault(journey, tmp_path) != ""


def test_an_entry_is_computed_again_with_its_neighbours(journey: Journey, postgres: EmbeddedPostgres) -> None:
    def checks() -> list[bool]:
        with journey.database.reading(SYSTEM) as session:
            campaign = session.get_one(Campaign, journey.campaign_id)
            return [check_entry(session, campaign, seq).holds for seq in (1, 4, 5, campaign.chain_seq)]

    assert checks() == [True, True, True, True]
    tamper(
        postgres,
        journey,
        "update checkpoint set body = convert_to(replace(convert_from(body, 'UTF8'), '\"v\":1', '\"v\":2'), 'UTF8') where seq = 4",
    )
    assert checks() == [True, False, False, True]
