"""What a supplier may invoice for one of its orders, what it sent, and whether another is taken. Row-level security narrows the rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from app.database import Database, say_who_asks
from app.queries.campaign import find_campaign
from app.queries.deadline import Deadline, deadline_of
from app.queries.invoices import InvoiceLine, list_invoices
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.crediting import SendCreditNote
from workflows.campaign.invoices.expected import standings
from workflows.campaign.invoices.invoicing import SendInvoice
from workflows.campaign.invoices.services import natures
from workflows.campaign.process import CAMPAIGN
from workflows.engine.documents import Document
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import open_task
from workflows.parties.actor import SYSTEM, Actor
from workflows.trade.costs import ServiceBill
from workflows.trade.invoice_control import AmountDue


@dataclass(frozen=True, kw_only=True)
class SupplierInvoice:
    """An order as whoever bills it sees it. `state` is that of its invoice, `missing` or `waived`; `invoices`, the newest first.

    `is_open` while another invoice is taken: none that counts is there, or it was disputed; `may_credit` while credit notes are.
    `statement_id` is the net statement of its list, `services` what was done where it is of services; where the order was withdrawn
    (`is_fee`) neither is there: its cancellation terms say what is due. `natures` are those of an order of services.
    """

    campaign_id: UUID
    campaign_code: str
    campaign_title: str
    advertiser_name: str
    advertiser_siren: str
    advertiser_address: str
    currency: str
    order_number: str
    list_name: str
    services: ServiceBill | None
    is_fee: bool
    natures: tuple[str, ...]
    supplier_id: UUID
    payment_days: int
    due: AmountDue
    statement_id: UUID | None
    statement_number: str
    state: str
    is_open: bool
    may_credit: bool
    deadline: Deadline | None
    invoices: tuple[InvoiceLine, ...]


def get_supplier_invoice(database: Database, actor: Actor, campaign_code: str, order_number: str, *, now: datetime) -> SupplierInvoice:
    """What this supplier may invoice for one order.

    :raises NotFound: when there is no such order of theirs, or nothing is stated for it.
    """
    with database.reading(actor) as session:
        campaign = find_campaign(session, campaign_code)
        mine = [one for one in list_invoices(session, campaign.id) if one.order_number == order_number]
        # From here on as the machine: what is due is worked out from what is the advertiser's.
        say_who_asks(session, SYSTEM)
        facts = CampaignFacts(session, campaign)
        found = next((one for one in standings(facts) if one.due.order.number == order_number), None)
        if found is None or found.due.order.supplier_id not in actor.supplier_ids:
            raise NotFound(subject="order")
        row, supplier, advertiser = found.due.row, facts.suppliers[found.due.order.supplier_id], facts.advertiser
        statement = None
        if row is not None and not found.due.is_fee:
            stated = select(Document).where(
                Document.campaign_id == campaign.id, Document.kind == "net_statement", Document.subject_id == row.id
            )
            statement = max(session.exec(stated), key=lambda one: one.revision, default=None)
        stage = CAMPAIGN.stage(campaign.state)
        return SupplierInvoice(
            campaign_id=campaign.id,
            campaign_code=campaign.code,
            campaign_title=campaign.title,
            advertiser_name=advertiser.name,
            advertiser_siren=advertiser.siren,
            advertiser_address=", ".join(filter(None, (advertiser.address, f"{advertiser.postcode} {advertiser.town}".strip()))),
            currency=campaign.currency,
            order_number=order_number,
            list_name=row.name if row else "",
            services=found.due.services,
            is_fee=found.due.is_fee,
            natures=natures(found.due.order),
            supplier_id=supplier.id,
            payment_days=supplier.payment_days,
            due=found.due.amount,
            statement_id=statement.id if statement else None,
            statement_number=statement.number if statement else "",
            state=found.state,
            is_open=found.is_awaited and stage is not None and stage.takes(SendInvoice),
            may_credit=stage is not None and stage.takes(SendCreditNote),
            deadline=deadline_of(open_task(session, "send_invoice", found.due.target.id), campaign, now),
            invoices=tuple(mine),
        )
