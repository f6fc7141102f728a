"""The backward schedule: from the drop date back to the first day of planning, and on to the last day of analysis.

Use it for a campaign's baseline and to see what an actual date does to the rest. Not for counting days: that is
`working_days`. Lead times are an argument, because they are policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.trade.working_days import (
    Region,
    add_working_days,
    next_working_day,
    working_days_between,
)

DROP = "drop"
"""The anchor of most steps: the day on which the mail is handed to the post."""


class Unit(StrEnum):
    """What a lead time counts. People work on working days; answers arrive on calendar days."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True)
class LeadTime:
    """When a step starts and finishes, in days from its anchor, which is the drop or another step's finish.

    `stage` is the campaign's stage that the step belongs to; a stage may have several steps.
    """

    step: str
    stage: str
    start: int
    finish: int
    unit: Unit = Unit.WORKING_DAYS
    anchor: str = DROP

    @property
    def is_before_drop(self) -> bool:
        """Whether the step is done before the mail is posted: its days count backward."""
        return self.anchor == DROP and self.start < 0


@dataclass(frozen=True)
class ControlPoint:
    """A day on which the campaign is looked at: a step's finish, or some calendar days after the drop."""

    code: str
    name: str
    step: str | None = None
    days_after_drop: int | None = None


DEFAULT_LEAD_TIMES = (
    LeadTime("plan", "plan", -62, -52),
    LeadTime("negotiation", "negotiation", -52, -42),
    LeadTime("budget", "budget", -42, -37),
    LeadTime("order", "order", -37, -33),
    LeadTime("delivery", "delivery", -33, -21),
    LeadTime("dedupe", "dedupe", -21, -16),
    LeadTime("lots", "lots", -16, -13),
    LeadTime("proof", "send", -13, -5),
    LeadTime("inserting", "send", -5, 0),
    LeadTime("responses", "responses", 5, 60, Unit.CALENDAR_DAYS),
    LeadTime("undeliverable", "responses", 0, 30, Unit.CALENDAR_DAYS),
    LeadTime("analysis", "analysis", 0, 10, Unit.WORKING_DAYS, anchor="responses"),
)
"""Trade reference, section 8. Before the drop it counts working days; what it puts after the drop follows the
response curve, which runs on calendar days."""

DEFAULT_CONTROL_POINTS = (
    ControlPoint("C1", "plan", step="plan"),
    ControlPoint("C2", "owner_approvals", step="negotiation"),
    ControlPoint("C3", "budget", step="budget"),
    ControlPoint("C4", "all_orders_confirmed", step="order"),
    ControlPoint("C5", "files_in", step="delivery"),
    ControlPoint("C6", "dedupe_report", step="dedupe"),
    ControlPoint("C7", "lot_plan", step="lots"),
    ControlPoint("C8", "proof", step="proof"),
    ControlPoint("C9", "deposit", step="inserting"),
    ControlPoint("C10", "mid_curve", days_after_drop=15),
    ControlPoint("C11", "close", step="analysis"),
)
"""Trade reference, section 8."""


@dataclass(frozen=True)
class PlannedStep:
    """A step with its dates; scheduled backward, `finish_on` is the latest finish that keeps the drop date."""

    step: str
    stage: str
    start_on: date
    finish_on: date


@dataclass(frozen=True)
class PlannedControl:
    """A control point with its day."""

    code: str
    name: str
    due_on: date


@dataclass(frozen=True)
class Retroplanning:
    """A campaign's schedule, its steps in the order of the lead times."""

    drop_on: date
    steps: tuple[PlannedStep, ...]
    control_points: tuple[PlannedControl, ...]

    @property
    def first_on(self) -> date:
        """The first day of the first step."""
        return min(step.start_on for step in self.steps)

    @property
    def last_on(self) -> date:
        """The last day of the last step."""
        return max(step.finish_on for step in self.steps)

    def step(self, name: str) -> PlannedStep:
        """The step called `name`.

        :raises KeyError: when there is none.
        """
        for step in self.steps:
            if step.step == name:
                return step
        raise KeyError(name)

    def stage(self, name: str) -> tuple[date, date]:
        """First and last day of a stage, over all of its steps.

        :raises KeyError: when no step belongs to it.
        """
        steps = [step for step in self.steps if step.stage == name]
        if not steps:
            raise KeyError(name)
        return min(step.start_on for step in steps), max(step.finish_on for step in steps)


