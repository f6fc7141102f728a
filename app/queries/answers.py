"""Whether an approver's answers would be taken, by asking the very guards that would refuse them. Reads only."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.engine.command import Command
from workflows.engine.machine import guard
from workflows.engine.refusals import ConditionsUnmet, Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.actor import Actor
from workflows.parties.roles import Role


def closed_answers(
    session: Session, campaign: Campaign, answers: Iterable[Command], actor: Actor, *, now: datetime
) -> dict[str, tuple[Unmet, ...]]:
    """Why each answer to what the campaign's present stage asks would be refused, by its name; nothing where it would be taken."""
    return {answer.name(): _unmet(session, campaign, answer, actor, now) for answer in answers}


def _unmet(session: Session, campaign: Campaign, answer: Command, actor: Actor, now: datetime) -> tuple[Unmet, ...]:
    stage = CAMPAIGN.stage(campaign.state)
    assert stage is not None, "a campaign that waits for an answer stands in a stage"
    move = next(move for move in stage.moves if move.command is type(answer))
    step = Step(session=session, process=CAMPAIGN, subject=campaign, chain=campaign, command=answer, actor=actor, now=now)
    try:
        guard(move, step)
    except ConditionsUnmet as refusal:
        return refusal.unmet
    except Refused as refusal:
        return (Unmet(code=refusal.code, lifted_by=Role.BUDGET_APPROVER, params=refusal.params),)
    return ()
