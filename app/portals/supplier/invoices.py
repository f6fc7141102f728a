"""Sending an invoice: what is due for one order, the form that is filled with it, and what became of what was sent."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.intake.invoices import media_type_of
from app.jalon import jalon
from app.portals.shared.asking import execute_with_file
from app.portals.shared.invoice_forms import said_in
from app.portals.shared.invoice_words import ACCEPTED, STATES, TOLD, billed_words, finding_words, services_words
from app.portals.supplier.forms import CreditNoteForm, InvoiceForm
from app.portals.supplier.room import blueprint, contact, now
from app.queries.supplier_invoices import SupplierInvoice, get_supplier_invoice
from app.security.audience import audience
from workflows.campaign.invoices.crediting import SendCreditNote
from workflows.campaign.invoices.expected import DISPUTED, REPLACED
from workflows.campaign.invoices.invoicing import MOST_MEGABYTES, InvoiceRepeated, SendInvoice
from workflows.campaign.keeping import KeptFile
from workflows.engine.refusals import Refused
from workflows.parties.roles import Role
from workflows.trade.money import ZERO


@blueprint.get("/campaigns/<code>/invoices/<number>")
@audience(Role.SUPPLIER)
def invoice(code: str, number: str) -> str:
    """What is due for an order, and its invoices."""
    page = _page(code, number)
    return _show(page, _filled(page))


@blueprint.post("/campaigns/<code>/invoices/<number>")
@audience(Role.SUPPLIER)
def send_invoice(code: str, number: str) -> ResponseReturnValue:
    """Take one invoice, and say what its control found."""
    page = _page(code, number)
    form = _form(page)
    if not form.validate_on_submit():
        return _show(page, form), 422
    media_type = media_type_of(form.file.data.stream)

    def command(kept: KeptFile) -> SendInvoice:
        return SendInvoice(
            subject_id=page.campaign_id,
            supplier_id=page.supplier_id,
            order_number=page.order_number,
            **said_in(form),
            media_type=media_type,
            file=kept,
        )

    def refused(refusal: str) -> str:
        return _show(_page(code, number), form, refusal=refusal)

    done = _("Your invoice %(number)s has arrived. Thank you.", number=form.number.data)
    return _answer(page, execute_with_file(form.file.data, command), done, refused)


@blueprint.post("/campaigns/<code>/invoices/<number>/credit/<uuid:invoice_id>")
@audience(Role.SUPPLIER)
def send_credit_note(code: str, number: str, invoice_id: UUID) -> ResponseReturnValue:
    """Take a credit note of one invoice, and say how that stands then."""
    page = _page(code, number)
    form = _credit_form(page, invoice_id)
    if not form.validate_on_submit():
        return _show(page, _filled(page), credit={invoice_id: form}), 422
    media_type = media_type_of(form.file.data.stream)

    def command(kept: KeptFile) -> SendCreditNote:
        return SendCreditNote(subject_id=page.campaign_id, invoice_id=invoice_id, **said_in(form), media_type=media_type, file=kept)

    def refused(refusal: str) -> str:
        after = _page(code, number)
        return _show(after, _filled(after), refusal=refusal, credit={invoice_id: form})

    done = _("Your credit note %(number)s has arrived. Thank you.", number=form.number.data)
    return _answer(page, execute_with_file(form.file.data, command), done, refused)


def _answer(page: SupplierInvoice, refusal: Refused | None, done: str, refused: Callable[[str], str]) -> ResponseReturnValue:
    """The page anew with what was refused, or on to it with a word that the paper is here; one sent twice is here too."""
    if refusal and not isinstance(refusal, InvoiceRepeated):
        return refused(say_refusal(refusal)), status_of(refusal)
    flash(say_refusal(refusal) if refusal else done, "done")
    return redirect(url_for("supplier.invoice", code=page.campaign_code, number=page.order_number), 303)


def _credit_form(page: SupplierInvoice, invoice_id: UUID, **given: Any) -> CreditNoteForm:
    form = CreditNoteForm(prefix=f"credit-{invoice_id}", **given)
    if page.due.quantity is None:
        del form.quantity
    return form


def _credit_forms(page: SupplierInvoice) -> dict[UUID, CreditNoteForm]:
    """A form for each invoice that is not paid as it is, filled with what it bills too much, or with all of it."""
    forms = {}
    for one in page.invoices:
        if page.may_credit and one.may_be_credited and one.state in (DISPUTED, REPLACED):
            over = one.left - page.due.taxed if one.state == DISPUTED and one.due_amount is not None else one.left
            taken = over if over.net_amount > 0 else one.left
            data = {
                "net_amount": taken.net_amount,
                "vat_amount": max(ZERO, taken.vat_amount),
                "total_amount": max(ZERO, taken.gross_amount),
            }
            forms[one.id] = _credit_form(page, one.id, formdata=None, data=data)
    return forms


def _page(code: str, number: str) -> SupplierInvoice:
    return get_supplier_invoice(jalon().database, contact(), code, number, now=now())


def _filled(page: SupplierInvoice) -> InvoiceForm:
    taxed = page.due.taxed
    filled = {
        "quantity": Decimal(page.due.quantity or 0),
        "net_amount": taxed.net_amount,
        "vat_amount": taxed.vat_amount,
        "total_amount": taxed.gross_amount,
    }
    return _form(page, formdata=None, data=filled)


def _form(page: SupplierInvoice, **given: Any) -> InvoiceForm:
    """The form of an invoice; one of services counts no addresses."""
    form = InvoiceForm(**given)
    if page.due.quantity is None:
        del form.quantity
    return form


def _show(page: SupplierInvoice, form: InvoiceForm, *, refusal: str = "", credit: Mapping[UUID, CreditNoteForm] | None = None) -> str:
    return render_template(
        "supplier/invoices.html",
        page=page,
        form=form,
        credit={**_credit_forms(page), **(credit or {})},
        tried=set(credit or ()),
        about=billed_words(page.list_name, page.natures),
        services=services_words(page.services, page.currency) if page.services else [],
        refusal=refusal,
        accepted=ACCEPTED,
        most=MOST_MEGABYTES,
        badges={state: (badge, TOLD.get(state, word)) for state, (badge, word) in STATES.items()},
        finding_words=finding_words,
    )
