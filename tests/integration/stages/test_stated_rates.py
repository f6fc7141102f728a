"""The response rate that a plan states for a line: outcome, lots and tests go by it, and it is shown beside the projected one."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.queries.brief import brief_of
from app.queries.plan import get_plan
from tests.integration.stages.played import Played
from workflows.campaign.results.trials import expected_rates, planned_trials
from workflows.campaign.stages.plan import OpenCampaign, RevisePlan
from workflows.campaign.values import ValueNotAllowed
from workflows.plan_line.model import PlanLine

Campaigns = Callable[[str], Played]
STATED = Decimal("0.03")


def state(campaign: Played, rate: Decimal | None, place: int = 0) -> None:
    with campaign.reading() as session:
        lines = brief_of(campaign.facts(session)).plan
    changed = tuple(replace(line, expected_rate=rate) if number == place else line for number, line in enumerate(lines))
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, plan=changed))


def shown(campaign: Played) -> list[Any]:
    with campaign.reading() as session:
        return list(get_plan(campaign.facts(session)).lines)


def test_the_outcome_goes_by_what_is_stated_and_both_rates_are_shown(played: Campaigns) -> None:
    campaign = played("plan")
    before = shown(campaign)
    ids = [line.id for line in campaign.rows(PlanLine, PlanLine.to_seq.is_(None))]
    state(campaign, STATED)

    after = shown(campaign)
    assert (after[0].rate, after[0].projected_rate) == (STATED, before[0].rate)
    assert after[0].responses == round(after[0].net * STATED, 2)
    assert [(one.rate, one.projected_rate) for one in after[1:]] == [(one.rate, None) for one in before[1:]]
    assert [line.id for line in campaign.rows(PlanLine, PlanLine.to_seq.is_(None))] == ids, "the lines go on"

    state(campaign, None)
    assert shown(campaign) == before


def test_lots_tests_and_papers_expect_what_was_stated(played: Campaigns) -> None:
    campaign = played("plan")
    state(campaign, STATED)
    with campaign.reading() as session:
        line = brief_of(campaign.facts(session)).plan[0]
    campaign.reach("send")

    with campaign.reading() as session:
        facts = campaign.facts(session)
        rates = expected_rates(facts)
        trials = planned_trials(facts.lots, rates, facts.campaign.policy)
    assert rates[line.list_code, line.segment, line.channel, line.message] == STATED
    (plan,) = (paper.content for paper in campaign.issued("lot_plan"))
    of_line = [
        lot
        for lot in plan.lots
        if lot.is_sent
        and (lot.list_code, lot.segment, lot.channel, lot.message) == (line.list_code, line.segment, line.channel, line.message)
    ]
    assert of_line
    assert {lot.expected_rate for lot in of_line} == {STATED}
    media = campaign.issued("media_plan")[-1].content
    told = {
        (row.list_code, row.segment, row.message): (row.response_rate, row.assumption, row.projected_rate is None) for row in media.lines
    }
    assert told.pop((line.list_code, line.segment, line.message)) == (STATED, "stated", False)
    assert {(assumption, alone) for _rate, assumption, alone in told.values()} <= {
        (one, True) for one in ("history", "parent", "category", "campaign", "default")
    }
    assert trials


@pytest.mark.parametrize("rate", [Decimal(0), Decimal("-0.01"), Decimal("1.01")])
def test_a_rate_that_none_can_be_is_refused_with_its_row(played: Campaigns, rate: Decimal) -> None:
    campaign = played("plan")
    with pytest.raises(ValueNotAllowed) as refused:
        state(campaign, rate, place=1)
    assert {name: refused.value.params[name] for name in ("part", "place", "field")} == {
        "part": "plan",
        "place": 2,
        "field": "expected_rate",
    }


def test_a_copy_expects_what_was_stated(played: Campaigns) -> None:
    campaign = played("plan")
    state(campaign, STATED)
    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="27C")
    campaign.campaign_id = campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="27C", brief=brief)).subject.id
    assert shown(campaign)[0].rate == STATED
