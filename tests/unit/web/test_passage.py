"""The way a campaign made: time by stage, ways back, holds that are none, and marks that fall where they belong."""

from datetime import date

from app.portals.manager.passage import draw_passage
from app.queries.passage import Moved, Passage, pass_through
from workflows.trade.working_days import Region

MONDAY = date(2027, 3, 22)
GOOD_FRIDAY, TUESDAY = date(2027, 3, 26), date(2027, 3, 30)  # Easter Monday is 29 March


def made(*ways: tuple[int, str | None, str, date], overrides: tuple[int, ...] = (), incidents: tuple[int, ...] = ()) -> Passage:
    moves = [Moved(seq=seq, left=left, entered=entered, on=on) for seq, left, entered, on in ways]
    return pass_through(moves, overrides, incidents, today=TUESDAY)


BORN = (1, None, "plan", MONDAY)


def test_days_are_counted_in_work_and_on_the_calendar_up_to_today() -> None:
    plan, negotiation, *ahead = made(BORN, (4, "plan", "negotiation", GOOD_FRIDAY)).stages

    assert (plan.state, plan.working_days, plan.calendar_days, plan.left_on) == ("done", 4, 4, GOOD_FRIDAY)
    assert (negotiation.state, negotiation.working_days, negotiation.calendar_days, negotiation.left_on) == ("current", 1, 4, None)
    assert {stage.state for stage in ahead} == {"ahead"}


def test_alsace_works_a_day_less_over_easter() -> None:
    moves = [Moved(seq=1, left=None, entered="plan", on=MONDAY)]

    assert pass_through(moves, (), (), today=TUESDAY).working_days == 5
    assert pass_through(moves, (), (), today=TUESDAY, region=Region.ALSACE_MOSELLE).working_days == 4


def test_every_way_back_is_an_arc_with_its_count_and_both_visits_are_counted() -> None:
    ways = [BORN]
    for seq, (left, entered) in enumerate([("plan", "negotiation"), ("negotiation", "plan")] * 2, start=2):
        ways.append((seq, left, entered, GOOD_FRIDAY))
    passage = made(*ways)

    assert [(way.left, way.entered, way.count) for way in passage.returns] == [("negotiation", "plan", 2)]
    assert passage.stages[0].visits == 3
    assert passage.stages[1].state == "left"
    assert [arc.count for arc in draw_passage(passage).arcs] == [2]


def test_a_hold_is_no_way_back_and_its_days_are_no_stage_s() -> None:
    passage = made(BORN, (2, "plan", "on_hold", MONDAY), (3, "on_hold", "plan", GOOD_FRIDAY))

    assert passage.returns == ()
    assert passage.held_days == 4
    assert passage.stages[0].working_days == 1
    assert passage.stages[0].state == "current"


def test_a_campaign_on_hold_still_stands_in_its_stage() -> None:
    passage = made(BORN, (2, "plan", "negotiation", MONDAY), (3, "negotiation", "on_hold", GOOD_FRIDAY))

    assert [stage.state for stage in passage.stages[:3]] == ["done", "current", "ahead"]


def test_marks_fall_in_the_stage_that_the_entry_was_made_in() -> None:
    passage = made(BORN, (5, "plan", "negotiation", MONDAY), overrides=(5, 6), incidents=(1, 9))

    assert [(stage.overrides, stage.incidents) for stage in passage.stages[:2]] == [(1, 1), (1, 1)]
    assert (passage.overrides, passage.incidents) == (2, 2)


def test_a_longer_way_back_is_a_higher_arc_and_nothing_leaves_the_drawing() -> None:
    ways = [BORN, (2, "plan", "negotiation", MONDAY), (3, "negotiation", "budget", MONDAY), (4, "budget", "plan", MONDAY)]
    near = draw_passage(made(*ways[:2], (3, "negotiation", "plan", MONDAY)))
    far = draw_passage(made(*ways))

    assert far.line_y > near.line_y
    assert all(arc.y > 0 for arc in (*near.arcs, *far.arcs))
    assert all(0 < station.x < far.width for station in far.stations)
