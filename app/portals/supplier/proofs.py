"""What a printer or mailer does before anything is printed: deposits the proof of each message, and reads what is to be corrected."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.intake.proofs import media_type_of
from app.jalon import jalon
from app.portals.shared.asking import execute_with_file
from app.portals.supplier.forms import ProofForm
from app.portals.supplier.room import blueprint, contact, now
from app.queries.supplier_proofs import ProofsPage, get_proofs
from app.security.audience import audience
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.proofs import DepositProof
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/proofs")
@audience(Role.SUPPLIER)
def proofs(code: str) -> str:
    """Each message with its versions, and the form for the next one."""
    return _show(_page(code))


@blueprint.post("/campaigns/<code>/proofs/<message>")
@audience(Role.SUPPLIER)
def deposit_proof(code: str, message: str) -> ResponseReturnValue:
    """Take one version."""
    page = _page(code)
    line = next((one for one in page.lines if one.code == message), None) or abort(404)
    form = ProofForm(prefix=message)
    if not form.validate_on_submit():
        return _show(page, {message: form}), 422
    media_type = media_type_of(form.file.data.stream)

    def command(kept: KeptFile) -> DepositProof:
        return DepositProof(subject_id=page.campaign_id, message_id=line.message_id, file=kept, media_type=media_type)

    refusal = execute_with_file(form.file.data, command)
    if refusal:
        form.file.errors = [say_refusal(refusal)]
        return _show(_page(code), {message: form}), status_of(refusal)
    flash(_("The proof of message %(message)s is deposited. Thank you.", message=message), "done")
    waiting = [one for one in _page(code).lines if one.is_asked]
    return redirect(url_for("supplier.proofs", code=code) if waiting else url_for("supplier.home"), 303)


def _page(code: str) -> ProofsPage:
    return get_proofs(jalon().database, contact(), code, now=now())


def _show(page: ProofsPage, sent: dict[str, ProofForm] | None = None) -> str:
    forms = {line.code: (sent or {}).get(line.code) or ProofForm(formdata=None, prefix=line.code) for line in page.lines}
    return render_template("supplier/proofs.html", page=page, forms_of=forms)
