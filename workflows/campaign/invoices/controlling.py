"""The control of an invoice against what is due for its order, when it comes and whenever something else is due. Not for how it comes."""

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed
from workflows.campaign.invoices.expected import BILLING, MATCHED, RECEIVED, Due, dues
from workflows.campaign.invoices.records import Invoice, finding
from workflows.engine.command import plain
from workflows.engine.step import Step
from workflows.trade.invoice_control import control_invoice
from workflows.trade.working_days import local_day


def control(step: Step, facts: CampaignFacts, invoice: Invoice, due: Due | None) -> None:
    """Look at every point, note each in the checkpoint, and let the invoice be matched where all are clear."""
    billing = (one.number for one in facts.invoices if one.order_number == invoice.order_number and one.state in BILLING)
    others = next((number for number in billing if number != invoice.number), "")
    points = control_invoice(billed(facts, invoice), due.amount if due else None, today=local_day(step.now), billed_by=others)
    for point in points:
        found = plain({"expected": point.expected, "actual": point.actual})
        step.control(f"invoice_{point.code}:{invoice.number}", **found, verdict="ok" if point.is_clear else "warning")
    theirs = if_theirs(due, invoice)
    invoice.list_code = theirs.row.code if theirs and theirs.row else None
    invoice.due_qty, invoice.due_amount = (theirs.amount.quantity, theirs.amount.net_amount) if theirs else (None, None)
    invoice.findings = [finding(point) for point in points if not point.is_clear]
    invoice.state = RECEIVED if invoice.findings else MATCHED


def if_theirs(due: Due | None, invoice: Invoice) -> Due | None:
    """What is due for the order that an invoice names, where it is due to its supplier."""
    return due if due is not None and due.order.supplier_id == invoice.supplier_id else None


def look_again(step: Step) -> None:
    """Control anew what bills orders of which something else is due by now than when it came: by a merge-purge, or by what was proved."""
    step.session.flush()
    step.forget_facts()
    look_again_at(step, step.facts)
    step.session.flush()


def look_again_at(step: Step, facts: CampaignFacts, order_number: str = "") -> None:
    """The same by these facts of the campaign; of one order alone where its number is given."""
    for invoice in facts.invoices:
        due = dues(facts).get(invoice.order_number)
        theirs = if_theirs(due, invoice)
        now = (theirs.amount.quantity, theirs.amount.net_amount) if theirs else (None, None)
        # Nobody counts addresses of an order that was withdrawn: the same amount is the same.
        before = (None if theirs and theirs.is_fee else invoice.due_qty, invoice.due_amount)
        if invoice.state in BILLING and now != before and order_number in ("", invoice.order_number):
            control(step, facts, invoice, due)
            if invoice.state == MATCHED:
                step.drop_task("decide_invoice", invoice.id)
