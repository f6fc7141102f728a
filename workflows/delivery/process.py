"""The delivered file's machine: received, examined by a machine, accepted or rejected by a person, superseded by its next version."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers import non_conformity
from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.delivery.model import DeliveredFile, FileState, files_of
from workflows.engine.command import Command, digest, free_text, unrecorded
from workflows.engine.process import DocumentSpec, Move, Process, ServiceTaskRef, Stage, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState, lines_of
from workflows.plan_line.process import AcceptLine, DeliverLine


class ListNotOrdered(Refused):
    """Nothing may be delivered for a list whose order has not been accepted."""

    code = "delivery.list_not_ordered"


class TrancheAlreadyAccepted(Refused):
    """This tranche has an accepted version already."""

    code = "delivery.tranche_already_accepted"


class VersionAlreadyDelivered(Refused):
    """This version of this tranche was delivered before."""

    code = "delivery.version_already_delivered"


class ListIsBroughtOver(Refused):
    """The files of a follow-up are made of those of the campaign before: nobody delivers them, and none comes in the place of one."""

    code = "delivery.list_is_brought_over"


@dataclass(frozen=True, kw_only=True)
class DeliverFile(Command):
    """Deliver one version of one tranche of a list, with its delivery note. `subject_id` is the list.

    `brought_over` is a machine's, who made the file of those of the campaign before: what it was made of.
    """

    tranche: int = 1
    file_version: int = 1
    file: KeptFile = unrecorded()
    layout: str = digest("")
    declared_count: int | None = None
    declared_sha256: str = ""
    declared_encoding: str = ""
    extracted_on: date | None = None
    owner_seed_count: int | None = None
    criteria: str = free_text("")
    declared_segments: dict[str, int] | None = None
    brought_over: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordExamination(Command):
    """Keep what a machine found in the file: its report, the checks against note and order, and whether they all hold."""

    record_count: int
    conforming: bool
    report: dict[str, Any] = digest()
    findings: tuple[dict[str, Any], ...] = unrecorded()


@dataclass(frozen=True, kw_only=True)
class AcceptDelivery(Command):
    """Take the file: its records may be mailed and will be billed."""

    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RejectDelivery(Command):
    """Refuse the file with a non-conformity report; the supplier sends a new version."""

    reason: str = free_text()


def list_may_be_delivered(step: Step) -> None:
    """Refuse a file for a list that is not ordered, a tranche already accepted, or a version seen before.

    :raises ListIsBroughtOver: when anybody but a machine brings a file of a follow-up's list, or a machine one of another.
    :raises ListNotOrdered: a rented or exchanged list needs an accepted order; a house list needs its lines confirmed.
    :raises TrancheAlreadyAccepted: when an earlier version was taken.
    :raises VersionAlreadyDelivered: when this version exists.
    """
    command: DeliverFile = step.command
    wanted = step.session.get_one(CampaignList, command.subject_id)
    if wanted.is_brought_over != step.actor.is_system or wanted.is_brought_over != (command.brought_over is not None):
        raise ListIsBroughtOver(list=wanted.code)
    # A list that is ordered may come while others are planned anew.
    before_dedupe = TEN_STAGES[: TEN_STAGES.index(CampaignState.DEDUPE)]
    receiving = step.chain.state in before_dedupe
    # A list that is complete within tolerance still takes its last small tranche.
    open_states = (LineState.CONFIRMED, LineState.DELIVERED, LineState.ACCEPTED)
    if not receiving or not lines_of(step.session, command.subject_id, *open_states):
        raise ListNotOrdered()
    for earlier in files_of(step.session, command.subject_id):
        if earlier.tranche == command.tranche:
            if earlier.state == FileState.ACCEPTED:
                raise TrancheAlreadyAccepted(tranche=command.tranche)
            if earlier.file_version == command.file_version:
                raise VersionAlreadyDelivered(tranche=command.tranche, version=command.file_version)


def receive(step: Step) -> DeliveredFile:
    """Write down the file and its note; the tranche's earlier versions are superseded, the list's lines are delivered."""
    command: DeliverFile = step.command
    wanted = step.session.get(CampaignList, command.subject_id)
    assert wanted is not None, "the parent was read before"
    stored = store(step, command.file, kind="delivery", supplier_id=wanted.supplier_id)
    order = accepted_order(step.session, wanted.id)
    for earlier in files_of(step.session, wanted.id, FileState.RECEIVED, FileState.EXAMINED, FileState.REJECTED):
        if earlier.tranche == command.tranche:
            earlier.to_seq = step.seq
            if earlier.state != FileState.REJECTED:
                earlier.state = FileState.SUPERSEDED.value
                step.drop_task("review_delivery", earlier.id)
    for line in lines_of(step.session, wanted.id, LineState.CONFIRMED):
        step.then(DeliverLine(subject_id=line.id))
    return DeliveredFile(
        **step.from_now_on(),
        list_id=wanted.id,
        list_code=wanted.code,
        supplier_id=wanted.supplier_id,
        order_id=order.id if order else None,
        tranche=command.tranche,
        file_version=command.file_version,
        name=command.file.name,
        file_id=stored.id,
        layout=command.layout,
        declared_count=command.declared_count,
        declared_sha256=command.declared_sha256,
        declared_encoding=command.declared_encoding,
        extracted_on=command.extracted_on,
        owner_seed_count=command.owner_seed_count,
        criteria=command.criteria,
        declared_segments=command.declared_segments or None,
        brought_over=command.brought_over,
        received_at=step.now,
    )


def accepted_order(session: Session, list_id: UUID) -> PurchaseOrder | None:
    """The order under which a list may be delivered."""
    statement = select(PurchaseOrder).where(
        PurchaseOrder.list_id == list_id, PurchaseOrder.state == OrderState.ACCEPTED.value, col(PurchaseOrder.to_seq).is_(None)
    )
    return session.exec(statement).first()


def delivery_conforms(file: DeliveredFile) -> Unmet | None:
    """The file matches its note and order, and can be read; its supplier lifts this with a new version."""
    if file.conforming:
        return None
    failed = [finding["code"] for finding in (file.findings or {}).get("checks", []) if finding["verdict"] == "failed"]
    return Unmet(code="delivery.not_conforming", lifted_by=Role.SUPPLIER, since=file.received_at, params={"checks": failed})


def record_examination(step: Step) -> None:
    """Keep report and findings; the findings are the checkpoint's controls."""
    command: RecordExamination = step.command
    file: DeliveredFile = step.subject
    file.record_count, file.conforming, file.report = command.record_count, command.conforming, command.report
    file.findings = {"checks": list(command.findings)}
    step.note_controls(command.findings)


