"""The advertiser's suppliers. A document that was issued keeps what it says, whatever is changed here."""

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.errors import say_refusal
from app.parties import SupplierCodeTaken, SupplierRecord, change_supplier, refuse_taken_code, register_supplier
from app.portals.administration.room import blueprint, change, page, reading
from app.portals.administration.words import SUPPLIER_KINDS, VAT_STATUSES
from app.portals.shared.fields import CountField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.once import Answer
from app.queries.contracts import ContractLine, list_contracts
from app.queries.people import find_supplier, list_suppliers
from app.security.audience import audience
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.roles import Role, SupplierKind


class SupplierForm(KeptTextForm):
    """A supplier's record."""

    name = StringField(_l("Company name"), [InputRequired(_l("Write the name.")), Length(max=200)])
    kind = SelectField(
        _l("What it does"), [InputRequired()], choices=[SelectChoice(kind.value, word) for kind, word in SUPPLIER_KINDS.items()]
    )
    email = EmailField(_l("E-mail address for orders"), [Optional(), Length(max=254)])
    siren = StringField(_l("SIREN"), [Optional(), Length(max=20)])
    vat_number = StringField(_l("VAT number"), [Optional(), Length(max=30)])
    vat_status = SelectField(
        _l("VAT on its invoices"),
        [InputRequired()],
        choices=[SelectChoice(status.value, word) for status, word in VAT_STATUSES.items()],
        description=_l("Budgets, orders and the control of its invoices go by it."),
    )
    einvoice_address = StringField(
        _l("Address of electronic invoices"),
        [Optional(), Length(max=125)],
        description=_l("As in the national directory: the SIREN, with what its platform adds."),
    )
    address = StringField(_l("Address"), [Optional(), Length(max=200)])
    postcode = StringField(_l("Postcode"), [Optional(), Length(max=12)])
    town = StringField(_l("Town"), [Optional(), Length(max=100)])
    payment_days = CountField(_l("Paid after, in days"), [InputRequired(_l("Write a number of days, 0 to 60."))])

    def record(self) -> dict[str, Any]:
        """What the form holds, as a supplier's record takes it."""
        fields = ("name", "kind", "email", "siren", "vat_number", "vat_status", "einvoice_address", "address", "postcode", "town")
        return {name: self[name].data or "" for name in fields} | {"payment_days": int(self.payment_days.data or 0)}


class NewSupplierForm(SupplierForm):
    """A supplier and the code by which plans and costs name it."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Write the code.")), Length(max=20)],
        description=_l("Plans and costs name the supplier by it; it never changes."),
    )


@blueprint.get("/suppliers")
@audience(Role.ADMINISTRATOR)
def suppliers() -> str:
    """All suppliers."""
    with reading() as (session, advertiser_id):
        found = list_suppliers(session, advertiser_id)
    return page("administration/suppliers.html", suppliers=[(one, SUPPLIER_KINDS[SupplierKind(one.kind)]) for one in found])


@blueprint.route("/suppliers/new", methods=["GET", "POST"])
@audience(Role.ADMINISTRATOR)
def new_supplier() -> AnyResponse | str:
    """Register a supplier."""
    form = NewSupplierForm(data={"payment_days": 30}) if request.method == "GET" else NewSupplierForm()
    if request.method == "GET":
        return page("administration/supplier.html", form=form, supplier=None)
    if not form.validate():
        return _again(form, None)

    def add(session: Session, advertiser_id: UUID) -> Answer:
        refuse_taken_code(session, advertiser_id, form.code.data)
        register_supplier(session, advertiser_id, code=form.code.data, **form.record())
        return {}

    try:
        change("supplier added", add)
    except SupplierCodeTaken as refusal:
        form.code.errors = [say_refusal(refusal)]
        return _again(form, None)
    except Refused as refusal:
        return _again(form, None, refusal)
    flash(_("%(name)s is registered.", name=form.name.data.strip()), "done")
    return redirect(url_for("administration.suppliers"), 303)


@blueprint.route("/suppliers/<uuid:supplier_id>", methods=["GET", "POST"])
@audience(Role.ADMINISTRATOR)
def supplier(supplier_id: UUID) -> AnyResponse | str:
    """Look at a supplier's record and write it anew."""
    with reading() as (session, advertiser_id):
        found = find_supplier(session, advertiser_id, supplier_id)
        contracts = list_contracts(session, advertiser_id, supplier_id)
    if request.method == "GET":
        return page("administration/supplier.html", form=SupplierForm(obj=found), supplier=found, contracts=contracts)
    form = SupplierForm()
    if not form.validate():
        return _again(form, found, contracts=contracts)

    def rewrite(session: Session, advertiser_id: UUID) -> Answer:
        change_supplier(session, advertiser_id, supplier_id, SupplierRecord(**form.record()))
        return {}

    try:
        change("supplier changed", rewrite)
    except NotFound:
        raise
    except Refused as refusal:
        return _again(form, found, refusal, contracts=contracts)
    flash(_("Saved. Documents already issued keep what they say."), "done")
    return redirect(url_for("administration.suppliers"), 303)


def _again(form: SupplierForm, supplier: Any, refusal: Refused | None = None, *, contracts: tuple[ContractLine, ...] = ()) -> AnyResponse:
    if refusal is not None:
        form.form_errors.append(say_refusal(refusal))
    return make_response(page("administration/supplier.html", form=form, supplier=supplier, contracts=contracts), 409 if refusal else 422)
