"""A disk without a byte of room refuses what is asked, cleanly and with when to come back; with room again the same wish goes through."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.database import Database, upgrade
from app.embedded import EmbeddedPostgres
from app.evidence import check_chain
from app.factory import create_app
from app.settings import Settings
from app.storage.blobs import BlobStore
from tests.integration.api.test_api import Program
from tests.integration.failure.conftest import SmallDisk, mounted_disk
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.visiting import Visitor, person_named
from tests.integration.stages.played import Played
from tests.patience import wait_until
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.model import Campaign
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.idempotency import IdempotencyKey
from workflows.parties.actor import SYSTEM

ENOUGH = 2000
"""Moves after which a full disk must have been felt."""
UPLOAD = "/manager/campaigns/26A/delivery/suppressions/opposition.csv"
FIELD = "suppression-opposition.csv-file"


def site_of(campaign: Played, folder: Path, **given: str) -> Flask:
    settings = Settings.from_env({"DATABASE_URL": campaign.urls.app, "JALON_DATA_DIR": str(folder), "JALON_DEMO": "1", **given})
    return create_app(settings, database=campaign.database, clock=FixedClock(BEGINNING))


@pytest.fixture
def on_small_disk(played: Callable[[str], Played], tablespace: str) -> Iterator[Played]:
    """A campaign whose database lies on the small disk, and leaves it at the end."""
    campaign = played("plan")
    campaign.database.close()

    def move(place: str) -> None:
        with campaign.urls._postgres.superuser() as connection:
            connection.execute(f"alter database {campaign.urls.name} set tablespace {place}".encode())

    move(tablespace)
    yield campaign
    campaign.database.close()
    move("pg_default")


def test_a_database_without_room_refuses_a_move_whole_and_takes_it_when_there_is_room(
    on_small_disk: Played, small_disk: SmallDisk, tmp_path: Path
) -> None:
    campaign = on_small_disk
    program = Program(campaign, site_of(campaign, tmp_path), "Marion Vidal")
    body = {"subject_id": str(campaign.campaign_id), "stage": "send", "person_id": str(campaign.manager.person_id)}

    def move() -> TestResponse:
        program.headers["Idempotency-Key"] = uuid4().hex
        return program.send("assign_responsibility", body)

    began = campaign.campaign.chain_seq
    assert move().status_code == 200
    small_disk.fill()
    made = 1
    while (refused := move()).status_code == 200:
        made += 1
        assert made < ENOUGH, "the disk is full, and nobody noticed"

    assert (refused.status_code, refused.headers["Retry-After"], refused.json["code"]) == (503, "60", "unavailable.disk_full")
    assert campaign.campaign.chain_seq == began + made, "what was refused left no entry, what was acknowledged did"
    assert program.get("campaigns/26A").status_code == 200, "reading goes on"

    small_disk.make_room()
    again, repeated = (program.send("assign_responsibility", body) for _ in range(2))

    assert again.status_code == 200
    assert again.json == repeated.json
    assert campaign.campaign.chain_seq == began + made + 1
    with campaign.database.reading(SYSTEM) as session:
        assert len(session.exec(select(IdempotencyKey.key)).all()) == made + 1
        assert check_chain(session, session.get_one(Campaign, campaign.campaign_id), tmp_path).fault == ""


def test_a_server_whose_log_finds_no_room_ends_and_loses_nothing_that_was_acknowledged(server_folder: Path, tmp_path: Path) -> None:
    with mounted_disk(server_folder, megabytes=192) as disk, EmbeddedPostgres(disk.folder) as server:
        upgrade(server.owner_url)
        settings = Settings.from_env({"DATABASE_URL": server.app_url, "JALON_DATA_DIR": str(tmp_path)})
        with closing(Database(settings)) as database:
            journey = Journey(database)
            command = AssignResponsibility(subject_id=journey.campaign_id, stage="send", person_id=journey.manager.person_id)
            made = [journey.door.execute(command, actor=journey.manager, key="before").seq]

            def go_on() -> None:
                """One move after the other, each in a new file of the log."""
                with server.superuser() as connection:
                    for place in range(ENOUGH):
                        made.append(journey.door.execute(command, actor=journey.manager, key=f"move {place}").seq)
                        with suppress(psycopg.Error):
                            connection.execute("select pg_switch_wal()")

            disk.fill()
            with pytest.raises(DBAPIError):
                go_on()
            wait_until(lambda: server.pid is None)
            server.stop()
            disk.make_room()
            server.start()

            again = journey.door.execute(command, actor=journey.manager, key=f"move {len(made) - 1}")

            assert again.seq == made[-1] + 1
            assert [journey.door.execute(command, actor=journey.manager, key="before").seq] == made[:1]
            with database.reading(SYSTEM) as session:
                assert set(made) < set(session.exec(select(Checkpoint.seq)))
                assert check_chain(session, session.get_one(Campaign, journey.campaign_id), tmp_path).fault == ""


def test_a_file_that_finds_no_room_is_refused_whole_and_taken_when_there_is_room(
    played: Callable[[str], Played], small_disk: SmallDisk, tmp_path: Path
) -> None:
    campaign = played("delivery")
    blobs = small_disk.folder / "blobs"
    manager = Visitor(site_of(campaign, tmp_path, JALON_BLOB_DIR=str(blobs)), person_named(campaign, "Marion Vidal"))
    form = {"form_key": manager.form("/manager/campaigns/26A/delivery", "form_key")["form_key"]}
    data = b"NOM;CP\n" + b"DURAND;75001\n" * 20_000

    def send() -> TestResponse:
        return manager.send(UPLOAD, form, **{FIELD: (BytesIO(data), "opposition.csv")})

    small_disk.fill()
    before = campaign.trace()
    refused = send()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert campaign.trace() == before, "no row says that a file came"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []

    small_disk.make_room()

    assert send().status_code == send().status_code == 303
    assert len([path for path in blobs.rglob("*") if path.is_file()]) == 1


def test_what_was_stored_is_read_on_a_full_disk(small_disk: SmallDisk) -> None:
    store = BlobStore(small_disk.folder / "blobs", bytes(32))
    kept = store.put(b"before")
    small_disk.fill()

    with pytest.raises(OSError, match="No space left"):
        store.put(bytes(1 << 20))

    with closing(store.open(kept)) as stream:
        assert stream.read() == b"before"
    assert len([path for path in (small_disk.folder / "blobs").rglob("*") if path.is_file()]) == 1
