"""A backup taken under load restores into an empty place, and every history in it verifies."""

import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click import ClickException
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from app.backup import NEW_SETTING, BackupError, back_up, restore, without_new_setting
from app.backup_cli import restore_and_say
from app.database import Database
from app.embedded import EmbeddedPostgres
from app.files import Files
from app.settings import Settings
from tests.databases import EMPTY, copied
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played, played
from tests.patience import PATIENCE_SECONDS
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.parties.actor import SYSTEM

__all__ = ["played"]

Campaigns = Callable[[str], Played]
WORDS = b"NOM;PRENOM\nMARTIN;LEA\n"


@pytest.fixture
def campaign(played: Campaigns, tmp_path: Path) -> tuple[Played, Settings]:
    """A campaign with one file that really lies in the blob store."""
    found = played("delivery")
    settings = Settings.from_env(
        {"DATABASE_URL": found.urls.app, "DATABASE_OWNER_URL": found.urls.owner, "JALON_DATA_DIR": str(tmp_path / "data")}
    )
    kept = Files.from_settings(settings).keep(WORDS, "opposition.csv")
    found.ask(KeepSuppression(subject_id=found.campaign_id, suppression="opposition.csv", file=kept))
    return found, settings


@pytest.fixture
def elsewhere(postgres: EmbeddedPostgres, campaign: tuple[Played, Settings], tmp_path: Path) -> Iterator[Settings]:
    """An empty database and an empty blob folder, under the same master key."""
    _found, settings = campaign
    empty = tmp_path / "elsewhere"
    with copied(postgres, EMPTY) as urls:
        yield replace(settings, database_url=urls.app, database_owner_url=urls.owner, data_dir=empty, blob_dir=empty / "blobs")


def test_a_backup_taken_under_load_restores_and_verifies(campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path) -> None:
    found, settings = campaign
    before = found.campaign.chain_seq
    enough, moved = threading.Event(), threading.Event()

    def go_on_working() -> None:
        while not enough.is_set():
            found.ask(AssignResponsibility(subject_id=found.campaign_id, stage="send", person_id=found.manager.person_id))
            moved.set()

    worker = threading.Thread(target=go_on_working)
    worker.start()
    try:
        assert moved.wait(PATIENCE_SECONDS)
        back_up(settings, tmp_path / "backup.tar", now=BEGINNING)
    finally:
        enough.set()
        worker.join()

    restored = restore(elsewhere, tmp_path / "backup.tar")

    assert (restored.campaigns, restored.blobs, restored.closed) == (1, 1, 0)
    assert before < restored.entries <= found.campaign.chain_seq
    with closing(Database(elsewhere)) as database, database.reading(SYSTEM) as session:
        assert session.exec(select(Campaign.code)).one() == found.campaign.code
        row = session.exec(select(StoredFile).where(StoredFile.size == len(WORDS))).one()
        assert Files.from_settings(elsewhere).read(row) == WORDS
    assert not list(tmp_path.glob(".*")), "nothing is left beside the backup"


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What PostgreSQL's programs were run with: their command lines and environments."""
    ran: list[tuple[list[str], dict[str, str]]] = []
    run = subprocess.run

    def watched(command: list[str], **given: Any) -> subprocess.CompletedProcess[str]:
        ran.append(([str(part) for part in command], given.get("env") or {}))
        return run(command, **given)

    monkeypatch.setattr(subprocess, "run", watched)
    return ran


def with_password(url: str | None) -> str:
    return make_url(str(url)).set(password="mot-de-passe/@").render_as_string(hide_password=False)


def test_no_command_line_shows_the_password_of_the_database_s_owner(
    campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path, programs: list[tuple[list[str], dict[str, str]]]
) -> None:
    _found, settings = campaign

    back_up(replace(settings, database_owner_url=with_password(settings.database_owner_url)), tmp_path / "backup.tar", now=BEGINNING)
    restored = restore(replace(elsewhere, database_owner_url=with_password(elsewhere.database_owner_url)), tmp_path / "backup.tar")

    assert restored.campaigns == 1
    handed = {Path(command[0]).name: environment.get("PGPASSWORD") for command, environment in programs}
    assert handed == {"pg_dump": "mot-de-passe/@", "pg_restore": None, "psql": "mot-de-passe/@"}
    assert not any("mot-de" in part for command, _environment in programs for part in command)


