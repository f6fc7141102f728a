"""Suppliers' invoices: each with what its control found, the file of one, and how every order stands. Amounts are Decimal euros.

Row-level security shows a supplier its own. Not for the rule: `trade.invoice_control` compares, `campaign.invoices` says what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.database import Database
from app.queries.deadline import Deadline, deadline_of
from app.queries.kept_files import get_with_file
from app.queries.names import names_by_id
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.overrun import accepted_amount
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed_amount
from workflows.campaign.invoices.expected import ABOVE_BUDGET, ACCEPTED, CREDITED, DISPUTED, MATCHED, MISSING, RECEIVED, standings
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.invoices.services import natures
from workflows.campaign.records import StoredFile
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask, open_tasks
from workflows.parties.actor import Actor
from workflows.parties.model import Supplier
from workflows.trade.costs import ServiceBill
from workflows.trade.invoice_control import Point
from workflows.trade.money import ZERO, Taxed
from workflows.trade.working_days import local_day

NOTHING_TAXED = Taxed(ZERO, ZERO, ZERO)


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """An invoice or a credit note. `due_amount` is None where it fits no order; people are empty for whoever may not know them; `replaces`
    is a number, and so is `credits`, of the invoice of which a credit note takes back its amounts. `credited` is what such notes took back.
    `seq` is the entry that brought it.
    """

    id: UUID
    campaign_id: UUID
    number: str
    supplier: str
    supplier_name: str
    order_number: str
    list_code: str | None
    invoiced_on: date
    quantity: int | None
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    due_qty: int | None
    due_amount: Decimal | None
    state: str
    findings: tuple[Point, ...]
    has_file: bool
    sha256: str
    media_type: str
    on_behalf: bool
    sent_by: str
    received_at: datetime
    replaces: str
    credits: str
    credited: Taxed
    reason: str
    decided_by: str
    decided_at: datetime | None
    seq: int

    @property
    def left(self) -> Taxed:
        """What it bills after its credit notes."""
        return Taxed(self.net_amount, self.vat_amount, self.total_amount) - self.credited

    @property
    def may_be_credited(self) -> bool:
        """Something of it can be taken back: it is no credit note, and not credited in full."""
        return not self.credits and self.state != CREDITED

    @property
    def awaits(self) -> bool:
        return self.state == RECEIVED

    @property
    def excess_amount(self) -> Decimal:
        """How much more than is due it bills, without VAT; negative where less."""
        return self.left.net_amount - (self.due_amount or ZERO)


@dataclass(frozen=True, kw_only=True)
class OrderInvoice:
    """An order and how its invoice stands: of a list, or of services and what was done of them. `stated_on` is when its net statement was
    issued, the mail posted, or the order withdrawn (`is_fee`); `deadline` that of its supplier.
    """

    order_number: str
    list_name: str
    services: ServiceBill | None
    natures: tuple[str, ...]
    is_fee: bool
    supplier_name: str
    due_qty: int | None
    due_amount: Decimal
    due_total_amount: Decimal
    is_expected: bool
    state: str
    number: str
    invoiced_amount: Decimal | None
    stated_on: date | None
    deadline: Deadline | None

    @property
    def is_missing(self) -> bool:
        return self.is_expected and self.state == MISSING


@dataclass(frozen=True, kw_only=True)
class InvoicesPage:
    """Everything about a campaign's invoices. `forecast_amount` is what it is going to cost with them, `accepted_amount` the most it may;
    both are None before lots are frozen. `required` and `services_required` are what policy wants.
    """

    required: bool
    services_required: bool
    orders: tuple[OrderInvoice, ...]
    invoices: tuple[InvoiceLine, ...]
    due_amount: Decimal
    settled_amount: Decimal
    disputed_amount: Decimal
    undecided_amount: Decimal
    missing_amount: Decimal
    forecast_amount: Decimal | None
    accepted_amount: Decimal | None

    @property
    def waiting(self) -> tuple[InvoiceLine, ...]:
        """Those that somebody has to decide, or an approver."""
        return tuple(one for one in self.invoices if one.state in (RECEIVED, ABOVE_BUDGET))

    @property
    def others(self) -> tuple[InvoiceLine, ...]:
        return tuple(one for one in self.invoices if one not in self.waiting)


def list_invoices(session: Session, campaign_id: UUID) -> tuple[InvoiceLine, ...]:
    """Every invoice of a campaign that the asker sees, the newest first."""
    return _lines(session, session.exec(_newest_first().where(Invoice.campaign_id == campaign_id)).all())


def get_invoice(session: Session, invoice_id: UUID) -> InvoiceLine:
    """One invoice.

    :raises NotFound: when there is none for this person.
    """
    row = session.get(Invoice, invoice_id)
    if row is None:
        raise NotFound(subject="invoice")
    return _lines(session, [row])[0]


def get_invoice_file(database: Database, actor: Actor, invoice_id: UUID) -> tuple[Invoice, StoredFile]:
    """One invoice and its file.

    :raises NotFound: when there is none for this person, or it came without a file.
    """
    return get_with_file(database, actor, Invoice, invoice_id, subject="invoice")


def get_invoices(facts: CampaignFacts, *, now: datetime) -> InvoicesPage:
    """How the campaign's invoices stand."""
    session, campaign = facts.session, facts.campaign
    tasks = {task.subject_id: task for task in open_tasks(session, UserTask.campaign_id == campaign.id, UserTask.name == "send_invoice")}
    stated = _stated_on(session, campaign.id)
    rows = standings(facts)
    orders = tuple(
        OrderInvoice(
            order_number=one.due.order.number,
            list_name=one.due.row.name if one.due.row else "",
            services=one.due.services,
            natures=natures(one.due.order),
            is_fee=one.due.is_fee,
            supplier_name=facts.suppliers[one.due.order.supplier_id].name,
            due_qty=one.due.amount.quantity,
            due_amount=one.due.amount.net_amount,
            due_total_amount=one.due.amount.taxed.gross_amount,
            is_expected=one.due.is_expected,
            state=one.state,
            number=one.invoice.number if one.invoice else "",
            invoiced_amount=billed_amount(facts, one.invoice) if one.invoice else None,
            stated_on=stated.get(one.due.row.id) if one.due.row and not one.due.is_fee else one.due.amount.stated_on,
            deadline=deadline_of(tasks.get(one.due.target.id), campaign, now),
        )
        for one in rows
    )

    def total(*states: str) -> Decimal:
        return sum((billed_amount(facts, one) for one in facts.invoices if one.state in states), ZERO)

    made = facts.lot_plan is not None and facts.lot_plan.frozen_at is not None and facts.budget is not None
    return InvoicesPage(
        required=campaign.policy.invoices_required,
        services_required=campaign.policy.service_invoices_required,
        orders=orders,
        invoices=list_invoices(session, campaign.id),
        due_amount=sum((one.due_amount for one in orders), ZERO),
        settled_amount=total(MATCHED, ACCEPTED),
        disputed_amount=total(DISPUTED),
        undecided_amount=total(RECEIVED, ABOVE_BUDGET),
        missing_amount=sum((one.due.amount.net_amount for one in rows if one.is_awaited), ZERO),
        forecast_amount=forecast_budget(facts).total_amount if made else None,
        accepted_amount=accepted_amount(facts) if made else None,
    )


