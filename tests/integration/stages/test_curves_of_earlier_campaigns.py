"""How fast answers came in goes to the advertiser's history, and later campaigns forecast with it from their drop on."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from sqlmodel import col, select

from app.play.donors import day_to_close
from app.queries.responses import ResponsesPage, get_responses
from tests.integration.papers.journey import BEGINNING, DROP
from tests.integration.stages.played import Played
from workflows.campaign.model import HistoryCurve
from workflows.campaign.records import Lot
from workflows.campaign.results.curves import campaign_curve, curves_to_keep
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.command import sha256_of
from workflows.parties.actor import SYSTEM
from workflows.trade.forecast import DEFAULT_POSTAL_CURVE, recalibrated_curve

Campaigns = Callable[[str], Played]
FAST = [0] * 3 + [199] * 5 + [0] * 76 + [5]
"""A thousand answers, nearly all in the first week, the last on day 84."""


def curves(campaign: Played) -> list[HistoryCurve]:
    with campaign.database.reading(SYSTEM) as session:
        found = list(session.exec(select(HistoryCurve).order_by(col(HistoryCurve.campaign), col(HistoryCurve.channel))))
        session.expunge_all()
    return found


def publish_earlier(campaign: Played, name: str, by_day: list[int], channel: str = "postal") -> None:
    """Let an earlier campaign of the advertiser have had these answers by day."""
    with campaign.database.writing(SYSTEM) as session:
        session.add(HistoryCurve(advertiser_id=campaign.advertiser_id, campaign=name, channel=channel, by_day=by_day))


def page(campaign: Played, days: int = 7) -> ResponsesPage:
    with campaign.reading() as session:
        return get_responses(campaign.facts(session), now=DROP + timedelta(days=days))


def used(campaign: Played) -> list[tuple[str, int, int]]:
    return [(one.channel, one.campaigns, one.answers) for one in page(campaign).curves]


def test_published_results_say_by_channel_on_which_day_answers_came(played: Campaigns) -> None:
    campaign = played("responses")
    sent = [lot.code for lot in campaign.rows(Lot, order=col(Lot.code))]
    campaign.collect({sent[0]: 3, sent[1]: 1}, {})
    assert curves(campaign) == []

    campaign.publish()

    (row,) = curves(campaign)
    # A gift a day and lot from the second day after the drop on; what is credited to nobody counts for none.
    assert (row.campaign, row.channel, row.by_day) == ("2026-10 26A", "postal", [0, 0, 2, 1, 1])
    assert row.published_by_id == campaign.campaign_id
    campaign.publish()
    assert [one.id for one in curves(campaign)] == [row.id], "once, however often it is published"


def test_a_campaign_forecasts_with_what_others_published_before_its_drop(played: Campaigns) -> None:
    campaign = played("send")
    for name in ("2025-10 25A", "2026-03 26P", "2026-05 26M"):
        publish_earlier(campaign, name, FAST)
    publish_earlier(campaign, "2026-05 26M", [5_000], channel="email")
    campaign.reach("responses")

    found = page(campaign)

    expected = recalibrated_curve([FAST] * 3)
    assert expected is not None
    assert used(campaign) == [("postal", 3, 3_000)]
    assert found.share == expected.share_by(7) != DEFAULT_POSTAL_CURVE.share_by(7)
    assert found.expected is not None
    day = next(one for one in found.to_come if one.day == 5)
    assert abs(day.planned / Decimal(found.expected) - expected.share_by(5)) < Decimal("0.01")


def test_what_is_published_after_the_drop_changes_no_forecast_that_was_shown(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", FAST)
    campaign.reach("responses")
    before = page(campaign)

    publish_earlier(campaign, "2026-03 26P", [0] * 40 + [1_000])

    assert page(campaign) == before
    with campaign.reading() as session:
        assert curves_to_keep(campaign.facts(session))["postal"]["campaigns"] == 2, "the next drop sees it"


def test_the_entry_of_the_drop_names_the_curve_by_its_hash(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", FAST)
    campaign.reach("responses")

    entries = [json.loads(row.body) for row in campaign.rows(Checkpoint, order=col(Checkpoint.seq))]
    (dropped,) = [entry for entry in entries if entry["event"] == "campaign.send.dropped"]
    kept = campaign.campaign.response_curves
    assert [one for one in dropped["checks"] if one["code"].startswith("response_curve")] == [
        {
            "code": "response_curve:postal",
            "expected": None,
            "actual": sha256_of(kept["postal"]),
            "tolerance": None,
            "verdict": "ok",
            "override": None,
        }
    ]


def test_too_few_answers_leave_the_usual_curve(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", [0, 0, 0, 199])
    campaign.reach("responses")

    assert campaign.campaign.response_curves == {}
    assert used(campaign) == [("postal", 0, 0)]
    assert page(campaign).share == DEFAULT_POSTAL_CURVE.share_by(7)


def test_a_campaign_that_dropped_before_there_were_curves_keeps_the_usual_one(played: Campaigns) -> None:
    campaign = played("responses")
    publish_earlier(campaign, "2025-10 25A", FAST)
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign set response_curves = null")

    assert used(campaign) == [("postal", 0, 0)]


def test_answers_are_closed_once_most_are_in_by_the_campaign_s_own_curve(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", [0] * 3 + [20_000] * 5 + [0] * 77)
    campaign.reach("responses")

    assert [page(campaign, days).may_close for days in (6, 7, 54)] == [False, True, True]


def test_the_report_says_which_curve_was_used(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", FAST)
    campaign.reach("analysis")
    campaign.publish()

    (report,) = campaign.issued("results_report")
    assert [(one.channel, one.campaigns, one.answers) for one in report.content.curves_used] == [("postal", 1, 1_000)]


def test_the_next_campaign_of_the_advertiser_forecasts_with_the_curve_of_the_one_before(played: Campaigns) -> None:
    campaign = played("responses")
    lots = [lot.code for lot in campaign.rows(Lot)]
    campaign.collect(dict.fromkeys(lots, 20), {})
    campaign.publish()
    (row,) = curves(campaign)
    assert sum(row.by_day) >= 200

    other = campaign.on(campaign.database)
    other.now = BEGINNING
    other.open("27A")
    other.reach("responses")

    assert used(other) == [("postal", 1, sum(row.by_day))]
    with other.reading() as session:
        assert campaign_curve(other.facts(session)) == recalibrated_curve([row.by_day])
    assert used(campaign) == [("postal", 0, 0)], "never with its own"


def test_a_play_waits_for_the_day_on_which_the_curve_lets_it_close(played: Campaigns) -> None:
    campaign = played("send")
    publish_earlier(campaign, "2025-10 25A", [0] * 70 + [20_000])
    campaign.reach("responses")
    planned_on = DROP.date() + timedelta(days=62)

    with campaign.reading() as session:
        facts = campaign.facts(session)
        assert day_to_close(facts, planned_on) == DROP.date() + timedelta(days=70)
        assert day_to_close(facts, planned_on + timedelta(days=20)) == planned_on + timedelta(days=20)
