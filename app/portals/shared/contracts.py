"""The contracts of a campaign's processors, for whoever orders from them and whoever watches over people's data: the same page for both."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.errors import say_refusal, status_of
from app.intake.proofs import media_type_of
from app.jalon import jalon
from app.portals.shared.asking import execute, execute_with_file
from app.portals.shared.downloads import show_file
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import LONGEST_WORDS, KeptTextForm
from app.queries.campaign import find_campaign
from app.queries.contracts import ContractsPage, get_contracts, get_signed_contract
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.processors.contracting import RecordContract, WithdrawContract
from workflows.parties.roles import Role

blueprint = Blueprint("contracts", __name__, url_prefix="/contracts")

RECORDERS = (Role.PROJECT_MANAGER, Role.DPO)
LONGEST_NAME = 120


class ContractForm(KeptTextForm):
    """A contract that a processor signed."""

    number = StringField(_l("Reference"), [DataRequired(_l("Write the reference of the contract.")), Length(max=LONGEST_NAME)])
    signed_on = DayField(_l("Signed on"), [InputRequired(_l("Write the day on which it was signed."))])
    signatory = StringField(_l("Signed by"), [DataRequired(_l("Write who signed it for the supplier.")), Length(max=LONGEST_NAME)])
    ends_on = DayField(_l("Ends on"), [Optional()])
    file = FileField(_l("The signed contract"), [Optional()])


class WithdrawalForm(KeptTextForm):
    """Why a contract counts no more."""

    reason = TextAreaField(_l("Why"), [InputRequired(_l("Write the reason: it is kept with the decision.")), Length(max=LONGEST_WORDS)])


@blueprint.get("/<code>")
@audience(*RECORDERS, Role.AUDITOR)
def room(code: str) -> Response:
    """The processors of one campaign and their contracts."""
    return _show(code)


@blueprint.post("/<code>/<uuid:supplier_id>")
@audience(*RECORDERS)
def record_contract(code: str, supplier_id: UUID) -> AnyResponse:
    """Record a contract."""
    page = _page(code)
    processor = next((one for one in page.processors if one.id == supplier_id), None) or abort(404)
    form = ContractForm(prefix=processor.code)
    if not form.validate():
        return _show(code, {processor.id: form}, 422)
    upload, signed_on = form.file.data, form.signed_on.data
    assert signed_on is not None, "the form was validated"
    media_type = media_type_of(upload.stream) if upload else ""

    def command(file: KeptFile | None) -> RecordContract:
        return RecordContract(
            subject_id=page.campaign_id,
            supplier_id=supplier_id,
            number=form.number.data,
            signed_on=signed_on,
            signatory=form.signatory.data,
            ends_on=form.ends_on.data,
            file=file,
            media_type=media_type,
        )

    refusal = execute_with_file(upload, command) if upload else execute(command(None))
    if refusal:
        form.form_errors = [say_refusal(refusal)]
        return _show(code, {processor.id: form}, status_of(refusal))
    flash(_("The contract with %(supplier)s is on record.", supplier=processor.name), "done")
    return redirect(url_for("contracts.room", code=code, _anchor=processor.code), 303)


@blueprint.post("/<code>/<uuid:contract_id>/withdraw")
@audience(*RECORDERS)
def withdraw_contract(code: str, contract_id: UUID) -> AnyResponse:
    """Take a contract back."""
    page = _page(code)
    form = WithdrawalForm(prefix=f"withdraw-{contract_id}")
    if not form.validate():
        return _show(code, {contract_id: form}, 422)
    refusal = execute(WithdrawContract(subject_id=page.campaign_id, contract_id=contract_id, reason=form.reason.data))
    if refusal:
        form.form_errors = [say_refusal(refusal)]
        return _show(code, {contract_id: form}, status_of(refusal))
    flash(_("The contract counts no more. The history keeps it."), "done")
    return redirect(url_for("contracts.room", code=code), 303)


@blueprint.get("/signed/<uuid:contract_id>")
@audience(Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR)
def signed(contract_id: UUID) -> Response:
    """A signed contract, a PDF."""
    rooms = jalon()
    row = get_signed_contract(rooms.database, current_actor(), contract_id)
    return show_file(rooms.files.read(row), row.name)


def _page(code: str) -> ContractsPage:
    with jalon().database.reading(current_actor()) as session:
        return get_contracts(CampaignFacts(session, find_campaign(session, code)))


def _show(code: str, sent: Mapping[UUID, KeptTextForm] | None = None, status: int = 200) -> Response:
    """The page, with forms for recorders alone; the one that was just sent and came back with remarks, by what it is about."""
    page, came_back = _page(code), sent or {}
    roles = current_actor().roles
    processors = page.processors if not roles.isdisjoint(RECORDERS) else ()
    records = {one.id: came_back.get(one.id) or ContractForm(None, prefix=one.code) for one in processors}
    withdrawals = {
        line.id: came_back.get(line.id) or WithdrawalForm(None, prefix=f"withdraw-{line.id}")
        for one in processors
        for line in one.contracts
        if line.is_here
    }
    back = url_for("manager.order" if Role.PROJECT_MANAGER in roles else "auditor.timeline", code=code)
    return make_response(render_template("shared/contracts.html", page=page, records=records, withdrawals=withdrawals, back=back), status)
