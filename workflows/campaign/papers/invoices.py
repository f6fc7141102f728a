"""What the dispute of an invoice says to its supplier: what is due and how that comes about, in what the invoice differs, and why."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import func, select

from workflows.campaign.documents import InvoiceDispute, InvoicePoint, Measure, OrderRow, count, money, words
from workflows.campaign.invoices.billed import billed, billed_amount
from workflows.campaign.invoices.expected import dues
from workflows.campaign.invoices.services import service_bills
from workflows.campaign.papers import heads
from workflows.campaign.papers.budgeting import BASES
from workflows.campaign.states import CampaignState
from workflows.campaign.vat import invoiced_rate
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.trade.costs import ServiceLine
from workflows.trade.working_days import local_day


def invoice_disputes(step: Step) -> Iterable[Paper]:
    """The dispute that this step is about. It is answered within the days in which an invoice is decided."""
    facts = heads.gather(step)
    invoice = next(one for one in facts.invoices if one.id == step.command.invoice_id)
    supplier = facts.suppliers[invoice.supplier_id]
    row = next((one for one in facts.lists if one.code == invoice.list_code), None)
    said, credited = billed(facts, invoice), invoice.net_amount - billed_amount(facts, invoice)
    due = dues(facts).get(invoice.order_number) if invoice.due_amount is not None else None
    withdrawn_on = due.amount.stated_on if due and due.is_fee else None
    bill = service_bills(facts).get(invoice.order_number) if invoice.due_amount is not None else None
    before = select(func.count()).where(Document.campaign_id == facts.campaign.id, Document.kind == InvoiceDispute.kind_name())
    number = heads.number(facts, heads.INVOICE_DISPUTE, f"{step.session.exec(before).one() + 1:03d}")
    yield heads.paper(
        InvoiceDispute(
            head=heads.head(step, facts, InvoiceDispute, number, stage=CampaignState.ANALYSIS, recipient=supplier),
            invoice_number=invoice.number,
            invoiced_on=invoice.invoiced_on,
            received_on=local_day(invoice.received_at),
            order_number=invoice.order_number,
            points=tuple(
                InvoicePoint(
                    code=one.code, expected=_measure(one.expected), actual=_measure(one.actual), difference=_measure(one.difference)
                )
                for one in invoice.points
            ),
            reason=invoice.reason,
            invoiced_qty=said.quantity,
            invoiced_amount=said.net_amount,
            invoiced_vat_amount=said.vat_amount,
            invoiced_total_amount=said.total_amount,
            credited_amount=credited or None,
            due_qty=invoice.due_qty,
            due_amount=invoice.due_amount,
            vat_rate=invoiced_rate(facts, supplier),
            answer_by=local_day(facts.campaign.policy.after(step.now, "decide_invoice")),
            list_code=row.code if row else "",
            list_name=row.name if row else "",
            statement=heads.last_reference(facts, heads.number(facts, heads.NET_STATEMENT, row.code)) if row and not withdrawn_on else "",
            services=tuple(_done(line) for line in bill.lines) if bill else (),
            services_most_amount=bill.most_amount if bill and bill.done_amount > bill.most_amount else None,
            withdrawn_on=withdrawn_on,
        ),
        recipient=supplier,
        subject_id=invoice.id,
    )


def _done(line: ServiceLine) -> OrderRow:
    return OrderRow(nature=line.nature, unit=BASES[line.basis], quantity=line.done, unit_price=line.unit_amount, amount=line.amount)


def _measure(value: Any) -> Measure | None:
    """Euros, a whole number of addresses or of days, a day or another text."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, int):
        return count(value)
    return words(f"{value:%d/%m/%Y}" if isinstance(value, date) else value)
