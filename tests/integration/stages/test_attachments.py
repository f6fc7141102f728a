"""Files put with a user task: known by hash, destroyed with the campaign's files, by who put them there, or with the person."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.data_protection.erasing import ErasePerson
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.keeping import KeptFile
from workflows.campaign.records import StoredFile
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import NotFound, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role
from workflows.parties.traces import Traces
from workflows.user_task.attaching import (
    MOST_BYTES,
    MOST_FILES,
    AttachFile,
    FileEndingUnknown,
    FileIsEmpty,
    FileOfSomebodyElse,
    FileTooLarge,
    TooManyFiles,
    WithdrawFile,
)

NAME = "Devis Nadia Perrot.pdf"


@pytest.fixture
def campaign(played: Callable[[str], Played]) -> Played:
    """A campaign whose orders wait for answers."""
    return played("order")


@pytest.fixture
def task(campaign: Played) -> UUID:
    """A supplier's task."""
    return campaign.rows(UserTask, UserTask.name == "acknowledge_order", UserTask.state == "open", order=col(UserTask.label))[0].id


@pytest.fixture
def supplier(campaign: Played, task: UUID) -> Actor:
    (row,) = campaign.rows(UserTask, UserTask.id == task)
    return next(actor for actor in campaign.actors.values() if row.supplier_id in actor.supplier_ids)


def attaching(task: UUID, name: str = NAME, size: int = 9) -> AttachFile:
    kept = KeptFile(name=name, sha256=sha256(name.encode()).hexdigest(), size=size, blob_id=uuid4(), wrapped_key=b"key")
    return AttachFile(subject_id=task, file=kept, file_name=name)


def attachments(campaign: Played) -> list[StoredFile]:
    return campaign.rows(StoredFile, col(StoredFile.user_task_id).is_not(None), order=col(StoredFile.from_seq))


def test_a_file_enters_the_chain_by_its_hash_and_its_name_by_a_salted_one(campaign: Played, task: UUID) -> None:
    command = attaching(task)

    outcome = campaign.ask(command)

    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == outcome.seq)
    body = read_json(entry.body)
    assert body["event"] == "user_task.file_attached"
    assert body["files"] == [{"kind": "attachment", "sha256": command.file.sha256, "size": 9}]
    assert b"Nadia" not in entry.body
    assert [words.text for words in campaign.rows(ErasableText, ErasableText.seq == outcome.seq)] == [NAME]
    (row,) = attachments(campaign)
    assert (row.user_task_id, row.name) == (task, NAME)
    assert row.purge_on == campaign.campaign.drop_on + timedelta(days=90)


@pytest.mark.parametrize(
    ("name", "size", "refusal"),
    [
        ("note.pdf", MOST_BYTES + 1, FileTooLarge),
        ("note.pdf", 0, FileIsEmpty),
        ("setup.exe", 9, FileEndingUnknown),
        ("fichiers.zip", 9, FileEndingUnknown),
        ("note", 9, FileEndingUnknown),
    ],
)
def test_what_may_not_be_put_with_a_task_leaves_no_trace(
    campaign: Played, task: UUID, name: str, size: int, refusal: type[Exception]
) -> None:
    before = campaign.trace()

    with pytest.raises(refusal):
        campaign.ask(attaching(task, name, size))

    assert campaign.trace() == before


