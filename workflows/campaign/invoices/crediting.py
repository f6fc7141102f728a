"""Credit notes: a supplier takes back some of what an invoice of its bills, or all of it, on a paper with a number of its own.

What is left of the invoice is controlled anew against what is due: it is matched, or waits for a decision again, or bills nothing any more
and another is asked for. No more is taken back than was billed. One that was replaced by another invoice bills nothing as it is, so a
credit note only puts its books right. Not for an invoice that corrects another: `invoicing` takes that.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.campaign.budget.overrun import DECIDE_INVOICE, MAIL_OVERRUN, REAPPROVE_OF_INVOICE, end_overrun_of_invoice, note_waiting
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import SAID, billed, is_credited_whole
from workflows.campaign.invoices.controlling import control, if_theirs
from workflows.campaign.invoices.expected import ABOVE_BUDGET, CREDITED, DEDUCTED, RECEIVED, REPLACED, billers, dues
from workflows.campaign.invoices.invoicing import (
    SEND_INVOICE,
    InvoiceRepeated,
    came_before,
    look_at_file,
    look_at_said,
    one_at_a_time,
    row_of,
)
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.keeping import KeptFile
from workflows.campaign.rules import NotOfThisCampaign, answers_for
from workflows.engine.command import Command, unrecorded
from workflows.engine.process import Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.invoice_control import Invoiced
from workflows.trade.money import Cents
from workflows.trade.working_days import local_day


class CreditNoteTooLarge(Refused):
    """More would be taken back than is left of the invoice."""

    code = "invoices.credit_too_large"


class CreditNoteDayWrong(Refused):
    """A credit note is of the day of its invoice, or a later one, and of no day that is still to come."""

    code = "invoices.credit_day_wrong"


class CreditNoteRepeated(InvoiceRepeated):
    """The very credit note is here already: nothing is taken back twice."""

    code = "invoices.credit_repeated"


@dataclass(frozen=True, kw_only=True)
class SendCreditNote(Command):
    """Take back some of what an invoice bills, or all of it, euros to the cent, above zero.

    `quantity` are addresses that are billed no more. `media_type` is what the bytes of its file were found to be.
    """

    invoice_id: UUID
    number: str
    invoiced_on: date
    quantity: int | None = None
    net_amount: Cents
    vat_amount: Cents
    total_amount: Cents
    media_type: str = ""
    file: KeptFile | None = unrecorded(None)


def credit(step: Step) -> None:
    """Keep the credit note, and control what is left of its invoice.

    :raises Refused: `NotOfThisCampaign`, `CreditNoteDayWrong`, `CreditNoteTooLarge`, `CreditNoteRepeated`, or as an invoice.
    """
    command: SendCreditNote = step.command
    facts: CampaignFacts = step.facts
    look_at_file(command.file, command.media_type)
    invoice = _invoice(step)
    supplier = facts.suppliers[invoice.supplier_id]
    said = {name: getattr(command, name) for name in SAID if name != "order_number"}
    note = look_at_said(Invoiced(supplier=supplier.code, order_number=invoice.order_number, **said))
    one_at_a_time(step, [supplier.id])
    if came_before(step, supplier, note, credits_id=invoice.id):
        raise CreditNoteRepeated(number=note.number)
    today = local_day(step.now)
    if not invoice.invoiced_on <= note.invoiced_on <= today:
        raise CreditNoteDayWrong(number=note.number, first=invoice.invoiced_on, last=today)
    left = billed(facts, invoice)
    over = (note.net_amount > left.net_amount, note.vat_amount > left.vat_amount, note.total_amount > left.total_amount)
    if any(over) or (note.quantity or 0) > (left.quantity or 0):
        raise CreditNoteTooLarge(number=invoice.number, net_amount=left.net_amount, vat_amount=left.vat_amount, quantity=left.quantity or 0)
    kept = row_of(step, supplier, note, command.file, command.media_type)
    kept.state, kept.credits_id, kept.list_code = DEDUCTED, invoice.id, invoice.list_code
    step.session.add(kept)
    facts.credit_notes.append(kept)
    step.control(f"credit_note:{note.number}", expected=str(left.net_amount), actual=str(note.net_amount), verdict="ok")
    _settle(step, invoice)


def _invoice(step: Step) -> Invoice:
    """The invoice that is named, where its sender may speak of it."""
    facts: CampaignFacts = step.facts
    found = next((one for one in facts.invoices if one.id == step.command.invoice_id), None)
    if found is None or not answers_for(step, found.supplier_id):
        raise NotOfThisCampaign()
    return found


def _settle(step: Step, invoice: Invoice) -> None:
    """How the invoice stands with what is left of it."""
    facts, before = step.facts, invoice.state
    due = if_theirs(dues(facts).get(invoice.order_number), invoice)
    if is_credited_whole(billed(facts, invoice)):
        invoice.state, invoice.findings = CREDITED, []
    elif before != REPLACED:
        control(step, facts, invoice, due)
        if due is not None:
            step.close_task("send_invoice", due.target.id)
    if invoice.state != RECEIVED:
        step.drop_task("decide_invoice", invoice.id)
    if before == ABOVE_BUDGET:
        end_overrun_of_invoice(step)
    note_waiting(step)


CREDIT = Move(
    SendCreditNote,
    by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
    suppliers=billers,
    event="campaign.invoice.credited",
    do=credit,
    opens=(SEND_INVOICE, DECIDE_INVOICE, REAPPROVE_OF_INVOICE),
    requests=(MAIL_OVERRUN,),
)
