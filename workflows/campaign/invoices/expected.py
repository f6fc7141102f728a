"""Suppliers' invoices as a campaign sees them: what may be invoiced for each order, what came, what is missing. Reads and conditions only.

What may be invoiced are the bills of the approved merge-purge, as the net statements say them, once the mail is posted what was done of
orders for services, and of an order that was withdrawn what its cancellation terms give, from that day on; an order of which nothing is due
expects no invoice. A refund for which the supplier of a list stands comes off what is due for it. Not for what people do about invoices:
`invoicing` has the moves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from workflows.campaign.documents import NetStatement
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed_amount
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.invoices.services import service_bills
from workflows.campaign.model import CampaignList
from workflows.campaign.results.figures import list_bills
from workflows.campaign.vat import invoiced_rate
from workflows.engine.documents import Document
from workflows.engine.process import Target
from workflows.engine.refusals import Unmet
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.order.model import PurchaseOrder
from workflows.parties.roles import Role
from workflows.trade.costs import ServiceBill
from workflows.trade.invoice_control import AmountDue
from workflows.trade.money import ZERO
from workflows.trade.working_days import local_day

INVOICE = "invoice"
"""The kind of its file, where the tasks about it are filed, and the control that is passed over where it is accepted."""
RECEIVED, MATCHED, ACCEPTED, ABOVE_BUDGET = "received", "matched", "accepted", "above_budget"
DISPUTED, REPLACED, CREDITED = "disputed", "replaced", "credited"
DEDUCTED = "deducted"
"""How a credit note stands: it is taken off its invoice from the moment it came."""
BILLING = (RECEIVED, MATCHED, ACCEPTED, ABOVE_BUDGET)
"""States in which an invoice bills its order: another one would bill it again."""
MISSING, WAIVED = "missing", "waived"
"""How an order stands of which no invoice is there."""
WAIVER = "invoice_missing"
"""The control that is passed over where a campaign does without an invoice; it is about the order's number."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """What may be invoiced for one order: of a list, its `row`, or of services, what was done of them. `is_fee`: it was withdrawn."""

    order: PurchaseOrder
    row: CampaignList | None = None
    services: ServiceBill | None = None
    is_fee: bool = False
    amount: AmountDue

    @property
    def target(self) -> Target:
        """What user tasks about its invoice are for: the list, which outlives revisions of its order, or the order."""
        kind, key = ("campaign_list", self.row.id) if self.row and not self.is_fee else ("order", self.order.id)
        return Target(kind=kind, id=key, label=self.order.number, supplier_id=self.order.supplier_id)

    @property
    def is_expected(self) -> bool:
        return self.amount.net_amount > 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An order whose supplier may invoice, and its invoices, oldest first. `state`: of the invoice that counts, `missing` or `waived`."""

    due: Due
    invoices: tuple[Invoice, ...]
    state: str

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that counts: the newest that bills the order, else the newest that was disputed."""
        return next(reversed(self.invoices), None)

    @property
    def is_awaited(self) -> bool:
        """An invoice of this order is still to be sent, for the first time or corrected."""
        return self.due.is_expected and self.state in (MISSING, DISPUTED)


def dues(facts: CampaignFacts) -> dict[str, Due]:
    """What may be invoiced, by order number, in the order of the numbers: of lists on the approved merge-purge, nothing before that."""
    found: dict[str, Due] = facts.remember("dues", lambda: {due.order.number: due for due in _dues(facts)})
    return found


def _dues(facts: CampaignFacts) -> Iterable[Due]:
    return sorted((*_fees(facts), *_dues_of_lists(facts), *_dues_of_services(facts)), key=lambda due: due.order.number)


def _fees(facts: CampaignFacts) -> Iterable[Due]:
    rows = {row.id: row for row in facts.lists}
    for order in facts.withdrawn_orders:
        if order.owed_amount:
            stated_on = local_day(order.withdrawn_at or order.issued_at)
            amount = _amount(facts, order, stated_on=stated_on, quantity=None, net_amount=order.owed_amount)
            yield Due(order=order, row=rows.get(order.list_id) if order.list_id else None, is_fee=True, amount=amount)


