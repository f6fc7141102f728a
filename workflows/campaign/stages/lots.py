"""Stage *lots*. The net is split into cells by list × segment × offer × message × channel × role, with a seed that anybody can draw again.

Left by `FreezeLots` to *send*: the lot plan and its files never change again. `RemakeLots` makes them again of the same net. `RedoDedupe`
goes back to *dedupe* and makes the lots void.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_ORDERS
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, may_pass, override
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.contacted.recounting import RECOUNTING, barred_are_counted, nobody_is_barred
from workflows.campaign.dedupe.comparing import COMPARING
from workflows.campaign.dedupe.merging import void_lots, void_run
from workflows.campaign.dedupe.pressure import REASON, pressure_is_counted
from workflows.campaign.dedupe.settings import RedoDedupe, settings_are_known
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.crediting import CREDIT
from workflows.campaign.invoices.invoicing import RECEIVING
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.papers import lot_plan
from workflows.campaign.records import Lot, LotPlan
from workflows.campaign.results.trials import CONTROL, expected_rates, planned_trials, weak_trials
from workflows.campaign.rules import reason_is_given
from workflows.campaign.send.describing import DESCRIBE
from workflows.campaign.send.tracking import TRACK, there_are_lots
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, digest, free_text, sha256_of, unrecorded
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


class WeakTests(Refused):
    """A test is too small to show what it is meant to, and nobody says why the mail goes out all the same."""

    code = "lots.tests_inconclusive"


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
    in_several: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordLots(Command):
    """Keep the cells and files that a machine made of the approved net."""

    run_id: UUID
    cells: tuple[Cell, ...] = digest()
    summary: dict[str, Any] = digest()
    result: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class FreezeLots(Command):
    """Freeze the lot plan with this hash; its files go to the mailer as they are. A reason is needed where policy refuses a small test."""

    lot_plan_sha256: str
    weak_test_reason: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RemakeLots(Command):
    """Split the same net again, with a reason: those whom a channel leaves alone by now are left out of its lots."""

    reason: str = free_text()


def record_lots(step: Step) -> None:
    """Keep the cells, once they are shown to be a partition.

    :raises LotsNotOfThisRun: when the run is not the approved one, or has lots already.
    :raises PartitionBroken: when Σ cells ≠ net for a list, codes repeat, or somebody is to be written to whom contact pressure holds back.
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
    lots = [
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
            in_several=cell.in_several,
        )
        for cell in command.cells
    ]
    step.session.add_all(lots)
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
    for trial in planned_trials(lots, expected_rates(facts), step.policy):
        smaller = min(trial.control_qty, trial.variant_qty)
        verdict = "ok" if trial.conclusive else "warning"
        step.control(f"{CONTROL}:{trial.about}", expected=trial.reach.needed, actual=smaller, tolerance=None, verdict=verdict)


def _check_reserve(step: Step, facts: CampaignFacts, cells: tuple[Cell, ...]) -> None:
    """Whoever policy puts in reserve for contact pressure is there: the reserve of each list holds at least as many."""
    pressure = (facts.run.report or {}).get("pressure") if facts.run else None
    if not pressure or pressure["action"] != "reserve":
        return
    for code in sorted(pressure["over"]):
        over = pressure["over"][code] + pressure.get("resting", {}).get(code, 0)
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


def weak_tests_have_a_reason(step: Step) -> None:
    """Pass over each test that is too small, where policy refuses such tests and lets somebody do that.

    :raises WeakTests: when no reason is given.
    """
    weak = weak_trials(step.facts) if step.policy.refuses_weak_tests else ()
    if weak and not step.command.weak_test_reason.strip():
        raise WeakTests(tests=[trial.about for trial in weak])
    if weak:
        about = ", ".join(trial.about for trial in weak)
        needed, actual = max(trial.reach.needed for trial in weak), min(min(trial.control_qty, trial.variant_qty) for trial in weak)
        override(step, CONTROL, about=about, expected=needed, actual=actual, reason=step.command.weak_test_reason)


def tests_can_conclude(facts: CampaignFacts) -> Unmet | None:
    """No test is too small to show what it is meant to, or policy only marks it, or somebody may let it pass."""
    policy = facts.campaign.policy
    weak = weak_trials(facts) if policy.refuses_weak_tests else ()
    if not weak or may_pass(facts, CONTROL):
        return None
    tests = [trial.about for trial in weak]
    if (role := policy.overrider(CONTROL)) is None:
        return Unmet(code="lots.tests_refused", lifted_by=Role.PROJECT_MANAGER, params={"tests": tests})
    return Unmet(code="lots.tests_need_a_grant", lifted_by=role, params={"tests": tests})


BUILD = ServiceTaskRef("build_lots", payload=lambda step: {"run_id": str(step.facts.run.id)})

STAGE = Stage(
    state=CampaignState.LOTS,
    requests=(BUILD,),
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
            requires=(there_are_lots, tests_can_conclude, pressure_is_counted, barred_are_counted, nobody_is_barred),
            checks=(weak_tests_have_a_reason,),
            do=freeze,
            closes=("freeze_lots",),
            opens=(REVIEW_OVERRIDE,),
            issues=(DocumentSpec("lot_plan", lot_plan),),
        ),
        Move(
            RemakeLots,
            by=Role.PROJECT_MANAGER,
            event="campaign.lots.redone",
            requires=(there_are_lots,),
            checks=(reason_is_given,),
            do=void_lots,
            closes=("freeze_lots",),
            declines=True,
            requests=(BUILD,),
        ),
        Move(
            RedoDedupe,
            to=CampaignState.DEDUPE,
            by=Role.PROJECT_MANAGER,
            event="campaign.lots.voided",
            checks=(reason_is_given, settings_are_known),
            do=void_run,
        ),
        DESCRIBE,
        TRACK,
        MOVE_DROP_OF_ORDERS,
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION, CampaignState.DELIVERY),
        *RECOUNTING,
        *COMPARING,
        *RECEIVING,
        CREDIT,
        STATE_MARGIN,
        *IN_EVERY_STAGE,
    ),
)
