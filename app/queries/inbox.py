"""The open user tasks of somebody's campaigns: whose each is, when it is due, whether a click would do it. Moves close them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from operator import attrgetter
from uuid import UUID

from sqlmodel import Session

from app.database import Database, as_asked
from app.queries.colleagues import COLLEAGUES, Candidate, read_colleagues
from app.queries.open_tasks import MANAGER, MOST_KEPT, OF_ALL, OpenText, find_open, read_open
from app.queries.presses import Presses
from workflows.parties.actor import Actor
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.priority import PRIORITIES

ONE_CLICK = {
    "close_negotiation": "close_negotiation",
    "issue_orders": "issue_orders",
    "confirm_orders": "confirm_orders",
    "order_mailing": "order_mailing",
    "confirm_drop": "confirm_drop",
    "hand_over_objections": "hand_over_objections",
    "close_campaign": "close_campaign",
}
"""Tasks that a single press does, once nothing blocks them: the command of each, by the task's name."""

LOOKED_AT = 12
"""For so many tasks of an inbox it is found out whether a press would do them; the rest are opened first."""


@dataclass(frozen=True, kw_only=True)
class OpenTask:
    """One open user task. `mine`: this person answers for it. `who` is a person or supplier, empty where only the role is known.

    `stage` is the room where it is done: what a smaller machine opened belongs to the deliveries.
    `holder` has it in hand, empty where nobody has; a task in somebody else's hands is not `mine`.
    `about` is the list, message, order or file that it concerns. `command` is what one press would do, empty where it takes more, and
    `press_sees` the version of the campaign that this press has seen.
    """

    id: UUID
    name: str
    stage: str
    about: str
    subject_id: UUID
    role: Role
    who: str
    mine: bool
    due_on: date | None
    today: date
    campaign_code: str
    campaign_title: str
    command: str = ""
    press_sees: int | None = None
    version: int = 1
    priority: str = "normal"
    holder: str = ""
    in_my_hands: bool = False
    follow_up_on: date | None = None
    reminded_on: date | None = None
    escalated_on: date | None = None
    mentions_me: bool = False

    @property
    def rests(self) -> bool:
        """Whether it was set aside until a day to come."""
        return self.follow_up_on is not None and self.follow_up_on > self.today

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.due_on < self.today

    @property
    def week_ends_on(self) -> date:
        return self.today + timedelta(days=6 - self.today.weekday())

    @cached_property
    def group(self) -> str:
        """Where it stands in an inbox: by urgency what is one's own, and what waits for others."""
        if not self.mine:
            return "others"
        if self.rests or self.due_on is None:
            return "later"
        if self.late:
            return "late"
        if self.due_on == self.today:
            return "today"
        return "this_week" if self.due_on <= self.week_ends_on else "later"

    @cached_property
    def rank(self) -> int:
        """The more urgent, the less."""
        return PRIORITIES.index(self.priority)

    def __hash__(self) -> int:
        # A page looks its tasks up by the dozen; those of one version differ seldom, and are then told apart by all they hold.
        return hash((self.id, self.version))


_INBOX = as_asked(f"({OF_ALL}) union all (select ({COLLEAGUES}), null)")
"""The open tasks, and last the colleagues."""
_VIEWS: dict[str, Callable[[OpenTask], bool]] = {
    "held": lambda task: task.in_my_hands,
    "free": lambda task: not task.holder,
    "mentioned": lambda task: task.mentions_me,
}


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """One's own tasks by urgency, and those that wait for others, each soonest first. `mentions` counts those that mention one.

    `colleagues` are those to whom they may be given.
    """

    late: tuple[OpenTask, ...]
    today: tuple[OpenTask, ...]
    this_week: tuple[OpenTask, ...]
    later: tuple[OpenTask, ...]
    others: tuple[OpenTask, ...]
    mentions: int
    colleagues: tuple[Candidate, ...]

    @property
    def mine_count(self) -> int:
        return len(self.late) + len(self.today) + len(self.this_week) + len(self.later)


def get_inbox(database: Database, actor: Actor, *, now: datetime, whose: str = "") -> Inbox:
    """Everything open in this person's campaigns, by the calendar of each campaign, the most urgent of each group first.

    :param whose: `held` for what they have in hand, `free` for what nobody has, `mentioned` for where they were mentioned;
        everything else is everything.
    """
    managed = _managed(actor)
    *texts, (colleagues, _) = database.asked(actor, _INBOX, {"role": MANAGER, "managed": managed})
    with Presses(database, actor) as presses:
        everything = _tasks(texts, actor, now, presses)
    groups: dict[str, list[OpenTask]] = {"late": [], "today": [], "this_week": [], "later": [], "others": []}
    shown = [task for task in everything if _VIEWS[whose](task)] if whose in _VIEWS else everything
    for task in sorted(shown, key=attrgetter("rank")):
        groups[task.group].append(task)
    mentions = sum(task.mentions_me for task in everything)
    return Inbox(mentions=mentions, colleagues=read_colleagues(colleagues), **{name: tuple(tasks) for name, tasks in groups.items()})


def list_tasks(session: Session, actor: Actor, *, now: datetime, campaign_id: UUID) -> list[OpenTask]:
    """Open tasks of one campaign, if this person is a project manager of it, soonest first."""
    return _tasks(find_open(session, campaign_id, _managed(actor)), actor, now)


def _managed(actor: Actor) -> list[UUID]:
    return [grant.advertiser_id for grant in actor.grants if grant.role is Role.PROJECT_MANAGER]


def _tasks(texts: list[OpenText], actor: Actor, now: datetime, presses: Presses | None = None) -> list[OpenTask]:
    """These tasks as they are to this person; with what a press would do about the first of them, where it is asked."""
    hands = {advertiser_id: actor.hands(advertiser_id) for advertiser_id in _managed(actor)}
    budget = LOOKED_AT if presses else 0
    real_today = local_day(now)
    tasks = []
    for text in texts:
        row = read_open(text)
        holder_id = row.holder_id or row.answers_id
        mine = row.role is Role.PROJECT_MANAGER and (holder_id is None or holder_id in hands[row.advertiser_id])
        command = ""
        if presses and mine and budget and row.name in ONE_CLICK:
            budget -= 1
            command = ONE_CLICK[row.name] if presses.would_do(row, ONE_CLICK[row.name]) else ""
        tasks.append(seen_by(actor.person_id, text, mine, row.on_calendar or real_today, command))
    return tasks


@lru_cache(maxsize=MOST_KEPT)
def seen_by(person_id: UUID | None, text: OpenText, mine: bool, today: date, command: str) -> OpenTask:
    """A task as this person's inbox has it on that day: the same one whenever it is the same."""
    row = read_open(text)
    return OpenTask(
        id=row.id,
        name=row.name,
        stage=row.stage,
        about=row.about,
        subject_id=row.subject_id,
        role=row.role,
        who=row.holder or row.supplier or (row.answers if row.role is Role.PROJECT_MANAGER else ""),
        mine=mine,
        due_on=row.due_on,
        today=today,
        campaign_code=row.campaign_code,
        campaign_title=row.campaign_title,
        command=command,
        press_sees=row.campaign_version if command else None,
        version=row.version,
        priority=row.priority,
        holder=row.holder,
        in_my_hands=row.holder_id is not None and row.holder_id == person_id,
        follow_up_on=row.follow_up_on,
        reminded_on=row.reminded_on,
        escalated_on=row.escalated_on,
        mentions_me=str(person_id) in row.mentioned,
    )
