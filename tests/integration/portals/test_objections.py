"""Objections and returns on the pages: the manager hands them over, a supplier takes the file of its own people, nobody takes another's."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tasks.objections import write_objections
from tests.integration.papers.journey import Journey, kept
from tests.integration.papers.sealed import seal
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from tests.integration.working import working
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import ObjectionFile, ResponseBatch
from workflows.campaign.stages.responses import ImportBatch, RecordBatch, UndeliverableRow
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import Command
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

HERE = "/manager/campaigns/26A"
HEAD = "ID_SOURCE;ID_UNIQUE;CODE_SEG;CODE_LOT;CIVILITE;PRENOM;NOM;RAISON_SOCIALE;L1;L2;L3;L4;L5;L6;CP;LOCALITE"
ROW = "{};{};P12;L;MME;ANNE;GUERIN;;MME ANNE GUERIN;;;3 PLACE CARNOT;;69002 LYON;69002;LYON"


@pytest.fixture
def stage() -> str:
    return "responses"


@pytest.fixture
def journey(opened: Journey, tmp_path: Path) -> Journey:
    """The campaign waiting for answers, its net sealed, with a piece of ALZ and one of the house's that came back."""
    with zipfile.ZipFile(tmp_path / "lots.zip", "w") as archive:
        for code in ("ALZ", "MAI"):
            archive.writestr(f"net/{code}.csv", f"{HEAD}\r\n{ROW.format(f'{code}0007', f'{code}-1')}\r\n")
    seal(opened.database, tmp_path, tmp_path / "lots.zip")
    opened.ask(ImportBatch(subject_id=opened.campaign_id, kind="undeliverables", file=kept("pnd.csv")))
    (batch,) = rows(opened, ResponseBatch)
    back = tuple(
        UndeliverableRow(returned_on=None, lot_code=None, unique_id=unique_id, reason="deceased") for unique_id in ("ALZ-1", "MAI-1", "X")
    )
    opened.ask(RecordBatch(subject_id=opened.campaign_id, batch_id=batch.id, undeliverables=back), by=SYSTEM)
    for command in written(opened, tmp_path):
        opened.ask(command, by=SYSTEM)
    return opened


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Marion Vidal"))


def written(journey: Journey, folder: Path) -> list[Command]:
    """What a worker makes of the message that asks for the files."""
    (message,) = rows(journey, OutboxMessage, col(OutboxMessage.name) == "write_objections")
    return list(write_objections(working(journey, folder, message.id), message.payload))


def rows(journey: Journey, table: Any, *where: Any) -> list[Any]:
    with journey.database.reading(SYSTEM) as session:
        found = list(session.exec(select(table).where(*where)))
        session.expunge_all()
        return found


def id_of(journey: Journey, code: str = "") -> Any:
    wanted = journey.supplier_id(code) if code else None
    return next(one.id for one in rows(journey, ObjectionFile) if one.supplier_id == wanted)


def takings(journey: Journey) -> int:
    return sum(b"campaign.objections.taken" in one.body for one in rows(journey, Checkpoint))


def hand_over(manager: Visitor) -> None:
    sent = manager.send(f"{HERE}/moves/hand_over_objections", manager.form(f"{HERE}/responses", "hand_over_objections-"))
    assert sent.status_code == 303


def test_the_manager_sees_who_is_to_be_told_of_how_many_hands_over_and_takes_the_house_s_file(journey: Journey, manager: Visitor) -> None:
    page = manager.words(f"{HERE}/responses")
    assert "The house deceased: 2, not identified: 1 2 — —" in page
    assert "Courtage Fichiers du Centre deceased: 1 1 — —" in page

    hand_over(manager)
    answer = manager.send(f"{HERE}/responses/objections/{id_of(journey)}", {})

    assert answer.headers["Content-Disposition"] == "attachment; filename=26A_objections_house.csv"
    assert answer.data.decode().splitlines()[1:] == [
        ";MME;ANNE;GUERIN;;;;3 PLACE CARNOT;;69002;LYON;ALZ;decede;",
        "MAI0007;MME;ANNE;GUERIN;;;;3 PLACE CARNOT;;69002;LYON;MAI;decede;",
    ]
    answer.close()
    assert takings(journey) == 1
    assert "Hand over" not in manager.words(f"{HERE}/responses").replace("Handed over", "")


def test_a_supplier_is_asked_to_take_its_file_takes_it_and_has_nothing_left_to_do(
    journey: Journey, manager: Visitor, broker: Visitor
) -> None:
    assert "Take the file" not in broker.words("/supplier/")
    hand_over(manager)
    assert "Take the objections and returns: Appel d’automne" in broker.words("/supplier/")
    assert "deceased: 1 1" in broker.words("/supplier/campaigns/26A/responses")

    answer = broker.send(f"/supplier/campaigns/26A/objections/{id_of(journey, 'S-CRT')}", {})

    assert answer.data == b"LISTE;ID_SOURCE;MOTIF;DATE\r\nALZ;ALZ0007;decede;\r\n"
    assert answer.headers["Content-Disposition"] == "attachment; filename=26A_objections_S-CRT.csv"
    answer.close()
    assert takings(journey) == 1
    assert "Take the file" not in broker.words("/supplier/")


def test_another_supplier_s_file_and_the_house_s_are_not_to_be_had(
    journey: Journey, manager: Visitor, broker: Visitor, site: Flask
) -> None:
    before = broker.send(f"/supplier/campaigns/26A/objections/{id_of(journey, 'S-CRT')}", {})
    assert before.status_code == 403, "it is not handed over"
    hand_over(manager)
    assert broker.send(f"/supplier/campaigns/26A/objections/{id_of(journey)}", {}).status_code == 409
    other = Visitor(site, give_contact(journey, "S-ECL"))
    assert other.send(f"/supplier/campaigns/26A/objections/{id_of(journey, 'S-CRT')}", {}).status_code == 403
    assert takings(journey) == 0


def test_once_the_addresses_are_purged_both_are_told_that_the_time_is_over(journey: Journey, manager: Visitor, broker: Visitor) -> None:
    hand_over(manager)
    journey.now = journey.now.replace(year=2027, month=2)
    journey.ask(PurgeFiles(subject_id=journey.campaign_id), by=SYSTEM)

    late = broker.send(f"/supplier/campaigns/26A/objections/{id_of(journey, 'S-CRT')}", {})
    assert (late.status_code, "its time is over" in words(late)) == (409, True)
    assert manager.send(f"{HERE}/responses/objections/{id_of(journey)}", {}).status_code == 409
    assert "destroyed on its day" in manager.words(f"{HERE}/responses")


def test_nothing_is_written_of_addresses_that_are_gone(journey: Journey, tmp_path: Path) -> None:
    journey.now = journey.now.replace(year=2027, month=2)
    journey.ask(PurgeFiles(subject_id=journey.campaign_id), by=SYSTEM)

    assert written(journey, tmp_path) == []
