"""The database goes away after it took a file and before it says so: the file stays, and sending it again leaves no second one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from sqlalchemy import Connection, event
from sqlmodel import select
from werkzeug.test import TestResponse

from tests.integration.failure.test_the_disk_is_full import FIELD, UPLOAD, site_of
from tests.integration.portals.visiting import Visitor, person_named
from tests.integration.stages.played import Played
from workflows.campaign.records import StoredFile
from workflows.parties.actor import SYSTEM

WORDS = b"NOM;CP\nDURAND;75001\n"


@contextmanager
def answers_lost(campaign: Played) -> Iterator[None]:
    """Every commit of something written is made, and its connection ends before that is heard."""

    def end(connection: Connection) -> None:
        if connection.exec_driver_sql("select pg_current_xact_id_if_assigned()").scalar() is None:
            return
        wire = connection.connection.driver_connection
        pid = wire.info.backend_pid
        wire.commit()
        with campaign.urls.superuser() as other:
            other.execute("select pg_terminate_backend(%s, 10000)", [pid])
        connection.exec_driver_sql("select 1")

    engine = campaign.database.engine
    event.listen(engine, "commit", end)
    try:
        yield
    finally:
        event.remove(engine, "commit", end)


def test_a_file_whose_move_was_made_stays_though_nobody_heard_of_it(played: Callable[[str], Played], tmp_path: Path) -> None:
    campaign = played("delivery")
    site = site_of(campaign, tmp_path)
    manager = Visitor(site, person_named(campaign, "Marion Vidal"))
    form = {"form_key": manager.form("/manager/campaigns/26A/delivery", "form_key")["form_key"]}

    def send() -> TestResponse:
        return manager.send(UPLOAD, form, **{FIELD: (BytesIO(WORDS), "opposition.csv")})

    with campaign.database.reading(SYSTEM) as session:
        before = set(session.exec(select(StoredFile.id)))
    with answers_lost(campaign):
        lost = send()
    again = send()

    assert lost.status_code == 503
    assert again.status_code == 303
    files = site.extensions["jalon"].files
    with campaign.database.reading(SYSTEM) as session:
        rows = [row for row in session.exec(select(StoredFile)) if row.id not in before]
        assert [files.read(row) for row in rows] == [WORDS]
    assert len([path for path in tmp_path.rglob("blobs/*/*") if path.is_file()]) == 1, "the copy that came again is gone"
