"""How a campaign passed its stages: time in each, returns, decisions against a control, machines' work that failed. From its checkpoints.

Days count from the day a stage was entered to the day it was left, or to the campaign's own today. Not for what is planned: `schedule`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.queries.schedule import region_of
from workflows.campaign.model import Campaign
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.trade.working_days import Region, local_day, working_days_between

OVERRIDDEN = '"verdict":"overridden"'
"""How a control that somebody decided against stands in an entry's canonical bytes."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One entry in which the campaign's state changed: its place in the chain, its day, and both states; none before the birth."""

    seq: int
    on: date
    left: str | None
    entered: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One stay in a state, from an entry to the one that ended it; `None` while it lasts."""

    state: str
    from_seq: int
    entered_on: date
    left_on: date | None


@dataclass(frozen=True, kw_only=True)
class StagePassage:
    """One stage over all visits. `state`: done, current, ahead, or left (it was entered, and the campaign went back before it)."""

    stage: str
    state: str
    visits: int
    entered_on: date | None
    left_on: date | None
    working_days: int
    calendar_days: int
    overrides: int
    incidents: int


@dataclass(frozen=True, kw_only=True)
class Return:
    """A way back from one stage to an earlier one, and how often it was taken."""

    left: str
    entered: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The whole way so far, the ten stages in order. `held_days` are calendar days on hold, which count for no stage."""

    stages: tuple[StagePassage, ...]
    returns: tuple[Return, ...]
    held_days: int

    @property
    def working_days(self) -> int:
        return sum(stage.working_days for stage in self.stages)

    @property
    def calendar_days(self) -> int:
        return sum(stage.calendar_days for stage in self.stages)

    @property
    def overrides(self) -> int:
        return sum(stage.overrides for stage in self.stages)

    @property
    def incidents(self) -> int:
        return sum(stage.incidents for stage in self.stages)


def get_passage(session: Session, campaign: Campaign, *, now: datetime) -> Passage:
    """The way of one campaign, as its chain tells it."""
    mine = Checkpoint.campaign_id == campaign.id
    statement = select(Checkpoint).where(mine, col(Checkpoint.event).startswith("campaign.")).order_by(col(Checkpoint.seq))
    moves = []
    for row in session.exec(statement):
        body = read_json(row.body)
        if body["subject"]["kind"] == "campaign" and body["from"] != body["to"]:
            moves.append(Moved(seq=row.seq, on=local_day(row.at), left=body["from"], entered=body["to"]))
    found = func.strpos(func.convert_from(col(Checkpoint.body), "UTF8"), OVERRIDDEN) > 0
    overrides = session.exec(select(Checkpoint.seq).where(mine, found))
    failed = session.exec(
        select(OutboxMessage.requested_seq).where(OutboxMessage.campaign_id == campaign.id, OutboxMessage.state == "failed")
    )
    return pass_through(moves, overrides, failed, today=campaign.today(now), region=region_of(campaign))


def pass_through(
    moves: Sequence[Moved], overrides: Iterable[int], incidents: Iterable[int], *, today: date, region: Region = Region.FRANCE
) -> Passage:
    """The way that these moves made.

    :param moves: in the order of the chain; the first is the birth.
    :param overrides: places in the chain of entries in which a control was overridden.
    :param incidents: places of the entries that asked for work which failed.
    """
    visits = _visits(moves)
    here = visits[-1].state if visits else ""
    standing = next((visit.state for visit in reversed(visits) if visit.state in TEN_STAGES), "")
    place = TEN_STAGES.index(CampaignState(standing)) if here != CampaignState.CLOSED and standing else len(TEN_STAGES)
    decided, broken = _by_stage(visits, overrides), _by_stage(visits, incidents)
    stages = []
    for index, stage in enumerate(TEN_STAGES):
        own = [visit for visit in visits if visit.state == stage]
        stages.append(
            StagePassage(
                stage=str(stage),
                state="done" if index < place else "current" if index == place else "left" if own else "ahead",
                visits=len(own),
                entered_on=own[0].entered_on if own else None,
                left_on=own[-1].left_on if own else None,
                working_days=sum(working_days_between(one.entered_on, one.left_on or today, region) for one in own),
                calendar_days=_days(own, today),
                overrides=decided[stage],
                incidents=broken[stage],
            )
        )
    held = [visit for visit in visits if visit.state == CampaignState.ON_HOLD]
    return Passage(stages=tuple(stages), returns=_returns(moves), held_days=_days(held, today))


def _visits(moves: Sequence[Moved]) -> list[Visit]:
    ends: list[date | None] = [move.on for move in moves[1:]]
    return [
        Visit(state=move.entered, from_seq=move.seq, entered_on=move.on, left_on=end)
        for move, end in zip(moves, [*ends, None], strict=False)
    ]


def _days(visits: Iterable[Visit], today: date) -> int:
    return sum(((one.left_on or today) - one.entered_on).days for one in visits)


def _returns(moves: Sequence[Moved]) -> tuple[Return, ...]:
    """Ways from one stage to an earlier one; a stage that is entered again after a hold is no return."""
    order = {str(stage): index for index, stage in enumerate(TEN_STAGES)}
    taken = Counter(
        (move.left, move.entered)
        for move in moves
        if move.left in order and move.entered in order and order[move.entered] < order[move.left]
    )
    ways = sorted(taken.items(), key=lambda item: (order[str(item[0][0])], order[item[0][1]]))
    return tuple(Return(left=str(left), entered=entered, count=count) for (left, entered), count in ways)


def _by_stage(visits: Sequence[Visit], places: Iterable[int]) -> Counter[str]:
    """How many places of the chain fall in each stage; on hold it is the stage before. The entry that leaves a stage is its last."""
    counted: Counter[str] = Counter()
    for seq in places:
        stage = next((visit.state for visit in reversed(visits) if visit.from_seq < seq and visit.state in TEN_STAGES), None)
        counted[stage or (visits[0].state if visits else "")] += 1
    return counted
