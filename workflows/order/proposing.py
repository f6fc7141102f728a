"""A supplier proposes a change to an order that waits for its answer; a project manager takes it up, or lets the order stand.

What is taken up ends the order: its list is negotiated again in the proposed terms, and whatever differs is approved anew before another
order goes out. Not for the answers themselves: those are in `process`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import CampaignState
from workflows.campaign.values import PROPOSAL, refuse_values
from workflows.campaign.writing import TERMS
from workflows.engine.command import Command, free_text, plain
from workflows.engine.process import Move, ServiceTaskRef, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.order.model import OrderState, PurchaseOrder
from workflows.parties.roles import Role
from workflows.trade.money import Cents


class ProposalState(StrEnum):
    """What became of the last proposal that an order's supplier made; one whose supplier answered the order after all is withdrawn."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class NothingProposed(Refused):
    """A proposal names another quantity, day or price, or says in words what to change."""

    code = "order.nothing_proposed"


class NotAListsOrder(Refused):
    """Only an order for a list has a quantity of addresses and terms of its own; for services words say what to change."""

    code = "order.not_a_lists_order"


@dataclass(frozen=True, kw_only=True)
class ProposeChange(Command):
    """Propose a change to the order. What is None stays as ordered; prices are euros per thousand, without VAT.

    `billing_basis` and `unbilled_reasons` are those of the terms of a list; of the latter an empty list proposes that all losses are billed
    like any other, down to the least share.
    """

    quantity: int | None = None
    deliver_on: date | None = None
    cpm: Decimal | None = None
    selection_cpm: Decimal | None = None
    run_charge_cpm: Decimal | None = None
    min_billing_rate: Decimal | None = None
    min_invoice_amount: Cents | None = None
    technical_fee: Cents | None = None
    billing_basis: str | None = None
    unbilled_reasons: tuple[str, ...] | None = None
    words: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class AcceptProposal(Command):
    """Take the proposal up: the order is withdrawn, and negotiated again."""

    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class DeclineProposal(Command):
    """Let the order stand as it was issued, and say why."""

    reason: str = free_text()


def proposed_values(command: ProposeChange) -> dict[str, Any]:
    """What a proposal changes, by name, as plain data."""
    values = {name: getattr(command, name) for name in ("quantity", "deliver_on", *TERMS)}
    data: dict[str, Any] = plain({name: value for name, value in values.items() if value is not None})
    return data


def agreed_day(order: PurchaseOrder) -> date | None:
    """The day that its supplier proposed, where that was taken up: the order in its place says it."""
    day = (order.proposal or {}).get("deliver_on") if order.proposal_state == ProposalState.ACCEPTED else None
    return date.fromisoformat(day) if day else None


def no_proposal_waits(order: PurchaseOrder) -> Unmet | None:
    """The supplier's last proposal was answered."""
    if order.proposal_state != ProposalState.WAITING:
        return None
    return Unmet(code="order.proposal_waits", lifted_by=Role.PROJECT_MANAGER, params={"number": order.number})


def a_proposal_waits(order: PurchaseOrder) -> Unmet | None:
    """There is something to answer."""
    if order.proposal_state == ProposalState.WAITING:
        return None
    return Unmet(code="order.no_proposal", lifted_by=Role.SUPPLIER, params={"number": order.number})


def something_is_proposed(step: Step) -> None:
    """Refuse a proposal that changes nothing, or what the order does not have.

    :raises NothingProposed: without a value and without words.
    :raises NotAListsOrder: when it names addresses or terms, and the order is for services.
    :raises ValueNotAllowed: for a quantity or a term that no order has.
    """
    values = proposed_values(step.command)
    if not values and not step.command.words.strip():
        raise NothingProposed()
    if step.subject.list_id is None and set(values) - {"deliver_on"}:
        raise NotAListsOrder(number=step.subject.number)
    refuse_values("proposal", step.subject.number, step.command, PROPOSAL)


def keep_proposal(step: Step) -> None:
    """Write down what is proposed."""
    order: PurchaseOrder = step.subject
    order.proposal, order.proposal_words = proposed_values(step.command), step.command.words
    order.proposal_state, order.proposal_answer = ProposalState.WAITING.value, ""


def take_up(step: Step) -> None:
    """The supplier has nothing to do any more; nothing is owed, as another order is to take this one's place."""
    order: PurchaseOrder = step.subject
    order.proposal_state, order.proposal_answer = ProposalState.ACCEPTED.value, step.command.comment
    step.drop_task("acknowledge_order", order.id)


def let_order_stand(step: Step) -> None:
    """Write down why."""
    order: PurchaseOrder = step.subject
    order.proposal_state, order.proposal_answer = ProposalState.DECLINED.value, step.command.reason


def the_order(order: PurchaseOrder) -> Iterable[Target]:
    """The order as what its project manager has to do with."""
    yield Target(kind="order", id=order.id, label=order.number)


def its_supplier(order: PurchaseOrder) -> Iterable[Target]:
    """The order as what its supplier has to answer."""
    yield Target(kind="order", id=order.id, label=order.number, supplier_id=order.supplier_id)


def told_answer(step: Step) -> dict[str, Any]:
    """Which order's proposal was answered in this step, and how."""
    return {"order_id": str(step.subject.id), "is_accepted": step.subject.proposal_state == ProposalState.ACCEPTED}


TELL_SUPPLIER = ServiceTaskRef("mail_proposal_answered", payload=told_answer)

PROPOSING = (
    Move(
        ProposeChange,
        by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
        event="order.change_proposed",
        requires=(no_proposal_waits,),
        checks=(something_is_proposed,),
        do=keep_proposal,
        closes=("acknowledge_order",),
        opens=(UserTaskSpec("answer_proposal", candidates=Role.PROJECT_MANAGER, due=WorkingDays("answer_proposal"), each=the_order),),
        declines=True,
    ),
    Move(
        AcceptProposal,
        to=OrderState.CANCELLED,
        by=Role.PROJECT_MANAGER,
        event="order.proposal_accepted",
        requires=(a_proposal_waits,),
        do=take_up,
        closes=("answer_proposal",),
        requests=(TELL_SUPPLIER,),
    ),
    Move(
        DeclineProposal,
        by=Role.PROJECT_MANAGER,
        event="order.proposal_declined",
        requires=(a_proposal_waits,),
        checks=(reason_is_given,),
        do=let_order_stand,
        closes=("answer_proposal",),
        opens=(
            UserTaskSpec(
                "acknowledge_order",
                candidates=Role.SUPPLIER,
                due=WorkingDays("acknowledge_order"),
                filed_under=CampaignState.ORDER,
                each=its_supplier,
            ),
        ),
        requests=(TELL_SUPPLIER,),
        declines=True,
    ),
)
"""Offered while an order waits for its supplier's answer."""
