"""What rests with its chain: open user tasks are suspended and timers stop, each remembering the working days it had left. What never rests
is left running.

Not for what a move opens and closes in its course: that is `effects`.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, update
from sqlmodel import col, select

from workflows.engine.outbox import OutboxMessage
from workflows.engine.user_tasks import UserTask

_OF_CHAIN = col(UserTask.campaign_id) == bindparam("chain")
_TASKS = select(UserTask.id, UserTask.due_at, UserTask.remaining_days).where(_OF_CHAIN, col(UserTask.state) == bindparam("in_state"))
_CHANGE = (
    update(UserTask)
    .where(col(UserTask.id) == bindparam("task"))
    .values(state=bindparam("to_state"), due_at=bindparam("due"), remaining_days=bindparam("days"))
)
_END = (
    update(UserTask)
    .where(_OF_CHAIN, col(UserTask.state) == "suspended")
    .values(state="cancelled", closed_at=bindparam("at"), closed_by_id=bindparam("by"), closed_seq=bindparam("seq"), remaining_days=None)
)
_TIMER_OF_CHAIN = col(OutboxMessage.campaign_id) == bindparam("chain")
_RUNS = (
    _TIMER_OF_CHAIN,
    col(OutboxMessage.state) == "pending",
    col(OutboxMessage.not_before) > OutboxMessage.created_at,
    col(OutboxMessage.not_before) > bindparam("now"),
)
_TIMERS = select(OutboxMessage.id, OutboxMessage.not_before).where(*_RUNS, col(OutboxMessage.never_rests).is_(False))
_STOPPED = select(OutboxMessage.id, OutboxMessage.remaining_days).where(_TIMER_OF_CHAIN, col(OutboxMessage.remaining_days).is_not(None))
_STOP = update(OutboxMessage).where(col(OutboxMessage.id) == bindparam("timer")).values(remaining_days=bindparam("days"))
_START = (
    update(OutboxMessage).where(col(OutboxMessage.id) == bindparam("timer")).values(remaining_days=None, not_before=bindparam("moment"))
)
_DROP = update(OutboxMessage).where(*_RUNS).values(state="cancelled", remaining_days=None)


def set_aside(connection: Connection, chain_id: UUID, now: datetime, days_left: Callable[[datetime], int]) -> None:
    """Suspend a chain's open tasks and stop its timers; what was late already has a negative number of days left."""
    tasks = connection.execute(_TASKS, {"chain": chain_id, "in_state": "open"}).all()
    if tasks:
        suspended = [
            {"task": row.id, "to_state": "suspended", "due": row.due_at, "days": days_left(row.due_at) if row.due_at else None}
            for row in tasks
        ]
        connection.execute(_CHANGE, suspended)
    timers = connection.execute(_TIMERS, {"chain": chain_id, "now": now}).all()
    if timers:
        connection.execute(_STOP, [{"timer": row.id, "days": days_left(row.not_before)} for row in timers])


def take_up(connection: Connection, chain_id: UUID, after: Callable[[int], datetime]) -> None:
    """Open a chain's suspended tasks again and start its timers, each for the working days that it had left."""
    tasks = connection.execute(_TASKS, {"chain": chain_id, "in_state": "suspended"}).all()
    if tasks:
        opened = [
            {
                "task": row.id,
                "to_state": "open",
                "due": row.due_at if row.remaining_days is None else after(row.remaining_days),
                "days": None,
            }
            for row in tasks
        ]
        connection.execute(_CHANGE, opened)
    timers = connection.execute(_STOPPED, {"chain": chain_id}).all()
    if timers:
        connection.execute(_START, [{"timer": row.id, "moment": after(row.remaining_days)} for row in timers])


def drop(connection: Connection, chain_id: UUID, now: datetime, *, by: UUID | None, seq: int) -> None:
    """Cancel what is suspended, and the timers that have not gone off: the chain has come to its end."""
    connection.execute(_END, {"chain": chain_id, "at": now, "by": by, "seq": seq})
    connection.execute(_DROP, {"chain": chain_id, "now": now})
