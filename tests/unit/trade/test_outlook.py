"""A schedule explains itself: which step moved the drop, which part it waits for, and until when the rest is safe."""

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.trade.outlook import Outlook, Part, look_ahead
from workflows.trade.retroplanning import DEFAULT_CONTROL_POINTS, DEFAULT_LEAD_TIMES, Progress, forecast_steps, plan_backward
from workflows.trade.working_days import Region, add_working_days, working_days_between

DROP_ON = date(2027, 3, 23)
PLAN = plan_backward(DROP_ON)
FILES_DUE_ON = PLAN.step("delivery").finish_on  # 22 February 2027


def up_to(count: int) -> dict[str, Progress]:
    """So many steps done as planned, and the next one begun."""
    steps = [PLAN.step(lead.step) for lead in DEFAULT_LEAD_TIMES[: count + 1]]
    return {step.step: Progress(step.start_on, step.finish_on if index < count else None) for index, step in enumerate(steps)}


def ahead(progress: Mapping[str, Progress], today: date, *parts: Part, region: Region = Region.FRANCE) -> Outlook:
    plan = plan_backward(DROP_ON, region=region)
    return look_ahead(plan, DEFAULT_LEAD_TIMES, DEFAULT_CONTROL_POINTS, progress, parts, today, region)


def a_file(code: str, due_on: date = FILES_DUE_ON, done_on: date | None = None) -> Part:
    return Part(step="delivery", code=code, due_on=due_on, done_on=done_on)


def test_a_campaign_on_time_has_nothing_to_explain() -> None:
    outlook = ahead(up_to(4), PLAN.step("order").finish_on, a_file("ALZ"))

    assert (outlook.shifts, outlook.harmless) == ((), ())
    assert (outlook.drop_expected_on, outlook.days_behind) == (DROP_ON, 0)
    assert [step.step for step in outlook.critical_path] == [
        *("delivery", "dedupe", "lots", "proof", "inserting"),
        *("responses", "analysis"),
    ]


def test_one_late_file_moves_the_drop_and_everything_behind_it_and_is_named() -> None:
    today = add_working_days(FILES_DUE_ON, 4)
    outlook = ahead(up_to(4), today, a_file("ALZ"), a_file("DOM", done_on=FILES_DUE_ON))

    (shift,) = outlook.shifts
    assert [(part.part.code, part.days_late) for part in shift.late] == [("ALZ", 4)]
    assert (shift.step, shift.from_on, shift.to_on, shift.days) == ("delivery", DROP_ON, date(2027, 3, 30), 4)  # Easter Monday between
    behind = [step for step in outlook.steps if step.step in ("dedupe", "lots", "proof", "inserting")]
    assert [step.slack for step in behind] == [-4, -4, -4, -4]
    assert all(step.expected_finish_on > step.planned_finish_on for step in outlook.steps[4:])


def test_a_file_that_is_late_on_its_own_day_while_the_step_has_time_moves_nothing_yet() -> None:
    promised_on = add_working_days(FILES_DUE_ON, -6)
    outlook = ahead(up_to(4), add_working_days(promised_on, 2), a_file("ALZ", promised_on))

    assert outlook.shifts == ()
    (alz,) = outlook.harmless
    assert (alz.days_late, alz.latest_on) == (2, FILES_DUE_ON)


def test_a_file_that_is_promised_late_moves_the_drop_before_its_day_has_come() -> None:
    outlook = ahead(up_to(4), PLAN.step("order").finish_on, a_file("ALZ", add_working_days(FILES_DUE_ON, 3)))

    assert [(shift.step, shift.days, shift.late) for shift in outlook.shifts] == [("delivery", 3, ())]


def test_a_later_step_that_is_quick_makes_up_for_lost_time_and_the_sums_agree() -> None:
    progress = up_to(4)
    late_on = add_working_days(FILES_DUE_ON, 4)
    progress["delivery"] = Progress(PLAN.step("delivery").start_on, late_on)
    progress["dedupe"] = Progress(late_on, add_working_days(late_on, 2))  # two days instead of five
    outlook = ahead(progress, add_working_days(late_on, 2), a_file("ALZ", done_on=late_on))

    assert [(shift.step, shift.days) for shift in outlook.shifts] == [("delivery", 4), ("dedupe", -3)]
    assert outlook.shifts[0].finished
    assert [part.part.code for part in outlook.shifts[0].late] == ["ALZ"]
    assert outlook.days_behind == 1 == working_days_between(DROP_ON, outlook.drop_expected_on)


