"""Rest after a gift, across campaigns: keys of givers are kept when answers are read, told to the next merge-purge, and then gone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.test_barred import asked
from tests.integration.stages.test_contact_pressure import cap, pressed, told
from tests.integration.stages.test_dedupe_and_lots import cells, record, record_lots, run
from tests.integration.stages.test_responses import gift, import_file
from tests.integration.stages.test_responses import record as record_answers
from workflows.campaign.contacted.barring import KeepBarred
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import StoredFile
from workflows.campaign.stages.dedupe import AccountingBroken
from workflows.campaign.stages.lots import PartitionBroken
from workflows.parties.actor import SYSTEM
from workflows.trade.barring import Bar

Campaigns = Callable[[str], Played]
LAST = date(2026, 10, 20)


def rest(campaign: Played, days: int = 60, **more: Any) -> None:
    campaign.tune_policy({"pressure": {"gift_rest_days": days, **more}})


def keep(campaign: Played) -> UUID:
    batch_id = uuid4()
    file = kept(f"gave_{batch_id}.parquet")
    command = KeepBarred(subject_id=campaign.campaign_id, batch_id=batch_id, bar=Bar.GAVE, persons=2, last_on=LAST, file=file)
    campaign.ask(command, by=SYSTEM)
    return keys(campaign)[-1].id


def keys(campaign: Played) -> list[StoredFile]:
    return campaign.rows(StoredFile, col(StoredFile.kind) == "gave_keys", order=col(StoredFile.from_seq))


def resting(campaign: Played, action: str, over: int, at_rest: int) -> dict[str, Any]:
    """A report in which a list has so many over a cap, and so many others who gave."""
    found = pressed(campaign, action, over)
    counts = found["lists"]["BTN"]
    if action == "suppress":
        counts["suppressed"]["recent_gift"] = at_rest
        counts["net"] -= at_rest
    found["pressure"]["resting"] = {"BTN": at_rest}
    return found


@pytest.mark.parametrize(
    ("days", "change", "wanted"),
    [(60, {}, 1), (60, {"kind": "promesse"}, 0), (60, {"unique_id": ""}, 0), (0, {}, 0)],
    ids=["a gift", "a promise", "of nobody", "nobody rests"],
)
def test_answers_with_gifts_ask_a_machine_for_the_keys_of_whoever_gave(
    played: Campaigns, days: int, change: dict[str, str], wanted: int
) -> None:
    campaign = played("responses")
    rest(campaign, days)

    batch_id = import_file(campaign, "lundi.csv")
    record_answers(campaign, batch_id, gift(1, **change))

    assert asked(campaign) == [str(batch_id)] * wanted


def test_a_file_that_brings_nothing_new_asks_for_none(played: Campaigns) -> None:
    campaign = played("responses")
    rest(campaign)
    record_answers(campaign, import_file(campaign, "lundi.csv"), gift(1))

    record_answers(campaign, import_file(campaign, "mardi.csv"), gift(1))

    assert len(asked(campaign)) == 1


def test_keys_are_kept_until_nobody_in_them_rests_and_then_destroyed(played: Campaigns) -> None:
    campaign = played("closed")
    rest(campaign, 90)
    keep(campaign)

    for day, left in ((90, True), (91, False)):
        campaign.now += LAST + timedelta(days=day) - campaign.now.date()
        campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)
        assert (keys(campaign)[0].wrapped_key is not None) is left
    campaign.open("26B")
    rest(campaign, 400)
    assert told(campaign)["gift_rest"]["files"] == []


def test_the_next_dedupe_is_told_since_when_whoever_gave_rests_and_in_which_files_they_are(played: Campaigns) -> None:
    campaign = played("responses")
    rest(campaign)
    first, second = keep(campaign), keep(campaign)
    assert told(campaign)["gift_rest"]["files"] == [], "of its own givers it is not told"

    campaign.open("26B")
    rest(campaign, 0)
    assert told(campaign) == {"action": "suppress", "caps": [], "sends": []}, "its policy lets nobody rest"
    rest(campaign, 30)

    since = campaign.campaign.drop_on - timedelta(days=30)
    files = [{"file_id": str(one), "campaign": "26A"} for one in (first, second)]
    assert told(campaign)["gift_rest"] == {"days": 30, "since": since.isoformat(), "files": files}


def test_the_brief_of_a_run_says_who_rests(played: Campaigns) -> None:
    campaign = played("responses")
    keep(campaign)
    cap(campaign, action="reserve", gift_rest_days=60)
    campaign.open("26B")
    campaign.reach("dedupe")

    (brief,) = campaign.issued("dedupe_brief")
    said = brief.content
    assert (said.contact_action, said.contact_caps, said.earlier_sends) == ("reserve", (), ())
    assert (said.gave_since, said.giver_campaigns) == (campaign.campaign.drop_on - timedelta(days=60), ("26A",))
    assert [one["campaign"] for one in run(campaign).brief["pressure"]["gift_rest"]["files"]] == ["26A"]


def test_who_was_suppressed_after_a_gift_is_a_control_and_a_column_of_the_report(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, resting(campaign, "suppress", 9, 4))

    (paper,) = campaign.issued("dedupe_report")
    row = next(one for one in paper.content.files if one.list_code == "BTN")
    assert dict(zip(paper.content.suppression_codes, row.suppressed, strict=True))["recent_gift"] == 4
    assert {(one.code, one.about, one.verdict) for one in paper.content.checks} >= {
        ("recent_gift", "BTN", "ok"),
        ("contact_pressure", "BTN", "ok"),
    }


@pytest.mark.parametrize(("action", "at_rest", "said"), [("suppress", 4, 3), ("reserve", 10**6, 10**6)])
def test_those_at_rest_who_do_not_add_up_are_refused(played: Campaigns, action: str, at_rest: int, said: int) -> None:
    campaign = played("dedupe")
    found = resting(campaign, action, 0, at_rest)
    found["pressure"]["resting"]["BTN"] = said

    with pytest.raises(AccountingBroken) as refusal:
        record(campaign, found)
    assert refusal.value.params["list"] == "recent_gift:BTN"


def test_lots_that_would_write_to_somebody_at_rest_are_refused(played: Campaigns) -> None:
    campaign = played("dedupe")
    record(campaign, resting(campaign, "reserve", 9, 4))
    campaign.approve_dedupe()

    with pytest.raises(PartitionBroken) as refusal:
        record_lots(campaign, cells(campaign), run(campaign).id)
    assert refusal.value.params == {"list": "BTN", "net": 13, "cells": 0}