def _dues_of_services(facts: CampaignFacts) -> Iterable[Due]:
    bills, dropped_on = service_bills(facts), facts.campaign.dropped_on
    for order in facts.live_orders:
        bill = bills.get(order.number)
        if bill is not None and dropped_on is not None:
            amount = _amount(facts, order, stated_on=dropped_on, quantity=None, net_amount=bill.due_amount)
            yield Due(order=order, services=bill, amount=amount)


def _dues_of_lists(facts: CampaignFacts) -> Iterable[Due]:
    run = facts.run
    if run is None or run.state != "approved" or not run.report:
        return
    bills, first_stated = list_bills(facts), _first_stated(facts)
    rows = {row.id: row for row in facts.lists if not row.is_house and row.code in run.report["lists"]}
    for order in facts.live_orders:
        row = rows.get(order.list_id) if order.list_id else None
        if row is None:
            continue
        stated_at = first_stated.get(row.id) or run.finished_at or order.issued_at
        bill = bills[row.code]
        refund = sum((one.refund_amount for one in facts.claims if one.list_id == row.id), ZERO)
        amount = _amount(
            facts, order, stated_on=local_day(stated_at), quantity=bill.billable, net_amount=max(ZERO, bill.due_amount - refund)
        )
        yield Due(order=order, row=row, amount=amount)


def _amount(facts: CampaignFacts, order: PurchaseOrder, **stated: Any) -> AmountDue:
    supplier = facts.suppliers[order.supplier_id]
    return AmountDue(supplier=supplier.code, order_number=order.number, vat_rate=invoiced_rate(facts, supplier), **stated)


def _first_stated(facts: CampaignFacts) -> dict[UUID, datetime]:
    """When each list was first stated: a later revision makes no earlier invoice too early."""
    statement = select(Document.subject_id, func.min(Document.requested_at)).where(
        Document.campaign_id == facts.campaign.id, Document.kind == NetStatement.kind_name(), col(Document.subject_id).is_not(None)
    )
    return {list_id: at for list_id, at in facts.session.exec(statement.group_by(col(Document.subject_id))) if list_id}


def standings(facts: CampaignFacts) -> tuple[Standing, ...]:
    """Every order whose supplier may invoice, by number."""
    found: tuple[Standing, ...] = facts.remember("standings", lambda: tuple(_standing(facts, due) for due in dues(facts).values()))
    return found


def _standing(facts: CampaignFacts, due: Due) -> Standing:
    mine = [one for one in facts.invoices if one.due_amount is not None and one.order_number == due.order.number]
    # A disputed one comes before one that bills the order: what was corrected counts.
    invoices = sorted((one for one in mine if one.state not in (REPLACED, CREDITED)), key=lambda one: one.state in BILLING)
    missing = WAIVED if is_waived(facts, due) else MISSING
    return Standing(due=due, invoices=tuple(invoices), state=invoices[-1].state if invoices else missing)


def is_waived(facts: CampaignFacts, due: Due) -> bool:
    """Whether somebody let the campaign do without the invoice of this order, on the merge-purge that counts."""
    since = facts.run.from_seq if facts.run and not due.is_fee else 0
    return any(
        one.control == WAIVER and one.about == due.order.number and not one.is_grant and one.from_seq > since for one in facts.overrides
    )


def billed_above(facts: CampaignFacts, invoices: Iterable[Invoice], amount: Decimal) -> Decimal:
    """How much more these invoices come to than that amount, where one of them was accepted, in euros without VAT."""
    counted = [one for one in invoices if one.state in (MATCHED, ACCEPTED, ABOVE_BUDGET)]
    if all(one.state == MATCHED for one in counted):
        return ZERO
    return max(ZERO, sum((billed_amount(facts, one) for one in counted), ZERO) - amount)


