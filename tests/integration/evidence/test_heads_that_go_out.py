"""Heads go out of the house: mailed once a day to those who keep them, and printed in the foot of every document that is issued."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlmodel import select

from app.evidence import export_campaign, sealer, verify
from app.evidence.mailing import letter, mail_head
from app.evidence.notes import Signer
from app.outbox.relay import due_messages
from app.settings import Settings, SettingsError
from tasks import jobs
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.engine.documents import DocumentPdf
from workflows.parties.actor import SYSTEM

SIGNER = Signer(bytes(range(32)))
Campaigns = Callable[[str], Played]


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    return played("plan")


@pytest.fixture
def settings(campaign: Played, tmp_path: Path) -> Settings:
    """Two who keep heads, one of them an auditor's office."""
    mail_to = "audit@cabinet.example, archives@clairval.example"
    return Settings.from_env({"DATABASE_URL": campaign.urls.app, "JALON_DATA_DIR": str(tmp_path), "JALON_SEAL_MAIL_TO": mail_to})


def go_on(campaign: Played) -> None:
    """One more entry, sealed."""
    campaign.ask(AssignResponsibility(subject_id=campaign.campaign_id, stage="send", person_id=campaign.manager.person_id))
    sealer.seal(campaign.database, SIGNER, now=campaign.now)


def unpacked(campaign: Played, folder: Path) -> Path:
    export_campaign(campaign.database, campaign.campaign.code, folder / "evidence.zip", signer=SIGNER, now=campaign.now)
    with ZipFile(folder / "evidence.zip") as bundle:
        bundle.extractall(folder / "folder")
    return folder / "folder"


def test_the_newest_head_is_mailed_once_a_day_and_a_mail_that_was_kept_is_known_by_the_evidence(
    campaign: Played, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mail_head(campaign.database, settings, now=campaign.now) is None, "nothing was sealed"
    go_on(campaign)
    first = mail_head(campaign.database, settings, now=campaign.now)
    assert first is not None
    assert mail_head(campaign.database, settings, now=campaign.now) is None, "it went out"
    go_on(campaign)
    assert mail_head(campaign.database, settings, now=campaign.now) is None, "one went out today"
    later = mail_head(campaign.database, settings, now=campaign.now + timedelta(days=1))
    assert later is not None
    assert later.size > first.size

    mails = sorted(settings.outbox_dir.glob("*.eml"))
    assert len(mails) == 4
    letter = message_from_bytes(mails[0].read_bytes(), policy=policy.default)
    assert letter["To"] in settings.seal_mail_to
    assert first.note.strip() in letter.get_content()
    assert verify.main([str(unpacked(campaign, tmp_path)), "--key", SIGNER.verifier, *(f"--head={one}" for one in mails)]) == 0
    assert f"The head of {first.size} leaves that you kept is one of them." in capsys.readouterr().out


def test_who_cannot_be_reached_costs_the_others_no_second_letter(campaign: Played, settings: Settings) -> None:
    go_on(campaign)
    in_the_way = settings.outbox_dir / letter_name(campaign, "archives@clairval.example")
    in_the_way.mkdir(parents=True)

    assert mail_head(campaign.database, settings, now=campaign.now) is not None
    assert mail_head(campaign.database, settings, now=campaign.now) is None, "it went out to the other"

    assert len([one for one in settings.outbox_dir.glob("*.eml") if one.is_file()]) == 1


def test_a_head_that_reached_nobody_is_tried_again(campaign: Played, settings: Settings) -> None:
    go_on(campaign)
    settings.outbox_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.outbox_dir.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OSError, match=r"\S"):
        mail_head(campaign.database, settings, now=campaign.now)

    settings.outbox_dir.unlink()

    assert mail_head(campaign.database, settings, now=campaign.now) is not None


def letter_name(campaign: Played, to: str) -> str:
    """The file that a letter to somebody becomes."""
    with campaign.database.reading(SYSTEM) as session:
        head = sealer.newest_head(session)
    assert head is not None
    key = letter(head, to, now=campaign.now).key
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{campaign.now:%Y%m%d}-{to}-{key}") + ".eml"


def test_where_nobody_keeps_heads_none_is_mailed(campaign: Played, settings: Settings) -> None:
    go_on(campaign)

    assert mail_head(campaign.database, replace(settings, seal_mail_to=()), now=campaign.now) is None


def test_addresses_that_are_none_are_refused() -> None:
    with pytest.raises(SettingsError, match="JALON_SEAL_MAIL_TO"):
        Settings.from_env({"JALON_SEAL_MAIL_TO": "audit", "DATABASE_URL": "postgresql:///x"})


def test_a_document_prints_the_head_that_was_signed_last_and_the_evidence_knows_it(
    campaign: Played, settings: Settings, tmp_path: Path
) -> None:
    go_on(campaign)
    campaign.submit_plan()
    go_on(campaign)
    machine = jobs.Machine(replace(settings, redis_url=None))
    try:
        for message_id, _attempts in due_messages(machine.database):
            jobs.run(machine, message_id)
    finally:
        machine.database.close()
    with campaign.database.reading(SYSTEM) as session:
        pdf = session.exec(select(DocumentPdf.pdf).where(DocumentPdf.locale == "fr")).first()
    assert pdf is not None

    printed = re.sub(r"\s+", " ", PdfReader(BytesIO(pdf)).pages[0].extract_text())
    seal = re.search(r"Sceau du \S+ \S+ 2026 (\d+:[0-9a-f]{64})", printed)
    assert seal, printed
    assert verify.verify(unpacked(campaign, tmp_path), kept=[verify.read_kept_head(seal[1])]).kept
