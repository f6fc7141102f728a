"""Writing purchase orders: one for each list rented or exchanged, one for each supplier of services. Only under an approved budget."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import select

from workflows.campaign.budget.snapshot import planned_budget
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers import service_due_on
from workflows.campaign.terms.billed import unusual_billing
from workflows.campaign.terms.reuse import reuse_terms
from workflows.engine.command import plain
from workflows.engine.process import Paper, ServiceTaskRef, Target, WorkingDays
from workflows.engine.step import Step
from workflows.engine.user_tasks import open_task
from workflows.order.model import OrderState, PurchaseOrder
from workflows.order.process import CancelOrder
from workflows.order.proposing import ProposalState, agreed_day
from workflows.plan_line.model import HERE, LineState
from workflows.plan_line.process import ConfirmLine, OrderLine
from workflows.trade.money import ZERO
from workflows.trade.retroplanning import plan_backward


def issue_orders(step: Step) -> None:
    """Issue what is wanted and not yet ordered in the same terms; withdraw what is no longer wanted; order the lines."""
    campaign: Campaign = step.chain
    facts: CampaignFacts = step.facts
    budget = facts.budget
    assert budget is not None, "orders follow an approved budget"
    budget.ordered_at = step.now
    current = {(order.supplier_id, order.list_id): order for order in facts.orders}
    deliver_by = _delivery_ends_on(step)
    numbers = _Numbers(campaign.code, facts)
    # Lists that wait for no answer: the house's own, and those whose order stands accepted as it was.
    confirmed: set[UUID | None] = {row.id for row in facts.lists if row.is_house}
    for (supplier_id, list_id), (list_code, total, body) in _wanted(facts).items():
        earlier = current.pop((supplier_id, list_id), None)
        stands = earlier is not None and earlier.state in (OrderState.ISSUED, OrderState.ACCEPTED) and earlier.body == body
        redated = earlier is not None and stands and facts.drop_moved_after(earlier.from_seq)
        if earlier is not None and stands and not redated:
            if earlier.state == OrderState.ACCEPTED:
                confirmed.add(list_id)
            continue
        asked_on = (earlier and agreed_day(earlier)) or (deliver_by if list_id else None)
        _issue(
            step,
            earlier,
            # What a withdrawn order still owes is billed under its number.
            number=earlier.number if earlier and not earlier.owed_amount else numbers.next(),
            supplier_id=supplier_id,
            list_id=list_id,
            list_code=list_code,
            total_amount=total,
            budget_sha256=budget.sha256,
            body=body,
            deliver_by=_redated(step, earlier) if earlier and redated else asked_on,
        )
    for unwanted in current.values():
        _withdraw(step, unwanted, replaced=False)
    for line in facts.live_lines:
        if line.state == LineState.OWNER_APPROVED:
            step.then(OrderLine(subject_id=line.id))
            if line.list_id in confirmed:
                step.then(ConfirmLine(subject_id=line.id))


def dated_orders(facts: CampaignFacts) -> list[PurchaseOrder]:
    """The orders that suppliers have, or refused: each says days that are counted from the drop."""
    wanted = {None, *(row.id for row in facts.live_lists)}
    return [order for order in facts.orders if order.state != OrderState.CANCELLED and order.list_id in wanted]


def redate_orders(step: Step) -> None:
    """Issue every order anew for the day that the drop is planned for now; nothing else of it changes, its supplier answers again."""
    kept = ("number", "supplier_id", "list_id", "list_code", "total_amount", "budget_sha256", "stated_amount", "stated_reason")
    protected = {row.id: _protected(row) for row in step.facts.lists}
    for earlier in dated_orders(step.facts):
        body = earlier.body | protected.get(earlier.list_id, {})
        _issue(step, earlier, **{name: getattr(earlier, name) for name in kept}, body=body, deliver_by=_redated(step, earlier))


def _issue(step: Step, earlier: PurchaseOrder | None, **said: Any) -> None:
    """Issue an order that says this, in place of its earlier revision; the hash of its document follows in `papers_of_orders`."""
    if earlier is not None:
        _withdraw(step, earlier)
    revision = earlier.revision + 1 if earlier and earlier.number == said["number"] else 1
    step.session.add(PurchaseOrder(**step.from_now_on(), **said, revision=revision, content_sha256="", issued_at=step.now))


def _withdraw(step: Step, order: PurchaseOrder, *, replaced: bool = True) -> None:
    """End an order, and tell its supplier where it still had it to answer or to fulfil."""
    order.to_seq = step.seq
    if order.state in (OrderState.ISSUED, OrderState.ACCEPTED):
        step.then(CancelOrder(subject_id=order.id, reason=f"{order.number}/{order.revision}", replaced=replaced))


def _delivery_ends_on(step: Step) -> date:
    """The last planned day on which lists come."""
    return plan_backward(step.chain.drop_on, step.policy.lead_times, region=step.policy.region).stage("delivery")[1]


def _redated(step: Step, order: PurchaseOrder) -> date | None:
    """The day by which an order asks for its list or service once the drop was moved: the one planned now, never one that has passed.

    A later day that its supplier agreed to stays, and so does the day of a list that is here.
    """
    facts: CampaignFacts = step.facts
    asked_on = order.deliver_by
    if order.list_id is None:
        return asked_on if asked_on and asked_on > service_due_on(facts, facts.suppliers[order.supplier_id]) else None
    if all(line.state in HERE for line in facts.live_lines if line.list_id == order.list_id):
        return asked_on
    planned_on: date = max(_delivery_ends_on(step), step.chain.today(step.now))
    moved = next(move for move in facts.drop_moves if move.from_seq > order.from_seq)
    was_planned = {one["finish_on"] for one in moved.retroplanning["steps"] if one["step"] == "delivery"} if moved.retroplanning else set()
    return planned_on if asked_on is None or asked_on.isoformat() in was_planned else max(asked_on, planned_on)


def new_orders(facts: CampaignFacts) -> Iterable[Target]:
    """Orders that wait for their supplier's answer, and not for one to what it proposed; it is asked once, in whatever stage."""
    for order in facts.orders:
        waits = order.state == OrderState.ISSUED and order.proposal_state != ProposalState.WAITING
        if waits and open_task(facts.session, "acknowledge_order", order.id) is None:
            yield Target(kind="order", id=order.id, label=order.number, supplier_id=order.supplier_id)


