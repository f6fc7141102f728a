"""What a campaign's schedule comes to by now: what moved the drop by how much, which way is critical, until when each control is safe.

Use it to explain a schedule, step by step and part by part (a list's file, a supplier's answer, a proof). Not for planning one or for its
rail: that is `retroplanning`, whose rules for each step's finish hold here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.trade.retroplanning import (
    DROP,
    ControlPoint,
    LeadTime,
    Progress,
    Retroplanning,
    StepForecast,
    days_from,
    forecast_steps,
)
from workflows.trade.working_days import Region, next_working_day, working_days_between


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of several things that a step waits for side by side: it is due on a day, and done on another, or not yet."""

    step: str
    code: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PartOutlook:
    """A part and when it is expected: when it was done, else on its day, else today. `latest_on` is the last day that keeps the drop.

    `slack` are working days from then to its own day, negative when late; `drives` says that its step waits for nothing later.
    """

    part: Part
    expected_on: date
    latest_on: date
    slack: int
    drives: bool

    @property
    def days_late(self) -> int:
        return max(0, -self.slack)

    @property
    def is_done(self) -> bool:
        return self.part.done_on is not None


@dataclass(frozen=True, kw_only=True)
class StepOutlook:
    """A step: planned, expected, and real days; None for what has not happened.

    `slack` are working days that its finish may still lose before the drop moves (before the drop) or before its own planned day (after
    it); negative when it is too late. `critical` is an unfinished step on the way to the drop or to the close: a day lost there is lost.
    """

    step: str
    stage: str
    planned_start_on: date
    planned_finish_on: date
    expected_start_on: date
    expected_finish_on: date
    started_on: date | None
    finished_on: date | None
    slack: int
    critical: bool


@dataclass(frozen=True, kw_only=True)
class ControlOutlook:
    """A control point: the latest safe day, the day expected, the day it was passed. `slack` in working days, negative when late."""

    code: str
    name: str
    step: str | None
    latest_on: date
    expected_on: date
    passed_on: date | None
    slack: int


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What one step did to the drop: it moved from one day to another. `late` are the parts it waits or waited for, latest last.

    `days` are working days, negative where the step made up for time lost before it. A drop is never moved before the day agreed.
    """

    step: str
    stage: str
    from_on: date
    to_on: date
    days: int
    days_late: int
    finished: bool
    late: tuple[PartOutlook, ...]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A whole schedule as it stands on a day."""

    today: date
    drop_planned_on: date
    drop_expected_on: date
    steps: tuple[StepOutlook, ...]
    controls: tuple[ControlOutlook, ...]
    parts: tuple[PartOutlook, ...]
    shifts: tuple[Shift, ...]

    @property
    def critical_path(self) -> tuple[StepOutlook, ...]:
        """The unfinished steps of which a lost day is lost for good, in their order."""
        return tuple(step for step in self.steps if step.critical)

    @property
    def days_behind(self) -> int:
        """Working days between the drop as planned and as expected."""
        return sum(shift.days for shift in self.shifts)

    @property
    def harmless(self) -> tuple[PartOutlook, ...]:
        """Parts that are late and still missing, and move nothing yet because their step waits for no longer than planned."""
        moved = {part.part for shift in self.shifts for part in shift.late}
        return tuple(part for part in self.parts if part.days_late > 0 and not part.is_done and part.part not in moved)


def look_ahead(
    baseline: Retroplanning,
    lead_times: Sequence[LeadTime],
    control_points: Sequence[ControlPoint],
    progress: Mapping[str, Progress],
    parts: Sequence[Part],
    today: date,
    region: Region = Region.FRANCE,
) -> Outlook:
    """Forecast every step from what happened by `today`, and say what each did to the drop.

    A step is expected when `forecast_steps` expects it, and not before the last of its missing parts. A part that is missing is expected
    on its day, or today when that has passed. Steps are put in one by one, in order: what the drop moves by when a step is put in is that
    step's doing, so the shifts add up to the whole delay.

    :param lead_times: those that `baseline` was planned with.
    :param progress: by step name; a step left out has not started.
    """
    known: dict[str, Progress] = {}
    expected: dict[str, StepForecast] = {}
    shifts: list[Shift] = []
    looked: list[PartOutlook] = []
    drop_on = baseline.drop_on
    for lead in lead_times:
        real = progress.get(lead.step, Progress())
        forecast = _forecast(baseline, lead_times, {**known, lead.step: real}, today, region)[lead.step]
        own = [part for part in parts if part.step == lead.step]
        finish_on = forecast.predicted_finish_on
        if real.finished_on is None:
            finish_on = max([finish_on, *(_expected(part, today) for part in own if part.done_on is None)])
        mine = [_part(part, own, forecast.latest_finish_on, today, region) for part in own]
        looked += mine
        known[lead.step] = Progress(started_on=real.started_on, finished_on=finish_on)
        expected[lead.step] = StepForecast(
            lead.step,
            lead.stage,
            forecast.latest_finish_on,
            finish_on,
            real.finished_on,
            working_days_between(finish_on, forecast.latest_finish_on, region),
        )
        moved_on = _drop(_forecast(baseline, lead_times, known, date.min, region), lead_times)
        if _is_before_drop(lead) and moved_on != drop_on:
            shifts.append(
                Shift(
                    step=lead.step,
                    stage=lead.stage,
                    from_on=drop_on,
                    to_on=moved_on,
                    days=working_days_between(drop_on, moved_on, region),
                    days_late=max(0, -expected[lead.step].slack),
                    finished=real.finished_on is not None,
                    late=tuple(part for part in mine if part.drives and part.days_late > 0),
                )
            )
            drop_on = moved_on
    critical = _critical(lead_times, expected)
    steps = tuple(_step(baseline, lead, lead_times, expected, progress, today, region, lead.step in critical) for lead in lead_times)
    return Outlook(
        today=today,
        drop_planned_on=baseline.drop_on,
        drop_expected_on=drop_on,
        steps=steps,
        controls=tuple(_control(point, baseline, expected, drop_on, today, region) for point in control_points),
        parts=tuple(looked),
        shifts=tuple(shifts),
    )