def take(step: Step) -> None:
    """Count the file in; when the list is complete, its lines are accepted and its supplier has no more to deliver.

    Of a list that is brought over it is all there is, however many answered since it was ordered.
    """
    file: DeliveredFile = step.subject
    step.session.flush()
    accepted = sum(taken.record_count or 0 for taken in files_of(step.session, file.list_id, FileState.ACCEPTED))
    lines = lines_of(step.session, file.list_id)
    ordered = sum(line.gross_qty for line in lines if line.is_alive)
    tolerance = step.policy.share("tolerances", "delivered_share")
    complete = accepted >= ordered * (1 - tolerance)
    step.control("list_delivered", expected=ordered, actual=accepted, tolerance=str(tolerance), verdict="ok" if complete else "warning")
    if complete or file.brought_over is not None:
        complete_list(step, file.list_id)


def complete_list(step: Step, list_id: UUID) -> None:
    """Nothing more is expected of the list."""
    step.close_task("deliver_list", list_id)
    for line in lines_of(step.session, list_id, LineState.DELIVERED):
        step.then(AcceptLine(subject_id=line.id))


def another_may_come(step: Step) -> None:
    """Refuse to refuse a file in whose place none would come: without it, the campaign goes on without its list.

    :raises ListIsBroughtOver: for a file that was brought over.
    """
    if step.subject.brought_over is not None:
        raise ListIsBroughtOver(list=step.subject.list_code)


def keep_reason(step: Step) -> None:
    """Write down why the file was refused."""
    step.subject.rejection_reason = step.command.reason


DELIVERY = Process(
    name="delivery",
    subject=DeliveredFile,
    facts=lambda session, row: row,
    parent=lambda session, command: session.get(CampaignList, command.subject_id),
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    supplier_of=lambda row: row.supplier_id,
    pause=pause,
    births=(
        Move(
            DeliverFile,
            to=FileState.RECEIVED,
            by=(Role.SUPPLIER, Role.PROJECT_MANAGER, Role.SYSTEM),
            event="delivery.received",
            checks=(list_may_be_delivered,),
            do=receive,
            requests=(ServiceTaskRef("examine_delivery", payload=lambda step: {"file_id": str(step.subject.id)}),),
        ),
    ),
    stages=(
        Stage(
            state=FileState.RECEIVED,
            moves=(Move(RecordExamination, to=FileState.EXAMINED, by=Role.SYSTEM, event="delivery.examined", do=record_examination),),
        ),
        Stage(
            state=FileState.EXAMINED,
            opens=(UserTaskSpec("review_delivery", candidates=Role.PROJECT_MANAGER, due=WorkingDays("review_delivery")),),
            moves=(
                Move(
                    AcceptDelivery,
                    to=FileState.ACCEPTED,
                    by=Role.PROJECT_MANAGER,
                    event="delivery.accepted",
                    requires=(delivery_conforms,),
                    do=take,
                    closes=("review_delivery",),
                ),
                Move(
                    RejectDelivery,
                    to=FileState.REJECTED,
                    by=Role.PROJECT_MANAGER,
                    event="delivery.rejected",
                    checks=(reason_is_given, another_may_come),
                    do=keep_reason,
                    closes=("review_delivery",),
                    declines=True,
                    issues=(DocumentSpec("non_conformity", non_conformity),),
                ),
            ),
        ),
        Stage(state=FileState.ACCEPTED),
        Stage(state=FileState.REJECTED),
        Stage(state=FileState.SUPERSEDED),
    ),
)
