"""What is said about a user task, for those whose portal shows it among other things: approvers and administrators.

Not for suppliers, who are no colleagues; a project manager reads it with the task's whole story, which `user_task` tells.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import JSON, cast
from sqlmodel import Session, col, func, select

from app.queries.user_task import TaskEvent, about_of, list_colleagues, list_events
from workflows.campaign.model import Campaign
from workflows.delivery.model import DeliveredFile
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.parties.actor import Actor
from workflows.user_task.rules import has_a_say
from workflows.user_task.told import seeing_roles

COMMENTED = "user_task.commented"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The comments on a task, the newest first. `may_answer`: the reader has a say. `colleague` is somebody to mention, as an example."""

    task_id: UUID
    name: str
    about: str
    campaign_code: str
    campaign_title: str
    comments: tuple[TaskEvent, ...]
    may_answer: bool
    colleague: str


def get_talk(session: Session, actor: Actor, task_id: UUID) -> Talk:
    """What is said about a task that this person sees on a page.

    :raises NotFound: when there is none.
    """
    task = session.get(UserTask, task_id)
    if task is None or not _sees(actor, task):
        raise NotFound(subject="user_task")
    return _talk(session, actor, task)


def list_talks(session: Session, actor: Actor, name: str, campaign_ids: Collection[UUID]) -> dict[UUID, Talk]:
    """What is said about the open tasks of that name that this person sees, by the task's subject."""
    tasks = open_tasks(session, UserTask.name == name, col(UserTask.campaign_id).in_(campaign_ids))
    return {task.subject_id: _talk(session, actor, task) for task in tasks if _sees(actor, task)}


def talk_of(session: Session, actor: Actor, name: str, campaign_id: UUID) -> Talk | None:
    """What is said about the one open task of that name; None where there is none for this person."""
    return next(iter(list_talks(session, actor, name, [campaign_id]).values()), None)


def count_comments(session: Session, task_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often something was said about each of these tasks."""
    campaigns = select(UserTask.campaign_id).where(col(UserTask.id).in_(task_ids))
    # Counted where the entries are: thousands of them would travel here to be read for one name each.
    about = cast(func.convert_from(col(Checkpoint.body), "UTF8"), JSON)["subject"]["id"].as_string()
    said = select(about, func.count()).where(Checkpoint.event == COMMENTED, col(Checkpoint.campaign_id).in_(campaigns)).group_by(about)
    counted = dict(session.exec(said).all()) if task_ids else {}
    return {task_id: counted.get(str(task_id), 0) for task_id in task_ids}


def _sees(actor: Actor, task: UserTask) -> bool:
    return any(actor.has_role(role, task.advertiser_id) for role in seeing_roles(task))


def _talk(session: Session, actor: Actor, task: UserTask) -> Talk:
    campaign, file = session.get_one(Campaign, task.campaign_id), session.get(DeliveredFile, task.subject_id)
    return Talk(
        task_id=task.id,
        name=task.name,
        about=about_of(task, file),
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        comments=tuple(one for one in list_events(session, task) if one.event == COMMENTED),
        may_answer=task.state == "open" and has_a_say(actor, task),
        colleague=next((one.name for one in list_colleagues(session, task, actor)), ""),
    )
