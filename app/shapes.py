"""Which running campaigns were left behind by a change of the processes, and moving them over by a plan. For operators' command line."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from app.database import Database
from app.execute import Door
from workflows.campaign.any_stage.migrating import MigrateProcess
from workflows.campaign.model import Campaign
from workflows.campaign.states import ENDS
from workflows.engine.registry import Registry
from workflows.engine.shapes import ProcessShape, ShapeChange, differences, missing, remember
from workflows.parties.actor import SYSTEM
from workflows.processes import REGISTRY


class PlanUnusable(Exception):
    """A migration's plan does not say enough, or something that cannot be; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A running campaign that last moved under other processes. `changes` is None where these were never kept."""

    code: str
    state: str
    pinned_sha256: str | None
    changes: tuple[ShapeChange, ...] | None
    vanished_state: str = ""
    vanished_tasks: tuple[str, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether its people's moves are refused until it is migrated."""
        return bool(self.vanished_state or self.vanished_tasks)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What becomes of states and of waiting user tasks, by name; a user task without a new name is dropped."""

    states: Mapping[str, str] = field(default_factory=dict)
    user_tasks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Migration:
    """What is done to one campaign; `left` is what the plan says nothing of, and `seq` its checkpoint."""

    code: str
    from_state: str
    to_state: str
    user_tasks: Mapping[str, str]
    left: tuple[str, ...] = ()
    seq: int | None = None


def check(database: Database, *, now: datetime, registry: Registry = REGISTRY) -> list[Behind]:
    """The running campaigns that last moved under other processes than today's, by code. Keeps today's shape, if it is new."""
    with database.writing(SYSTEM) as session:
        remember(session, registry, now=now)
        shapes = {row.sha256: row.shape for row in session.exec(select(ProcessShape))}
        return [_behind(session, campaign, shapes, registry) for campaign in _running(session) if _is_behind(campaign, registry)]


def read_plan(path: Path | None, states: Iterable[str] = (), tasks: Iterable[str] = ()) -> Plan:
    """A plan from a TOML file with the tables `states` and `user_tasks`, and from `old=new` words, which come last.

    :raises PlanUnusable: when it cannot be read, holds another table, or a word has no `=`.
    """
    found: dict[str, dict[str, str]] = {"states": {}, "user_tasks": {}}
    if path is not None:
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise PlanUnusable(f"{path.name} cannot be read: {error}") from error
        for name, table in tables.items():
            if name not in found or not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
                raise PlanUnusable(f"{path.name} holds {name!r}; a plan has the tables [states] and [user_tasks], of names")
            found[name].update(table)
    for name, words in (("states", states), ("user_tasks", tasks)):
        for word in words:
            old, equals, new = word.partition("=")
            if not (old and equals):
                raise PlanUnusable(f"{word!r} is not old=new")
            found[name][old] = new
    plan = Plan(**found)
    for old, new in plan.states.items():
        if not new:
            raise PlanUnusable(f"the state {old!r} needs another state to go to")
    return plan


def migrate(
    database: Database, door: Door, plan: Plan, *, codes: Iterable[str] = (), dry_run: bool = False, registry: Registry = REGISTRY
) -> list[Migration]:
    """Move campaigns over to today's processes, each by one move on record; all that are behind, or those of the given codes.

    :return: what was done, or with `dry_run` what would be done.
    :raises PlanUnusable: when a code is not behind, or the plan leaves a campaign where it could not move; nothing is done then.
    """
    wanted = set(codes)
    with database.reading(SYSTEM) as session:
        behind = {campaign.code: campaign for campaign in _running(session) if _is_behind(campaign, registry)}
        if unknown := sorted(wanted - behind.keys()):
            raise PlanUnusable(f"not behind today's processes: {', '.join(unknown)}")
        chosen = [campaign for code, campaign in behind.items() if not wanted or code in wanted]
        planned = [(campaign.id, campaign.process_sha256, _planned(session, campaign, plan, registry)) for campaign in chosen]
    stuck = [one for _, _, one in planned if one.left]
    if stuck:
        raise PlanUnusable("; ".join(f"{one.code}: the plan says nothing of {', '.join(one.left)}" for one in stuck))
    if dry_run:
        return [one for _, _, one in planned]
    done = []
    for campaign_id, pinned, one in planned:
        command = MigrateProcess(
            subject_id=campaign_id,
            to_state=one.to_state,
            from_sha256=pinned or "",
            to_sha256=registry.sha256,
            user_tasks=dict(one.user_tasks),
        )
        outcome = door.execute(command, actor=SYSTEM)
        done.append(Migration(**{**vars(one), "seq": outcome.seq}))
    return done


def _running(session: Session) -> list[Campaign]:
    ended = [str(state) for state in ENDS]
    return list(session.exec(select(Campaign).where(col(Campaign.state).not_in(ended)).order_by(Campaign.code)))


def _is_behind(campaign: Campaign, registry: Registry) -> bool:
    return campaign.process_sha256 != registry.sha256


def _behind(session: Session, campaign: Campaign, shapes: Mapping[str, Any], registry: Registry) -> Behind:
    old = shapes.get(campaign.process_sha256 or "")
    gone = missing(registry, session, campaign)
    return Behind(
        code=campaign.code,
        state=campaign.state,
        pinned_sha256=campaign.process_sha256,
        changes=None if old is None else differences(old, registry.shape),
        vanished_state=gone.get("state", ""),
        vanished_tasks=tuple(gone.get("user_tasks", ())),
    )


def _planned(session: Session, campaign: Campaign, plan: Plan, registry: Registry) -> Migration:
    gone = missing(registry, session, campaign)
    process = registry.process("campaign")
    to_state = plan.states.get(campaign.state, campaign.state)
    left = [] if process.stage(to_state) else [f"the state {to_state}"]
    tasks = {name: plan.user_tasks[name] for name in gone.get("user_tasks", ()) if name in plan.user_tasks}
    left += [f"the user task {name}" for name in gone.get("user_tasks", ()) if name not in tasks]
    left += [f"the user task {new}" for new in tasks.values() if new and new not in registry.user_tasks]
    return Migration(code=campaign.code, from_state=campaign.state, to_state=to_state, user_tasks=tasks, left=tuple(left))


def change_words(change: ShapeChange) -> str:
    """A difference in English, as the command line says it."""
    what = {"user_task": "user task"}.get(change.what, change.what)
    place = f" of {change.where}" if change.where else ""
    parts = f" ({', '.join(part.replace('_', ' ') for part in change.parts)})" if change.parts else ""
    return f"{change.process}: {what} {change.name}{place} {change.kind}{parts}"