def test_a_file_that_is_purged_while_the_database_is_dumped_is_told_as_gone(
    campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, settings = campaign
    run = subprocess.run
    with found.reading() as session:
        blob = session.exec(select(StoredFile.blob_id).where(StoredFile.size == len(WORDS))).one()

    def purging_after(command: list[str], **given: Any) -> subprocess.CompletedProcess[str]:
        done = run(command, **given)
        with found.behind_the_engine() as connection:
            connection.execute("update stored_file set purged_at = now(), wrapped_key = null where blob_id = %s", [blob])
        Files.from_settings(settings).destroy(blob.hex)
        return done

    monkeypatch.setattr(subprocess, "run", purging_after)
    saved = back_up(settings, tmp_path / "backup.tar", now=BEGINNING)
    monkeypatch.setattr(subprocess, "run", run)

    assert (saved.campaigns, saved.blobs, saved.gone) == (1, 0, 1)
    assert restore(elsewhere, tmp_path / "backup.tar").blobs == 0


def test_a_backup_neither_holds_the_master_key_nor_opens_without_it(campaign: tuple[Played, Settings], tmp_path: Path) -> None:
    _found, settings = campaign
    back_up(settings, tmp_path / "backup.tar", now=BEGINNING)

    content = (tmp_path / "backup.tar").read_bytes()

    assert settings.master_key not in content
    assert WORDS not in content
    assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600, "it names people"


def test_a_restore_under_another_master_key_says_that_the_files_stay_closed(
    campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _found, settings = campaign
    back_up(settings, tmp_path / "backup.tar", now=BEGINNING)

    with pytest.raises(ClickException, match="1 files do not open with this master key"):
        restore_and_say(replace(elsewhere, master_key=bytes(32)), tmp_path / "backup.tar", None)

    assert capsys.readouterr().out.endswith("and 1 files are back.\n")


def test_a_restore_writes_nothing_where_the_application_could_not_read_it(
    postgres: EmbeddedPostgres, campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path
) -> None:
    _found, settings = campaign
    back_up(settings, tmp_path / "backup.tar", now=BEGINNING)
    stranger = f"stranger_{uuid4().hex}"
    with postgres.superuser() as connection:
        connection.execute(f"create role {stranger} login".encode())
    name = str(elsewhere.database_url).rpartition("/")[2].partition("?")[0]

    with pytest.raises(ProgrammingError, match="permission denied to set role"):
        restore(replace(elsewhere, database_url=postgres.url(stranger, name)), tmp_path / "backup.tar")

    assert not elsewhere.blob_dir.exists()
    assert restore(elsewhere, tmp_path / "backup.tar").campaigns == 1, "the database was left empty"
    with postgres.superuser() as connection:
        connection.execute(f"drop role {stranger}".encode())


def test_a_server_older_than_the_programs_is_not_asked_for_a_setting_that_it_does_not_know(tmp_path: Path) -> None:
    script = tmp_path / "database.sql"
    script.write_bytes(b"SET lock_timeout = 0;\n" + NEW_SETTING + b"COPY public.text (words) FROM stdin;\n" + NEW_SETTING + b"\\.\n")

    without_new_setting(script)

    assert script.read_bytes() == b"SET lock_timeout = 0;\nCOPY public.text (words) FROM stdin;\n" + NEW_SETTING + b"\\.\n"
    assert list(tmp_path.iterdir()) == [script]


def test_a_backup_that_is_damaged_or_cut_off_restores_nothing(
    campaign: tuple[Played, Settings], elsewhere: Settings, tmp_path: Path
) -> None:
    _found, settings = campaign
    whole = tmp_path / "backup.tar"
    back_up(settings, whole, now=BEGINNING)
    damaged = bytearray(whole.read_bytes())
    with tarfile.open(whole) as tar:
        damaged[tar.getmember("database.dump").offset_data + 100] ^= 1
    (tmp_path / "damaged.tar").write_bytes(damaged)
    (tmp_path / "cut.tar").write_bytes(whole.read_bytes()[:2000])

    with pytest.raises(BackupError, match="not what was saved"):
        restore(elsewhere, tmp_path / "damaged.tar")
    with pytest.raises(BackupError):
        restore(elsewhere, tmp_path / "cut.tar")

    assert not elsewhere.blob_dir.exists()
    assert restore(elsewhere, whole).campaigns == 1, "the database was left empty"


def test_a_backup_goes_over_nothing(campaign: tuple[Played, Settings], tmp_path: Path) -> None:
    _found, settings = campaign
    back_up(settings, tmp_path / "backup.tar", now=BEGINNING)

    with pytest.raises(BackupError, match="there already"):
        back_up(settings, tmp_path / "backup.tar", now=BEGINNING)
    with pytest.raises(BackupError, match="not empty"):
        restore(settings, tmp_path / "backup.tar")
