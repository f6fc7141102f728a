"""Where everything of a retroplanning stands on a line of days: bars, ticks, weak days, today and the drop. Not for their words.

Numbers are places in the drawing's own box (floats, one unit a pixel at full size); nobody reads them as a figure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflows.trade.outlook import Outlook, StepOutlook
from workflows.trade.working_days import NoDropWindow

LEFT, WIDTH, HEAD, ROW, RIGHT = 172.0, 1000.0, 46.0, 30.0, 18.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A stretch of days in a row."""

    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class GanttRow:
    """One step: its planned stretch, what is done of it and what is still expected; None where there is nothing to draw."""

    step: StepOutlook
    y: float
    planned: Bar
    done: Bar | None
    expected: Bar | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class Tick:
    """The first day of a month. `named` says that there is room for its name before the next one."""

    x: float
    on: date
    named: bool


@dataclass(frozen=True, kw_only=True)
class WeakDays:
    """Days on which mail should not drop, by the code of their warning."""

    x: float
    width: float
    code: str


@dataclass(frozen=True, kw_only=True)
class Gantt:
    """The whole drawing. `today_x` is None when today is outside of it; `expected_x` when the drop is expected as planned."""

    width: float
    height: float
    left: float
    rows: tuple[GanttRow, ...]
    ticks: tuple[Tick, ...]
    weak: tuple[WeakDays, ...]
    planned_x: float
    expected_x: float | None
    today_x: float | None


def draw_gantt(outlook: Outlook, windows: Sequence[NoDropWindow]) -> Gantt:
    """Place an outlook's steps, one row each, from the first day that counts to the last."""
    first = min(min(step.planned_start_on, step.expected_start_on) for step in outlook.steps) - timedelta(days=4)
    last = max(max(step.planned_finish_on, step.expected_finish_on) for step in outlook.steps) + timedelta(days=5)
    scale = (WIDTH - LEFT - RIGHT) / (last - first).days

    def place(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    def bar(start_on: date, finish_on: date) -> Bar:
        """From the morning of the first day to the evening of the last."""
        x = place(start_on)
        return Bar(x=x, width=round(max(3.0, place(finish_on + timedelta(days=1)) - x), 1))

    def row(index: int, step: StepOutlook) -> GanttRow:
        done = expected = None
        if step.finished_on is not None:
            done = bar(step.expected_start_on, step.finished_on)
        elif step.started_on is not None and step.started_on <= outlook.today:
            done = bar(step.started_on, min(outlook.today, step.expected_finish_on))
            if step.expected_finish_on > outlook.today:
                expected = bar(outlook.today + timedelta(days=1), step.expected_finish_on)
        else:
            expected = bar(step.expected_start_on, step.expected_finish_on)
        return GanttRow(
            step=step,
            y=HEAD + index * ROW,
            planned=bar(step.planned_start_on, step.planned_finish_on),
            done=done,
            expected=expected,
            late=step.slack < 0,
        )

    return Gantt(
        width=WIDTH,
        height=HEAD + len(outlook.steps) * ROW + 10,
        left=LEFT,
        rows=tuple(row(index, step) for index, step in enumerate(outlook.steps)),
        ticks=tuple(Tick(x=place(day), on=day, named=place(min(last, next_month(day))) - place(day) > 52) for day in _months(first, last)),
        weak=tuple(_weak(windows, first, last, place)),
        planned_x=place(outlook.drop_planned_on),
        expected_x=place(outlook.drop_expected_on) if outlook.drop_expected_on != outlook.drop_planned_on else None,
        today_x=place(outlook.today) if first <= outlook.today <= last else None,
    )


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months(first: date, last: date) -> Iterator[date]:
    day = next_month(first)
    while day < last:
        yield day
        day = next_month(day)


def _weak(windows: Sequence[NoDropWindow], first: date, last: date, place: Callable[[date], float]) -> Iterator[WeakDays]:
    for year in range(first.year - 1, last.year + 1):
        for window in windows:
            start_on, end_on = window.begun_in(year)
            if start_on <= last and end_on >= first:
                x = place(max(first, start_on))
                yield WeakDays(x=x, width=round(place(min(last, end_on + timedelta(days=1))) - x, 1), code=window.code)
