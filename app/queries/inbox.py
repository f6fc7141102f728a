"""The open user tasks of somebody's campaigns: whose each is, when it is due, whether a click would do it. Moves close them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, Responsibility
from workflows.campaign.process import CAMPAIGN
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.delivery.model import DeliveredFile
from workflows.engine.checklists import open_points
from workflows.engine.machine import unmet_conditions
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.priority import PRIORITIES

ONE_CLICK = {
    "close_negotiation": "close_negotiation",
    "confirm_orders": "confirm_orders",
    "order_mailing": "order_mailing",
    "confirm_drop": "confirm_drop",
    "close_responses": "close_responses",
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
    `about` is the list, message, order or file that it concerns. `command` is what one press would do, empty where it takes more.
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
    campaign_version: int
    command: str = ""
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


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """One's own tasks by urgency, and those that wait for others, each soonest first. `mentions` counts those that mention one."""

    late: tuple[OpenTask, ...]
    today: tuple[OpenTask, ...]
    this_week: tuple[OpenTask, ...]
    later: tuple[OpenTask, ...]
    others: tuple[OpenTask, ...]
    mentions: int

    @property
    def mine_count(self) -> int:
        return len(self.late) + len(self.today) + len(self.this_week) + len(self.later)


_OF_MANAGED = col(Campaign.advertiser_id).in_(bindparam("managed", expanding=True))
"""Said of campaigns too, though it follows: so the database looks at no other advertiser's."""
_OPEN = (
    select_columns(
        *(col(column) for column in (UserTask.id, UserTask.name, UserTask.label, UserTask.stage, UserTask.subject_id)),
        *(col(column) for column in (UserTask.candidate_role, UserTask.due_at, UserTask.campaign_id, UserTask.advertiser_id)),
        *(col(column) for column in (UserTask.version, UserTask.priority, UserTask.follow_up_on, UserTask.assignee_id)),
        *(col(column) for column in (UserTask.reminded_at, UserTask.escalated_at, UserTask.mentioned, UserTask.ticks)),
        *(col(column) for column in (Campaign.code, Campaign.title, Campaign.calendar_at)),
        col(Campaign.version).label("campaign_version"),
        *(col(column) for column in (DeliveredFile.list_code, DeliveredFile.tranche, DeliveredFile.file_version)),
        col(Supplier.name).label("supplier"),
        col(Person.name).label("holder"),
    )
    .join(Campaign, (col(Campaign.id) == col(UserTask.campaign_id)) & _OF_MANAGED)
    .outerjoin(Supplier, col(Supplier.id) == col(UserTask.supplier_id))
    .outerjoin(Person, col(Person.id) == col(UserTask.assignee_id))
    .outerjoin(DeliveredFile, col(DeliveredFile.id) == col(UserTask.subject_id))
    .where(col(UserTask.state) == "open", col(UserTask.advertiser_id).in_(bindparam("managed", expanding=True)))
    .order_by(col(UserTask.due_at).asc().nulls_last(), col(Campaign.code), col(UserTask.name), col(UserTask.label))
)
_ANSWERABLE = (
    select_columns(
        *(col(column) for column in (Responsibility.campaign_id, Responsibility.stage, Responsibility.person_id)),
        col(Person.name),
    )
    .join(Person, col(Person.id) == col(Responsibility.person_id))
    .join(Membership, col(Membership.person_id) == col(Person.id))
    .where(col(Responsibility.campaign_id).in_(bindparam("campaigns", expanding=True)), col(Responsibility.to_seq).is_(None))
    .where(col(Membership.advertiser_id) == col(Responsibility.advertiser_id), col(Membership.role) == Role.PROJECT_MANAGER.value)
)
_OPEN_OF_ONE = _OPEN.where(col(UserTask.campaign_id) == bindparam("campaign"))


