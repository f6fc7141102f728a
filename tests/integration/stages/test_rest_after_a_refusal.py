"""Rest after a refusal across campaigns: keys are kept when calls are reported, told to the next lots that are called, and then gone."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_bounces_and_calls import CALLED, bring, campaign, report, sent, sent_once  # noqa: F401
from workflows.campaign.contacted.resting import KeepRefusals, RefusalsKept, earlier_refusals
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import ResponseBatch, StoredFile
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

LAST = date(2026, 10, 20)


def keep(campaign: Played, batch_id: UUID | None = None) -> None:  # noqa: F811
    batch_id = batch_id or uuid4()
    file = kept(f"refusals_{batch_id}.parquet")
    campaign.ask(KeepRefusals(subject_id=campaign.campaign_id, batch_id=batch_id, persons=2, last_on=LAST, file=file), by=SYSTEM)


def keys(campaign: Played) -> list[StoredFile]:  # noqa: F811
    return campaign.rows(StoredFile, col(StoredFile.kind) == "refusal_keys")


def asked(campaign: Played) -> list[str]:  # noqa: F811
    return [one.payload["batch_id"] for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "keep_refusals")]


def told(campaign: Played) -> list[tuple[str, UUID]]:  # noqa: F811
    with campaign.reading() as session:
        return [(code, file.id) for file, code in earlier_refusals(campaign.facts(session))]


def call_everybody(campaign: Played) -> None:  # noqa: F811
    with campaign.behind_the_engine() as connection:
        connection.execute("update plan_line set channel = 'phone' where campaign_id = (select id from campaign where code = '26B')")


@pytest.mark.parametrize(("outcome", "wanted"), [("refused", 1), ("opt_out", 1), ("callback", 0)])
def test_a_report_of_refusals_asks_a_machine_for_their_keys(campaign: Played, outcome: str, wanted: int) -> None:  # noqa: F811
    bring(campaign, "calls", [report(1, outcome, lot=CALLED), report(2, "reached", lot=CALLED)])

    (batch,) = campaign.rows(ResponseBatch)
    assert asked(campaign) == [str(batch.id)] * wanted


def test_nothing_is_kept_where_policy_lets_nobody_rest(campaign: Played) -> None:  # noqa: F811
    campaign.tune_policy({"calls": {"refusal_days": 0}})
    bring(campaign, "calls", [report(1, "refused", lot=CALLED)])
    assert asked(campaign) == []


def test_keys_of_a_file_are_kept_once_until_nobody_in_it_rests_and_then_destroyed(campaign: Played) -> None:  # noqa: F811
    batch_id = uuid4()
    keep(campaign, batch_id)
    with pytest.raises(RefusalsKept):
        keep(campaign, batch_id)
    keep(campaign)

    assert [file.purge_on for file in keys(campaign)] == [LAST + timedelta(days=61)] * 2
    timers = [one.not_before.date() for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files")]
    assert LAST + timedelta(days=61) in timers

    for day, left in ((60, 2), (61, 0)):
        campaign.now += LAST + timedelta(days=day) - campaign.now.date()
        campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)
        assert sum(file.wrapped_key is not None for file in keys(campaign)) == left


@pytest.mark.parametrize("stage", ["analysis", "closed"])
def test_a_machine_that_comes_late_still_keeps_them(played: Callable[[str], Played], stage: str) -> None:
    late = played(stage)
    keep(late)
    assert len(keys(late)) == 1


def test_the_next_campaign_that_is_called_is_told_of_them_and_no_other_is(campaign: Played) -> None:  # noqa: F811
    keep(campaign)
    (file,) = keys(campaign)
    assert told(campaign) == [], "its own people are told apart in its own calls"

    campaign.open("26B")
    assert told(campaign) == [], "nobody is called"
    call_everybody(campaign)
    assert told(campaign) == [("26A", file.id)]
    campaign.tune_policy({"calls": {"refusal_days": 0}})
    assert told(campaign) == []