def test_time_won_before_does_not_bring_the_drop_forward_but_pays_for_a_later_delay() -> None:
    progress = up_to(4)
    early_on = add_working_days(PLAN.step("order").finish_on, -3)
    progress["order"] = Progress(PLAN.step("order").start_on, early_on)
    progress["delivery"] = Progress(early_on, add_working_days(FILES_DUE_ON, 2))
    outlook = ahead(progress, add_working_days(FILES_DUE_ON, 2))

    assert [(shift.step, shift.days) for shift in outlook.shifts] == [("delivery", 2)]


def test_control_points_know_their_latest_day_and_when_they_were_passed() -> None:
    today = add_working_days(FILES_DUE_ON, 4)
    controls = {control.code: control for control in ahead(up_to(4), today, a_file("ALZ")).controls}

    assert (controls["C4"].passed_on, controls["C4"].slack) == (PLAN.step("order").finish_on, 0)
    assert (controls["C5"].passed_on, controls["C5"].latest_on, controls["C5"].expected_on) == (None, FILES_DUE_ON, today)
    assert (controls["C9"].expected_on, controls["C9"].slack) == (date(2027, 3, 30), -4)
    assert (controls["C10"].expected_on, controls["C10"].passed_on) == (date(2027, 4, 14), None)


def test_the_middle_of_the_curve_is_passed_when_its_day_is_over() -> None:
    outlook = ahead(up_to(9), date(2027, 4, 7))

    assert {control.code: control.passed_on for control in outlook.controls}["C10"] == date(2027, 4, 7)


def test_alsace_rests_on_good_friday_so_the_same_delay_ends_a_day_later() -> None:
    region = Region.ALSACE_MOSELLE
    plan = plan_backward(DROP_ON, region=region)
    due_on = plan.step("delivery").finish_on
    progress = {"delivery": Progress(plan.step("delivery").start_on)}
    for step in plan.steps[:4]:
        progress[step.step] = Progress(step.start_on, step.finish_on)
    outlook = ahead(progress, add_working_days(due_on, 4, region), a_file("ALZ", due_on), region=region)

    assert outlook.drop_expected_on == date(2027, 3, 31)  # Good Friday 26 and Easter Monday 29 March


@given(st.lists(st.integers(-3, 9), min_size=9, max_size=9), st.integers(0, 9), st.integers(-10, 30))
def test_shifts_always_add_up_and_agree_with_the_rail(deviations: list[int], done: int, wait: int) -> None:
    """The explanation tells the same drop as the plain forecast, wherever the campaign stands."""
    progress: dict[str, Progress] = {}
    start_on = PLAN.first_on
    for lead, deviation in zip(DEFAULT_LEAD_TIMES[:done], deviations, strict=False):
        days = max(0, lead.finish - lead.start + deviation)
        finish_on = add_working_days(start_on, days)
        progress[lead.step] = Progress(start_on, finish_on)
        start_on = finish_on
    today = start_on + timedelta(days=max(0, wait))
    outlook = ahead(progress, today)
    plain = {one.step: one for one in forecast_steps(PLAN, DEFAULT_LEAD_TIMES, progress, today)}

    assert outlook.drop_expected_on == plain["inserting"].predicted_finish_on
    assert [step.expected_finish_on for step in outlook.steps] == [one.predicted_finish_on for one in plain.values()]
    assert outlook.shifts == () or outlook.shifts[0].from_on == DROP_ON
    for before, after in zip(outlook.shifts, outlook.shifts[1:], strict=False):
        assert before.to_on == after.from_on
    assert (outlook.shifts[-1].to_on if outlook.shifts else DROP_ON) == outlook.drop_expected_on
    for step in outlook.steps:
        assert step.expected_start_on <= step.expected_finish_on
