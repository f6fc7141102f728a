"""The purchase order's machine: the supplier accepts exactly the content it was shown, proposes a change, or refuses with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import object_session
from sqlmodel import Session

from workflows.campaign.any_stage.holding import pause
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.controlling import look_again_at
from workflows.campaign.invoices.expected import INVOICE, awaited_invoices, invoices_to_decide
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.orders.owing import owed_for
from workflows.campaign.rules import reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move, Process, Stage, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.order.proposing import PROPOSING, ProposalState
from workflows.parties.roles import Role
from workflows.plan_line.model import DEAD, HERE, LineState, lines_of
from workflows.plan_line.process import ConfirmLine


class OrderContentDiffers(Refused):
    """The hash that was acknowledged is not that of the order as it stands."""

    code = "order.content_differs"


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
    """Withdraw the order; `replaced` where another takes its place, so that nothing is owed for this one."""

    reason: str = free_text()
    replaced: bool = False


@dataclass(frozen=True, kw_only=True)
class RestateOrder(Command):
    """Let an order that waits follow its document, out of which somebody was taken: this is the hash that may be accepted now."""

    content_sha256: str


def content_is_as_issued(step: Step) -> None:
    """Refuse an acknowledgement of any other content.

    :raises OrderContentDiffers: when the hashes differ.
    """
    if step.command.content_sha256 != step.subject.content_sha256:
        raise OrderContentDiffers(number=step.subject.number)


def record_acceptance(step: Step) -> None:
    """Note who answered, and let the list's lines be confirmed."""
    order: PurchaseOrder = step.subject
    _answer(step)
    if order.list_id is not None:
        for line in lines_of(step.session, order.list_id, LineState.ORDERED):
            step.then(ConfirmLine(subject_id=line.id))


def ordered_list(order: PurchaseOrder) -> Iterable[Target]:
    """The list that an accepted order asks its supplier to deliver; not again where only the order's days changed and the list is here.

    Nobody delivers what a follow-up brings over.
    """
    session = cast(Session, object_session(order))
    if order.list_id is not None and session.get_one(CampaignList, order.list_id).is_brought_over:
        return
    if order.list_id is not None and any(line.state not in {*HERE, *DEAD} for line in lines_of(session, order.list_id)):
        yield Target(kind="campaign_list", id=order.list_id, label=order.list_code or "", supplier_id=order.supplier_id)


def record_refusal(step: Step) -> None:
    """Note who refused and why."""
    _answer(step)
    step.subject.refusal_reason = step.command.reason


def restate(step: Step) -> None:
    """Take the hash of the document as it stands."""
    step.control("order_content", expected=step.subject.content_sha256, actual=step.command.content_sha256, verdict="ok")
    step.subject.content_sha256 = step.command.content_sha256


def withdraw(step: Step) -> None:
    """Ask the supplier for nothing any more; tell it so, with what the order's terms still give it."""
    order: PurchaseOrder = step.subject
    if not step.command.replaced:
        order.owed_amount, order.withdrawn_at = owed_for(order, CampaignFacts(step.session, step.chain)), step.now
        step.request("mail_cancellation", {"orders": {str(order.id): str(order.owed_amount)}})
        step.session.flush()
        look_again_at(step, CampaignFacts(step.session, step.chain), order.number)
    step.drop_task("acknowledge_order", order.id)
    step.drop_task("answer_proposal", order.id)
    if order.list_id is not None:
        step.drop_task("deliver_list", order.list_id)


def owed_invoice(order: PurchaseOrder) -> Iterable[Target]:
    """The order itself, where it owes something by its cancellation terms and no invoice of that is here."""
    return (target for target in awaited_invoices(_facts_of(order)) if target.id == order.id)


def invoices_left(order: PurchaseOrder) -> Iterable[Target]:
    """Invoices that somebody has to decide by now: of this order, of which something else is due, and those that its campaign left open."""
    return invoices_to_decide(_facts_of(order))


def _facts_of(order: PurchaseOrder) -> CampaignFacts:
    session = cast(Session, object_session(order))
    return CampaignFacts(session, session.get_one(Campaign, order.campaign_id))


def _answer(step: Step) -> None:
    order: PurchaseOrder = step.subject
    order.answered_at, order.answered_by_id = step.now, step.actor.person_id
    if order.proposal_state == ProposalState.WAITING:
        order.proposal_state = ProposalState.WITHDRAWN.value


ANSWERERS = (Role.SUPPLIER, Role.PROJECT_MANAGER)
"""The supplier answers in its portal; a project manager may record an answer that came by telephone or letter."""

CANCEL = Move(
    CancelOrder,
    to=OrderState.CANCELLED,
    by=(Role.PROJECT_MANAGER, Role.SYSTEM),
    event="order.cancelled",
    checks=(reason_is_given,),
    do=withdraw,
    opens=(
        UserTaskSpec("send_invoice", candidates=Role.SUPPLIER, due=WorkingDays("send_invoice"), filed_under=INVOICE, each=owed_invoice),
        UserTaskSpec(
            "decide_invoice", candidates=Role.PROJECT_MANAGER, due=WorkingDays("decide_invoice"), filed_under=INVOICE, each=invoices_left
        ),
    ),
)
"""An order that waits or is accepted may be withdrawn; what it still owes is to be invoiced."""

ORDER = Process(
    name="order",
    subject=PurchaseOrder,
    facts=lambda session, row: row,
    chain_of=lambda session, row: session.get(Campaign, row.campaign_id),
    supplier_of=lambda row: row.supplier_id,
    pause=pause,
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
                    opens=(UserTaskSpec("deliver_list", candidates=Role.SUPPLIER, due=WorkingDays("deliver_list"), each=ordered_list),),
                ),
                Move(
                    DeclineOrder,
                    to=OrderState.REFUSED,
                    by=ANSWERERS,
                    event="order.refused",
                    checks=(reason_is_given,),
                    do=record_refusal,
                    closes=("acknowledge_order",),
                    declines=True,
                ),
                CANCEL,
                Move(RestateOrder, by=Role.SYSTEM, event="order.restated", do=restate),
                *PROPOSING,
            ),
        ),
        Stage(
            state=OrderState.ACCEPTED,
            moves=(CANCEL,),
        ),
        Stage(state=OrderState.REFUSED),
        Stage(state=OrderState.CANCELLED),
    ),
)