def _stated_on(session: Session, campaign_id: UUID) -> Mapping[UUID | None, date]:
    statement = select(Document.subject_id, Document.requested_at).where(
        Document.campaign_id == campaign_id, Document.kind == "net_statement"
    )
    return {list_id: local_day(at) for list_id, at in session.exec(statement.order_by(col(Document.revision)))}


def _newest_first() -> Any:
    return select(Invoice).order_by(col(Invoice.received_at).desc(), col(Invoice.number))


def _lines(session: Session, rows: Any) -> tuple[InvoiceLine, ...]:
    names = names_by_id(session, (one for row in rows for one in (row.sent_by_id, row.decided_by_id)))
    suppliers = {one.id: one for one in session.exec(select(Supplier).where(col(Supplier.id).in_({row.supplier_id for row in rows})))}
    named = {one for row in rows for one in (row.replaces_id, row.credits_id) if one}
    numbers = dict(session.exec(select(Invoice.id, Invoice.number).where(col(Invoice.id).in_(named))).all()) if named else {}
    credited: dict[UUID, Taxed] = {}
    for note in session.exec(select(Invoice).where(col(Invoice.credits_id).in_({row.id for row in rows}))):
        if note.credits_id:
            was = credited.get(note.credits_id, NOTHING_TAXED)
            credited[note.credits_id] = was + Taxed(note.net_amount, note.vat_amount, note.total_amount)
    return tuple(
        InvoiceLine(
            id=row.id,
            campaign_id=row.campaign_id,
            number=row.number,
            supplier=suppliers[row.supplier_id].code,
            supplier_name=suppliers[row.supplier_id].name,
            order_number=row.order_number,
            list_code=row.list_code,
            invoiced_on=row.invoiced_on,
            quantity=row.quantity,
            net_amount=row.net_amount,
            vat_amount=row.vat_amount,
            total_amount=row.total_amount,
            due_qty=row.due_qty,
            due_amount=row.due_amount,
            state=row.state,
            findings=row.points,
            has_file=row.file_id is not None,
            sha256=row.sha256,
            media_type=row.media_type,
            on_behalf=row.on_behalf,
            sent_by=names.get(row.sent_by_id, ""),
            received_at=row.received_at,
            replaces=numbers.get(row.replaces_id, "") if row.replaces_id else "",
            credits=numbers.get(row.credits_id, "") if row.credits_id else "",
            credited=credited.get(row.id, NOTHING_TAXED),
            reason=row.reason,
            decided_by=names.get(row.decided_by_id, ""),
            decided_at=row.decided_at,
            seq=row.from_seq,
        )
        for row in rows
    )
