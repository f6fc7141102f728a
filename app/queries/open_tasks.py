"""Open user tasks as the database gives them: one text a task, with all that a list shows of it. Not for whose they are: `inbox` says that.

The text of a task that has not changed has not changed either, so it is read once, and what follows from it is kept under it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg import Cursor

from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

MOST_KEPT = 8192
"""So many tasks are remembered, those of some hundred inboxes; a few kilobytes each."""

_OPEN = """
select json_build_array(
    task.id, task.name, task.label, task.stage, task.subject_id, task.candidate_role, task.version, task.priority, task.due_at,
    task.follow_up_on, task.reminded_at, task.escalated_at, task.mentioned, task.ticks, task.advertiser_id,
    campaign.id, campaign.code, campaign.title, campaign.version, campaign.calendar_at, campaign.chain_head,
    (select name || siren from advertiser where id = task.advertiser_id),
    (select list_code || ' ' || tranche || '.' || file_version from delivered_file where id = task.subject_id),
    (select name from supplier where id = task.supplier_id),
    task.assignee_id, (select name from person where id = task.assignee_id),
    answers.id, answers.name
)::text
  from user_task task
 cross join lateral (select * from campaign where id = task.campaign_id limit 1) campaign
  left join lateral (
    select person.id, person.name
      from responsibility
      join person on person.id = responsibility.person_id
     where responsibility.campaign_id = task.campaign_id and responsibility.to_seq is null
       and responsibility.stage = case when task.stage = any (%(stages)s) then task.stage else %(other)s end
       and exists (
        select from membership
         where person_id = person.id and advertiser_id = responsibility.advertiser_id and role = %(role)s
       )
     limit 1
  ) answers on true
 where task.state = 'open' and task.advertiser_id = any (%(managed)s){more}
 order by task.due_at nulls last, campaign.code, task.name, task.label
"""
"""By the limits, all that is joined is looked up task by task: one plan is kept, good for those with little and those with much."""
_OF_ALL = _OPEN.format(more="")
_OF_ONE = _OPEN.format(more=" and task.campaign_id = %(campaign)s")
_FIXED = {"stages": [stage.value for stage in TEN_STAGES], "other": CampaignState.DELIVERY.value, "role": Role.PROJECT_MANAGER.value}


@dataclass(frozen=True, kw_only=True)
class OpenRow:
    """An open user task, whoever asks.

    `about` is the list, message, order or file that it concerns. `chain_head` and `advertiser` fix what conditions of its campaign come to.
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


def find_open(cursor: Cursor[Any], managed: Collection[UUID], campaign_id: UUID | None = None) -> list[str]:
    """The open tasks of these advertisers, each as its text, soonest first; of one campaign when it is named."""
    asked = {**_FIXED, "managed": list(managed), "campaign": campaign_id}
    return [text for (text,) in cursor.execute(_OF_ALL if campaign_id is None else _OF_ONE, asked)]


@lru_cache(maxsize=MOST_KEPT)
def read_open(text: str) -> OpenRow:
    """The task that this text tells of."""
    (task_id, name, label, stage, subject_id, role, version, priority, due_at, *rest) = json.loads(text)
    (follow_up_on, reminded_at, escalated_at, mentioned, ticks, advertiser_id, *rest) = rest
    (campaign_id, code, title, campaign_version, calendar_at, chain_head, advertiser, file, supplier, *rest) = rest
    (holder_id, holder, answers_id, answers) = rest
    return OpenRow(
        id=UUID(task_id),
        name=name,
        about=file or label,
        stage=stage if stage in TEN_STAGES else CampaignState.DELIVERY.value,
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
        answers=answers or "",
    )


def _day(at: str | None) -> date | None:
    return local_day(datetime.fromisoformat(at)) if at else None
