"""The one door for writes: a transaction, one dispatch, and a nudge to the relay. People and machines come in here; nothing goes around.

A view builds a command and calls `execute` once. The asker must be able to see what the command is about; from there the engine decides.
Not for reading: `queries` does that.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.clock import Clock
from app.database import Database, act_for_advertiser, say_who_asks
from workflows.campaign.birth import CampaignCodeTaken
from workflows.campaign.model import Campaign
from workflows.engine.command import Command
from workflows.engine.dispatch import Locks, Outcome, dispatch, visible
from workflows.engine.idempotency import find_answer, fingerprint, keep_answer
from workflows.engine.refusals import Overtaken
from workflows.engine.registry import Registry
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Advertiser, Person
from workflows.processes import REGISTRY


class Nudge(Protocol):
    """Tells the relay that there may be work. It may fail silently: the relay also looks by itself."""

    def __call__(self) -> None: ...


def no_nudge() -> None:
    """Tell nobody: somebody looks by himself."""


class Door:
    """Carries out commands, each in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock, nudge: Nudge = no_nudge, registry: Registry = REGISTRY) -> None:
        self.database = database
        self.clock = clock
        self.nudge = nudge
        self._registry = registry

    def execute(self, command: Command, *, actor: Actor, now: datetime | None = None, key: str | None = None) -> Outcome:
        """Carry out one command as `actor`.

        :param now: the moment it happens; by default the campaign's own present, else the clock's.
        :param key: the asker's name for this wish; asked again under it, the answer is the same and nothing happens twice.
        :raises Refused: typed; nothing is written then.
        """
        (outcome,) = self.execute_all([command], actor=actor, now=now, key=key)
        return outcome

    def execute_all(
        self,
        commands: Sequence[Command],
        *,
        actor: Actor,
        now: datetime | None = None,
        finish: Callable[[Session], None] | None = None,
        key: str | None = None,
    ) -> list[Outcome]:
        """Carry out several commands, and what `finish` adds, in one transaction: all or nothing, and once where they have a key.

        :raises Refused: when one of them is refused.
        """
        try:
            with self.database.writing(actor) as session:
                if key is not None and (answer := find_answer(session.connection(), _person(actor), key, fingerprint(commands))):
                    return self._repeat(session, commands, answer)
                locks = Locks(session)
                outcomes: list[Outcome] = []
                for command in commands:
                    if outcomes:
                        # Anew: the command before was carried out by the engine, which sees more than its asker.
                        say_who_asks(session, actor)
                    outcomes.append(self._dispatch(session, command, actor, now, locks))
                if finish:
                    finish(session)
                if key is not None and outcomes:
                    self._keep(session, actor, key, commands, outcomes)
        except Overtaken as refusal:
            self._name(refusal, actor)
            raise
        except IntegrityError as error:
            if "uq_campaign_code" in str(error.orig):
                raise CampaignCodeTaken(code=getattr(commands[0], "campaign_code", "")) from error
            raise
        if outcomes:
            self.nudge()
        return outcomes

    def set_calendar(self, campaign_id: UUID, at: datetime) -> None:
        """Move a played campaign's own present forward."""
        with self.database.writing(SYSTEM) as session:
            session.connection().execute(update(Campaign).where(col(Campaign.id) == campaign_id).values(calendar_at=at))
        self.nudge()

    def _dispatch(self, session: Session, command: Command, actor: Actor, now: datetime | None, locks: Locks) -> Outcome:
        row = visible(session, self._registry, command, locks)
        act_for_advertiser(session, row.id if isinstance(row, Advertiser) else row.advertiser_id, actor)
        return dispatch(session, self._registry, command, actor=actor, now=now or self._now(session, row), locks=locks)

    def _now(self, session: Session, row: Any) -> datetime:
        campaign = session.get(Campaign, row.campaign_id) if hasattr(row, "campaign_id") else row
        return getattr(campaign, "calendar_at", None) or self.clock.now()

    def _keep(self, session: Session, actor: Actor, key: str, commands: Sequence[Command], outcomes: list[Outcome]) -> None:
        subject = outcomes[-1].subject
        answer = [{**vars(outcome), "subject": outcome.subject.id} for outcome in outcomes]
        keep_answer(session.connection(), _person(actor), key, fingerprint(commands), advertiser_id=subject.advertiser_id, answer=answer)

    def _repeat(self, session: Session, commands: Sequence[Command], answer: str) -> list[Outcome]:
        """What these commands came to when they were asked before."""
        outcomes = []
        for command, said in zip(commands, json.loads(answer), strict=True):
            subject = session.get(self._registry.process_for(type(command)).subject, UUID(said["subject"]))
            outcomes.append(Outcome(**{**said, "subject": subject, "campaign_id": UUID(said["campaign_id"]), "repeated": True}))
        return outcomes

    def _name(self, refusal: Overtaken, actor: Actor) -> None:
        """Say who was faster, if the refused person may know them."""
        if refusal.made and refusal.made.by_id and not actor.is_system:
            with self.database.reading(actor) as session:
                name = session.exec(select(Person.name).where(Person.id == refusal.made.by_id)).one_or_none()
            refusal.made = replace(refusal.made, by=name or "")


def _person(actor: Actor) -> UUID:
    """Whose key it is: a machine's work is fenced by its claim and has none."""
    assert actor.person_id is not None, "machines ask without a key"
    return actor.person_id