def plan_backward(
    drop_on: date,
    lead_times: Sequence[LeadTime] = DEFAULT_LEAD_TIMES,
    control_points: Sequence[ControlPoint] = DEFAULT_CONTROL_POINTS,
    region: Region = Region.FRANCE,
) -> Retroplanning:
    """Schedule every step from the drop date. A step may only anchor on a step that stands before it.

    A drop date that is no working day is kept as it is asked for (`drop_warnings` speaks of it); every other
    day rolls to a working one.

    :raises ValueError: for an unknown anchor, a step that finishes before it starts, or a control point that names
        neither a known step nor a day.
    """
    finish_of = {DROP: drop_on}
    steps = []
    for lead in lead_times:
        if lead.anchor not in finish_of:
            raise ValueError(f"step {lead.step!r} is anchored on {lead.anchor!r}, which is not before it")
        if lead.finish < lead.start:
            raise ValueError(f"step {lead.step!r} finishes before it starts")
        anchor_on = finish_of[lead.anchor]
        step = PlannedStep(
            lead.step,
            lead.stage,
            days_from(anchor_on, lead.start, lead.unit, region),
            days_from(anchor_on, lead.finish, lead.unit, region),
        )
        finish_of[lead.step] = step.finish_on
        steps.append(step)
    controls = []
    for control in control_points:
        if control.days_after_drop is not None:
            due_on = days_from(drop_on, control.days_after_drop, Unit.CALENDAR_DAYS, region)
        elif control.step in finish_of:
            due_on = finish_of[control.step]
        else:
            raise ValueError(f"control point {control.code!r} has neither a known step nor a day")
        controls.append(PlannedControl(control.code, control.name, due_on))
    return Retroplanning(drop_on, tuple(steps), tuple(controls))


def days_from(anchor_on: date, days: int, unit: Unit, region: Region) -> date:
    """The working day that lies some days from an anchor; the anchor itself at a distance of zero."""
    if days == 0:
        return anchor_on
    if unit is Unit.WORKING_DAYS:
        return add_working_days(anchor_on, days, region)
    return next_working_day(anchor_on + timedelta(days=days), region)


def latest_order_on(delivery_due_on: date, lead_working_days: int, region: Region = Region.FRANCE) -> date:
    """The last day on which an owner who needs some working days can be ordered from and still deliver in time."""
    return add_working_days(delivery_due_on, -lead_working_days, region)


def is_late(predicted_finish_on: date, latest_finish_on: date) -> bool:
    """Late means that the predicted finish is after the latest finish (trade reference, section 8)."""
    return predicted_finish_on > latest_finish_on


@dataclass(frozen=True)
class Progress:
    """What is known of a step: when it really started and finished, None for what has not happened."""

    started_on: date | None = None
    finished_on: date | None = None


@dataclass(frozen=True)
class StepForecast:
    """A step's baseline, forecast and actual finish, and how much room it has.

    `slack` is in working days from the predicted to the latest finish, negative when late.
    """

    step: str
    stage: str
    latest_finish_on: date
    predicted_finish_on: date
    finished_on: date | None
    slack: int

    @property
    def late(self) -> bool:
        """Whether the step is, or is going to be, finished too late."""
        return is_late(self.predicted_finish_on, self.latest_finish_on)


def forecast_steps(
    baseline: Retroplanning,
    lead_times: Sequence[LeadTime],
    progress: Mapping[str, Progress],
    today: date,
    region: Region = Region.FRANCE,
) -> list[StepForecast]:
    """Predict when each step will finish, from what has happened by `today`.

    Steps before the drop follow one another: each takes its planned number of working days from its actual start,
    or else from the predicted finish of the step before or from today, whichever is later. Mail is not dropped before
    the date that was agreed. Steps after the drop keep their distance from their anchor. Nothing unfinished is
    predicted for a day that has passed.

    :param lead_times: those that `baseline` was planned with.
    :param progress: by step name; a step left out has not started.
    """
    forecasts = []
    predicted_of = {DROP: baseline.drop_on}
    previous_on: date | None = None
    for lead in lead_times:
        planned = baseline.step(lead.step)
        known = progress.get(lead.step, Progress())
        before_drop = lead.anchor == DROP and lead.finish <= 0
        if known.finished_on is not None:
            predicted_on = known.finished_on
        elif before_drop:
            duration = working_days_between(planned.start_on, planned.finish_on, region)
            start_on = known.started_on or max(previous_on or planned.start_on, today)
            predicted_on = max(today, add_working_days(start_on, duration, region))
            if lead.finish == 0:
                predicted_on = max(predicted_on, baseline.drop_on)
        else:
            anchor_on = predicted_of[lead.anchor]
            predicted_on = max(today, days_from(anchor_on, lead.finish, lead.unit, region))
        if before_drop:
            previous_on = predicted_on
            if lead.finish == 0:
                predicted_of[DROP] = predicted_on
        predicted_of[lead.step] = predicted_on
        forecasts.append(
            StepForecast(
                lead.step,
                lead.stage,
                planned.finish_on,
                predicted_on,
                known.finished_on,
                working_days_between(predicted_on, planned.finish_on, region),
            )
        )
    return forecasts
