"""Contact pressure across campaigns: keys are kept when the mail is posted, told to the next merge-purge, and gone after a year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from app.queries.dedupe import get_dedupe
from app.saved_policy import save_policy
from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_dedupe_and_lots import cells, record, record_lots, report, run
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.dedupe.pressure import ContactsKept, KeepContacts, pressure_brief
from workflows.campaign.default_policy import DEFAULT_POLICY
from workflows.campaign.records import StoredFile
from workflows.campaign.stages.dedupe import AccountingBroken
from workflows.campaign.stages.lots import PartitionBroken
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import MoveNotOpen
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]
DROP = date(2026, 10, 13)


def keep(campaign: Played) -> None:
    command = KeepContacts(subject_id=campaign.campaign_id, pieces=90, persons=100, households=80, file=kept("contacts.parquet"))
    campaign.ask(command, by=SYSTEM)


def keys(campaign: Played) -> StoredFile:
    (found,) = campaign.rows(StoredFile, col(StoredFile.kind) == "contact_keys")
    return found


def told(campaign: Played) -> dict[str, Any]:
    with campaign.reading() as session:
        return pressure_brief(campaign.facts(session))


def cap(campaign: Played, **caps: Any) -> None:
    """Save a policy with these caps; campaigns opened from now on follow it."""
    body = {**DEFAULT_POLICY, "pressure": {**DEFAULT_POLICY["pressure"], **caps}}
    with campaign.database.writing(SYSTEM) as session:
        save_policy(session, campaign.advertiser_id, body, seen_number=1, by=None, now=campaign.now)


def pressed(campaign: Played, action: str, over: int) -> dict[str, Any]:
    """A report in which a list has so many who were written to often enough."""
    found = report(campaign)
    counts = found["lists"]["BTN"]
    if action == "suppress":
        counts["suppressed"]["contact_pressure"] = over
        counts["net"] -= over
    found["pressure"] = {"action": action, "caps": [{"kind": "person", "days": 30, "most": 1}], "sends": 1, "over": {"BTN": over}}
    return found


def test_a_drop_asks_a_machine_for_the_keys_of_whom_the_mail_reached(played: Campaigns) -> None:
    campaign = played("responses")
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "keep_contacts")
    assert message.state == "pending"


def test_keys_are_kept_once_for_as_long_as_a_window_reaches_back_to_them(played: Campaigns) -> None:
    campaign = played("responses")

    keep(campaign)

    assert keys(campaign).purge_on == DROP + timedelta(days=366)
    timers = [one.not_before.date() for one in campaign.rows(OutboxMessage, col(OutboxMessage.name) == "purge_files")]
    assert sorted(timers) == [DROP + timedelta(days=90), DROP + timedelta(days=366)]
    with pytest.raises(ContactsKept):
        keep(campaign)


@pytest.mark.parametrize("stage", ["send", "dedupe"])
def test_nothing_is_kept_of_mail_that_was_not_posted(played: Campaigns, stage: str) -> None:
    with pytest.raises(MoveNotOpen):
        keep(played(stage))


@pytest.mark.parametrize("stage", ["analysis", "closed"])
def test_a_machine_that_comes_late_still_keeps_them(played: Campaigns, stage: str) -> None:
    campaign = played(stage)
    keep(campaign)
    assert keys(campaign).wrapped_key is not None


def test_the_purge_leaves_keys_until_their_day_and_then_destroys_them(played: Campaigns) -> None:
    campaign = played("closed")
    keep(campaign)

    campaign.now += timedelta(days=200)
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)
    assert keys(campaign).wrapped_key is not None
    assert all(file.wrapped_key is None for file in campaign.rows(StoredFile, col(StoredFile.kind).in_(["dedupe", "lots"])))

    campaign.now += timedelta(days=366)
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)
    assert keys(campaign).wrapped_key is None
    campaign.open("26B")
    assert told(campaign)["sends"] == []


def test_the_next_campaign_is_told_of_earlier_sends_with_their_day(played: Campaigns) -> None:
    campaign = played("closed")
    keep(campaign)
    first = keys(campaign)

    campaign.open("26B")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set drop_on = '2026-11-12' where code = '26B'")
    sends = told(campaign)["sends"]

    assert sends == [{"file_id": str(first.id), "campaign": "26A", "posted_on": "2026-10-13", "days": 30}]


@pytest.mark.parametrize(("drop_on", "days"), [("2026-09-01", [0]), ("2027-10-13", [365]), ("2027-10-14", [])])
def test_a_send_counts_for_a_year_and_also_when_it_overtook_this_one(played: Campaigns, drop_on: str, days: list[int]) -> None:
    campaign = played("responses")
    keep(campaign)
    campaign.open("26B")
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set drop_on = %s where code = '26B'", (drop_on,))
    assert [send["days"] for send in told(campaign)["sends"]] == days


def test_a_campaign_is_not_told_of_its_own_send(played: Campaigns) -> None:
    campaign = played("responses")
    keep(campaign)
    assert told(campaign)["sends"] == []


def test_the_caps_are_those_of_the_policy_that_the_campaign_pinned(played: Campaigns) -> None:
    campaign = played("plan")
    assert told(campaign) == {"action": "suppress", "caps": [], "sends": []}, "no cap until somebody sets one"

    cap(campaign, action="reserve", person_30=2, household_365=12)
    assert told(campaign)["caps"] == [], "an open campaign keeps the policy it began with"
    campaign.open("26B")

    assert told(campaign)["action"] == "reserve"
    assert told(campaign)["caps"] == [{"kind": "person", "days": 30, "most": 2}, {"kind": "household", "days": 365, "most": 12}]


def test_the_brief_of_a_run_says_the_caps_and_the_sends_that_are_looked_up(played: Campaigns) -> None:
    campaign = played("responses")
    keep(campaign)
    cap(campaign, action="reserve", person_30=2)
    campaign.open("26B")
    campaign.reach("dedupe")

    (brief,) = campaign.issued("dedupe_brief")
    assert (brief.content.contact_action, [vars(one) for one in brief.content.contact_caps]) == (
        "reserve",
        [{"kind": "person", "days": 30, "most": 2}],
    )
    assert [(one.campaign, one.posted_on) for one in brief.content.earlier_sends] == [("26A", DROP)]
    assert run(campaign).brief["pressure"]["sends"][0]["campaign"] == "26A"


def test_what_the_cap_took_is_a_control_of_the_run_and_stands_on_the_page(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, pressed(campaign, "suppress", 9))

    assert b'"contact_pressure:BTN"' in campaign.rows(Checkpoint, order=col(Checkpoint.seq))[-1].body
    with campaign.reading() as session:
        page = get_dedupe(campaign.facts(session))
    assert next(row for row in page.lists if row.code == "BTN").suppressed["contact_pressure"] == 9


@pytest.mark.parametrize(("action", "over", "said"), [("suppress", 9, 8), ("reserve", 10**6, 10**6)])
def test_those_over_a_cap_who_do_not_add_up_are_refused(played: Campaigns, action: str, over: int, said: int) -> None:
    campaign = played("dedupe")
    found = pressed(campaign, action, over)
    found["pressure"]["over"]["BTN"] = said

    with pytest.raises(AccountingBroken) as refusal:
        record(campaign, found)
    assert refusal.value.params["list"] == "contact_pressure:BTN"


def test_lots_that_would_write_to_somebody_of_the_reserve_are_refused(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, pressed(campaign, "reserve", 9))
    campaign.approve_dedupe()

    with pytest.raises(PartitionBroken) as refusal:
        record_lots(campaign, cells(campaign), run(campaign).id)
    assert refusal.value.params == {"list": "BTN", "net": 9, "cells": 0}
