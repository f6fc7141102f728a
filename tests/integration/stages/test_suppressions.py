"""Suppression files are read when they come: their records are counted, and what cannot be read holds up the dedupe."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tasks.files import read_suppression
from tests.integration.papers.journey import kept
from tests.integration.papers.sealed import files
from tests.integration.stages.played import Played
from tests.integration.stages.test_delivery import complete
from tests.integration.working import working
from workflows.campaign.suppressions.receiving import KeepSuppression, RecordSuppression, SuppressionReplaced, readings
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]

READABLE = b"EMAIL\nclaire@exemple.example\nluc@exemple.example\n"
TELEPHONES = b"TELEPHONE;DATE\n0601020304;2026-01-05\n"


def bring(campaign: Played, folder: Path, name: str, data: bytes) -> None:
    """A project manager brings the file, and the machine that is asked reads it."""
    campaign.ask(KeepSuppression(subject_id=campaign.campaign_id, suppression=name, file=files(folder).keep(data, name)))
    message = campaign.rows(OutboxMessage, OutboxMessage.name == "read_suppression", order=OutboxMessage.created_at)[-1]
    for found in read_suppression(working(campaign, folder, message.id), message.payload):
        campaign.ask(found, by=SYSTEM)


def found_in(campaign: Played) -> list[tuple[int, str]]:
    with campaign.reading() as session:
        return [(row.record_count, row.fault) for row in readings(campaign.facts(session))]


def test_its_records_are_counted_as_the_dedupe_will_read_them(played: Campaigns, tmp_path: Path) -> None:
    campaign = played("plan")

    bring(campaign, tmp_path, "desabonnes.txt", READABLE)

    assert found_in(campaign) == [(2, "")]


def test_one_that_cannot_be_read_holds_up_the_dedupe_until_another_comes_in_its_place(played: Campaigns, tmp_path: Path) -> None:
    campaign = played("delivery")
    complete(campaign)

    bring(campaign, tmp_path, "telephones.csv", TELEPHONES)

    assert found_in(campaign) == [(0, "no_header")]
    assert campaign.unmet("start_dedupe") == {"delivery.suppressions_unreadable": {"files": ["telephones"]}}

    bring(campaign, tmp_path, "telephones.csv", READABLE)

    assert campaign.unmet("start_dedupe") == {}


def test_what_was_found_in_a_file_that_was_replaced_meanwhile_is_not_kept(played: Campaigns) -> None:
    campaign = played("delivery")
    ask = {"subject_id": campaign.campaign_id, "suppression": "opposition.csv"}
    campaign.ask(KeepSuppression(**ask, file=kept("first")))
    asked = UUID(campaign.rows(OutboxMessage, OutboxMessage.name == "read_suppression")[0].payload["file_id"])
    campaign.ask(KeepSuppression(**ask, file=kept("second")))

    with pytest.raises(SuppressionReplaced):
        campaign.ask(RecordSuppression(subject_id=campaign.campaign_id, file_id=asked, record_count=3), by=SYSTEM)


def test_one_is_written_down_also_while_the_budget_waits(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.ask(KeepSuppression(subject_id=campaign.campaign_id, suppression="opposition.csv", file=kept("opposition")))
    asked = UUID(campaign.rows(OutboxMessage, OutboxMessage.name == "read_suppression")[0].payload["file_id"])
    campaign.reach("budget")

    campaign.ask(RecordSuppression(subject_id=campaign.campaign_id, file_id=asked, record_count=3), by=SYSTEM)

    assert found_in(campaign) == [(3, "")]
