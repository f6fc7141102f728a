"""Address files are gone on the day that was promised for them: whether mail was posted or not, and while a campaign rests too."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.outbox.relay import due_messages
from app.settings import Settings
from tasks.jobs import Machine, run
from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_bending import hold
from tests.integration.stages.test_moving_the_drop import FIRST, LATER, move
from workflows.campaign.any_stage.holding import ResumeCampaign
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import StoredFile
from workflows.campaign.stages.delivery import ExcludeList
from workflows.campaign.stages.responses import ImportBatch
from workflows.delivery.model import DeliveredFile
from workflows.delivery.process import DeliverFile
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import instant_at

Campaigns = Callable[[str], Played]
DAYS = timedelta(days=90)
ENDS = FIRST + DAYS


@pytest.fixture
def machine(played: Campaigns, tmp_path: Path) -> Iterator[Callable[[Played], list[str]]]:
    """Lets a machine do what is due for a campaign by now; returns what that was."""
    opened: list[Machine] = []

    def work(campaign: Played) -> list[str]:
        campaign.door.set_calendar(campaign.campaign_id, campaign.now)
        given = {"DATABASE_URL": campaign.urls.app, "JALON_DATA_DIR": str(tmp_path)}
        opened.append(Machine(Settings.from_env(given)))
        purging = {"purge_files", "destroy_blobs"}
        names = {row.id: row.name for row in campaign.rows(OutboxMessage, col(OutboxMessage.name).in_(purging))}
        return [names[message] for message, _ in due_messages(opened[-1].database) if message in names and run(opened[-1], message)]

    yield work
    for one in opened:
        one.database.close()


def timers(campaign: Played) -> list[date]:
    """The days for which purges wait."""
    waiting = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files", col(OutboxMessage.state) == "pending")
    return sorted(one.not_before.date() for one in waiting)


def deliveries(campaign: Played) -> list[StoredFile]:
    return campaign.rows(StoredFile, col(StoredFile.kind) == "delivery")


def purges(campaign: Played) -> int:
    return len(campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.files.purged"))


def test_the_first_file_brings_its_timer_and_those_that_end_with_it_need_none(played: Campaigns) -> None:
    campaign = played("delivery")
    assert (campaign.rows(StoredFile), timers(campaign)) == ([], [])

    campaign.deliver_everything()

    assert {row.purge_on for row in campaign.rows(StoredFile)} == {ENDS}
    assert timers(campaign) == [ENDS]


@pytest.mark.parametrize("stage", ["delivery", "dedupe", "lots", "send"])
def test_what_was_never_posted_is_purged_on_its_day_all_the_same(
    played: Campaigns, machine: Callable[[Played], list[str]], stage: str
) -> None:
    campaign = played(stage)
    if stage == "delivery":
        campaign.deliver_everything()
    campaign.now = instant_at(ENDS, time(5))
    machine(campaign)
    assert all(row.wrapped_key for row in campaign.rows(StoredFile))

    campaign.now = instant_at(ENDS, time(7))
    assert machine(campaign) == ["purge_files"]
    assert machine(campaign) == ["destroy_blobs"]

    assert not any(row.wrapped_key for row in campaign.rows(StoredFile))
    assert {row.purged_at for row in campaign.rows(StoredFile)} == {campaign.now}


def test_a_hold_stops_no_purge(played: Campaigns, machine: Callable[[Played], list[str]]) -> None:
    campaign = played("send")
    hold(campaign)
    assert timers(campaign) == [ENDS]

    campaign.now = instant_at(ENDS, time(7))
    assert [machine(campaign), machine(campaign)] == [["purge_files"], ["destroy_blobs"]]

    assert campaign.state == "on_hold"
    assert not any(row.wrapped_key for row in campaign.rows(StoredFile))
    certificates = {str(one.document.id) for one in campaign.issued("purge_certificate")}
    due = dict(due_messages(campaign.database))
    drawings = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "render_document", col(OutboxMessage.id).in_(due))
    assert certificates
    assert certificates <= {one.payload["document_id"] for one in drawings}, "whoever lent the addresses has them by their day"


def test_a_hold_that_is_lifted_moves_no_purge(played: Campaigns) -> None:
    campaign = played("responses")
    assert timers(campaign) == [ENDS]
    hold(campaign)
    campaign.now += timedelta(days=20)
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))
    assert timers(campaign) == [ENDS]


def test_the_timer_follows_a_drop_that_moves_and_the_earlier_one_purges_nothing(
    played: Campaigns, machine: Callable[[Played], list[str]]
) -> None:
    campaign = played("delivery")
    campaign.deliver_everything()
    move(campaign)
    assert timers(campaign) == [ENDS, LATER + DAYS]

    campaign.now = instant_at(ENDS, time(7))
    assert machine(campaign) == ["purge_files"]
    assert (purges(campaign), all(row.wrapped_key for row in deliveries(campaign))) == (0, True), (
        "nothing ends, and nothing is written of it"
    )

    campaign.now = instant_at(LATER + DAYS, time(7))
    machine(campaign)
    assert (purges(campaign), any(row.wrapped_key for row in deliveries(campaign))) == (1, False)


def test_answers_that_are_imported_after_the_purge_end_as_long_after_their_own_day(
    played: Campaigns, machine: Callable[[Played], list[str]]
) -> None:
    campaign = played("responses")
    campaign.now = instant_at(ENDS, time(7))
    machine(campaign)
    campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind="responses", file=kept("tardifs.csv")))

    (late,) = campaign.rows(StoredFile, col(StoredFile.name) == "tardifs.csv")
    assert late.purge_on == ENDS + DAYS
    assert timers(campaign) == [ENDS + DAYS]
    campaign.now = instant_at(ENDS + DAYS, time(7))
    machine(campaign)
    (late,) = campaign.rows(StoredFile, col(StoredFile.name) == "tardifs.csv")
    assert late.wrapped_key is None


def test_a_file_that_came_after_the_planned_day_follows_a_drop_that_moves_still(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.now = instant_at(ENDS, time(9))
    wanted = campaign.list_id("ALZ")
    campaign.ask(DeliverFile(subject_id=wanted, file=kept("tard.csv"), declared_count=1))
    assert [row.purge_on for row in deliveries(campaign)] == [ENDS + DAYS]

    drop_on = ENDS + timedelta(days=30)
    move(campaign, drop_on)

    assert [row.purge_on for row in deliveries(campaign)] == [drop_on + DAYS]
    assert timers(campaign) == [ENDS + DAYS, drop_on + DAYS]


def test_lists_whose_addresses_are_gone_are_not_merged_and_the_project_manager_is_told_why(played: Campaigns) -> None:
    campaign = played("delivery")
    campaign.deliver_everything()
    campaign.now = instant_at(ENDS, time(7))
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)

    told = campaign.unmet("start_dedupe")["delivery.addresses_gone"]
    assert told == {"lists": sorted({one.list_code for one in campaign.rows(DeliveredFile)}), "purge_on": ENDS}
    for code in told["lists"]:
        campaign.ask(ExcludeList(subject_id=campaign.campaign_id, list_id=campaign.list_id(code), reason="Adresses détruites."))
    assert "delivery.addresses_gone" not in campaign.unmet("start_dedupe")
