"""Suppliers' invoices as a campaign sees them: what may be invoiced for each order, what came, what is missing. Reads and conditions only.

What may be invoiced are the bills of the approved merge-purge, as the net statements say them; a list of which nothing is due expects no
invoice. Not for what people do about invoices: `invoicing` has the moves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, func, select

from workflows.campaign.documents import NetStatement
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import CampaignList
from workflows.campaign.results.figures import list_bills
from workflows.engine.documents import Document
from workflows.engine.process import Target
from workflows.engine.refusals import Unmet
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.order.model import PurchaseOrder
from workflows.parties.roles import Role
from workflows.trade.invoice_control import AmountDue
from workflows.trade.money import ZERO
from workflows.trade.working_days import local_day

RECEIVED, MATCHED, ACCEPTED, ABOVE_BUDGET = "received", "matched", "accepted", "above_budget"
DISPUTED, REPLACED = "disputed", "replaced"
BILLING = (RECEIVED, MATCHED, ACCEPTED, ABOVE_BUDGET)
"""States in which an invoice bills its order: another one would bill it again."""
MISSING, WAIVED = "missing", "waived"
"""How an order stands of which no invoice is there."""
WAIVER = "invoice_missing"
"""The control that is passed over where a campaign does without an invoice; it is about the order's number."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """What may be invoiced for one order of a list."""

    order: PurchaseOrder
    row: CampaignList
    amount: AmountDue

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
    """What may be invoiced on the approved merge-purge, by order number, in the order of the numbers; nothing before that."""
    found: dict[str, Due] = facts.remember("dues", lambda: {due.order.number: due for due in _dues(facts)})
    return found


def _dues(facts: CampaignFacts) -> Iterable[Due]:
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
        amount = AmountDue(
            supplier=facts.suppliers[order.supplier_id].code,
            order_number=order.number,
            stated_on=local_day(stated_at),
            quantity=bills[row.code].billable,
            net_amount=bills[row.code].due_amount,
            vat_rate=facts.campaign.vat_rate,
        )
        yield Due(order=order, row=row, amount=amount)


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
    mine = [one for one in facts.invoices if one.list_code == due.row.code and one.order_number == due.order.number]
    # A disputed one comes before one that bills the order: what was corrected counts.
    invoices = sorted((one for one in mine if one.state != REPLACED), key=lambda one: one.state in BILLING)
    missing = WAIVED if is_waived(facts, due) else MISSING
    return Standing(due=due, invoices=tuple(invoices), state=invoices[-1].state if invoices else missing)


def is_waived(facts: CampaignFacts, due: Due) -> bool:
    """Whether somebody let the campaign do without the invoice of this order, on the merge-purge that counts."""
    since = facts.run.from_seq if facts.run else 0
    return any(
        one.control == WAIVER and one.about == due.order.number and not one.is_grant and one.from_seq > since for one in facts.overrides
    )


def billed_above_due(facts: CampaignFacts, list_code: str, due_amount: Decimal) -> Decimal:
    """How much more the invoices that were accepted for a list come to than what is due for it, in euros without VAT."""
    accepted = [one.net_amount for one in facts.invoices if one.list_code == list_code and one.state in (ACCEPTED, ABOVE_BUDGET)]
    matched = [one.net_amount for one in facts.invoices if one.list_code == list_code and one.state == MATCHED]
    return max(ZERO, sum(accepted + matched, ZERO) - due_amount) if accepted else ZERO


def undecided(facts: CampaignFacts) -> list[Invoice]:
    """Invoices that somebody has to accept or dispute."""
    return [one for one in facts.invoices if one.state == RECEIVED]


def billers(facts: CampaignFacts) -> list[UUID]:
    """The suppliers whose orders stand: whoever has one may send an invoice."""
    return list(dict.fromkeys(order.supplier_id for order in facts.live_orders))


def awaited_invoices(facts: CampaignFacts) -> Iterable[Target]:
    """Lists whose invoice is to be sent, where policy wants it and nobody is asked for it yet."""
    if not facts.campaign.policy.invoices_required:
        return
    asked = {task.subject_id for task in _open(facts, "send_invoice")}
    for one in standings(facts):
        if one.is_awaited and one.due.row.id not in asked:
            yield Target(kind="campaign_list", id=one.due.row.id, label=one.due.order.number, supplier_id=one.due.order.supplier_id)


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
    missing = [one.due.order.number for one in standings(facts) if one.due.is_expected and one.state == MISSING]
    if not missing or not facts.campaign.policy.invoices_required:
        return None
    params = {"orders": missing, "due_on": _until(facts, "send_invoice")}
    return Unmet(code="invoices.missing", lifted_by=Role.SUPPLIER, params=params)


def every_invoice_is_decided(facts: CampaignFacts) -> Unmet | None:
    """No invoice waits to be accepted or disputed, where policy asks for invoices."""
    waiting = undecided(facts)
    if not waiting or not facts.campaign.policy.invoices_required:
        return None
    params = {"invoices": [one.number for one in waiting], "due_on": _until(facts, "decide_invoice")}
    return Unmet(code="invoices.undecided", lifted_by=Role.PROJECT_MANAGER, since=waiting[0].received_at, params=params)


def no_invoice_is_above_budget(facts: CampaignFacts) -> Unmet | None:
    """No invoice waits for an approver to accept what it costs above the budget, where policy asks for invoices."""
    waiting = [one for one in facts.invoices if one.state == ABOVE_BUDGET]
    if not waiting or not facts.campaign.policy.invoices_required:
        return None
    params = {"invoices": [one.number for one in waiting], "due_on": _until(facts, "reapprove_budget")}
    return Unmet(code="invoices.above_budget", lifted_by=Role.BUDGET_APPROVER, since=waiting[0].decided_at, params=params)


INVOICES_ARE_SETTLED = (every_invoice_is_here, every_invoice_is_decided, no_invoice_is_above_budget)
"""What an end waits for."""
