"""Where a campaign stands in time: each stage's planned, forecast and actual day, and whether it is on time. From dates alone, no machine.

Several campaigns are read with one query, so that a list of campaigns stays cheap. Not for what a stage waits for: `campaign` has that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.checkpoints import Checkpoint
from workflows.trade.retroplanning import (
    PlannedStep,
    Progress,
    Retroplanning,
    forecast_steps,
)
from workflows.trade.working_days import Region, local_day, working_days_between

LATE_FROM = 5
"""Working days behind from which a campaign is late; fewer are a risk that can still be made up for."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stage on the rail. `state`: done, current, ahead or blocked; `finish_on` is the day it was planned to end."""

    name: str
    state: str
    baseline: date | None = None
    forecast: date | None = None
    actual: date | None = None
    url: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A campaign's rail and its health: `on_time`, `at_risk`, `late` or `closed`; `days_behind` are working days, in `stage`."""

    stops: tuple[Stop, ...]
    today: date
    drop_on: date
    dropped_on: date | None
    predicted_drop_on: date | None
    days_left: int
    health: str
    stage: str
    days_behind: int


def _leaving() -> dict[str, str]:
    """The stage that each forward move of the process leaves, by the move's event."""
    following = {str(stage): str(after) for stage, after in zip(TEN_STAGES, [*TEN_STAGES[1:], CampaignState.CLOSED], strict=True)}
    return {
        move.event: str(stage.state)
        for stage in CAMPAIGN.stages
        for move in stage.moves
        if move.to is not None and following.get(str(stage.state)) == str(move.to)
    }


LEAVING = {**_leaving(), "campaign.send.ordered": "proof"}
"""What each event ends: a stage, or the step of one. The mailing is ordered when every proof is signed."""


def finished_on(session: Session, campaign_ids: Iterable[UUID]) -> dict[UUID, dict[str, date]]:
    """The last day on which each stage was left forward, or one of its steps ended, by campaign and stage or step."""
    statement = (
        select(Checkpoint.campaign_id, Checkpoint.event, func.max(Checkpoint.at))
        .where(col(Checkpoint.campaign_id).in_(list(campaign_ids)), col(Checkpoint.event).in_(list(LEAVING)))
        .group_by(col(Checkpoint.campaign_id), col(Checkpoint.event))
    )
    found: dict[UUID, dict[str, date]] = {}
    for campaign_id, event, at in session.exec(statement):
        found.setdefault(campaign_id, {})[LEAVING[event]] = local_day(at)
    return found


def schedule(campaign: Campaign, finished: Mapping[str, date], *, now: datetime) -> Schedule:
    """The rail of one campaign.

    :param finished: the days its stages were left, as `finished_on` tells; those of stages ahead (after rework) are not counted.
    """
    today = campaign.today(now)
    place = place_of(campaign)
    rests = campaign.state in (CampaignState.ON_HOLD, CampaignState.CANCELLED)
    done = {str(stage): finished[stage] for stage in TEN_STAGES[:place] if stage in finished}
    baseline, forecast = _days(campaign, finished, place, today)
    stops = tuple(
        Stop(
            name=str(stage),
            state="done" if index < place else "ahead" if index > place else "blocked" if rests else "current",
            baseline=baseline.get(stage),
            forecast=None if index < place else forecast.get(stage),
            actual=done.get(stage),
        )
        for index, stage in enumerate(TEN_STAGES)
    )
    stage = str(TEN_STAGES[place]) if place < len(TEN_STAGES) else ""
    anchor = stage if campaign.dropped_on else "send"
    behind = 0
    if stage and baseline:
        behind = max(0, working_days_between(baseline[anchor], forecast[anchor], region_of(campaign)))
    return Schedule(
        stops=stops,
        today=today,
        drop_on=campaign.drop_on,
        dropped_on=campaign.dropped_on,
        predicted_drop_on=campaign.dropped_on or forecast.get("send"),
        days_left=working_days_between(today, campaign.drop_on, region_of(campaign)),
        health=str(campaign.state) if rests else _health(stage, behind),
        stage=stage,
        days_behind=behind,
    )


def region_of(campaign: Campaign) -> Region:
    """Where the campaign's advertiser works, for its public holidays."""
    return campaign.policy.region


def _health(stage: str, behind: int) -> str:
    if not stage:
        return "closed"
    if behind == 0:
        return "on_time"
    return "late" if behind >= LATE_FROM else "at_risk"


def _days(campaign: Campaign, done: Mapping[str, date], place: int, today: date) -> tuple[dict[str, date], dict[str, date]]:
    """Planned and forecast finish of each stage."""
    planned = baseline_of(campaign)
    if planned is None:
        return {}, {}
    progress = progress_of(campaign, planned, done, place)
    baseline: dict[str, date] = {}
    forecast: dict[str, date] = {}
    for step_ahead in forecast_steps(planned, campaign.policy.lead_times, progress, today, region_of(campaign)):
        stage = step_ahead.stage
        baseline[stage] = max(baseline.get(stage, step_ahead.latest_finish_on), step_ahead.latest_finish_on)
        forecast[stage] = max(forecast.get(stage, step_ahead.predicted_finish_on), step_ahead.predicted_finish_on)
    return baseline, forecast


def place_of(campaign: Campaign) -> int:
    """Where the campaign stands among the ten stages, or stood when it was put on hold or cancelled; their number when it is past them."""
    standing = campaign.stood_in or campaign.state
    return TEN_STAGES.index(CampaignState(standing)) if standing in set(TEN_STAGES) else len(TEN_STAGES)


def baseline_of(campaign: Campaign) -> Retroplanning | None:
    """The schedule that the campaign was planned with."""
    data = campaign.retroplanning
    if not data:
        return None
    steps = tuple(
        PlannedStep(step["step"], step["stage"], date.fromisoformat(step["start_on"]), date.fromisoformat(step["finish_on"]))
        for step in data["steps"]
    )
    return Retroplanning(campaign.drop_on, steps, ())


def progress_of(campaign: Campaign, planned: Retroplanning, finished: Mapping[str, date], place: int) -> dict[str, Progress]:
    """What is known of each step. A stage's first step begins when the stage before it was left, and its others when the step before ended.

    :param finished: as `finished_on` tells; days of stages ahead, left once and entered again, do not count.
    """
    progress: dict[str, Progress] = {}
    entered_on: date | None = None
    before_on: date | None = None
    for step in planned.steps:
        index = TEN_STAGES.index(CampaignState(step.stage))
        first = step.stage not in {one.stage for one in planned.steps if one.step in progress}
        if first:
            entered_on = finished.get(TEN_STAGES[index - 1]) if 0 < index <= place else None
        ended_on = finished.get(step.stage) if index < place else None
        own = finished.get(step.step) if step.step != step.stage and index <= place else None
        if own is not None and (entered_on is None or own >= entered_on):
            ended_on = own
        if step.step == "inserting" and campaign.dropped_on is not None:
            ended_on = campaign.dropped_on
        progress[step.step] = Progress(started_on=entered_on if first else before_on, finished_on=ended_on)
        before_on = ended_on
    return progress
