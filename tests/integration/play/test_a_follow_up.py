"""A campaign is played until its answers are in, then followed up in the portal: its files are made of those of the first, and mailed."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from app.clock import SystemClock
from app.database import Database
from app.execute import Door
from app.factory import create_app
from app.files import Files
from app.intake.kit import read_kit
from app.play.cast import register
from app.play.machines import InProcess
from app.play.player import Player
from app.settings import Settings
from tasks import jobs
from tests import kits
from tests.databases import DatabaseUrls
from tests.integration.portals.visiting import Visitor, words
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.sources import latest_drop
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.records import Response, StoredFile, Undeliverable
from workflows.campaign.stages.delivery import StartDedupe
from workflows.campaign.stages.negotiation import AgreeTerms, CloseNegotiation, RecordConsent
from workflows.campaign.states import CampaignState
from workflows.campaign.suppressions.receiving import KeepSuppression
from workflows.delivery.process import AcceptDelivery
from workflows.engine.command import Command
from workflows.engine.dispatch import Outcome
from workflows.parties.actor import SYSTEM
from workflows.trade.retroplanning import plan_backward

KIT = replace(
    kits.PLAIN,
    lists=(kits.HOUSE, replace(kits.EXCHANGED, shared=25), replace(kits.RENTED, shared=20)),
    suppressions={"opposition": 4},
)
"""Of the exchanged list all that is delivered is billed, also those whom the house's own list keeps."""


@dataclass(kw_only=True)
class Lending(Player):
    """A play in which owners agree to a second use: of the rented list to those mailed, of the exchanged one to its group seconds."""

    def _manage(self, command: Command) -> Outcome:
        if isinstance(command, AgreeTerms):
            until_on = self.kit.brief.drop_on + timedelta(days=365)
            with self._facts() as facts:
                code = next(row.code for row in facts.lists if row.id == command.list_id)
            terms: dict[str, Any] = {"ABC": {"reuse_cpm": Decimal(70)}, "ECH": {"reuse_seconds": True}}[code]
            command = replace(command, reuse_until_on=until_on, **terms)
        return super()._manage(command)

    def carry_on(self) -> None:
        """A follow-up from its plan to its mail: nothing is negotiated anew, and nobody delivers."""
        self.schedule = plan_backward(self.kit.brief.drop_on)
        self.play_plan()
        with self._facts() as facts:
            waiting = {line.list_id for line in facts.live_lines if line.state == "agreed"}
        for list_id in sorted(waiting):
            self._manage(RecordConsent(subject_id=self._id, list_id=list_id))
        self._manage(CloseNegotiation(subject_id=self._id))
        self.play_budget()
        self.play_order()
        self.machines.settle(self._id)

    def take_files(self) -> None:
        """Accept what was made, and merge and purge it."""
        with self._facts() as facts:
            files = [file.id for file in facts.files]
        for file_id in files:
            self._manage(AcceptDelivery(subject_id=file_id))
        for path in self.kit.suppressions:
            with self.files.keeping(path, path.name) as kept:
                self._manage(KeepSuppression(subject_id=self._id, suppression=path.name, file=kept))
        self._manage(StartDedupe(subject_id=self._id, shortfall_reason="Beaucoup ont répondu."))
        self.play_dedupe()
        self.play_lots()
        self.play_send()


@pytest.fixture
def settings(database_urls: DatabaseUrls, tmp_path: Path) -> Settings:
    return Settings.from_env({"DATABASE_URL": database_urls.app, "JALON_DATA_DIR": str(tmp_path / "data"), "JALON_DEMO": "1"})


@pytest.fixture
def machine(settings: Settings) -> Iterator[jobs.Machine]:
    """What carries out service tasks, in this very process."""
    made = jobs.Machine(replace(settings, redis_url=None))
    with closing(made.database):
        yield made


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with closing(Database(settings)) as opened:
        yield opened


def net_of(database: Database, files: Files, code: str) -> dict[str, list[dict[str, str]]]:
    """The net of each list as it was parted into lots."""
    with database.reading(SYSTEM) as session:
        facts = facts_of(session, code)
        stored = session.get_one(StoredFile, facts.lot_plan.result_file_id)
        session.expunge_all()
    with zipfile.ZipFile(io.BytesIO(files.read(stored))) as archive:
        return {
            name.removeprefix("net/").removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode()), delimiter=";"))
            for name in archive.namelist()
            if name.startswith("net/")
        }


def facts_of(session: Any, code: str) -> Any:
    return CampaignFacts(session, session.exec(select(Campaign).where(Campaign.code == code)).one())