def test_a_task_has_so_many_files_and_no_more_until_one_is_taken_away(
    campaign: Played, task: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_FILES == 20
    monkeypatch.setattr("workflows.user_task.attaching.MOST_FILES", 2)
    for name in ("a.pdf", "b.pdf"):
        campaign.ask(attaching(task, name))

    with pytest.raises(TooManyFiles):
        campaign.ask(attaching(task))
    campaign.ask(WithdrawFile(subject_id=task, file_id=attachments(campaign)[0].id))
    campaign.ask(attaching(task))


def test_who_put_a_file_there_takes_it_away_or_a_project_manager_and_it_is_destroyed(campaign: Played, task: UUID, supplier: Actor) -> None:
    campaign.ask(attaching(task, "interne.pdf"))
    campaign.ask(attaching(task, "fournisseur.pdf"), by=supplier)
    ours, theirs = attachments(campaign)

    with pytest.raises(FileOfSomebodyElse):
        campaign.ask(WithdrawFile(subject_id=task, file_id=ours.id), by=supplier)
    with pytest.raises(NotYourMove):
        campaign.ask(WithdrawFile(subject_id=task, file_id=ours.id), by=campaign.as_role(Role.AUDITOR))
    campaign.ask(WithdrawFile(subject_id=task, file_id=theirs.id), by=supplier)
    outcome = campaign.ask(WithdrawFile(subject_id=task, file_id=ours.id))

    assert {(row.wrapped_key, row.purged_at is None) for row in attachments(campaign)} == {(None, False)}
    (entry,) = campaign.rows(Checkpoint, Checkpoint.seq == outcome.seq)
    assert read_json(entry.body)["files"] == [{"kind": "purged:attachment", "sha256": ours.sha256, "size": 9}]
    asked = [one.payload for one in campaign.rows(OutboxMessage, OutboxMessage.name == "destroy_blobs")]
    assert sorted(asked, key=str) == sorted([{"blobs": [theirs.blob_id.hex]}, {"blobs": [ours.blob_id.hex]}], key=str)
    with pytest.raises(NotFound):
        campaign.ask(WithdrawFile(subject_id=task, file_id=ours.id))


def test_a_file_of_another_task_is_not_taken_away_through_this_one(campaign: Played, task: UUID) -> None:
    campaign.ask(attaching(task))
    other = campaign.rows(UserTask, UserTask.name == "confirm_orders", UserTask.state == "open")[0].id

    with pytest.raises(NotFound):
        campaign.ask(WithdrawFile(subject_id=other, file_id=attachments(campaign)[0].id))


def test_it_is_purged_with_the_campaigns_files(campaign: Played, task: UUID) -> None:
    campaign.ask(attaching(task))
    (row,) = attachments(campaign)
    assert row.purge_on is not None

    campaign.door.execute(PurgeFiles(subject_id=campaign.campaign_id), actor=SYSTEM, now=campaign.now)
    assert attachments(campaign)[0].purged_at is None
    later = campaign.now + (row.purge_on - campaign.now.date()) + timedelta(days=1)
    campaign.door.execute(PurgeFiles(subject_id=campaign.campaign_id), actor=SYSTEM, now=later)

    assert attachments(campaign)[0].wrapped_key is None


def test_one_that_comes_after_the_campaigns_purge_has_a_purge_of_its_own(campaign: Played, task: UUID) -> None:
    later = datetime.combine(campaign.campaign.drop_on, time(12), UTC) + timedelta(days=120)
    campaign.door.execute(attaching(task), actor=campaign.manager, now=later)

    (row,) = attachments(campaign)
    assert row.purge_on == later.date() + timedelta(days=90)
    (purge,) = campaign.rows(OutboxMessage, OutboxMessage.name == "purge_files")
    campaign.door.execute(PurgeFiles(subject_id=campaign.campaign_id), actor=SYSTEM, now=purge.not_before)
    assert attachments(campaign)[0].wrapped_key is None


def test_it_is_erased_with_the_person_who_put_it_there(campaign: Played, task: UUID, supplier: Actor) -> None:
    campaign.ask(attaching(task, "interne.pdf"))
    campaign.ask(attaching(task, "fournisseur.pdf"), by=supplier)
    assert supplier.person_id is not None
    traces = Traces(supplier.person_id, ())

    campaign.door.execute(
        ErasePerson(subject_id=campaign.campaign_id, person_id=supplier.person_id, traces=traces), actor=SYSTEM, now=campaign.now
    )

    ours, theirs = attachments(campaign)
    assert (ours.name, ours.wrapped_key) == ("interne.pdf", b"key")
    assert (theirs.name, theirs.wrapped_key) == (traces.mark, None)
    assert "fournisseur.pdf" not in {words.text for words in campaign.rows(ErasableText)}
