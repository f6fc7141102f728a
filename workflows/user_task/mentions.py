"""Mentions: `@` and a colleague's name, in what is said about a user task. Functions of words and people; not for who is told of what.

A colleague is named by their whole name, their first name, their e-mail address or what stands before its `@`; capitals and accents do not
count. The longest name that fits is meant. An `@` within a word, as in an e-mail address, or before a figure mentions nobody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows.engine.refusals import Refused
from workflows.parties.roles import Role
from workflows.parties.traces import fold

_SIGN = re.compile(r"(?<![\w@.+-])@(?=[^\W\d_])")
_WRITTEN = re.compile(r"[\w.@’'-]*\w")
_GOES_ON = re.compile(r"[\w@]|[.’'-]\w")
"""What follows a name that is only the beginning of another."""


class MentionUnknown(Refused):
    """Nobody has the name that stands behind an `@`."""

    code = "user_task.mention_unknown"


class MentionAmbiguous(Refused):
    """Several colleagues have the name that stands behind an `@`."""

    code = "user_task.mention_ambiguous"


class TaskOutOfSight(Refused):
    """Whoever is mentioned has no page that shows the task."""

    code = "user_task.out_of_sight"


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody whom an `@` may mean; `sees_as` is the role in which they see the task, None where they do not."""

    id: UUID
    name: str
    email: str
    sees_as: Role | None = None


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A place in the words, from the `@` to the end of the name, and everybody whom it may mean: nobody where the name is unknown."""

    start: int
    end: int
    people: tuple[Colleague, ...]


def read_mentions(words: str, colleagues: Sequence[Colleague]) -> Iterator[Mention]:
    """Every mention in the words, in their order."""
    folded = re.sub(r"\s", " ", fold(words))
    names = [(name, one) for one in colleagues for name in _names(one)]
    for sign in _SIGN.finditer(words):
        rest = folded[sign.end() :]
        fitting = [(len(name), one) for name, one in names if rest.startswith(name) and not _GOES_ON.match(rest, len(name))]
        longest = max((length for length, _one in fitting), default=0)
        written = _WRITTEN.match(words, sign.end())
        length = longest or (written.end() - sign.end() if written else 0)
        people = dict.fromkeys(one for fits, one in fitting if fits == longest)
        yield Mention(start=sign.start(), end=sign.end() + length, people=tuple(people))


def who_is_mentioned(words: str, colleagues: Sequence[Colleague]) -> tuple[UUID, ...]:
    """The people mentioned, each once, in the order of the words. Of several who bear a name, those who see the task are meant.

    :raises MentionUnknown: for a name that nobody has: whoever wrote it believes that somebody is told.
    :raises TaskOutOfSight: for a name of nobody who sees the task.
    :raises MentionAmbiguous: for a name that several have.
    """
    mentioned: dict[UUID, None] = {}
    for mention in read_mentions(words, colleagues):
        name, seeing = words[mention.start : mention.end], [one for one in mention.people if one.sees_as]
        if not mention.people:
            raise MentionUnknown(name=name)
        if not seeing:
            raise TaskOutOfSight(name=name)
        if len(seeing) > 1:
            raise MentionAmbiguous(name=name, people=[one.name for one in seeing])
        mentioned[seeing[0].id] = None
    return tuple(mentioned)


def _names(one: Colleague) -> set[str]:
    """What a colleague may be called, folded."""
    name, email = " ".join(fold(one.name).split()), fold(one.email)
    return {part for part in (name, name.partition(" ")[0], email, email.partition("@")[0]) if part}
