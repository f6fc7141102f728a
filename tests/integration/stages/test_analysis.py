"""Analysis: figures computed once, lessons in words, and a history that the next plan projects from."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, select

from tests.integration.papers.brought import a_gift
from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.model import HistoryCurve, HistoryRow
from workflows.campaign.records import CampaignResult, Lot, ResponseBatch
from workflows.campaign.stages.analysis import CloseCampaign, LessonEmpty, PublishResults, RecordLesson, RecordResults
from workflows.campaign.stages.plan import RevisePlan, SubmitPlan
from workflows.campaign.stages.responses import CloseResponses, ImportBatch, RecordBatch
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]


def compute(campaign: Played) -> None:
    from workflows.campaign.results.figures import compute as figures

    with campaign.reading() as session:
        body = figures(campaign.facts(session))
    campaign.ask(RecordResults(subject_id=campaign.campaign_id, body=body), by=SYSTEM)


def published(campaign: Played) -> list[HistoryRow]:
    with campaign.database.reading(SYSTEM) as session:
        found = list(session.exec(select(HistoryRow).where(HistoryRow.campaign == "2026-10 26A")))
        session.expunge_all()
    return found


def test_nothing_is_published_before_it_is_computed_and_something_was_learned(played: Campaigns) -> None:
    campaign = played("analysis")
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(PublishResults(subject_id=campaign.campaign_id))
    assert [unmet.code for unmet in refusal.value.unmet] == ["analysis.not_computed", "analysis.no_lesson"]

    compute(campaign)
    with pytest.raises(LessonEmpty):
        campaign.ask(RecordLesson(subject_id=campaign.campaign_id, words=" \n "))
    assert list(campaign.unmet("publish_results")) == ["analysis.no_lesson"]


def test_a_piece_counts_under_each_of_its_tags(played: Campaigns) -> None:
    campaign = played("analysis")
    compute(campaign)

    (result,) = campaign.rows(CampaignResult)
    tags, messages = result.body["kpis"]["by_tag"], result.body["kpis"]["by_message"]
    mailed = {name: table["response_rate"]["denominator"] for name, table in (tags | messages).items()}
    assert set(tags) == {"courrier", "lettre 2 pages", "bulletin", "bulletin grille"}
    assert mailed["courrier"] == mailed["lettre 2 pages"] == mailed["A"] + mailed["B"]
    assert (mailed["bulletin"], mailed["bulletin grille"]) == (mailed["A"], mailed["B"])


def test_figures_computed_again_end_those_before(played: Campaigns) -> None:
    campaign = played("analysis")
    compute(campaign)
    compute(campaign)

    first, second = campaign.rows(CampaignResult, order=col(CampaignResult.computed_at))
    assert first.to_seq == second.from_seq
    assert first.sha256 == second.sha256, "the same facts give the same figures"


def test_what_is_published_is_what_the_next_plan_projects_from(played: Campaigns) -> None:
    campaign = played("analysis")
    plans = {}
    for code in ("27A", "27B"):
        other = campaign.on(campaign.database)
        other.open(code)
        if code == "27B":
            campaign.publish()
        other.ask(SubmitPlan(subject_id=other.campaign_id))
        plans[code] = other.campaign.projection

    rows = published(campaign)
    assert {row.list_code for row in rows} == {"ALZ", "BTN", "CDR", "DOM", "ECL", "MAI"}
    assert sum(row.mailed for row in rows) > 0
    assert {row.published_by_id for row in rows} == {campaign.campaign_id}
    before, after = ({(line["list"], line["segment"], line["message"]): line for line in plans[code]["lines"]} for code in plans)
    learned = before["ALZ", "P12", "A"]["response_rate"], after["ALZ", "P12", "A"]["response_rate"]
    assert learned[0] != learned[1]


def test_publishing_again_adds_nothing_to_history(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()
    before = [row.model_dump() for row in published(campaign)]

    campaign.ask(PublishResults(subject_id=campaign.campaign_id))

    assert [row.model_dump() for row in published(campaign)] == before


def test_what_is_published_again_takes_the_place_of_what_was(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()
    before = {row.id: row.responses for row in published(campaign)}
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="responses", reason="Deux plis retrouvés."))
    sent = next(lot for lot in campaign.rows(Lot, order=col(Lot.code)) if lot.is_sent)
    campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind="responses", file=kept("retrouvés.csv")))
    (batch,) = campaign.rows(ResponseBatch, col(ResponseBatch.name) == "retrouvés.csv")
    late = tuple(a_gift(sent.code, 1_000 + number, date(2026, 12, 1)) for number in range(2))
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch.id, responses=late), by=SYSTEM)
    campaign.ask(CloseResponses(subject_id=campaign.campaign_id))

    campaign.publish()

    after = {row.id: row.responses for row in published(campaign)}
    assert set(after) == set(before)
    assert sum(after.values()) == sum(before.values()) + 2
    with campaign.database.reading(SYSTEM) as session:
        (curve,) = session.exec(select(HistoryCurve))
        assert sum(curve.by_day) == sum(after.values())


def test_a_campaign_closes_once_its_results_are_published_and_then_moves_no_more(played: Campaigns) -> None:
    campaign = played("analysis")
    with pytest.raises(ConditionsUnmet):
        campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))
    campaign.publish()
    campaign.certify_destruction()
    campaign.invoice_everything()

    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))

    assert campaign.state == "closed"
    assert campaign.tasks() == []
    for command in (CloseCampaign(subject_id=campaign.campaign_id), RevisePlan(subject_id=campaign.campaign_id, plan=())):
        with pytest.raises(MoveNotOpen):
            campaign.ask(command)
