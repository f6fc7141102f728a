"""A process of ten stages with one user task each, on the campaign's own table: nothing of the trade, everything of the engine.

Each move has an audience, a condition and a due date by policy; it closes a user task, opens the next, requests a service task and
appends a checkpoint, declared as the campaign's own are.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from bench._turns import STAGES
from workflows.campaign.model import Campaign
from workflows.campaign.policy import newest_policy
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Unmet
from workflows.engine.registry import Registry
from workflows.engine.step import Step
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role

TASK = "do_the_work"


@dataclass(frozen=True, kw_only=True)
class Begin(Command):
    """A birth; `subject_id` is the advertiser."""

    code: str


@dataclass(frozen=True, kw_only=True)
class DoTheWork(Command):
    """The stage's work is done."""

    remark: str = free_text("")


def work_is_wanted(campaign: Campaign) -> Unmet | None:
    return None if campaign.envelope_amount > 0 else Unmet(code="bench.nothing_wanted", lifted_by=Role.PROJECT_MANAGER)


def _begin(step: Step) -> Campaign:
    policy = newest_policy(step.session, step.command.subject_id, now=step.now)
    return Campaign(
        advertiser_id=step.command.subject_id,
        code=step.command.code,
        title="bench",
        state="stage_1",
        policy_version_id=policy.id,
        policy_version=policy,
        policy_number=policy.number,
        vat_rate=Decimal("0.2"),
        drop_on=date(2027, 1, 4),
        envelope_amount=Decimal(1000),
        opened_at=step.now,
        opened_by_id=step.actor.person_id,
    )


def _stage(number: int) -> Stage:
    return Stage(
        state=f"stage_{number}",
        opens=(UserTaskSpec(TASK, candidates=Role.PROJECT_MANAGER, due=WorkingDays("review_budget")),),
        moves=(
            Move(
                DoTheWork,
                to=f"stage_{number + 1}" if number < STAGES else "done",
                by=Role.PROJECT_MANAGER,
                event=f"bench.stage_{number}.done",
                requires=(work_is_wanted,),
                closes=(TASK,),
                requests=(ServiceTaskRef("nothing"),),
            ),
        ),
    )


def _chain(_session: Any, row: Any) -> Campaign | None:
    return row if isinstance(row, Campaign) else None


FLOW = Process(
    name="bench",
    subject=Campaign,
    stages=(*(_stage(number) for number in range(1, STAGES + 1)), Stage(state="done")),
    births=(Move(Begin, to="stage_1", by=Role.PROJECT_MANAGER, event="bench.begun", do=lambda step: step.chain),),
    birth_chain=_begin,
    parent=lambda session, command: session.get(Advertiser, command.subject_id),
    chain_of=_chain,
    facts=lambda session, campaign: campaign,
)
REGISTRY = Registry(FLOW)


def begin(advertiser_id: UUID, code: str) -> Begin:
    """The command that opens one flow."""
    return Begin(subject_id=advertiser_id, code=code)
