"""Where the answers so far, the plan and the forecast stand on a drawing of days after the drop. Not for their words and figures.

Numbers are places in the drawing's own box (floats, one unit a pixel at full size); nobody reads them as a figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.queries.responses import ResponsesPage

LEFT, TOP, WIDTH, HEIGHT, BELOW, RIGHT = 56.0, 14.0, 760.0, 220.0, 30.0, 24.0
DAYS_A_TICK = 14
"""Two weeks between the days that are named."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A line of the grid: its place along its axis, and the day or the answers it stands for."""

    at: float
    value: int


@dataclass(frozen=True, kw_only=True)
class ResponseCurveDrawing:
    """The whole drawing; lines and the band are the points of polylines and a polygon, empty where there is nothing to draw."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    days: tuple[Mark, ...]
    answers: tuple[Mark, ...]
    so_far: str
    planned: str
    forecast: str
    band: str
    today_x: float | None


def draw(page: ResponsesPage) -> ResponseCurveDrawing | None:
    """The curve of a campaign's answers; None before the drop, or where there is neither an answer nor a plan."""
    if not page.so_far or not (page.attributed or page.to_come):
        return None
    last = max(page.longest, len(page.so_far) - 1, DAYS_A_TICK)
    going_on = [(one.day, one.forecast) for one in page.to_come if one.forecast]
    highest = max([Decimal(page.so_far[-1]), *(one.planned for one in page.to_come), *(forecast.high for _day, forecast in going_on)])
    step = _step(highest)
    most = step * max(1, -(-int(highest.to_integral_value(rounding="ROUND_CEILING")) // step))

    def x(day: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * day / last, 1)

    def y(answers: Decimal | int) -> float:
        return round(TOP + HEIGHT * (1 - float(answers) / most), 1)

    def line(points: Iterable[tuple[int, Decimal | int]]) -> str:
        return " ".join(f"{x(day)},{y(answers)}" for day, answers in points)

    return ResponseCurveDrawing(
        width=WIDTH,
        height=TOP + HEIGHT + BELOW,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=TOP + HEIGHT,
        days=tuple(Mark(at=x(day), value=day) for day in range(0, last + 1, DAYS_A_TICK)),
        answers=tuple(Mark(at=y(value), value=value) for value in range(0, most + 1, step)),
        so_far=line(enumerate(page.so_far)),
        planned=line((one.day, one.planned) for one in page.to_come),
        forecast=line((day, forecast.final) for day, forecast in going_on),
        band=" ".join(
            (line((day, forecast.high) for day, forecast in going_on), line((day, forecast.low) for day, forecast in reversed(going_on)))
        ).strip(),
        today_x=x(page.days) if page.days <= last else None,
    )


def _step(highest: Decimal) -> int:
    """A round number of answers between two lines, so that there are at most five."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if highest <= 5 * step:
                return step
        size *= 10
