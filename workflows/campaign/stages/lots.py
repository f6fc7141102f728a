"""Stage *lots*. The net is split into cells by list × segment × offer × message × channel × role, with a seed that anybody can draw again.

Left by `FreezeLots` to *send*: the lot plan and its files never change again. `RedoDedupe` goes back to *dedupe* and makes the lots void.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.comparing import COMPARING
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.merging import RedoDedupe, void_run
from workflows.campaign.papers import lot_plan
from workflows.campaign.pressure import REASON
from workflows.campaign.records import Lot, LotPlan
from workflows.campaign.reworking import going_back
from workflows.campaign.rules import reason_is_given
from workflows.campaign.shared_moves import IN_EVERY_STAGE
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, digest, sha256_of, unrecorded
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role


class LotsNotOfThisRun(Refused):
    """The lots were made of a run that counts no more, or are there already."""

    code = "lots.not_of_this_run"


class PartitionBroken(Refused):
    """The cells do not add up to a list's net, or two share a code."""

    code = "lots.partition_broken"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One lot as a machine made it; `quantity` without `seeds`, `unit_sha256` over its unique ids in order."""

    code: str
    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    quantity: int
    seeds: int
    unit_sha256: str


@dataclass(frozen=True, kw_only=True)
class RecordLots(Command):
    """Keep the cells and files that a machine made of the approved net."""

    run_id: UUID
    cells: tuple[Cell, ...] = digest()
    summary: dict[str, Any] = digest()
    result: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class FreezeLots(Command):
    """Freeze the lot plan with this hash; its files go to the mailer as they are."""

    lot_plan_sha256: str


def record_lots(step: Step) -> None:
    """Keep the cells, once they are shown to be a partition.

    :raises LotsNotOfThisRun: when the run is not the approved one, or has lots already.
    :raises PartitionBroken: when Σ cells ≠ net for a list, codes repeat, or somebody over a cap of contact pressure is to be written to.
    """
    command: RecordLots = step.command
    facts: CampaignFacts = step.facts
    run = facts.run
    if run is None or run.report is None or run.id != command.run_id or facts.lots:
        raise LotsNotOfThisRun()
    for code, counts in sorted(run.report["lists"].items()):
        total = sum(cell.quantity for cell in command.cells if cell.list_code == code)
        step.control(
            f"partition:{code}", expected=counts["net"], actual=total, tolerance=0, verdict="ok" if total == counts["net"] else "failed"
        )
        if total != counts["net"]:
            raise PartitionBroken(list=code, net=counts["net"], cells=total)
    _check_reserve(step, facts, command.cells)
    for stranger in sorted({cell.list_code for cell in command.cells} - set(run.report["lists"])):
        raise PartitionBroken(list=stranger, net=0, cells=sum(cell.quantity for cell in command.cells if cell.list_code == stranger))
    if len({cell.code for cell in command.cells}) != len(command.cells):
        raise PartitionBroken(list="", net=len(command.cells), cells=len({cell.code for cell in command.cells}))
    common = {"campaign_id": step.chain.id, "advertiser_id": step.chain.advertiser_id, "from_seq": step.seq}
    for cell in command.cells:
        step.session.add(
            Lot(
                **common,
                run_id=run.id,
                code=cell.code,
                list_code=cell.list_code,
                segment=cell.segment,
                offer=cell.offer,
                message=cell.message,
                channel=cell.channel,
                role=cell.role,
                quantity=cell.quantity,
                seeds=cell.seeds,
                unit_sha256=cell.unit_sha256,
            )
        )
    step.session.add(
        LotPlan(
            **common,
            run_id=run.id,
            number=run.number,
            sha256=sha256_of(command.cells),
            result_file_id=store(step, command.result, kind="lots").id,
            summary=command.summary,
        )
    )
    step.note_controls(command.summary.get("checks", []))


def _check_reserve(step: Step, facts: CampaignFacts, cells: tuple[Cell, ...]) -> None:
    """Whoever policy puts in reserve for contact pressure is there: the reserve of each list holds at least as many."""
    pressure = (facts.run.report or {}).get("pressure") if facts.run else None
    if not pressure or pressure["action"] != "reserve":
        return
    for code, over in sorted(pressure["over"].items()):
        there = sum(cell.quantity for cell in cells if cell.list_code == code and cell.role == "reserve")
        step.control(f"{REASON}:{code}", expected=over, actual=there, tolerance=None, verdict="ok" if there >= over else "failed")
        if there < over:
            raise PartitionBroken(list=code, net=over, cells=there)


def freeze(step: Step) -> None:
    """Freeze what was shown.

    :raises LotsNotOfThisRun: when the hash is another lot plan's.
    """
    plan = step.facts.lot_plan
    if plan.sha256 != step.command.lot_plan_sha256:
        raise LotsNotOfThisRun()
    plan.frozen_at = step.now


def lots_are_made(facts: CampaignFacts) -> Unmet | None:
    """The machine has split the net."""
    return None if facts.lot_plan is not None else Unmet(code="lots.not_made", lifted_by=Role.SYSTEM)


STAGE = Stage(
    state=CampaignState.LOTS,
    requests=(ServiceTaskRef("build_lots", payload=lambda step: {"run_id": str(step.facts.run.id)}),),
    moves=(
        Move(
            RecordLots,
            by=Role.SYSTEM,
            event="campaign.lots.recorded",
            do=record_lots,
            opens=(UserTaskSpec("freeze_lots", candidates=Role.PROJECT_MANAGER, due=WorkingDays("freeze_lots")),),
        ),
        Move(
            FreezeLots,
            to=CampaignState.SEND,
            by=Role.PROJECT_MANAGER,
            event="campaign.lots.frozen",
            requires=(lots_are_made,),
            do=freeze,
            closes=("freeze_lots",),
            issues=(DocumentSpec("lot_plan", lot_plan),),
        ),
        Move(
            RedoDedupe,
            to=CampaignState.DEDUPE,
            by=Role.PROJECT_MANAGER,
            event="campaign.lots.voided",
            checks=(reason_is_given,),
            do=void_run,
        ),
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION, CampaignState.DELIVERY),
        *COMPARING,
        *IN_EVERY_STAGE,
    ),
)
