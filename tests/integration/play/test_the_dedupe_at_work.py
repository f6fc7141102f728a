"""A real merge-purge behind a campaign: a machine answers about its records, and stops a run that counts no more."""

import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import pytest
from sqlmodel import col, select

from app.clock import SystemClock
from app.database import Database
from app.queries.dedupe import DedupePage, get_dedupe
from app.security.people import PeopleInDatabase
from app.settings import Settings
from tasks import jobs
from tasks.dedupe import run_merge_purge
from tasks.registry import Work
from tests import kits
from tests.databases import DatabaseUrls
from tests.integration.play.conftest import ROOT, jalon_command
from workflows.campaign.dedupe.comparing import ComparePair, LookUpRecord
from workflows.campaign.dedupe.settings import RedoDedupe
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import MergePurgeRun, StoredFile
from workflows.campaign.stages.dedupe import RecordMergePurge
from workflows.engine.command import Command
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role


class Asked:
    """A campaign that was played as far as its lots, and whoever manages it."""

    def __init__(self, settings: Settings) -> None:
        self._machine = jobs.Machine(settings)
        self.database: Database = self._machine.database
        self._door = self._machine.door
        with self.database.reading(SYSTEM) as session:
            campaign = session.exec(select(Campaign)).one()
            self.campaign_id, advertiser_id = campaign.id, campaign.advertiser_id
        wanted = (Role.PROJECT_MANAGER, advertiser_id)
        people = (one.actor for one in PeopleInDatabase(self.database, SystemClock()).everybody())
        self._manager: Actor = next(one for one in people if wanted in [(grant.role, grant.advertiser_id) for grant in one.grants])

    def decisions(self) -> pl.DataFrame:
        """What the run decided."""
        with self.database.reading(SYSTEM) as session:
            result = session.exec(select(StoredFile).join(MergePurgeRun, col(MergePurgeRun.result_file_id) == col(StoredFile.id))).one()
            session.expunge_all()
        with self._machine.files.plaintext(result) as path, zipfile.ZipFile(path) as archive:
            return pl.read_parquet(archive.read("decisions.parquet"))

    def dedupe(self, run_id: UUID) -> tuple[list[str], Sequence[Command]]:
        """Let a machine do a run: the steps it told of, and what it would bring home."""
        told: list[str] = []
        work = Work(
            database=self.database,
            files=self._machine.files,
            settings=self._machine.settings,
            message_id=uuid4(),
            campaign_id=self.campaign_id,
            now=SystemClock().now(),
            progress=lambda step, _done, _total: told.append(step),
        )
        return told, run_merge_purge(work, {"run_id": str(run_id)})

    def runs(self) -> list[UUID]:
        """The runs there have been, the last that counts."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(MergePurgeRun.id).order_by(col(MergePurgeRun.number))))

    def move(self, command: Command) -> None:
        """Make a move, and no machine's work."""
        self._door.execute_all([command], actor=self._manager)

    def ask(self, command: Command, task: str) -> DedupePage:
        """Ask, let the machine answer, and read the page."""
        self.move(command)
        with self.database.reading(SYSTEM) as session:
            waiting = session.exec(select(OutboxMessage.id).where(OutboxMessage.name == task, OutboxMessage.state == "pending")).all()
        for message_id in waiting:
            jobs.run(self._machine, message_id)
        with self.database.reading(SYSTEM) as session:
            return get_dedupe(CampaignFacts(session, session.get_one(Campaign, self.campaign_id)))


@pytest.fixture
def asked(make_kit: Callable[[kits.Kit], Path], tmp_path: Path, database_urls: DatabaseUrls) -> Iterator[Asked]:
    environment = {
        "DATABASE_URL": database_urls.app,
        "DATABASE_OWNER_URL": database_urls.owner,
        "JALON_DATA_DIR": str(tmp_path / "data"),
    }
    command = jalon_command("play", make_kit(kits.PLAIN), "--out", tmp_path / "out", "--until", "lots", "--in-process")
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = Asked(Settings.from_env(environment))
    yield found
    found.database.close()


def test_a_lost_record_leads_to_the_one_that_stays_and_to_why_they_are_one(asked: Asked) -> None:
    decisions = asked.decisions()
    lost = decisions.filter(pl.col("decision") == "inter").row(0, named=True)
    kept = decisions.filter((pl.col("group") == lost["group"]) & (pl.col("decision") == "kept")).row(0, named=True)

    page = asked.ask(LookUpRecord(subject_id=asked.campaign_id, source=lost["source"], record_id=lost["id"]), "look_up_record")

    ((found,),) = [one.found for one in page.lookups]
    assert (found.decision, found.by) == ("inter", kept["source"])
    assert found.stays is not None
    assert (found.stays.source, found.stays.record_id) == (kept["source"], kept["id"])
    sides = {"left_source": lost["source"], "left_id": lost["id"], "right_source": kept["source"], "right_id": kept["id"]}
    (compared,) = asked.ask(ComparePair(subject_id=asked.campaign_id, **sides), "explain_pair").comparisons
    assert compared.is_one
    assert found.score is not None
    assert compared.score == found.score, "the page's points add up to what the run decided by"


def test_a_run_that_counts_no_more_is_stopped_at_its_next_step_and_brings_nothing_home(asked: Asked) -> None:
    asked.move(RedoDedupe(subject_id=asked.campaign_id, reason="Au plus cher de perdre.", allocation="dearest_loses", protected=("ABC",)))
    gone, wanted = asked.runs()

    assert asked.dedupe(gone) == (["reading"], [])

    told, (result,) = asked.dedupe(wanted)
    assert told[-1] == "done"
    assert isinstance(result, RecordMergePurge)
    assert result.report["allocation"] == "dearest_loses"
    assert result.report["lists"]["ABC"]["inter"] == 0, "no other list takes the people of a protected one"
