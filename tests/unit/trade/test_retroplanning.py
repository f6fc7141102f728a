"""Everything is scheduled back from the drop, and a late step shows before it hurts."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.retroplanning import (
    DEFAULT_LEAD_TIMES,
    ControlPoint,
    LeadTime,
    Progress,
    forecast_steps,
    is_late,
    latest_order_on,
    plan_backward,
)
from workflows.trade.working_days import is_working_day, next_working_day, working_days_between

DROP_ON = date(2027, 3, 23)
STAGES = ["plan", "negotiation", "budget", "order", "delivery", "dedupe", "lots", "send"]


def test_each_step_lies_its_lead_time_before_the_drop() -> None:
    plan = plan_backward(DROP_ON)
    for lead in DEFAULT_LEAD_TIMES:
        if lead.finish <= 0:
            step = plan.step(lead.step)
            assert working_days_between(step.start_on, DROP_ON) == -lead.start
            assert working_days_between(step.finish_on, DROP_ON) == -lead.finish


def test_a_spring_campaign_is_planned_around_new_year() -> None:
    plan = plan_backward(DROP_ON)
    assert plan.first_on == date(2026, 12, 23)  # 62 working days, Christmas and New Year's Day skipped
    assert plan.step("dedupe").finish_on == date(2027, 3, 1)
    assert plan.stage("send") == (date(2027, 3, 4), DROP_ON)
    assert plan.step("responses").finish_on == date(2027, 5, 24)  # 60 days on is a Saturday
    assert plan.last_on == plan.step("analysis").finish_on == date(2027, 6, 7)


def test_the_eleven_control_points_stand_in_order() -> None:
    controls = plan_backward(DROP_ON).control_points
    assert [control.code for control in controls] == [f"C{i}" for i in range(1, 12)]
    assert [control.due_on for control in controls] == sorted(control.due_on for control in controls)
    assert controls[8].due_on == DROP_ON
    assert controls[9].due_on == date(2027, 4, 7)


@given(st.dates(date(2024, 1, 1), date(2034, 12, 31)))
def test_steps_before_the_drop_follow_one_another_on_working_days(day: date) -> None:
    plan = plan_backward(next_working_day(day))
    spans = [plan.stage(stage) for stage in STAGES]
    for (_, finish_on), (start_on, _) in pairwise(spans):
        assert finish_on == start_on
    assert spans[-1][1] == plan.drop_on
    assert all(is_working_day(step.start_on) and is_working_day(step.finish_on) for step in plan.steps)


def test_an_unknown_step_stage_anchor_or_control_is_an_error() -> None:
    plan = plan_backward(DROP_ON)
    with pytest.raises(KeyError):
        plan.step("party")
    with pytest.raises(KeyError):
        plan.stage("party")
    with pytest.raises(ValueError, match="anchored on 'later'"):
        plan_backward(DROP_ON, [LeadTime("now", "plan", 0, 1, anchor="later")], [])
    with pytest.raises(ValueError, match="finishes before"):
        plan_backward(DROP_ON, [LeadTime("now", "plan", 0, -1)], [])
    with pytest.raises(ValueError, match="C0"):
        plan_backward(DROP_ON, DEFAULT_LEAD_TIMES, [ControlPoint("C0", "nowhere")])


def test_an_owner_who_needs_ten_days_is_ordered_from_ten_working_days_ahead() -> None:
    assert latest_order_on(date(2027, 2, 22), 10) == date(2027, 2, 8)


def test_late_is_after_the_latest_finish_and_not_on_it() -> None:
    assert is_late(date(2027, 3, 2), date(2027, 3, 1))
    assert not is_late(date(2027, 3, 1), date(2027, 3, 1))


def test_a_campaign_on_time_forecasts_its_own_baseline() -> None:
    plan = plan_backward(DROP_ON)
    forecasts = forecast_steps(plan, DEFAULT_LEAD_TIMES, {}, plan.first_on)
    assert [forecast.predicted_finish_on for forecast in forecasts] == [step.finish_on for step in plan.steps]
    assert not any(forecast.late for forecast in forecasts)


def test_a_late_delivery_moves_everything_behind_it() -> None:
    plan = plan_backward(DROP_ON)
    progress = {lead.step: Progress(plan.step(lead.step).start_on, plan.step(lead.step).finish_on) for lead in DEFAULT_LEAD_TIMES[:4]}
    progress["delivery"] = Progress(plan.step("delivery").start_on, date(2027, 2, 26))
    forecasts = {forecast.step: forecast for forecast in forecast_steps(plan, DEFAULT_LEAD_TIMES, progress, date(2027, 2, 26))}
    assert forecasts["order"].slack == 0
    assert forecasts["delivery"].late
    assert forecasts["delivery"].slack == -4
    assert forecasts["inserting"].slack == -4
    assert forecasts["inserting"].predicted_finish_on == date(2027, 3, 30)  # Easter Monday between
    assert forecasts["responses"].late


def test_finishing_early_gives_slack_but_never_an_earlier_drop() -> None:
    plan = plan_backward(DROP_ON)
    early = {"plan": Progress(plan.first_on, date(2026, 12, 29))}
    forecasts = {forecast.step: forecast for forecast in forecast_steps(plan, DEFAULT_LEAD_TIMES, early, date(2026, 12, 29))}
    assert forecasts["budget"].slack == 7  # three days taken of ten
    assert forecasts["inserting"].predicted_finish_on == DROP_ON


def test_a_step_that_drags_on_is_predicted_for_today_at_the_earliest() -> None:
    plan = plan_backward(DROP_ON)
    late_day = date(2027, 1, 25)
    forecasts = forecast_steps(plan, DEFAULT_LEAD_TIMES, {"plan": Progress(plan.first_on)}, late_day)
    assert forecasts[0].predicted_finish_on == late_day
    assert forecasts[0].late
