"""Objections and returns: written from what came back, handed over within hours, taken on record by each reader, destroyed on a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_responses import gift, import_file, record
from workflows.campaign.data_protection.objections import (
    HandOverObjections,
    NothingToTake,
    ObjectionsOvertaken,
    RecordObjections,
    TakeObjections,
)
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import ObjectionFile, StoredFile
from workflows.campaign.stages.responses import RecordBatch, UndeliverableRow
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]


def write(campaign: Played, *readers: str, content: str = "a", as_of_seq: int | None = None) -> None:
    """What a machine does once it has written the files of these readers."""
    command = RecordObjections(
        subject_id=campaign.campaign_id,
        as_of_seq=campaign.campaign.chain_seq if as_of_seq is None else as_of_seq,
        counts={reader: {"opposition": 2, "unknown": 1} for reader in readers},
        files={reader: replace(kept(f"{reader}-{content}"), name=f"objections_{reader}.csv") for reader in readers},
    )
    campaign.ask(command, by=SYSTEM)


def hand_over(campaign: Played) -> None:
    campaign.ask(HandOverObjections(subject_id=campaign.campaign_id))


def file_of(campaign: Played, reader: str) -> ObjectionFile:
    """The file of a reader that counts."""
    wanted = None if reader == "house" else campaign.supplier_id(reader)
    (found,) = (one for one in campaign.rows(ObjectionFile, col(ObjectionFile.to_seq).is_(None)) if one.supplier_id == wanted)
    return found


def take(campaign: Played, reader: str, by: str = "") -> None:
    actor = campaign.actors[by] if by else None
    campaign.ask(TakeObjections(subject_id=campaign.campaign_id, file_id=file_of(campaign, reader).id), by=actor)


def asked(campaign: Played, name: str) -> list[OutboxMessage]:
    return campaign.rows(OutboxMessage, col(OutboxMessage.name) == name)


def task(campaign: Played, name: str, state: str = "open") -> UserTask:
    (found,) = campaign.rows(UserTask, col(UserTask.name) == name, col(UserTask.state) == state)
    return found


def test_a_machine_is_asked_to_write_them_when_a_file_brings_new_objections_or_returns_and_not_otherwise(played: Campaigns) -> None:
    campaign = played("responses")
    record(campaign, import_file(campaign, "lundi.csv"), gift(1), gift(2))
    assert asked(campaign, "write_objections") == []

    objection = gift(3, kind="opposition", amount=0)
    record(campaign, import_file(campaign, "mardi.csv"), gift(2), objection)
    assert len(asked(campaign, "write_objections")) == 1
    record(campaign, import_file(campaign, "mercredi.csv"), objection)
    assert len(asked(campaign, "write_objections")) == 1

    back = UndeliverableRow(returned_on=None, lot_code="26AALZP12AR", unique_id="ALZ-1", reason="unknown")
    batch = import_file(campaign, "pnd.csv", kind="undeliverables")
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch, undeliverables=(back,)), by=SYSTEM)
    assert len(asked(campaign, "write_objections")) == 2


def test_the_manager_has_72_hours_by_the_clock_to_hand_them_over_and_each_supplier_as_many_to_take_its_own(played: Campaigns) -> None:
    campaign = played("responses")
    began = campaign.now
    write(campaign, "house", "S-CRT")
    assert task(campaign, "hand_over_objections").due_at == began + timedelta(hours=72)

    sent = campaign.now
    hand_over(campaign)

    assert task(campaign, "hand_over_objections", "done").closed_at == sent
    taking = task(campaign, "take_objections")
    assert (taking.label, taking.supplier_id, taking.due_at) == ("S-CRT", campaign.supplier_id("S-CRT"), sent + timedelta(hours=72))
    take(campaign, "S-CRT", by="S-CRT")
    assert task(campaign, "take_objections", "done").closed_at == file_of(campaign, "S-CRT").taken_at


def test_policy_says_how_many_hours(played: Campaigns) -> None:
    campaign = played("responses")
    campaign.tune_policy({"thresholds": {"objection_hours": 24}})
    began = campaign.now

    write(campaign, "house")

    assert task(campaign, "hand_over_objections").due_at == began + timedelta(hours=24)


def test_each_taking_is_on_record_by_the_hash_of_the_file_and_names_nobody(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT")
    hand_over(campaign)
    take(campaign, "S-CRT", by="S-CRT")
    take(campaign, "S-CRT", by="S-CRT")
    take(campaign, "house")

    entries = campaign.rows(Checkpoint, order=col(Checkpoint.seq))
    taken = [entry.body.decode() for entry in entries if entry.event == "campaign.objections.taken"]
    assert [sha256(b"S-CRT-a").hexdigest() in body for body in taken] == [True, True, False]
    written = next(entry.body.decode() for entry in entries if entry.event == "campaign.objections.written")
    assert '"counts":{"S-CRT":{"opposition":2,"unknown":1},"house":{"opposition":2,"unknown":1}}' in written


def test_a_supplier_takes_its_own_file_once_it_is_handed_over_and_no_other(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT", "S-ECL")
    with pytest.raises(NotYourMove):
        take(campaign, "S-CRT", by="S-CRT")
    hand_over(campaign)

    for reader in ("S-ECL", "house"):
        with pytest.raises(NothingToTake):
            take(campaign, reader, by="S-CRT")
    with pytest.raises(NotYourMove):
        take(campaign, "S-ECL", by="S-ROU")
    with pytest.raises(NothingToTake):
        campaign.ask(TakeObjections(subject_id=campaign.campaign_id, file_id=uuid4()), by=campaign.actors["S-CRT"])
    take(campaign, "S-CRT", by="S-CRT")
    assert [file_of(campaign, one).taken_at is None for one in ("S-CRT", "S-ECL", "house")] == [False, True, True]


def test_a_supplier_sees_that_there_is_a_file_for_it_from_the_hand_over_on_and_sees_no_other(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT", "S-ECL")

    def seen() -> set[UUID | None]:
        with campaign.database.reading(campaign.actors["S-CRT"]) as session:
            return set(session.exec(select(ObjectionFile.supplier_id)))

    assert seen() == set()
    hand_over(campaign)
    assert seen() == {campaign.supplier_id("S-CRT")}


def test_only_a_file_that_says_something_new_is_handed_over_again(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT", "S-ECL")
    hand_over(campaign)
    take(campaign, "S-ECL", by="S-ECL")
    first = file_of(campaign, "S-CRT").id
    same = file_of(campaign, "S-ECL").id

    write(campaign, "S-ECL")
    with pytest.raises(ConditionsUnmet):
        hand_over(campaign)
    write(campaign, "house", "S-CRT", content="b")
    hand_over(campaign)

    assert file_of(campaign, "S-ECL").id == same
    assert file_of(campaign, "S-CRT").id != first
    taking = task(campaign, "take_objections")
    assert taking.subject_id == file_of(campaign, "S-CRT").id
    assert task(campaign, "take_objections", "cancelled").subject_id == first, "the file before is not waited for"
    assert [message.payload["files"] for message in asked(campaign, "mail_objections")][1:] == [[str(taking.subject_id)]]


def test_the_hours_run_from_the_first_file_that_waits(played: Campaigns) -> None:
    campaign = played("responses")
    began = campaign.now
    write(campaign, "house")
    campaign.now += timedelta(hours=30)
    write(campaign, "house", content="b")

    assert task(campaign, "hand_over_objections").due_at == began + timedelta(hours=72)


def test_files_of_earlier_answers_do_not_take_the_place_of_later_ones(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house")

    with pytest.raises(ObjectionsOvertaken):
        write(campaign, "house", content="b", as_of_seq=3)


def test_where_nobody_objected_nothing_is_to_be_done_and_nothing_holds_up_the_close(played: Campaigns) -> None:
    campaign = played("analysis")

    with pytest.raises(ConditionsUnmet):
        hand_over(campaign)
    assert campaign.rows(UserTask, col(UserTask.name) == "hand_over_objections") == []


def test_they_can_be_handed_over_and_taken_when_the_responses_and_the_campaign_are_closed(played: Campaigns) -> None:
    campaign = played("analysis")
    write(campaign, "house", "S-CRT")
    campaign.publish()
    hand_over(campaign)

    take(campaign, "S-CRT", by="S-CRT")

    assert task(campaign, "take_objections", "done").stage == "objections"


def test_they_end_with_the_addresses_and_nobody_is_asked_for_them_any_more(played: Campaigns) -> None:
    campaign = played("responses")
    write(campaign, "house", "S-CRT")
    hand_over(campaign)
    write(campaign, "house", content="b")
    files = campaign.rows(StoredFile, col(StoredFile.kind).startswith("objections:"))
    assert {one.purge_on for one in files} == {date(2026, 10, 13) + timedelta(days=90)}

    campaign.now = campaign.now.replace(year=2027, month=1, day=11)
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)

    gone = campaign.rows(StoredFile, col(StoredFile.kind).startswith("objections:"))
    assert [(one.wrapped_key, one.purged_at is None) for one in gone] == [(None, False)] * 3
    assert {name for name, _ in campaign.tasks()} & {"hand_over_objections", "take_objections"} == set()
    with pytest.raises(NothingToTake):
        take(campaign, "S-CRT", by="S-CRT")
    with pytest.raises(ConditionsUnmet):
        hand_over(campaign)
