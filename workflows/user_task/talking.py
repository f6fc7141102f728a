"""What is said about a user task: comments, who is told of them, who is mentioned in them and has not looked yet. Not for what they name:
`mentions` reads that.

The words go with the checkpoint, where they can be erased. Whom they mention is a move of its own, made after the comment and because of
it, so that the chain names the people by their ids and the words by a hash.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from workflows.engine.command import Command, free_text
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Membership
from workflows.parties.roles import STAFF, Role
from workflows.trade.working_days import local_day
from workflows.user_task.mentions import Colleague, who_is_mentioned
from workflows.user_task.rules import PEOPLE, asker_has_a_say
from workflows.user_task.told import list_colleagues


class NothingSaid(Refused):
    """A comment without words."""

    code = "user_task.nothing_said"


class NotAColleague(Refused):
    """Comments are told to the advertiser's own people only."""

    code = "user_task.not_a_colleague"


class NotMentioned(Refused):
    """Nobody mentioned the asker since they looked last."""

    code = "user_task.not_mentioned"


@dataclass(frozen=True, kw_only=True)
class CommentOnTask(Command):
    """Say something about a task, and have colleagues told by e-mail: those of `tell`, and whom the words mention with `@` and a name."""

    words: str = free_text()
    tell: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MentionPeople(Command):
    """Note who is mentioned in a comment, by the place of its checkpoint, and have them told."""

    people: tuple[UUID, ...]
    comment_seq: int


@dataclass(frozen=True, kw_only=True)
class NoteMention(Command):
    """Say that one has seen where one was mentioned."""


def something_is_said(step: Step) -> None:
    """Refuse a comment without words.

    :raises NothingSaid: when there are none.
    """
    if not step.command.words.strip():
        raise NothingSaid()


def the_told_are_colleagues(step: Step) -> None:
    """Refuse to tell anybody who is not on the advertiser's staff.

    :raises NotAColleague: when somebody is not.
    """
    told = set(step.command.tell)
    staff = select(Membership.person_id).where(
        Membership.advertiser_id == step.subject.advertiser_id,
        col(Membership.role).in_([str(role) for role in STAFF]),
        col(Membership.person_id).in_(told),
    )
    known: set[UUID] = {*step.session.exec(staff)} if told else set()
    if told - known:
        raise NotAColleague()


def the_mentioned_are_known(step: Step) -> None:
    """Refuse a mention that tells nobody, or of which nobody knows whom.

    :raises MentionUnknown: for a name that nobody has.
    :raises TaskOutOfSight: for a name of nobody who sees the task.
    :raises MentionAmbiguous: for a name that several have.
    """
    _mentioned(step)


def asker_is_mentioned(step: Step) -> None:
    """Refuse to note what is not there.

    :raises NotMentioned: when nobody mentioned the asker.
    """
    if str(step.actor.person_id) not in step.subject.mentioned:
        raise NotMentioned()


def comment(step: Step) -> None:
    """Have those told who are to be; whoever comments has seen where they were mentioned."""
    mentioned = [one for one in _mentioned(step) if one != step.actor.person_id]
    told = [str(one) for one in dict.fromkeys(step.command.tell) if one not in mentioned]
    _forget_mention(step)
    if told:
        step.request("mail_comment", {"task_id": str(step.subject.id), "seq": step.seq, "people": told})
    if mentioned:
        step.then(MentionPeople(subject_id=step.subject.id, people=tuple(mentioned), comment_seq=step.seq))


def mention(step: Step) -> None:
    """Have them told, and mark the task for those of them whose inbox it is in, until they have looked."""
    people = [str(one) for one in step.command.people]
    managers = {str(one.id) for one in _colleagues(step) if one.sees_as is Role.PROJECT_MANAGER}
    step.subject.mentioned = sorted({*step.subject.mentioned, *(one for one in people if one in managers)})
    step.request("mail_comment", {"task_id": str(step.subject.id), "seq": step.command.comment_seq, "people": people, "mentioned": True})


def note_mention(step: Step) -> None:
    """Take the asker's mark off the task."""
    _forget_mention(step)


def _forget_mention(step: Step) -> None:
    step.subject.mentioned = [one for one in step.subject.mentioned if one != str(step.actor.person_id)]


def _mentioned(step: Step) -> tuple[UUID, ...]:
    """Whom the comment mentions; nobody is looked for where there is no sign of it."""
    if "@" not in step.command.words:
        return ()
    return who_is_mentioned(step.command.words, _colleagues(step))


def _colleagues(step: Step) -> tuple[Colleague, ...]:
    return list_colleagues(step.session, step.subject, today=local_day(step.now))


TALK = (
    Move(
        CommentOnTask,
        by=PEOPLE,
        event="user_task.commented",
        checks=(asker_has_a_say, something_is_said, the_told_are_colleagues, the_mentioned_are_known),
        do=comment,
    ),
    Move(MentionPeople, by=Role.SYSTEM, event="user_task.mentioned", do=mention),
    Move(NoteMention, by=PEOPLE, event="user_task.mention_noted", checks=(asker_is_mentioned,), do=note_mention),
)