def _is_before_drop(lead: LeadTime) -> bool:
    return lead.anchor == DROP and lead.finish <= 0


def _forecast(
    baseline: Retroplanning, lead_times: Sequence[LeadTime], progress: Mapping[str, Progress], today: date, region: Region
) -> dict[str, StepForecast]:
    return {one.step: one for one in forecast_steps(baseline, lead_times, progress, today, region)}


def _drop(forecasts: Mapping[str, StepForecast], lead_times: Sequence[LeadTime]) -> date:
    """The day on which the last step before the drop is finished."""
    return max(forecasts[lead.step].predicted_finish_on for lead in lead_times if _is_before_drop(lead))


def _expected(part: Part, today: date) -> date:
    return part.done_on or max(part.due_on, today)


def _part(part: Part, siblings: Sequence[Part], latest_on: date, today: date, region: Region) -> PartOutlook:
    expected_on = _expected(part, today)
    return PartOutlook(
        part=part,
        expected_on=expected_on,
        latest_on=latest_on,
        slack=working_days_between(expected_on, part.due_on, region),
        drives=expected_on == max(_expected(one, today) for one in siblings),
    )


def _critical(lead_times: Sequence[LeadTime], expected: Mapping[str, StepForecast]) -> set[str]:
    """Unfinished steps on the longest way: those before the drop, and from the last step back through its anchors."""
    by_name = {lead.step: lead for lead in lead_times}
    way = {lead.step for lead in lead_times if _is_before_drop(lead)}
    last = max(lead_times, key=lambda lead: expected[lead.step].predicted_finish_on).step
    while last != DROP:
        way.add(last)
        last = by_name[last].anchor
    return {step for step in way if expected[step].finished_on is None}


def _step(
    baseline: Retroplanning,
    lead: LeadTime,
    lead_times: Sequence[LeadTime],
    expected: Mapping[str, StepForecast],
    progress: Mapping[str, Progress],
    today: date,
    region: Region,
    critical: bool,
) -> StepOutlook:
    planned, forecast = baseline.step(lead.step), expected[lead.step]
    real = progress.get(lead.step, Progress())
    if real.started_on is not None:
        start_on = real.started_on
    elif forecast.finished_on is not None:
        start_on = min(planned.start_on, forecast.finished_on)
    elif _is_before_drop(lead):
        before = [one for one in lead_times if _is_before_drop(one)]
        place = before.index(lead)
        previous_on = expected[before[place - 1].step].predicted_finish_on if place else planned.start_on
        start_on = max(previous_on, today)
    else:
        anchor_on = _drop(expected, lead_times) if lead.anchor == DROP else expected[lead.anchor].predicted_finish_on
        start_on = days_from(anchor_on, lead.start, lead.unit, region)
    return StepOutlook(
        step=lead.step,
        stage=lead.stage,
        planned_start_on=planned.start_on,
        planned_finish_on=planned.finish_on,
        expected_start_on=start_on,
        expected_finish_on=forecast.predicted_finish_on,
        started_on=real.started_on,
        finished_on=forecast.finished_on,
        slack=forecast.slack,
        critical=critical,
    )


def _control(
    point: ControlPoint, baseline: Retroplanning, expected: Mapping[str, StepForecast], drop_on: date, today: date, region: Region
) -> ControlOutlook:
    if point.step is not None:
        step = expected[point.step]
        latest_on, expected_on, passed_on = step.latest_finish_on, step.predicted_finish_on, step.finished_on
    else:
        dropped = all(step.finished_on for step in expected.values() if step.stage == "send")
        latest_on, expected_on = (next_working_day(_days_after(on, point), region) for on in (baseline.drop_on, drop_on))
        passed_on = expected_on if dropped and expected_on <= today else None
    return ControlOutlook(
        code=point.code,
        name=point.name,
        step=point.step,
        latest_on=latest_on,
        expected_on=expected_on,
        passed_on=passed_on,
        slack=working_days_between(expected_on, latest_on, region),
    )


def _days_after(drop_on: date, point: ControlPoint) -> date:
    return date.fromordinal(drop_on.toordinal() + (point.days_after_drop or 0))
