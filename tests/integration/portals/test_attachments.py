"""Files of a task on pages: put there, fetched and taken away by those who see the task, and by nobody else."""

from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.campaign.records import StoredFile
from workflows.parties.actor import SYSTEM

PDF = b"%PDF-1.7\nDevis"


@pytest.fixture
def stage() -> str:
    return "order"


@pytest.fixture
def task(broker: Visitor) -> str:
    """The first task of the broker's, as its own page names it."""
    return broker.open("/supplier/").text.partition('href="/attachments/')[2].partition('"')[0]


def put(visitor: Visitor, task: str, name: str, content: bytes, **fields: str) -> TestResponse:
    return visitor.send(f"/attachments/{task}", fields, file=(BytesIO(content), name))


def stored(journey: Journey) -> list[StoredFile]:
    with journey.database.reading(SYSTEM) as session:
        rows = list(session.exec(select(StoredFile).where(col(StoredFile.user_task_id).is_not(None))))
        session.expunge_all()
        return rows


def test_a_file_is_put_there_by_one_and_fetched_by_the_other_as_it_was(
    journey: Journey, site: Flask, marion: Visitor, broker: Visitor, task: str
) -> None:
    assert put(marion, task, "dossier/Devis été.pdf", PDF, back="task").location == f"/manager/tasks/{task}#files"

    (row,) = stored(journey)
    page = broker.open(f"/attachments/{task}")
    assert "Devis été.pdf 1 kB" in words(page)
    fetched = broker.open(f"/attachments/{task}/{row.id}")
    assert fetched.data == PDF
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert fetched.headers["Content-Disposition"].startswith("attachment; filename")
    told = marion.words(f"/manager/tasks/{task}")
    assert "File put with a task — Marion Vidal “Devis été.pdf”" in told
    president = Visitor(site, person_named(journey, "Solange Petit"))
    assert president.open(f"/attachments/{task}/{row.id}").data == PDF


def test_nobody_fetches_or_sees_a_file_of_a_task_that_is_not_theirs(journey: Journey, site: Flask, marion: Visitor, task: str) -> None:
    put(marion, task, "devis.pdf", PDF)
    (row,) = stored(journey)
    mailer = Visitor(site, give_contact(journey, "S-ROU"))
    other = mailer.open("/supplier/").text.partition('href="/attachments/')[2].partition('"')[0]

    assert mailer.open(f"/attachments/{task}").status_code == 404
    assert mailer.open(f"/attachments/{task}/{row.id}").status_code == 404
    assert mailer.open(f"/attachments/{other}/{row.id}").status_code == 404
    assert put(mailer, task, "devis.pdf", PDF).status_code == 404
    assert mailer.send(f"/attachments/{task}/{row.id}/withdraw", {}).status_code == 404
    assert site.test_client().get(f"/attachments/{task}/{row.id}").status_code in (302, 303, 401)
    with journey.database.reading(SYSTEM) as session:
        slip = session.exec(select(StoredFile.id).where(col(StoredFile.user_task_id).is_(None))).first() or uuid4()
    assert marion.open(f"/attachments/{task}/{slip}").status_code == 404, "address files are not fetched here"


@pytest.mark.parametrize(
    ("name", "content", "status", "remark"),
    [
        ("devis.pdf", b"MZ\x90", 422, "devis.pdf is no file of the kind that its name says."),
        ("liste.csv", b"a;b\x00", 422, "liste.csv is no file of the kind that its name says."),
        ("setup.exe", b"MZ\x90", 409, "setup.exe cannot be put with a task."),
        ("vide.txt", b"", 409, "The file is empty."),
    ],
)
def test_what_may_not_be_put_there_is_remarked_and_not_kept(
    journey: Journey, marion: Visitor, task: str, tmp_path: Path, name: str, content: bytes, status: int, remark: str
) -> None:
    answer = put(marion, task, name, content)

    assert (answer.status_code, remark in words(answer)) == (status, True)
    assert stored(journey) == []
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(
    journey: Journey, marion: Visitor, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.portals.shared.attachments.MOST_BYTES", len(PDF) - 1)
    monkeypatch.setattr("app.files.Files.keep", lambda *_: pytest.fail("it was kept"))

    answer = put(marion, task, "gros.pdf", PDF)

    assert (answer.status_code, "A file put with a task has at most 10 MB." in words(answer)) == (409, True)
    assert stored(journey) == []


def test_nothing_chosen_is_remarked(marion: Visitor, task: str) -> None:
    answer = marion.send(f"/attachments/{task}", {})

    assert (answer.status_code, "Choose a file." in words(answer)) == (422, True)


def test_a_file_that_is_taken_away_is_fetched_no_more_and_its_hash_stays(
    journey: Journey, marion: Visitor, broker: Visitor, task: str
) -> None:
    put(broker, task, "devis.pdf", PDF)
    (row,) = stored(journey)

    assert broker.send(f"/attachments/{task}/{row.id}/withdraw", {}).location == f"/attachments/{task}"

    assert broker.open(f"/attachments/{task}/{row.id}").status_code == 404
    assert "destroyed, 6 July 2026" in marion.words(f"/manager/tasks/{task}")
    assert row.sha256[:6] in marion.open(f"/manager/tasks/{task}").text


def test_a_long_name_keeps_its_ending(journey: Journey, marion: Visitor, task: str) -> None:
    assert put(marion, task, "d" * 300 + ".pdf", PDF).status_code == 303

    (row,) = stored(journey)
    assert (len(row.name), row.name[-5:]) == (200, "d.pdf")
