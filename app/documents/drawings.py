"""Geometry of the small drawings in the documents: one bar, one curve, one calendar. The templates turn it into SVG.

Numbers here are places on paper (floats), made from values that are printed elsewhere in full; they never become a figure that
somebody reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from workflows.campaign.documents import CurvePoint, RetroplanningRow


@dataclass(frozen=True)
class Segment:
    """A stretch of a bar or calendar row: where it starts, how wide it is, and how dark (0 light, 1 full)."""

    start: float
    width: float
    shade: float


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and the day it stands for."""

    at: float
    on: date


@dataclass(frozen=True)
class Curve:
    """A cumulative curve in a box: points as SVG wants them, the closed area below, and the days to mark."""

    line: str
    area: str
    ticks: tuple[Tick, ...]
    top: int


def stacked_bar(amounts: Sequence[Decimal], width: float) -> list[Segment]:
    """Divide ``width`` in proportion to ``amounts`` (none negative); shades go from dark to light so that it reads without colour."""
    total = sum(amounts)
    if not total:
        return []
    segments, start = [], 0.0
    for index, amount in enumerate(amounts):
        stretch = float(amount / total) * width
        segments.append(Segment(start, stretch, 1 - 0.82 * index / max(1, len(amounts) - 1)))
        start += stretch
    return segments


def cumulative_curve(points: Sequence[CurvePoint], width: float, height: float) -> Curve | None:
    """Place a cumulative curve in a box of ``width`` × ``height``; None below two points, which make no curve."""
    if len(points) < 2 or not points[-1].responses:
        return None
    first, last = points[0].on, points[-1].on
    days, top = max(1, (last - first).days), points[-1].responses
    placed = [((point.on - first).days / days * width, height - point.responses / top * height) for point in points]
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in placed)
    ticks = tuple(Tick((day - first).days / days * width, day) for day in _weeks(first, last, 14))
    return Curve(line, f"0,{height:.2f} {line} {width:.2f},{height:.2f}", ticks, top)


def calendar(rows: Sequence[RetroplanningRow], drop_on: date, width: float) -> tuple[list[Segment], list[Tick], float]:
    """Place the steps of a retroplanning on a line of days: a segment for each row, a tick each fortnight, and where the drop is."""
    first = min(row.starts_on for row in rows)
    last = max(drop_on, *(row.ends_on for row in rows)) + timedelta(days=1)
    days = max(1, (last - first).days)

    def place(day: date) -> float:
        return (day - first).days / days * width

    segments = [Segment(place(row.starts_on), max(1.5, place(row.ends_on + timedelta(days=1)) - place(row.starts_on)), 1) for row in rows]
    return segments, [Tick(place(day), day) for day in _weeks(first, last, 28 if days > 120 else 14)], place(drop_on)


def _weeks(first: date, last: date, step: int) -> list[date]:
    """Mondays from ``first`` to ``last``, every ``step`` days."""
    monday = first + timedelta(days=-first.weekday() % 7)
    days = []
    while monday <= last:
        days.append(monday)
        monday += timedelta(days=step)
    return days
