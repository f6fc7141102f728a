"""The invoices' room: each order and how its invoice stands, what differs to be decided, and invoices that came by other means."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app import i18n
from app.errors import say_refusal
from app.intake.invoices import INVOICES, media_type_of
from app.intake.rows import RowErrors
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm, UploadForm, uploaded
from app.portals.manager.rooms import Here, act, campaign_of, clock_now, reading, room, show
from app.portals.manager.tables import faults_told
from app.portals.shared.fields import AmountField, CountField, DayField
from app.portals.shared.invoice_forms import said_in
from app.portals.shared.invoice_words import ACCEPTED, STATES, about_order, finding_words, order_words
from app.queries.campaign import find_campaign
from app.queries.invoices import InvoiceLine, InvoicesPage, OrderInvoice, get_invoices
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.crediting import SendCreditNote
from workflows.campaign.invoices.decisions import AcceptInvoice, DisputeInvoice, WaiveInvoice
from workflows.campaign.invoices.invoicing import LONGEST_NUMBER, MOST_MEGABYTES, EnterInvoices, SendInvoice, written
from workflows.campaign.keeping import KeptFile
from workflows.campaign.model import Campaign
from workflows.engine.refusals import Refused
from workflows.parties.roles import Role
from workflows.trade.invoice_control import Invoiced


class EnterForm(Form):
    """An invoice that came by other means, for whom the order is with."""

    order_number = SelectField(_l("Order"), [InputRequired(_l("Choose the order."))])
    number = StringField(_l("Number of the invoice"), [DataRequired(_l("Write the number of the invoice.")), Length(max=LONGEST_NUMBER)])
    invoiced_on = DayField(_l("Date of the invoice"), [InputRequired(_l("Write the date of the invoice."))])
    quantity = CountField(_l("Addresses billed, for a list"), [Optional()])
    net_amount = AmountField(_l("Amount without VAT"), [InputRequired(), NumberRange(min=0)])
    vat_amount = AmountField(_l("VAT"), [InputRequired(), NumberRange(min=0)])
    total_amount = AmountField(_l("Total with VAT"), [InputRequired(), NumberRange(min=0)])
    file = FileField(_l("The invoice, if there is a file"), [Optional()])

    def offer(self, orders: tuple[OrderInvoice, ...]) -> "EnterForm":
        """Let one of the orders be chosen that may be invoiced."""
        choices = [SelectChoice(one.order_number, f"{one.order_number} · {about_order(one)} · {one.supplier_name}") for one in orders]
        self.order_number.choices = [SelectChoice("", ""), *choices]
        return self


class CreditNoteForm(Form):
    """A credit note that came by other means, of one of the invoices that are here."""

    invoice_id = SelectField(_l("Invoice"), [InputRequired(_l("Choose the invoice."))], coerce=str)
    number = StringField(
        _l("Number of the credit note"), [DataRequired(_l("Write the number of the credit note.")), Length(max=LONGEST_NUMBER)]
    )
    invoiced_on = DayField(_l("Date of the credit note"), [InputRequired(_l("Write the date of the credit note."))])
    quantity = CountField(_l("Addresses billed no more, for a list"), [Optional()])
    net_amount = AmountField(_l("Amount without VAT"), [InputRequired(), NumberRange(min=0)])
    vat_amount = AmountField(_l("VAT"), [InputRequired(), NumberRange(min=0)])
    total_amount = AmountField(_l("Total with VAT"), [InputRequired(), NumberRange(min=0)])
    file = FileField(_l("The credit note, if there is a file"), [Optional()])

    def offer(self, page: InvoicesPage, currency: str) -> "CreditNoteForm":
        """Let one of the invoices be chosen of which something is left."""
        choices = [
            SelectChoice(str(one.id), f"{one.number} · {one.supplier_name} · {i18n.money(one.left.gross_amount, currency)}")
            for one in page.invoices
            if one.may_be_credited
        ]
        self.invoice_id.choices = [SelectChoice("", ""), *choices]
        return self


@room("invoices")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows."""
    page = get_invoices(CampaignFacts(here.session, here.campaign), now=here.now)
    enter = here.form(EnterForm, "enter", order_number=request.args.get("order", ""))
    assert isinstance(enter, EnterForm)
    names = ("accept_invoice", "dispute_invoice", "waive_invoice", "send_invoice", "send_credit_note")
    may = {name: here.head.is_open(name) for name in names}
    credit = here.form(CreditNoteForm, "credit")
    assert isinstance(credit, CreditNoteForm)
    return {
        "page": page,
        "orders": [_order(here, one, may) for one in page.orders],
        "waiting": [_waiting(here, one, may) for one in page.waiting],
        "badges": STATES,
        "finding_words": finding_words,
        "enter": enter.offer(page.orders) if may["send_invoice"] and page.orders else None,
        "credit": credit.offer(page, here.campaign.currency)
        if may["send_credit_note"] and any(one.may_be_credited for one in page.invoices)
        else None,
        "rows": here.form(UploadForm, "rows") if may["send_invoice"] and page.orders else None,
        "decided_later": here.head.state == "lots",
        "accepted": ACCEPTED,
        "most": MOST_MEGABYTES,
    }


def _order(here: Here, one: OrderInvoice, may: dict[str, bool]) -> dict[str, Any]:
    may_waive = one.is_missing and may["waive_invoice"]
    return {
        **order_words(one, here.campaign.currency, here.head.today),
        "waive": here.form(ReasonForm, f"waive-{one.order_number}") if may_waive else None,
    }


