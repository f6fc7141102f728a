"""A file may have any name: that of the layout it comes with, one longer than a file system takes, or one that names a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col

from app.files import Files
from app.settings import Settings
from tasks.dedupe import _engine_brief
from tasks.files import examine_delivery, laid_out
from tests.integration.stages.played import Played
from tests.integration.working import working
from workflows.campaign.records import StoredFile
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import DeliverFile
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

LAYOUT = "CHAMP;DEBUT;LONGUEUR\nNOM;1;10\nADR4;11;20\nCP;31;5\nLOCALITE;36;10\n"
RECORDS = "".join(f"{name:10}{'1 RUE HAUTE':20}69002{'LYON':10}\r\n" for name in ("DURAND", "MARTIN"))
NAMES = ["layout.csv", "layout_1.csv", "n" * 400 + ".txt", "é" * 150 + ".txt", "..", "livraison mai.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_by_its_layout_whatever_its_name(played: Callable[[str], Played], tmp_path: Path, name: str) -> None:
    campaign = played("delivery")
    files = Files.from_settings(Settings.from_env({"JALON_DATA_DIR": str(tmp_path)}))
    kept = files.keep(RECORDS.encode(), name)
    command = DeliverFile(subject_id=campaign.list_id("ALZ"), tranche=1, file_version=1, file=kept, layout=LAYOUT)
    file_id = campaign.ask(command).subject.id
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "examine_delivery")
    work = working(campaign, tmp_path, message.id)

    for found in examine_delivery(work, message.payload):
        campaign.ask(found, by=SYSTEM)

    (delivered,) = campaign.rows(DeliveredFile, col(DeliveredFile.id) == file_id)
    assert (delivered.record_count, delivered.name) == (2, name)
    assert delivered.report["kind"] == "fixed"

    (stored,) = campaign.rows(StoredFile, col(StoredFile.id) == delivered.file_id)
    with laid_out(work, stored, LAYOUT) as (path, layout):
        assert layout is not None
        assert (path.read_bytes().decode(), layout.read_text(encoding="utf-8")) == (RECORDS, LAYOUT)
    part = {"file_id": str(stored.id), "layout": LAYOUT}
    run = {
        "level": "individual",
        "allocation": "priority",
        "files": [{"code": "ALZ", "parts": [part], "ranks": {}, "default_rank": 1}],
        "suppressions": [],
    }
    brief = _engine_brief(work, tmp_path / "laid", run, {str(stored.id): stored}, {})

    [laid] = brief["files"][0]["parts"]
    assert Path(laid["path"]).read_bytes() == RECORDS.encode()
    assert Path(laid["layout"]).read_text() == LAYOUT
    assert Path(laid["path"]).suffix == Path(name).suffix
