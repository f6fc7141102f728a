"""One user task with its story: when it opened, who had it in hand, how it ended. Not for lists: `inbox` has those."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.queries.attachments import Attachment, list_attachments
from app.queries.checklist import Checklist, checklist_of
from app.queries.colleagues import Candidate
from app.queries.inbox import OpenTask
from app.queries.names import names_by_id
from workflows.campaign.model import Campaign
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.delivery.model import DeliveredFile
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day
from workflows.user_task.mentions import Colleague, read_mentions
from workflows.user_task.overdue import NOBODY


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of what was said: plain, or a colleague's name who was mentioned by it."""

    text: str
    is_mention: bool


@dataclass(frozen=True, kw_only=True)
class TaskEvent:
    """Something that happened to the task, by its checkpoint. `who` is empty for a machine; `said` is gone where they were erased.

    `mentioned` are the names of whom a comment mentioned, `point` the code of the one that was ticked.
    `told_nobody`: it was a reminder or an escalation, and there was nobody to tell.
    """

    seq: int
    at: datetime
    event: str
    who: str
    stood_in_for: str
    receiver: str
    priority: str
    until_on: date | None
    said: tuple[Part, ...]
    mentioned: tuple[str, ...]
    sha256: str
    told_nobody: bool
    point: str


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """A user task whole: `task` as lists show it, its state, who handed it on, whether the
    asker could have it and who else could, what happened to it, newest first."""

    task: OpenTask
    state: str
    opened_at: datetime
    closed_at: datetime | None
    delegated_by: str
    is_candidate: bool
    candidates: tuple[Candidate, ...]
    colleagues: tuple[Candidate, ...]
    checklist: Checklist
    attachments: tuple[Attachment, ...]
    events: tuple[TaskEvent, ...]


@dataclass(frozen=True, kw_only=True)
class TaskTitle:
    """What a user task is called, open or not. `about` is the list, message, order or file that it concerns."""

    id: UUID
    name: str
    about: str
    campaign_code: str
    campaign_title: str


def list_titles(session: Session, ids: Collection[UUID]) -> list[TaskTitle]:
    """What these tasks are called, in the order of their ids.

    :raises NotFound: when one of them is not there for this person.
    """
    statement = (
        select(UserTask, DeliveredFile, Campaign.code, Campaign.title)
        .join(Campaign, col(Campaign.id) == UserTask.campaign_id)
        .outerjoin(DeliveredFile, col(DeliveredFile.id) == UserTask.subject_id)
        .where(col(UserTask.id).in_(ids))
    )
    titles = {
        row.id: TaskTitle(id=row.id, name=row.name, about=about_of(row, file), campaign_code=code, campaign_title=title)
        for row, file, code, title in session.exec(statement)
    }
    if len(titles) < len(set(ids)):
        raise NotFound(subject="user_task")
    return [titles[one] for one in ids]


def get_task(session: Session, actor: Actor, task_id: UUID, *, now: datetime) -> TaskPage:
    """One task that this person may see.

    :raises NotFound: when there is none.
    """
    row = session.get(UserTask, task_id)
    if row is None:
        raise NotFound(subject="user_task")
    campaign = session.get_one(Campaign, row.campaign_id)
    file = session.get(DeliveredFile, row.subject_id)
    supplier = session.get(Supplier, row.supplier_id) if row.supplier_id else None
    events = list_events(session, row)
    names = names_by_id(session, {row.assignee_id, row.delegated_by_id})
    task = OpenTask(
        id=row.id,
        name=row.name,
        stage=row.stage if row.stage in TEN_STAGES else CampaignState.DELIVERY.value,
        about=about_of(row, file),
        subject_id=row.subject_id,
        role=Role(row.candidate_role),
        who=supplier.name if supplier else "",
        mine=row.assignee_id in (None, actor.person_id),
        due_on=local_day(row.due_at) if row.due_at else None,
        today=campaign.today(now),
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        version=row.version,
        priority=row.priority,
        holder=names.get(row.assignee_id, ""),
        in_my_hands=row.assignee_id == actor.person_id,
        follow_up_on=row.follow_up_on,
        reminded_on=local_day(row.reminded_at) if row.reminded_at else None,
        escalated_on=local_day(row.escalated_at) if row.escalated_at else None,
        mentions_me=str(actor.person_id) in row.mentioned,
    )
    return TaskPage(
        task=task,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        delegated_by=names.get(row.delegated_by_id, ""),
        is_candidate=actor.has_role(Role(row.candidate_role), row.advertiser_id),
        candidates=_candidates(session, row),
        colleagues=list_colleagues(session, row, actor),
        checklist=checklist_of(session, row, campaign.policy),
        attachments=list_attachments(session, row),
        events=events,
    )


