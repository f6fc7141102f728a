"""Stage *dedupe*. A machine merges and purges the accepted files; a person reads the report and approves it, or has it done again.

Entered from *delivery*, or again from *lots*. Left by `ApproveDedupe` to *lots*. A redone run voids the one before and its lots.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.campaign.any_stage.moving_drop import MOVE_DROP_OF_ORDERS
from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import IN_EVERY_STAGE
from workflows.campaign.any_stage.stating_margin import STATE_MARGIN
from workflows.campaign.budget.overrun import DECIDE_INVOICE
from workflows.campaign.dedupe.comparing import COMPARING
from workflows.campaign.dedupe.merging import begin_run, report_identities, void_run
from workflows.campaign.dedupe.pressure import pressure_is_counted
from workflows.campaign.dedupe.settings import RedoDedupe, settings_are_known
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.controlling import look_again
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.invoices.invoicing import SEND_INVOICE
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.papers import dedupe_brief, dedupe_report, net_statements
from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command, digest, free_text, unrecorded
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState
from workflows.plan_line.process import ProcessLine


class RunVoid(Refused):
    """The result belongs to a run that counts no more."""

    code = "dedupe.run_void"


class AccountingBroken(Refused):
    """A list's records do not add up: such a result is an incident, never a report."""

    code = "dedupe.accounting_broken"


class NetBelowMinimum(Refused):
    """Fewer addresses are left than the brief asks for; say why the campaign goes on."""

    code = "dedupe.net_below_minimum"


@dataclass(frozen=True, kw_only=True)
class RecordMergePurge(Command):
    """Keep the report and files of a finished run."""

    run_id: UUID
    report: dict[str, Any] = digest()
    result: KeptFile = unrecorded()


@dataclass(frozen=True, kw_only=True)
class ApproveDedupe(Command):
    """The report is right: it is the basis of invoices and lots. A reason is needed when the net is below the brief's minimum."""

    shortfall_reason: str = free_text("")


def record_run(step: Step) -> None:
    """Keep the run's report and files.

    :raises RunVoid: when the run is not the one that counts.
    :raises AccountingBroken: when gross is not rejected + suppressed + intra + inter + net for a list.
    """
    command: RecordMergePurge = step.command
    run = step.facts.run
    if run is None or run.id != command.run_id or run.state != "requested":
        raise RunVoid()
    for control in report_identities(command.report, step.facts):
        step.note_controls([control])
        if control["verdict"] == "failed":
            raise AccountingBroken(list=control["code"], expected=control["expected"], actual=control["actual"])
    run.report, run.state, run.finished_at = command.report, "done", step.now
    run.result_file_id = store(step, command.result, kind="dedupe").id


def approve(step: Step) -> None:
    """Let the run count for good and the lines be processed; invoices that came on an earlier one are looked at again."""
    step.facts.run.state = "approved"
    look_again(step)
    for line in step.facts.live_lines:
        if line.state == LineState.ACCEPTED:
            step.then(ProcessLine(subject_id=line.id))


def redo(step: Step) -> None:
    """Void the run and begin another."""
    void_run(step)
    begin_run(step)


def run_is_done(facts: CampaignFacts) -> Unmet | None:
    """The machine has finished and its report is there."""
    run = facts.run
    if run is not None and run.state == "done":
        return None
    return Unmet(code="dedupe.not_done", lifted_by=Role.SYSTEM)


def net_reaches_minimum(step: Step) -> None:
    """Compare the net with the brief's minimum.

    :raises NetBelowMinimum: when it is lower and no reason is given.
    """
    minimum = step.chain.minimum_net_quantity
    net = sum(counts["net"] for counts in step.facts.run.report["lists"].values())
    if minimum is None or net >= minimum:
        step.control("minimum_net_quantity", expected=minimum, actual=net, verdict="ok")
        return
    if not step.command.shortfall_reason.strip():
        raise NetBelowMinimum(minimum=minimum, net=net)
    override(step, "minimum_net_quantity", expected=minimum, actual=net, reason=step.command.shortfall_reason)


def run_payload(step: Step) -> dict[str, str]:
    """Which run the machine is to do."""
    return {"run_id": str(step.facts.run.id)}


RUN = ServiceTaskRef("run_merge_purge", payload=run_payload)
BRIEF = DocumentSpec("dedupe_brief", dedupe_brief)

STAGE = Stage(
    state=CampaignState.DEDUPE,
    enter=begin_run,
    requests=(RUN,),
    issues=(BRIEF,),
    moves=(
        Move(
            RecordMergePurge,
            by=Role.SYSTEM,
            event="campaign.dedupe.recorded",
            do=record_run,
            opens=(UserTaskSpec("approve_dedupe", candidates=Role.PROJECT_MANAGER, due=WorkingDays("approve_dedupe")),),
            issues=(DocumentSpec("dedupe_report", dedupe_report),),
        ),
        Move(
            ApproveDedupe,
            to=CampaignState.LOTS,
            by=Role.PROJECT_MANAGER,
            event="campaign.dedupe.approved",
            requires=(run_is_done, pressure_is_counted),
            checks=(net_reaches_minimum,),
            do=approve,
            closes=("approve_dedupe",),
            opens=(REVIEW_OVERRIDE, SEND_INVOICE, DECIDE_INVOICE),
            issues=(DocumentSpec("net_statement", net_statements),),
        ),
        Move(
            RedoDedupe,
            by=Role.PROJECT_MANAGER,
            event="campaign.dedupe.redone",
            checks=(reason_is_given, settings_are_known),
            do=redo,
            closes=("approve_dedupe",),
            declines=True,
            requests=(RUN,),
            issues=(BRIEF,),
        ),
        MOVE_DROP_OF_ORDERS,
        going_back(CampaignState.PLAN, CampaignState.NEGOTIATION, CampaignState.DELIVERY),
        *COMPARING,
        *INVOICES,
        STATE_MARGIN,
        *IN_EVERY_STAGE,
    ),
)