def test_whoever_did_not_answer_is_written_to_again_and_nobody_else(
    make_kit: Callable[[kits.Kit], Path], settings: Settings, database: Database, machine: jobs.Machine, tmp_path: Path
) -> None:
    kit, files = read_kit(make_kit(KIT)), Files.from_settings(settings)
    door, cast = Door(database, SystemClock()), register(database, kit, now=SystemClock().now())
    machines = InProcess(database, lambda message_id: jobs.run(machine, message_id))
    (tmp_path / "out").mkdir()

    def player(of: Any, code: str) -> Lending:
        return Lending(kit=of, code=code, door=door, files=files, cast=cast, machines=machines, out=tmp_path / "out", tell=lambda *_: None)

    player(kit, "28T").play(CampaignState.ANALYSIS)
    with database.reading(SYSTEM) as session:
        facts = facts_of(session, "28T")
        drop_on = latest_drop(facts)
        gone = {row.unique_id for row in session.exec(select(Response)) if row.unique_id}
        gone |= {row.unique_id for row in session.exec(select(Undeliverable))}
        sent = {lot.code for lot in facts.lots if lot.is_sent}
    first = net_of(database, files, "28T")
    site = create_app(settings, database=database)
    marion = Visitor(site, cast.manager.person_id)

    page = marion.words("/manager/campaigns/28T/follow-up")
    assert "ABC" in page
    assert "Group seconds" in page
    opened = open_it(marion, drop_on, ("ABC", "ECH", "NID"))
    assert opened.status_code == 303, words(opened)
    follow_up = player(replace(kit, brief=replace(kit.brief, code="28TR", drop_on=drop_on)), "28TR")
    follow_up.campaign_id = campaign_id(database, "28TR")
    follow_up.carry_on()

    said = marion.words("/manager/campaigns/28TR/delivery")
    assert "Made of the files of 28T" in said
    assert "of its group seconds" in said
    follow_up.take_files()
    again = net_of(database, files, "28TR")
    assert set(again) == {"ABC", "ECH", "NID"}
    for code in ("ABC", "NID"):
        mailed = {row["ID_SOURCE"] for row in first[code] if row["CODE_LOT"] in sent}
        left = {row["ID_SOURCE"] for row in first[code] if row["CODE_LOT"] in sent and row["ID_UNIQUE"] not in gone}
        assert left < mailed, "somebody answered"
        assert {row["ID_SOURCE"] for row in again[code]} <= left
    # Of the exchanged list only those whom the house's list stood for: its own that were mailed were lent for one use.
    assert {row["ID_SOURCE"] for row in again["ECH"]}.isdisjoint({row["ID_SOURCE"] for row in first["ECH"]})
    with database.reading(SYSTEM) as session:
        facts = facts_of(session, "28TR")
        made = {file.list_code: file for file in facts.files}
        rented = next(row for row in facts.lists if row.code == "ABC")
        assert isinstance(rented, CampaignList)
        assert facts.campaign.state == "responses"
        assert [order.list_code for order in facts.orders if order.list_id] == ["ABC", "ECH"]
    with database.reading(SYSTEM) as session:
        before = facts_of(session, "28T")
        stored = session.get_one(StoredFile, before.lot_plan.result_file_id)
        assert {file.brought_over["sha256"] for file in made.values()} == {stored.sha256}
    assert made["ABC"].record_count == sum(row["CODE_LOT"] in sent and row["ID_UNIQUE"] not in gone for row in first["ABC"])
    assert 0 < made["ECH"].brought_over["seconds"] == made["ECH"].record_count <= 25
    assert "A follow-up of 28T" in Visitor(site, cast.approvers[-1].person_id).words("/approver/campaigns/28TR/budget")
    assert "28TR" in marion.words("/manager/campaigns/28T")


def open_it(marion: Visitor, drop_on: Any, lists: tuple[str, ...]) -> Any:
    """The form of the page, filled in."""
    path = "/manager/campaigns/28T/follow-up"
    form = marion.form(path, "follow_up-") | {
        "follow_up-campaign_code": "28TR",
        "follow_up-drop_on": drop_on.isoformat(),
        "follow_up-envelope_amount": "90 000,00",
    }
    return marion.send(path, {**form, "follow_up-lists": list(lists)})


def campaign_id(database: Database, code: str) -> Any:
    with database.reading(SYSTEM) as session:
        return session.exec(select(Campaign.id).where(col(Campaign.code) == code)).one()