def about_of(row: UserTask, file: DeliveredFile | None) -> str:
    """What a task concerns: the delivered file that is its subject, or what it was opened for."""
    return f"{file.list_code} {file.tranche}.{file.file_version}" if file else row.label


def _candidates(session: Session, row: UserTask) -> tuple[Candidate, ...]:
    statement = select(Membership.person_id).where(
        Membership.advertiser_id == row.advertiser_id,
        Membership.role == row.candidate_role,
        col(Membership.person_id).is_distinct_from(row.assignee_id),
    )
    if row.supplier_id is not None:
        statement = statement.where(Membership.supplier_id == row.supplier_id)
    return _people(session, set(session.exec(statement)))


def list_colleagues(session: Session, row: UserTask, actor: Actor) -> tuple[Candidate, ...]:
    """Whom a comment may be told to without a mention: the advertiser's project managers, but the asker."""
    statement = select(Membership.person_id).where(
        Membership.advertiser_id == row.advertiser_id,
        Membership.role == Role.PROJECT_MANAGER.value,
        Membership.person_id != actor.person_id,
    )
    return _people(session, set(session.exec(statement)))


def _people(session: Session, ids: set[UUID]) -> tuple[Candidate, ...]:
    rows = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids)).order_by(Person.name, col(Person.id)))
    return tuple(Candidate(id=person_id, name=name) for person_id, name in rows)


def _colleagues_by_id(session: Session, ids: set[UUID]) -> list[Colleague]:
    rows = session.exec(select(Person).where(col(Person.id).in_(ids)))
    return [Colleague(id=person.id, name=person.name, email=person.email) for person in rows]


def _people_of(body: dict[str, Any]) -> tuple[str | None, ...]:
    """Whoever an entry names by id."""
    mentioned = body["command"].get("people", ()) if body["event"] == "user_task.mentioned" else ()
    return body["actor"]["id"], body["actor"]["stands_in_for"], body["command"].get("person_id"), *mentioned


def _parts(words: str, mentioned: Sequence[Colleague]) -> tuple[Part, ...]:
    """What was said, cut where it mentions one of these."""
    parts, begins = [], 0
    for mention in read_mentions(words, mentioned):
        if mention.people:
            parts += [
                Part(text=words[begins : mention.start], is_mention=False),
                Part(text=words[mention.start : mention.end], is_mention=True),
            ]
            begins = mention.end
    parts.append(Part(text=words[begins:], is_mention=False))
    return tuple(part for part in parts if part.text)


def list_events(session: Session, row: UserTask) -> tuple[TaskEvent, ...]:
    """The checkpoints that opened and closed the task, and those that are about it."""
    around = [seq for seq in (row.opened_seq, row.closed_seq) if seq is not None]
    about = func.convert_from(col(Checkpoint.body), "UTF8").contains(str(row.id))
    statement = select(Checkpoint).where(
        Checkpoint.campaign_id == row.campaign_id,
        col(Checkpoint.seq).in_(around) | (col(Checkpoint.event).startswith("user_task.") & about),
    )
    rows = list(session.exec(statement.order_by(col(Checkpoint.seq).desc())))
    bodies = {one.seq: read_json(one.body) for one in rows}
    people = {UUID(one) for body in bodies.values() for one in _people_of(body) if one}
    colleagues = {one.id: one for one in _colleagues_by_id(session, people)}
    names = {one.id: one.name for one in colleagues.values()}
    mentioned = {
        body["command"]["comment_seq"]: [colleagues[UUID(one)] for one in body["command"]["people"] if UUID(one) in colleagues]
        for body in bodies.values()
        if body["event"] == "user_task.mentioned"
    }
    texts = select(ErasableText).where(ErasableText.campaign_id == row.campaign_id, col(ErasableText.seq).in_(set(bodies)))
    words = {text.seq: text.text for text in session.exec(texts)}
    found = []
    for one in rows:
        body = bodies[one.seq]
        command = body["command"] if body["subject"]["id"] == str(row.id) else {}
        until = command.get("until_on")
        found.append(
            TaskEvent(
                seq=one.seq,
                at=one.at,
                event=one.event,
                who=names.get(UUID(body["actor"]["id"]), "") if body["actor"]["id"] else "",
                stood_in_for=names.get(UUID(absent), "") if (absent := body["actor"]["stands_in_for"]) else "",
                receiver=names.get(UUID(command["person_id"]), "") if command.get("person_id") else "",
                priority=command.get("priority", ""),
                until_on=date.fromisoformat(until) if until else None,
                said=_parts(words.get(one.seq, "") if command else "", mentioned.get(one.seq, ())),
                mentioned=tuple(names[UUID(person)] for person in command.get("people", ()) if UUID(person) in names),
                sha256=one.sha256,
                point=command.get("point", ""),
                told_nobody=bool(command) and any(check["code"] == NOBODY for check in body["checks"]),
            )
        )
    return tuple(found)