def get_inbox(session: Session, actor: Actor, *, now: datetime, whose: str = "") -> Inbox:
    """Everything open in this person's campaigns, by the calendar of each campaign, the most urgent of each group first.

    :param whose: `held` for what they have in hand, `free` for what nobody has, `mentioned` for where they were mentioned;
        everything else is everything.
    """
    everything = list_tasks(session, actor, now=now, pressable=True)
    tasks = [task for task in everything if _lets(whose, task)]
    tasks.sort(key=lambda task: PRIORITIES.index(task.priority))
    mine = [task for task in tasks if task.mine]
    awake = [task for task in mine if not task.rests]

    def due(task: OpenTask) -> date:
        return task.due_on or date.max

    def week_ends(task: OpenTask) -> date:
        return task.today + timedelta(days=6 - task.today.weekday())

    return Inbox(
        late=tuple(task for task in awake if task.late),
        today=tuple(task for task in awake if task.due_on == task.today),
        this_week=tuple(task for task in awake if task.today < due(task) <= week_ends(task)),
        later=tuple(task for task in mine if task.rests or due(task) > max(task.today, week_ends(task))),
        others=tuple(task for task in tasks if not task.mine),
        mentions=sum(task.mentions_me for task in everything),
    )


def list_tasks(
    session: Session, actor: Actor, *, now: datetime, campaign_id: UUID | None = None, pressable: bool = False
) -> list[OpenTask]:
    """Open tasks of the campaigns for which this person is a project manager, soonest first; of one campaign when it is named."""
    managed = [grant.advertiser_id for grant in actor.grants if grant.role is Role.PROJECT_MANAGER]
    statement = _OPEN if campaign_id is None else _OPEN_OF_ONE
    rows = session.connection().execute(statement, {"managed": managed, "campaign": campaign_id}).all()
    answerable = _answerable(session, {row.campaign_id for row in rows})
    tasks = []
    budget = LOOKED_AT if pressable else 0
    facts: dict[UUID, CampaignFacts] = {}
    hands = {advertiser_id: actor.hands(advertiser_id) for advertiser_id in {row.advertiser_id for row in rows}}
    for row in rows:
        role = Role(row.candidate_role)
        stage = row.stage if row.stage in TEN_STAGES else CampaignState.DELIVERY.value
        person_id, person_name = answerable.get((row.campaign_id, stage), (None, ""))
        holder_id = row.assignee_id or person_id
        answers = holder_id is None or holder_id in hands[row.advertiser_id]
        mine = role is Role.PROJECT_MANAGER and answers
        command = ""
        if mine and budget and row.name in ONE_CLICK:
            budget -= 1
            if row.campaign_id not in facts:
                facts[row.campaign_id] = CampaignFacts(session, session.get_one(Campaign, row.campaign_id))
            presses = _would_do(facts[row.campaign_id], ONE_CLICK[row.name])
            waits = open_points(facts[row.campaign_id].campaign.policy.checklist(row.name), row.ticks)
            command = ONE_CLICK[row.name] if presses and not waits else ""
        tasks.append(
            OpenTask(
                id=row.id,
                name=row.name,
                stage=stage,
                about=f"{row.list_code} {row.tranche}.{row.file_version}" if row.list_code is not None else row.label,
                subject_id=row.subject_id,
                role=role,
                who=row.holder or row.supplier or (person_name if role is Role.PROJECT_MANAGER else ""),
                mine=mine,
                due_on=local_day(row.due_at) if row.due_at else None,
                today=local_day(row.calendar_at or now),
                campaign_code=row.code,
                campaign_title=row.title,
                campaign_version=row.campaign_version,
                command=command,
                version=row.version,
                priority=row.priority,
                holder=row.holder or "",
                in_my_hands=row.assignee_id == actor.person_id,
                follow_up_on=row.follow_up_on,
                reminded_on=local_day(row.reminded_at) if row.reminded_at else None,
                escalated_on=local_day(row.escalated_at) if row.escalated_at else None,
                mentions_me=str(actor.person_id) in row.mentioned,
            )
        )
    return tasks


def _answerable(session: Session, campaign_ids: set[UUID]) -> dict[tuple[UUID, str], tuple[UUID, str]]:
    """Who answers for each stage of these campaigns, among those who could do its work; others leave it to every manager."""
    if not campaign_ids:
        return {}
    rows = session.connection().execute(_ANSWERABLE, {"campaigns": list(campaign_ids)})
    return {(row.campaign_id, row.stage): (row.person_id, row.name) for row in rows}


def _lets(whose: str, task: OpenTask) -> bool:
    return {"held": task.in_my_hands, "free": not task.holder, "mentioned": task.mentions_me}.get(whose, True)


def _would_do(facts: CampaignFacts, command: str) -> bool:
    stage = CAMPAIGN.stage(facts.campaign.state)
    move = next((move for move in stage.moves if move.command.name() == command), None) if stage else None
    return move is not None and not unmet_conditions(move, facts)
