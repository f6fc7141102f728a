"""The drawing of the way a campaign made: stages in a row, time under each, ways back as arcs. Not for figures: the table has them."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from app.portals.shared.words import STAGES
from app.queries.passage import Passage, Return, StagePassage

WIDTH, COLUMN, RADIUS = 1000.0, 100.0, 13.0
TALLEST = 56.0
ARC, STEP = 26.0, 13.0


@dataclass(frozen=True, kw_only=True)
class Station:
    """One stage in the drawing: where it stands and how tall the bar of its working days is."""

    passage: StagePassage
    label: str
    x: float
    bar: float


@dataclass(frozen=True, kw_only=True)
class Arc:
    """A way back: its line, its arrow's tip, and where its count stands."""

    line: str
    tip: str
    x: float
    y: float
    count: int
    words: str


@dataclass(frozen=True, kw_only=True)
class PassageDrawing:
    """The whole drawing; `line_y` is the height of the stages."""

    width: float
    height: float
    line_y: float
    bar_y: float
    stations: tuple[Station, ...]
    arcs: tuple[Arc, ...]


def draw_passage(passage: Passage) -> PassageDrawing:
    """Place the stages and the ways back of a passage."""
    order = {stage.stage: index for index, stage in enumerate(passage.stages)}
    spans = [order[way.left] - order[way.entered] for way in passage.returns]
    top = (ARC + STEP * max(spans) + 16 if spans else 8.0) + RADIUS
    most = max((stage.working_days for stage in passage.stages), default=0) or 1
    bar_y = top + RADIUS + 30
    return PassageDrawing(
        width=WIDTH,
        height=round(bar_y + TALLEST + 44, 1),
        line_y=round(top, 1),
        bar_y=round(bar_y, 1),
        stations=tuple(
            Station(
                passage=stage,
                label=str(STAGES[stage.stage]),
                x=COLUMN / 2 + COLUMN * index,
                bar=round(TALLEST * stage.working_days / most, 1),
            )
            for index, stage in enumerate(passage.stages)
        ),
        arcs=tuple(_arc(order[way.left], order[way.entered], top - RADIUS, way) for way in passage.returns),
    )


def passage_words(passage: Passage) -> str:
    """What the drawing tells, in a sentence or more: time, ways back, marks."""
    sentences = [
        gettext(
            "%(working)s working days in the stages, %(calendar)s on the calendar.",
            working=passage.working_days,
            calendar=passage.calendar_days,
        )
    ]
    if passage.held_days:
        sentences.append(ngettext("%(num)s day on hold.", "%(num)s days on hold.", passage.held_days))
    if back := sum(way.count for way in passage.returns):
        sentences.append(ngettext("Sent back %(num)s time.", "Sent back %(num)s times.", back))
    if passage.overrides:
        sentences.append(ngettext("%(num)s decision against a control.", "%(num)s decisions against a control.", passage.overrides))
    if passage.incidents:
        sentences.append(
            ngettext("%(num)s failed piece of work of machines.", "%(num)s failed pieces of work of machines.", passage.incidents)
        )
    return " ".join(sentences)


def passage_rows(passage: Passage) -> list[dict[str, Any]]:
    """The stages as the table takes them; a stage that was never entered has no figures."""
    rows = []
    for stage in passage.stages:
        back = [f"{STAGES[way.entered]} ({way.count}×)" for way in passage.returns if way.left == stage.stage]
        figures = {
            name: getattr(stage, name) if stage.visits else None
            for name in ("visits", "working_days", "calendar_days", "overrides", "incidents")
        }
        rows.append(
            {
                "name": str(STAGES[stage.stage]),
                "returns": gettext("back to %(stages)s", stages=", ".join(back)) if back else "",
                "entered_on": stage.entered_on,
                "left_on": stage.left_on,
                **figures,
            }
        )
    return rows


def _arc(left: int, entered: int, y: float, way: Return) -> Arc:
    """From the upper left of one stage to the upper right of an earlier one; the farther, the higher."""
    start, end = COLUMN / 2 + COLUMN * left - 5, COLUMN / 2 + COLUMN * entered + 5
    height = ARC + STEP * (left - entered)
    high, tip_y = y - height, y - 2
    line = f"M{start:.1f},{y:.1f} C{start:.1f},{high:.1f} {end:.1f},{high:.1f} {end:.1f},{tip_y - 6:.1f}"
    return Arc(
        line=line,
        tip=f"M{end - 5:.1f},{tip_y - 8:.1f} L{end:.1f},{tip_y:.1f} L{end + 5:.1f},{tip_y - 8:.1f} Z",
        x=round((start + end) / 2, 1),
        y=round(y - height * 0.75 - 6, 1),
        count=way.count,
        words=f"{STAGES[way.left]} → {STAGES[way.entered]}",
    )
