"""What a project manager decides about suppliers' invoices that differ from what is due, or that are missing: accept, dispute, do without.

Accepting one passes over a control, as policy allows, and meets the rule of overruns where it costs more than is due. A dispute is told to
the supplier in a document. All of that from the frozen lots on, when it is known what the campaign costs; what a withdrawn order owes is
known at once, and no more than that is accepted. Not for how an invoice comes in
and is controlled: `invoicing` does that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows.campaign.any_stage.overriding import REVIEW_OVERRIDE, override
from workflows.campaign.budget.overrun import (
    MAIL_OVERRUN,
    OVERRUN_OF_INVOICE,
    REAPPROVE_OF_INVOICE,
    end_overrun_of_invoice,
    note_overrun,
    note_waiting,
)
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed_amount
from workflows.campaign.invoices.crediting import CREDIT
from workflows.campaign.invoices.expected import ABOVE_BUDGET, ACCEPTED, DISPUTED, INVOICE, MISSING, RECEIVED, WAIVER, dues, standings
from workflows.campaign.invoices.invoicing import RECEIVING, SEND_INVOICE, written
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.papers import invoice_disputes
from workflows.campaign.rules import NotOfThisCampaign, reason_is_given
from workflows.engine.command import Command, free_text
from workflows.engine.process import DocumentSpec, Move
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.roles import Role


class InvoiceNotOpen(Refused):
    """The invoice waits for no decision."""

    code = "invoices.not_open"


class InvoiceWithoutOrder(Refused):
    """Nothing is due to that supplier for what the invoice names: it can only be disputed."""

    code = "invoices.without_order"


class InvoiceAboveFee(Refused):
    """It bills more than a withdrawn order still costs: nobody accepts that, it can only be disputed."""

    code = "invoices.above_fee"


class NothingToWaive(Refused):
    """No invoice is missing for that order."""

    code = "invoices.nothing_to_waive"


@dataclass(frozen=True, kw_only=True)
class AcceptInvoice(Command):
    """Accept an invoice though it differs from what is due."""

    invoice_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class DisputeInvoice(Command):
    """Dispute an invoice: its supplier is told what is due, and why."""

    invoice_id: UUID
    reason: str = free_text()


@dataclass(frozen=True, kw_only=True)
class WaiveInvoice(Command):
    """Let the campaign do without the invoice of an order."""

    order_number: str
    reason: str = free_text()


def accept(step: Step) -> None:
    """Pass over what differs, as policy lets somebody; what costs more than may be spent waits for an approver.

    :raises Refused: `NotOfThisCampaign`, `InvoiceNotOpen`, `InvoiceWithoutOrder`, `InvoiceAboveFee`, or as `override`.
    """
    invoice = _to_decide(step)
    if invoice.due_amount is None:
        raise InvoiceWithoutOrder(number=invoice.number, order=invoice.order_number)
    amount = billed_amount(step.facts, invoice)
    due = dues(step.facts).get(invoice.order_number)
    if due is not None and due.is_fee and amount > due.amount.net_amount:
        raise InvoiceAboveFee(number=invoice.number, order=invoice.order_number, amount=due.amount.net_amount)
    _decide(step, invoice, ACCEPTED)
    reason = step.command.reason
    override(step, INVOICE, about=invoice.number, expected=str(invoice.due_amount), actual=str(amount), reason=reason)
    step.session.flush()
    step.forget_facts()
    # Whatever waited for an approver is asked for anew with this invoice in it.
    step.drop_task("reapprove_budget", step.subject.id)
    if amount > invoice.due_amount:
        note_overrun(step, invoice)
        step.session.flush()


def dispute(step: Step) -> None:
    """Keep the reason; the supplier is asked for another invoice.

    :raises Refused: `NotOfThisCampaign` or `InvoiceNotOpen`.
    """
    invoice = _to_decide(step)
    _decide(step, invoice, DISPUTED)
    due = None if invoice.due_amount is None else str(invoice.due_amount)
    step.control(f"invoice:{invoice.number}", expected=due, actual=str(billed_amount(step.facts, invoice)), verdict="failed")
    note_waiting(step)


def _to_decide(step: Step) -> Invoice:
    facts: CampaignFacts = step.facts
    invoice = next((one for one in facts.invoices if one.id == step.command.invoice_id), None)
    if invoice is None:
        raise NotOfThisCampaign()
    if invoice.state not in (RECEIVED, ABOVE_BUDGET):
        raise InvoiceNotOpen(number=invoice.number)
    if invoice.state == ABOVE_BUDGET:
        end_overrun_of_invoice(step)
    return invoice


def _decide(step: Step, invoice: Invoice, state: str) -> None:
    invoice.state, invoice.reason = state, step.command.reason
    invoice.decided_by_id, invoice.decided_at = step.actor.person_id, step.now
    step.close_task("decide_invoice", invoice.id)


def waive(step: Step) -> None:
    """Pass over that an invoice is missing, as policy lets somebody.

    :raises NothingToWaive: when none is missing for that order.
    :raises Refused: as `override`.
    """
    number = written(step.command.order_number)
    found = next((one for one in standings(step.facts) if one.due.order.number == number), None)
    if found is None or not found.due.is_expected or found.state != MISSING:
        raise NothingToWaive(order=number)
    override(step, WAIVER, about=number, expected=str(found.due.amount.net_amount), actual="0.00", reason=step.command.reason)
    step.session.flush()
    step.drop_task("send_invoice", found.due.target.id)


_ACCEPT = Move(
    AcceptInvoice,
    by=Role.PROJECT_MANAGER,
    event="campaign.invoice.accepted",
    checks=(reason_is_given,),
    do=accept,
    opens=(REAPPROVE_OF_INVOICE, REVIEW_OVERRIDE),
    requests=(MAIL_OVERRUN,),
)
_DISPUTE = Move(
    DisputeInvoice,
    by=Role.PROJECT_MANAGER,
    event="campaign.invoice.disputed",
    checks=(reason_is_given,),
    do=dispute,
    opens=(SEND_INVOICE, REAPPROVE_OF_INVOICE),
    requests=(MAIL_OVERRUN,),
    issues=(DocumentSpec("invoice_dispute", invoice_disputes),),
)
_WAIVE = Move(
    WaiveInvoice,
    by=Role.PROJECT_MANAGER,
    event="campaign.invoice.waived",
    checks=(reason_is_given,),
    do=waive,
    opens=(REVIEW_OVERRIDE,),
)
INVOICES: Sequence[Move] = (*RECEIVING, CREDIT, _ACCEPT, _DISPUTE, _WAIVE)
"""While lots are to be sent, when an approver's answers are that stage's own; before the dedupe is approved, when withdrawn orders alone
owe something; and once the campaign is cancelled.
"""
INVOICES_AFTER_DROP: Sequence[Move] = (*INVOICES, *OVERRUN_OF_INVOICE)
"""Once they are, and after the end: an invoice may come late, and a disputed one is corrected."""
