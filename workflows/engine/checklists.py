"""Checklists: points that policy has ticked before a user task is done. The engine knows a point by its code; its words are data.

A move that does what the task asks is closed while a required point is open; one that declines it, with a reason, is not. Machines are not
held up. Not for ticking: the user task's own machine does that, on record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.engine.refusals import Unmet
from workflows.engine.user_tasks import UserTask
from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point: its code, which stays when its words change, its words by language, and whether the task waits for it."""

    code: str
    required: bool
    words: Mapping[str, str]


def open_points(points: Iterable[Point], ticks: Mapping[str, Any]) -> tuple[Point, ...]:
    """The required points that nobody ticked."""
    return tuple(point for point in points if point.required and point.code not in ticks)


def unticked(session: Session, policy: Any, *, chain_id: UUID, name: str, about: UUID) -> tuple[Unmet, ...]:
    """What keeps the open tasks of that name about one row from being done; one condition a task, with its id and the points' words.

    Where policy asks for nothing, nothing is read.
    """
    points = policy.checklist(name)
    if not any(point.required for point in points):
        return ()
    statement = select(UserTask.id, UserTask.candidate_role, UserTask.ticks).where(
        UserTask.campaign_id == chain_id, UserTask.name == name, UserTask.subject_id == about, UserTask.state == "open"
    )
    return tuple(
        Unmet(
            code="user_task.points_unticked",
            lifted_by=Role(role),
            params={"points": [point.words for point in missing], "task_id": str(task_id)},
        )
        for task_id, role, ticks in session.exec(statement.order_by(col(UserTask.id)))
        if (missing := open_points(points, ticks))
    )
