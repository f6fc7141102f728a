"""The purchase order's machine: the supplier accepts exactly the content it was shown, or refuses with a reason."""

from dataclasses import dataclass

from sqlmodel import select

from workflows.campaign.model import Campaign
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, Stage
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.parties.roles import Role
from workflows.plan_line.model import PlanLine
from workflows.plan_line.process import ConfirmLine


class OrderContentDiffers(Refused):
    """The hash that was acknowledged is not that of the order as it stands."""

    code = "order.content_differs"


class ReasonMissing(Refused):
    """A refusal, rework or exception needs its reason in words."""

    code = "campaign.reason_missing"


@dataclass(frozen=True, kw_only=True)
class AcknowledgeOrder(Command):
    """Accept the order whose content has this hash."""

    content_sha256: str
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class DeclineOrder(Command):
    """Refuse the order, and say why."""

    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class CancelOrder(Command):
    """Withdraw the order."""

    reason: str = free_text()


def content_is_as_issued(step: Step) -> None:
    """Refuse an acknowledgement of any other content.

    :raises OrderContentDiffers: when the hashes differ.
    """
    if step.command.content_sha256 != step.subject.content_sha256:
        raise OrderContentDiffers(number=step.subject.number)


def reason_is_given(step: Step) -> None:
    """Refuse an empty reason.

    :raises ReasonMissing: when there are no words.
    """
    if not step.command.reason.strip():
        raise ReasonMissing()


def record_acceptance(step: Step) -> None:
    """Note who answered, and let the list's lines be confirmed."""
    order: PurchaseOrder = step.subject
    _answer(step)
    lines = select(PlanLine).where(PlanLine.list_id == order.list_id, PlanLine.state == "ordered").order_by(PlanLine.position)  # type: ignore[arg-type]
    for line in step.session.exec(lines) if order.list_id else ():
        step.then(ConfirmLine(subject_id=line.id))


def record_refusal(step: Step) -> None:
    """Note who refused and why."""
    _answer(step)
    step.subject.refusal_reason = step.command.reason


def _answer(step: Step) -> None:
    step.subject.answered_at, step.subject.answered_by_id = step.now, step.actor.person_id


ANSWERERS = (Role.SUPPLIER, Role.PROJECT_MANAGER)
"""The supplier answers in its portal; a project manager may record an answer that came by telephone or letter."""

ORDER = Process(
    name="order",
    subject=PurchaseOrder,
    facts=lambda session, row: row,
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    supplier_of=lambda row: row.supplier_id,
    stages=(
        Stage(
            state=OrderState.ISSUED,
            moves=(
                Move(
                    AcknowledgeOrder,
                    to=OrderState.ACCEPTED,
                    by=ANSWERERS,
                    event="order.accepted",
                    checks=(content_is_as_issued,),
                    do=record_acceptance,
                    closes=("acknowledge_order",),
                ),
                Move(
                    DeclineOrder,
                    to=OrderState.REFUSED,
                    by=ANSWERERS,
                    event="order.refused",
                    checks=(reason_is_given,),
                    do=record_refusal,
                    closes=("acknowledge_order",),
                ),
                Move(
                    CancelOrder,
                    to=OrderState.CANCELLED,
                    by=(Role.PROJECT_MANAGER, Role.SYSTEM),
                    event="order.cancelled",
                    checks=(reason_is_given,),
                ),
            ),
        ),
        Stage(
            state=OrderState.ACCEPTED,
            moves=(
                Move(
                    CancelOrder,
                    to=OrderState.CANCELLED,
                    by=(Role.PROJECT_MANAGER, Role.SYSTEM),
                    event="order.cancelled",
                    checks=(reason_is_given,),
                ),
            ),
        ),
        Stage(state=OrderState.REFUSED),
        Stage(state=OrderState.CANCELLED),
    ),
)
