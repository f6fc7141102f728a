"""Whom a channel leaves alone, across campaigns: keys of what is reported are kept, told to its next lots, and then gone."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_bounces_and_calls import CALLED, MAILED, bring, campaign, report, sent, sent_once  # noqa: F401
from tests.integration.stages.test_contact_pressure import keep as keep_contacts
from workflows.campaign.contacted.barring import KINDS, BarredKept, KeepBarred, keys_to_look_up
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import ResponseBatch, StoredFile
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM
from workflows.trade.barring import Bar

LAST = date(2026, 10, 20)
REPORTED = (Bar.AT_REST, Bar.UNREACHED)


def keep(campaign: Played, batch_id: UUID | None = None, bar: Bar = Bar.AT_REST) -> None:  # noqa: F811
    batch_id = batch_id or uuid4()
    file = kept(f"{bar}_{batch_id}.parquet")
    campaign.ask(KeepBarred(subject_id=campaign.campaign_id, batch_id=batch_id, bar=bar, persons=2, last_on=LAST, file=file), by=SYSTEM)


def keys(campaign: Played, bar: Bar = Bar.AT_REST) -> list[StoredFile]:  # noqa: F811
    return campaign.rows(StoredFile, col(StoredFile.kind) == KINDS[bar])


def asked(campaign: Played) -> list[str]:  # noqa: F811
    return [one.payload["batch_id"] for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "keep_barred")]


def told(campaign: Played) -> list[tuple[str, str, UUID]]:  # noqa: F811
    with campaign.reading() as session:
        return [(one.bar, one.campaign, one.file.id) for one in keys_to_look_up(campaign.facts(session))]


def send_everything_by(campaign: Played, channel: str) -> None:  # noqa: F811
    with campaign.behind_the_engine() as connection:
        connection.execute("update plan_line set channel = %s where campaign_id = (select id from campaign where code = '26B')", (channel,))


@pytest.mark.parametrize(("outcome", "wanted"), [("refused", 1), ("opt_out", 1), ("callback", 0)])
def test_a_report_of_refusals_asks_a_machine_for_their_keys(campaign: Played, outcome: str, wanted: int) -> None:  # noqa: F811
    bring(campaign, "calls", [report(1, outcome, lot=CALLED), report(2, "reached", lot=CALLED)])

    (batch,) = campaign.rows(ResponseBatch)
    assert asked(campaign) == [str(batch.id)] * wanted


@pytest.mark.parametrize(
    ("kind", "outcome", "lot", "wanted"),
    [("bounces", "hard", MAILED, 1), ("bounces", "soft", MAILED, 0), ("calls", "wrong_number", CALLED, 1), ("calls", "reached", CALLED, 0)],
)
def test_a_report_of_whom_nothing_reached_asks_a_machine_for_their_keys(
    campaign: Played,  # noqa: F811
    kind: str,
    outcome: str,
    lot: str,
    wanted: int,
) -> None:
    bring(campaign, kind, [report(1, outcome, lot=lot)])
    assert len(asked(campaign)) == wanted


def test_the_file_that_brings_the_last_soft_bounce_asks_for_them(campaign: Played) -> None:  # noqa: F811
    for on in (14, 15, 16):
        bring(campaign, "bounces", [report(1, "soft", on=on)])

    last = campaign.rows(ResponseBatch, order=col(ResponseBatch.from_seq))[-1]
    assert asked(campaign) == [str(last.id)]


def test_nothing_is_kept_where_policy_bars_nobody(campaign: Played) -> None:  # noqa: F811
    campaign.tune_policy({"calls": {"refusal_days": 0}, "thresholds": {"unreached_days": 0}})
    bring(campaign, "calls", [report(1, "refused", lot=CALLED), report(2, "wrong_number", lot=CALLED)])
    assert asked(campaign) == []


@pytest.mark.parametrize(("bar", "days"), [(Bar.AT_REST, 60), (Bar.UNREACHED, 365)])
def test_keys_of_a_file_are_kept_once_until_nobody_in_it_is_barred_and_then_destroyed(
    campaign: Played,  # noqa: F811
    bar: Bar,
    days: int,
) -> None:
    batch_id = uuid4()
    keep(campaign, batch_id, bar)
    with pytest.raises(BarredKept):
        keep(campaign, batch_id, bar)
    keep(campaign, bar=bar)

    assert [file.purge_on for file in keys(campaign, bar)] == [LAST + timedelta(days=days + 1)] * 2
    timers = [one.not_before.date() for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files")]
    assert LAST + timedelta(days=days + 1) in timers

    for day, left in ((days, 2), (days + 1, 0)):
        campaign.now += LAST + timedelta(days=day) - campaign.now.date()
        campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)
        assert sum(file.wrapped_key is not None for file in keys(campaign, bar)) == left


def test_one_file_of_calls_bars_for_both_reasons(campaign: Played) -> None:  # noqa: F811
    batch_id = uuid4()
    for bar in REPORTED:
        keep(campaign, batch_id, bar)

    assert [len(keys(campaign, bar)) for bar in REPORTED] == [1, 1]


@pytest.mark.parametrize("stage", ["analysis", "closed"])
def test_a_machine_that_comes_late_still_keeps_them(played: Callable[[str], Played], stage: str) -> None:
    late = played(stage)
    keep(late)
    assert len(keys(late)) == 1


@pytest.mark.parametrize("channel", ["email", "sms", "phone"])
def test_the_next_campaign_is_told_of_those_whom_its_channel_leaves_alone_and_no_other_is(campaign: Played, channel: str) -> None:  # noqa: F811
    for bar in REPORTED:
        keep(campaign, bar=bar)
    files = {bar: keys(campaign, bar)[0].id for bar in REPORTED}
    assert told(campaign) == [], "its own people are told apart in its own reports"

    campaign.open("26B")
    assert told(campaign) == [], "everything is posted"
    send_everything_by(campaign, channel)
    unreached = ("unreached", "26A", files[Bar.UNREACHED])
    assert told(campaign) == ([("at_rest", "26A", files[Bar.AT_REST])] if channel == "phone" else []) + [unreached]
    campaign.tune_policy({"calls": {"refusal_days": 0}})
    assert told(campaign) == [unreached]
    campaign.tune_policy({"thresholds": {"unreached_days": 0}})
    assert told(campaign) == []


def test_a_campaign_looks_back_from_its_own_drop_by_its_own_policy(campaign: Played) -> None:  # noqa: F811
    for bar in REPORTED:
        keep(campaign, bar=bar)
    campaign.open("26B")
    send_everything_by(campaign, "phone")
    campaign.tune_policy({"calls": {"refusal_days": 30}, "thresholds": {"unreached_days": 90}})

    with campaign.reading() as session:
        since = {one.bar: one.since for one in keys_to_look_up(campaign.facts(session))}

    drop_on = campaign.campaign.drop_on
    assert since == {Bar.AT_REST: drop_on - timedelta(days=30), Bar.UNREACHED: drop_on - timedelta(days=90)}


def test_sends_of_the_last_thirty_days_are_looked_up_where_a_channel_has_a_cap(campaign: Played) -> None:  # noqa: F811
    keep_contacts(campaign)
    (sent_file,) = campaign.rows(StoredFile, col(StoredFile.kind) == "contact_keys")
    posted_on = campaign.campaign.dropped_on
    campaign.open("26B")
    send_everything_by(campaign, "email")
    assert told(campaign) == [], "no channel has a cap"
    campaign.tune_policy({"pressure": {"email_30": 1}})

    found = []
    for days in (30, 31):
        with campaign.behind_the_engine() as connection:
            connection.execute("update campaign set drop_on = %s where code = '26B'", (posted_on + timedelta(days=days),))
        found.append(told(campaign))

    assert found == [[("at_cap", "26A", sent_file.id)], []]
