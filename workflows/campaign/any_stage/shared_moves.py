"""Moves that several stages share: who is answerable for what, and what may happen wherever a campaign stands."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.any_stage.cancelling import CANCELLATION
from workflows.campaign.any_stage.holding import HOLD
from workflows.campaign.any_stage.overriding import OVERRIDES
from workflows.campaign.any_stage.repinning import FOLLOW_POLICY
from workflows.campaign.data_protection.erasing import ERASE
from workflows.campaign.data_protection.purging import PurgeFiles, purge
from workflows.campaign.exchanges.exchanging import EXCHANGES
from workflows.campaign.model import Responsibility
from workflows.campaign.papers import purge_certificates
from workflows.campaign.processors.contracting import CONTRACTS
from workflows.campaign.states import TEN_STAGES
from workflows.engine.command import Command
from workflows.engine.process import DocumentSpec, Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Membership
from workflows.parties.roles import Role


class NotAMember(Refused):
    """The person does not work for this advertiser."""

    code = "plan.not_a_member"


class UnknownStage(Refused):
    """There is no stage of that name."""

    code = "plan.unknown_stage"


@dataclass(frozen=True, kw_only=True)
class AssignResponsibility(Command):
    """Make a person answerable for a stage."""

    stage: str
    person_id: UUID


def assign(step: Step) -> None:
    """End the earlier responsibility for the stage and begin the new one.

    :raises UnknownStage: when there is no such stage.
    :raises NotAMember: when the person works for another advertiser.
    """
    command: AssignResponsibility = step.command
    if command.stage not in TEN_STAGES:
        raise UnknownStage(stage=command.stage)
    membership = select(Membership.id).where(
        Membership.person_id == command.person_id,
        Membership.advertiser_id == step.chain.advertiser_id,
        col(Membership.supplier_id).is_(None),
    )
    if step.session.exec(membership).first() is None:
        raise NotAMember()
    for earlier in step.facts.responsibilities:
        if earlier.stage == command.stage:
            earlier.to_seq = step.seq
    make_answerable(step, command.stage, command.person_id)


def make_answerable(step: Step, stage: str, person_id: UUID) -> None:
    """Begin a responsibility."""
    step.session.add(Responsibility(**step.from_now_on(), stage=str(stage), person_id=person_id))


ASSIGN_RESPONSIBILITY = Move(AssignResponsibility, by=Role.PROJECT_MANAGER, event="campaign.responsibility.assigned", do=assign)
"""People change in any stage."""
PURGE = Move(
    PurgeFiles,
    by=Role.SYSTEM,
    event="campaign.files.purged",
    do=purge,
    issues=(DocumentSpec("purge_certificate", purge_certificates),),
)
"""In every stage, and after the end: whoever delivered what is destroyed gets it in writing."""
IN_EVERY_STAGE = (ASSIGN_RESPONSIBILITY, HOLD, *CANCELLATION, *OVERRIDES, *EXCHANGES, *CONTRACTS, FOLLOW_POLICY, PURGE, ERASE)
"""What may happen to a campaign wherever it stands."""