def _waiting(here: Here, one: InvoiceLine, may: dict[str, bool]) -> dict[str, Any]:
    return {
        "invoice": one,
        "accept": here.form(ReasonForm, f"accept-{one.id}")
        if may["accept_invoice"] and one.due_amount is not None and one.awaits
        else None,
        "dispute": here.form(ReasonForm, f"dispute-{one.id}") if may["dispute_invoice"] else None,
    }


@blueprint.get("/campaigns/<code>/invoices")
@audience(Role.PROJECT_MANAGER)
def invoices(code: str) -> Response:
    """The invoices of one campaign."""
    return show("invoices", code)


@blueprint.post("/campaigns/<code>/invoices/<uuid:invoice_id>/accept")
@audience(Role.PROJECT_MANAGER)
def accept_invoice(code: str, invoice_id: UUID) -> AnyResponse:
    """Accept an invoice as it is."""
    form = ReasonForm.received(f"accept-{invoice_id}")
    command = form.asking(AcceptInvoice, campaign_of(code).id, invoice_id=invoice_id)
    done = _("The invoice is accepted; where it costs more than may be spent, an approver decides first.")
    return act("invoices", code, form, command, done=done, key="invoices")


@blueprint.post("/campaigns/<code>/invoices/<uuid:invoice_id>/dispute")
@audience(Role.PROJECT_MANAGER)
def dispute_invoice(code: str, invoice_id: UUID) -> AnyResponse:
    """Dispute an invoice."""
    form = ReasonForm.received(f"dispute-{invoice_id}")
    command = form.asking(DisputeInvoice, campaign_of(code).id, invoice_id=invoice_id)
    done = _("The invoice is disputed: its supplier is told what is due, and why.")
    return act("invoices", code, form, command, done=done, key="invoices")


@blueprint.post("/campaigns/<code>/invoices/<number>/waive")
@audience(Role.PROJECT_MANAGER)
def waive_invoice(code: str, number: str) -> AnyResponse:
    """Do without the invoice of an order."""
    form = ReasonForm.received(f"waive-{number}")
    command = form.asking(WaiveInvoice, campaign_of(code).id, order_number=number)
    return act("invoices", code, form, command, done=_("No invoice is expected for order %(number)s.", number=number), key="orders")


@blueprint.post("/campaigns/<code>/invoices/enter")
@audience(Role.PROJECT_MANAGER)
def enter_invoice(code: str) -> AnyResponse:
    """Enter an invoice that came by other means."""
    campaign, page = _page(code)
    form = EnterForm.received("enter").offer(page.orders)
    media_type = media_type_of(uploaded(form.file).stream) if form.file.data else ""

    def command(kept: KeptFile | None = None) -> SendInvoice:
        return SendInvoice(subject_id=campaign.id, order_number=form.order_number.data, **said_in(form), media_type=media_type, file=kept)

    done = _("Invoice %(number)s is entered and controlled.", number=form.number.data or "")
    return act("invoices", code, form, command, done=done, key="invoices", upload=form.file.data or None)


@blueprint.post("/campaigns/<code>/invoices/credit")
@audience(Role.PROJECT_MANAGER)
def enter_credit_note(code: str) -> AnyResponse:
    """Enter a credit note that came by other means."""
    campaign, page = _page(code)
    form = CreditNoteForm.received("credit").offer(page, campaign.currency)
    media_type = media_type_of(uploaded(form.file).stream) if form.file.data else ""

    def command(kept: KeptFile | None = None) -> SendCreditNote:
        return SendCreditNote(
            subject_id=campaign.id, invoice_id=UUID(form.invoice_id.data), **said_in(form), media_type=media_type, file=kept
        )

    done = _("Credit note %(number)s is entered, and what is left of its invoice is controlled.", number=form.number.data or "")
    return act("invoices", code, form, command, done=done, key="invoices", upload=form.file.data or None)


@blueprint.post("/campaigns/<code>/invoices/rows")
@audience(Role.PROJECT_MANAGER)
def enter_invoices(code: str) -> AnyResponse:
    """Enter all the invoices of a table, or none where a row cannot be taken."""
    campaign, before = _page(code)
    form = UploadForm.received("rows")
    rows: tuple[Invoiced, ...] = ()
    if form.validate():
        try:
            rows = INVOICES.parse(uploaded(form.file).read())
        except RowErrors as faults:
            form.refuse(*faults_told(faults))
            return show("invoices", code, {form.key: form}, 422)
    known = {(one.supplier, one.number) for one in before.invoices}
    repeated = len(rows) - len({(row.supplier, written(row.number)) for row in rows} - known)

    def command() -> EnterInvoices:
        return EnterInvoices(subject_id=campaign.id, rows=rows)

    done = _(
        "Invoices entered and controlled: %(n)s; rows that were there before, and count once: %(repeated)s.",
        n=len(rows) - repeated,
        repeated=repeated,
    )
    return act("invoices", code, form, command, done=done, key="invoices", told=_row_told)


def _row_told(refusal: Refused) -> list[str]:
    """What a refusal says, with the row that it is about."""
    if "row" not in refusal.params:
        return [say_refusal(refusal)]
    return [str(_("Row %(row)s: %(why)s Nothing was entered.", row=refusal.params["row"], why=say_refusal(refusal)))]


def _page(code: str) -> tuple[Campaign, InvoicesPage]:
    with reading() as session:
        campaign = find_campaign(session, code)
        page = get_invoices(CampaignFacts(session, campaign), now=clock_now())
        session.expunge(campaign)
        return campaign, page