def orders_of_this_step(facts: CampaignFacts) -> Iterable[Target]:
    """Orders that this very step issued."""
    issued = {order.id for order in facts.orders if order.from_seq == facts.campaign.chain_seq + 1}
    return (target for target in new_orders(facts) if target.id in issued)


def papers_of_orders(write: Callable[[Step, PurchaseOrder], Paper]) -> Callable[[Step], Iterable[Paper]]:
    """The document of each order that the step issues, as `write` says it; its content's hash is what the supplier will acknowledge."""

    def papers(step: Step) -> Iterable[Paper]:
        for order in step.facts.orders:
            if order.from_seq == step.seq:
                paper = write(step, order)
                order.content_sha256 = sha256(paper.content).hexdigest()
                yield paper

    return papers


def _wanted(facts: CampaignFacts) -> dict[tuple[UUID, UUID | None], tuple[str | None, Decimal, dict[str, Any]]]:
    """What is to be ordered, by supplier and list: the list's code, the amount without VAT, and the terms as plain data."""
    budget = planned_budget(facts)
    wanted: dict[tuple[UUID, UUID | None], tuple[str | None, Decimal, dict[str, Any]]] = {}
    for row in facts.live_lists:
        if row.is_house or row.supplier_id is None:
            continue
        lines = [line for line in facts.live_lines if line.list_id == row.id]
        total = sum((line.amount.net_amount for line in budget.lines if line.list_code == row.code), ZERO)
        body: dict[str, Any] = {
            "selection": [[line.segment, line.channel, line.role, line.message, line.offer, line.gross_qty] for line in lines],
            "terms": plain(
                [row.cpm, row.selection_cpm, row.run_charge_cpm, row.min_billing_rate, row.min_invoice_amount, row.technical_fee]
            ),
            **({"billing": billing} if (billing := unusual_billing(row)) else {}),
            **_protected(row),
            **reuse_terms(row),
        }
        wanted[row.supplier_id, row.id] = (row.code, total, body)
    codes = {supplier.code: supplier for supplier in facts.service_suppliers()}
    for code, supplier in codes.items():
        lines_ = [line for line in budget.lines if line.supplier == code and line.list_code is None]
        total = sum((line.amount.net_amount for line in lines_), ZERO)
        body = {"services": plain([[line.nature, str(line.basis), line.quantity, line.unit_amount] for line in lines_])}
        wanted[supplier.id, None] = (None, total, body)
    return wanted


def _protected(row: CampaignList) -> dict[str, Any]:
    """The protected dates as terms of an order; nothing where none are agreed, as in orders of before."""
    return {"protected": plain([row.protected_from_on, row.protected_until_on])} if row.protected_from_on else {}


REMIND_ORDERS = ServiceTaskRef("remind_orders", payload=lambda step: {"issued_until_seq": step.seq}, after=WorkingDays("remind_order"))
"""Asks again, of the orders that are out by now, for those that are not answered then."""


class _Numbers:
    """Order numbers in sequence: BC-<campaign>-001."""

    def __init__(self, code: str, facts: CampaignFacts) -> None:
        self._code = code
        numbers = facts.session.exec(select(PurchaseOrder.number).where(PurchaseOrder.campaign_id == facts.campaign.id))
        self._last = max((int(number.rsplit("-", 1)[1]) for number in numbers), default=0)

    def next(self) -> str:
        self._last += 1
        return f"BC-{self._code}-{self._last:03d}"