def undecided(facts: CampaignFacts) -> list[Invoice]:
    """Invoices that somebody has to accept or dispute."""
    return [one for one in facts.invoices if one.state == RECEIVED]


def billers(facts: CampaignFacts) -> list[UUID]:
    """The suppliers whose orders stand, or were withdrawn: whoever has one may send an invoice."""
    return list(dict.fromkeys(order.supplier_id for order in (*facts.live_orders, *facts.withdrawn_orders)))


def awaited_invoices(facts: CampaignFacts) -> Iterable[Target]:
    """Lists and orders of services whose invoice is to be sent, where policy wants it and nobody is asked for it yet."""
    asked = {task.subject_id for task in _open(facts, "send_invoice")}
    for one in standings(facts):
        if is_required(facts, one.due) and one.is_awaited and one.due.target.id not in asked:
            yield one.due.target


def is_required(facts: CampaignFacts, due: Due | None) -> bool:
    """Whether policy wants the invoice of what is due, or one that fits no order, settled before the end."""
    policy = facts.campaign.policy
    return policy.service_invoices_required if due is not None and due.row is None else policy.invoices_required


def _waiting(facts: CampaignFacts, state: str) -> list[Invoice]:
    """Invoices in a state that an end waits for."""
    found = (one for one in facts.invoices if one.state == state)
    return [one for one in found if is_required(facts, dues(facts).get(one.order_number))]


def invoices_to_decide(facts: CampaignFacts) -> Iterable[Target]:
    """Invoices that differ from what is due, where nobody is asked about them yet."""
    asked = {task.subject_id for task in _open(facts, "decide_invoice")}
    for one in undecided(facts):
        if one.id not in asked:
            yield Target(kind="invoice", id=one.id, label=one.number)


def _open(facts: CampaignFacts, name: str) -> list[UserTask]:
    return open_tasks(facts.session, UserTask.campaign_id == facts.campaign.id, UserTask.name == name)


def _until(facts: CampaignFacts, name: str) -> date | None:
    """The day by which the last of the open tasks of that name is due."""
    return max((local_day(task.due_at) for task in _open(facts, name) if task.due_at), default=None)


def every_invoice_is_here(facts: CampaignFacts) -> Unmet | None:
    """No order of which something is due lacks its invoice, unless somebody let it be or policy asks for none."""
    expected = (one for one in standings(facts) if one.due.is_expected and is_required(facts, one.due))
    missing = [one.due.order.number for one in expected if one.state == MISSING]
    if not missing:
        return None
    params = {"orders": missing, "due_on": _until(facts, "send_invoice")}
    return Unmet(code="invoices.missing", lifted_by=Role.SUPPLIER, params=params)


def every_invoice_is_decided(facts: CampaignFacts) -> Unmet | None:
    """No invoice waits to be accepted or disputed, where policy asks for invoices."""
    waiting = _waiting(facts, RECEIVED)
    if not waiting:
        return None
    params = {"invoices": [one.number for one in waiting], "due_on": _until(facts, "decide_invoice")}
    return Unmet(code="invoices.undecided", lifted_by=Role.PROJECT_MANAGER, since=waiting[0].received_at, params=params)


def no_invoice_is_above_budget(facts: CampaignFacts) -> Unmet | None:
    """No invoice waits for an approver to accept what it costs above the budget, where policy asks for invoices."""
    waiting = _waiting(facts, ABOVE_BUDGET)
    if not waiting:
        return None
    params = {"invoices": [one.number for one in waiting], "due_on": _until(facts, "reapprove_budget")}
    return Unmet(code="invoices.above_budget", lifted_by=Role.BUDGET_APPROVER, since=waiting[0].decided_at, params=params)


INVOICES_ARE_SETTLED = (every_invoice_is_here, every_invoice_is_decided, no_invoice_is_above_budget)
"""What an end waits for."""
