"""Open user tasks as the database gives them: a text of the task and one of its campaign, with all that a list shows of it.

The texts of what has not changed have not changed either, so each is read once, and what follows from them is kept under them.
Not for whose tasks they are: `inbox` says that.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session

from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

MOST_KEPT = 8192
"""So many tasks are remembered, those of some hundred inboxes; a few kilobytes each."""

OpenText = tuple[str, str]
"""What the database tells of an open task, and of its campaign."""

_OPEN = """
with task as materialized (
  select * from user_task where state = 'open' and advertiser_id = any (%(managed)s){more}
), campaign as materialized (
  select campaign.id, campaign.code, json_build_array(
    campaign.id, campaign.code, campaign.title, campaign.version, campaign.calendar_at, campaign.chain_head,
    (select name || siren || (
       select count(*) || '/' || count(to_seq) from processor_contract where advertiser_id = campaign.advertiser_id
     ) from advertiser where id = campaign.advertiser_id),
    (select json_object_agg(responsibility.stage, json_build_array(person.id, person.name) order by responsibility.id)
       from responsibility
       join person on person.id = responsibility.person_id
      where responsibility.campaign_id = campaign.id and responsibility.to_seq is null
        and exists (
         select from membership
          where person_id = person.id and advertiser_id = responsibility.advertiser_id and role = %(role)s
        ))
  )::text as told
    from (select distinct campaign_id from task) of_tasks
   cross join lateral (select * from campaign where id = of_tasks.campaign_id limit 1) campaign
)
select json_build_array(
    task.id, task.name, task.label, task.stage, task.subject_id, task.candidate_role, task.version, task.priority, task.due_at,
    task.follow_up_on, task.reminded_at, task.escalated_at, task.mentioned, task.ticks, task.advertiser_id,
    (select list_code || ' ' || tranche || '.' || file_version from delivered_file where id = task.subject_id),
    case when task.supplier_id is not null then (select name from supplier where id = task.supplier_id) end,
    task.assignee_id, case when task.assignee_id is not null then (select name from person where id = task.assignee_id) end
  )::text, campaign.told
  from task
  join campaign on campaign.id = task.campaign_id
 order by task.due_at nulls last, campaign.code, task.name, task.label
"""
"""What tasks of one campaign have in common is looked up once; and by the limit campaign by campaign, so that the plan which is kept is
good for those with little and those with much.
"""
OF_ALL = _OPEN.format(more="")
"""The open tasks of the advertisers `managed`, soonest first: two texts each."""
_OF_ONE = _OPEN.format(more=" and campaign_id = %(campaign)s")
MANAGER = Role.PROJECT_MANAGER.value


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """An open user task, whoever asks.

    `about` is the list, message, order or file that it concerns. What conditions of its campaign come to is fixed by `chain_head` and by
    `advertiser`, who that is and how many contracts it has on record.
    `answers` is who answers for its stage and could do its work, empty where that is every manager. `on_calendar` is the day of its
    campaign's own calendar, None where it lives in real time.
    """

    id: UUID
    name: str
    about: str
    stage: str
    subject_id: UUID
    role: Role
    version: int
    priority: str
    due_on: date | None
    follow_up_on: date | None
    reminded_on: date | None
    escalated_on: date | None
    mentioned: frozenset[str]
    ticks: frozenset[str]
    advertiser_id: UUID
    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    campaign_version: int
    on_calendar: date | None
    chain_head: str
    advertiser: str
    supplier: str
    holder_id: UUID | None
    holder: str
    answers_id: UUID | None
    answers: str


def find_open(session: Session, campaign_id: UUID, managed: Collection[UUID]) -> list[OpenText]:
    """The open tasks of one campaign, if it is one of these advertisers', soonest first."""
    asked = {"role": MANAGER, "managed": list(managed), "campaign": campaign_id}
    return [(task, campaign) for task, campaign in session.connection().exec_driver_sql(_OF_ONE, asked)]


@lru_cache(maxsize=MOST_KEPT)
def read_open(text: OpenText) -> OpenRow:
    """The task that this text tells of."""
    (task_id, name, label, stage, subject_id, role, version, priority, due_at, *rest) = json.loads(text[0])
    (follow_up_on, reminded_at, escalated_at, mentioned, ticks, advertiser_id, file, supplier, holder_id, holder) = rest
    (campaign_id, code, title, campaign_version, calendar_at, chain_head, advertiser, responsible) = read_campaign(text[1])
    room = stage if stage in TEN_STAGES else CampaignState.DELIVERY.value
    answers_id, answers = (responsible or {}).get(room, (None, ""))
    return OpenRow(
        id=UUID(task_id),
        name=name,
        about=file or label,
        stage=room,
        subject_id=UUID(subject_id),
        role=Role(role),
        version=version,
        priority=priority,
        due_on=_day(due_at),
        follow_up_on=date.fromisoformat(follow_up_on) if follow_up_on else None,
        reminded_on=_day(reminded_at),
        escalated_on=_day(escalated_at),
        mentioned=frozenset(mentioned),
        ticks=frozenset(ticks),
        advertiser_id=UUID(advertiser_id),
        campaign_id=UUID(campaign_id),
        campaign_code=code,
        campaign_title=title,
        campaign_version=campaign_version,
        on_calendar=_day(calendar_at),
        chain_head=chain_head,
        advertiser=advertiser or "",
        supplier=supplier or "",
        holder_id=UUID(holder_id) if holder_id else None,
        holder=holder or "",
        answers_id=UUID(answers_id) if answers_id else None,
        answers=answers,
    )


@lru_cache(maxsize=1024)
def read_campaign(text: str) -> list[Any]:
    """What this text tells of a campaign; tasks come by the dozen from one."""
    return cast("list[Any]", json.loads(text))


def _day(at: str | None) -> date | None:
    return local_day(datetime.fromisoformat(at)) if at else None
