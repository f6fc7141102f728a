"""Suppliers' invoices: sent by whoever bills, or entered for them, and controlled at once against the order and what is due for it.

One that is clear in every point is matched by the rule, on record. Any other waits for a project manager, see `decisions`. What was
disputed is sent again under another number. A number comes once from a supplier, in any campaign: the same invoice again is told and not
counted, another one under that number is refused. Not for what is due: `expected` says that; nor for credit notes: `crediting`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import select, text

from workflows.campaign.budget.overrun import DECIDE_INVOICE
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import SAID, as_said
from workflows.campaign.invoices.controlling import control
from workflows.campaign.invoices.expected import DISPUTED, INVOICE, RECEIVED, REPLACED, awaited_invoices, billers, dues
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.rules import manages
from workflows.engine.command import Command, digest, unrecorded
from workflows.engine.process import Move, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.parties.roles import Role
from workflows.trade.invoice_control import Invoiced
from workflows.trade.money import Cents, round_cents

MEDIA_TYPES = ("application/pdf", "application/xml")
"""A PDF, with or without an XML inside, or the XML of an electronic invoice."""
MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
LONGEST_NUMBER = 40
MOST_AMOUNT = Decimal(10**12)
"""What the columns of amounts take."""
_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:supplier_id, 7215003))")


class InvoiceNumberMissing(Refused):
    """An invoice has a number, of a length that a person can copy."""

    code = "invoices.number_missing"


class InvoiceAmountWrong(Refused):
    """Amounts are in euros to the cent, the one without VAT above zero; a quantity is no less than zero."""

    code = "invoices.amount_wrong"


class InvoiceUnreadable(Refused):
    """The file is neither a PDF nor the XML of an invoice, or does not end as it should."""

    code = "invoices.unreadable"


class InvoiceTooLarge(Refused):
    """A file that is larger than an invoice need be."""

    code = "invoices.too_large"


class UnknownBiller(Refused):
    """No order of the campaign is with that supplier, or with whoever asks."""

    code = "invoices.unknown_biller"


class NothingOwed(Refused):
    """The order was withdrawn before anything was due for it."""

    code = "invoices.nothing_owed"


class InvoiceRepeated(Refused):
    """The very invoice is here already: nothing is counted twice."""

    code = "invoices.repeated"


class InvoiceNumberUsed(Refused):
    """The supplier has sent another invoice under that number."""

    code = "invoices.number_used"


@dataclass(frozen=True, kw_only=True)
class SendInvoice(Command):
    """Send an invoice, euros to the cent; `supplier_id` where its sender is, or speaks for, several that the campaign ordered from.

    `media_type` is what the bytes of its file were found to be, empty for nothing that is known.
    """

    order_number: str
    number: str
    invoiced_on: date
    quantity: int | None = None
    net_amount: Cents
    vat_amount: Cents
    total_amount: Cents
    supplier_id: UUID | None = None
    media_type: str = ""
    file: KeptFile | None = unrecorded(None)


@dataclass(frozen=True, kw_only=True)
class EnterInvoices(Command):
    """Enter invoices that came by other means, all or none. Rows that came before, or twice, count once."""

    rows: tuple[Invoiced, ...] = digest()


def send(step: Step) -> None:
    """Keep the invoice and control it.

    :raises Refused: `InvoiceUnreadable`, `InvoiceTooLarge`, `UnknownBiller` or as `_receive`.
    """
    command: SendInvoice = step.command
    look_at_file(command.file, command.media_type)
    supplier = _sender(step)
    row = Invoiced(supplier=supplier.code, **{name: getattr(command, name) for name in SAID})
    one_at_a_time(step, [supplier.id])
    if not _receive(step, supplier, row, command.file, command.media_type):
        raise InvoiceRepeated(number=written(command.number))


def look_at_file(file: KeptFile | None, media_type: str) -> None:
    """Take a file that may be an invoice or a credit note.

    :raises InvoiceUnreadable: for any other kind, and an empty one.
    :raises InvoiceTooLarge: for one that is larger than either need be.
    """
    if file is None:
        return
    if media_type not in MEDIA_TYPES or not file.size:
        raise InvoiceUnreadable(name=file.name)
    if file.size > MOST_BYTES:
        raise InvoiceTooLarge(most=MOST_MEGABYTES)


def one_at_a_time(step: Step, supplier_ids: Iterable[UUID]) -> None:
    """Let nobody else take anything of these suppliers until this is done: whoever comes second, from another campaign, then sees it."""
    for one in sorted(map(str, supplier_ids)):
        step.session.connection().execute(_ALONE, {"supplier_id": one})


def _sender(step: Step) -> Supplier:
    """Whose invoice it is: named by whoever sends it, else whom the order is with, else the only one its sender speaks for."""
    facts: CampaignFacts = step.facts
    command: SendInvoice = step.command
    is_manager = manages(step)
    may_be = [one for one in billers(facts) if is_manager or one in step.actor.supplier_ids]
    orders = (*facts.live_orders, *facts.withdrawn_orders)
    order = next((one for one in orders if one.number == command.order_number.strip()), None)
    likely = [command.supplier_id] if command.supplier_id else [order.supplier_id if order else None, *([] if is_manager else may_be)]
    found = next((one for one in likely if one in may_be), None)
    if found is None:
        raise UnknownBiller()
    return facts.suppliers[found]


def enter(step: Step) -> None:
    """Keep and control each row; the refusal of one names its place, from 1.

    :raises Refused: `UnknownBiller` or as `_receive`, with the `row`.
    """
    command: EnterInvoices = step.command
    facts: CampaignFacts = step.facts
    known = {facts.suppliers[one].code: facts.suppliers[one] for one in billers(facts)}
    one_at_a_time(step, {known[row.supplier].id for row in command.rows if row.supplier in known})
    repeated = 0
    for place, row in enumerate(command.rows, start=1):
        try:
            if row.supplier not in known:
                raise UnknownBiller(supplier=row.supplier)
            repeated += not _receive(step, known[row.supplier], row)
        except Refused as refusal:
            refusal.params["row"] = place
            raise
    verdict = "warning" if repeated else "ok"
    step.control("invoices_counted", expected=len(command.rows), actual=len(command.rows) - repeated, verdict=verdict)


def _receive(step: Step, supplier: Supplier, row: Invoiced, file: KeptFile | None = None, media_type: str = "") -> bool:
    """Keep one invoice with what its control finds; False where the very same one is here already.

    :raises NothingOwed: for an order that was withdrawn at no cost.
    :raises Refused: as `look_at_said` and `came_before`.
    """
    facts: CampaignFacts = step.facts
    said = look_at_said(replace(row, supplier=supplier.code))
    if came_before(step, supplier, said):
        return False
    due = dues(facts).get(said.order_number)
    if due is None and owes_nothing(facts, supplier, said.order_number):
        raise NothingOwed(order=said.order_number)
    mine = [one for one in facts.invoices if one.supplier_id == supplier.id and one.order_number == said.order_number]
    kept = row_of(step, supplier, said, file, media_type)
    kept.replaces_id = next((one.id for one in reversed(mine) if one.state == DISPUTED), None)
    step.session.add(kept)
    control(step, facts, kept, due)
    for one in mine:
        if one.state == DISPUTED:
            one.state = REPLACED
    facts.invoices.append(kept)
    step.session.flush()
    if due is not None and kept.due_amount is not None:
        step.close_task("send_invoice", due.target.id)
    return True


def owes_nothing(facts: CampaignFacts, supplier: Supplier, order_number: str) -> bool:
    """Whether that order of a supplier was withdrawn at no cost, and none stands under its number."""
    withdrawn = any(one.number == order_number and one.supplier_id == supplier.id for one in facts.withdrawn_orders)
    return withdrawn and all(one.number != order_number for one in facts.live_orders)


def look_at_said(said: Invoiced) -> Invoiced:
    """What an invoice or a credit note says, with its numbers as they are compared.

    :raises InvoiceNumberMissing: when it has none, or one that is too long.
    :raises InvoiceAmountWrong: for an amount or a quantity that neither has.
    """
    number, order_number = written(said.number), written(said.order_number)
    if not number or max(len(number), len(order_number)) > LONGEST_NUMBER:
        raise InvoiceNumberMissing(most=LONGEST_NUMBER)
    amounts = (said.net_amount, said.vat_amount, said.total_amount)
    if said.net_amount <= 0 or any(not 0 <= one < MOST_AMOUNT or one != round_cents(one) for one in amounts) or (said.quantity or 0) < 0:
        raise InvoiceAmountWrong(number=number)
    return replace(said, order_number=order_number, number=number)


def came_before(step: Step, supplier: Supplier, said: Invoiced, credits_id: UUID | None = None) -> bool:
    """Whether the very same is here already, in whatever campaign.

    :param credits_id: the invoice that a credit note takes back; None for an invoice.
    :raises InvoiceNumberUsed: when its supplier has sent something else under its number.
    """
    earlier = step.session.exec(select(Invoice).where(Invoice.supplier_id == supplier.id, Invoice.number == said.number)).first()
    if earlier is None:
        return False
    if as_said(earlier, supplier.code) != said or earlier.credits_id != credits_id:
        raise InvoiceNumberUsed(number=said.number, invoiced_on=earlier.invoiced_on, amount=earlier.total_amount)
    return True


def row_of(step: Step, supplier: Supplier, said: Invoiced, file: KeptFile | None, media_type: str) -> Invoice:
    """The row of what came from a supplier, kept with its file, before anybody looked at it."""
    return Invoice(
        **step.from_now_on(),
        supplier_id=supplier.id,
        **{name: getattr(said, name) for name in SAID},
        state=RECEIVED,
        file_id=store(step, file, kind=INVOICE, supplier_id=supplier.id).id if file else None,
        sha256=file.sha256 if file else "",
        media_type=media_type if file else "",
        on_behalf=supplier.id not in step.actor.supplier_ids,
        sent_by_id=step.actor.person_id,
        received_at=step.now,
    )


def written(text: str) -> str:
    """A number as it is compared: without spaces around it, nor several of them within."""
    return " ".join(text.split())


SEND_INVOICE = UserTaskSpec(
    "send_invoice", candidates=Role.SUPPLIER, due=WorkingDays("send_invoice"), filed_under=INVOICE, each=awaited_invoices
)
_SEND = Move(
    SendInvoice,
    by=(Role.SUPPLIER, Role.PROJECT_MANAGER),
    suppliers=billers,
    event="campaign.invoice.sent",
    do=send,
    opens=(DECIDE_INVOICE,),
)
_ENTER = Move(EnterInvoices, by=Role.PROJECT_MANAGER, event="campaign.invoice.entered", do=enter, opens=(DECIDE_INVOICE,))
RECEIVING: Sequence[Move] = (_SEND, _ENTER)
"""From the net statements on."""
