"""The curve of answers as it is drawn: what has come in, the plan, the forecast and where it falls."""

from decimal import Decimal
from typing import Any

from app.portals.manager.response_curve import draw
from app.queries.responses import CurveDay, ResponsesPage
from workflows.trade.forecast import ResponseForecast


def page(so_far: tuple[int, ...], to_come: tuple[CurveDay, ...] = (), longest: int = 28) -> ResponsesPage:
    given: dict[str, Any] = dict.fromkeys(ResponsesPage.__dataclass_fields__)
    attributed = so_far[-1] if so_far else 0
    return ResponsesPage(
        **given | {"so_far": so_far, "to_come": to_come, "longest": longest, "attributed": attributed, "days": len(so_far) - 1}
    )


def day(number: int, planned: int, *forecast: int) -> CurveDay:
    bounds = ResponseForecast(*map(Decimal, forecast)) if forecast else None
    return CurveDay(day=number, planned=Decimal(planned), forecast=bounds)


def test_lines_go_from_the_drop_to_today_and_from_today_to_the_last_day() -> None:
    drawn = draw(page((0, 10, 40), (day(0, 0), day(2, 20, 40, 40, 40), day(28, 90, 98, 80, 120))))

    assert drawn is not None
    assert [mark.value for mark in drawn.answers] == [0, 50, 100, 150]
    assert [mark.value for mark in drawn.days] == [0, 14, 28]
    assert drawn.so_far.split() == ["56.0,234.0", "80.3,219.3", "104.6,175.3"]
    assert drawn.forecast.split()[0] == drawn.so_far.split()[-1], "the forecast goes on from what has come in"
    assert len(drawn.band.split()) == 4
    assert drawn.band.split()[1] == f"{drawn.right},58.0", "the upper bound, to the right"
    assert drawn.band.split()[2] == f"{drawn.right},116.7", "the lower bound, on the way back"
    assert drawn.today_x == 104.6


def test_without_a_plan_the_answers_stand_alone() -> None:
    drawn = draw(page((0, 3)))

    assert drawn is not None
    assert (drawn.planned, drawn.forecast, drawn.band) == ("", "", "")
    assert [mark.value for mark in drawn.answers] == [0, 1, 2, 3]


def test_answers_that_come_after_the_last_day_widen_the_drawing() -> None:
    drawn = draw(page((0, *[7] * 40)))

    assert drawn is not None
    assert drawn.so_far.split()[-1].startswith(f"{drawn.right},")


def test_there_is_nothing_to_draw_before_the_first_answer_where_nothing_was_planned() -> None:
    assert draw(page((0,))) is None
    assert draw(page(())) is None
