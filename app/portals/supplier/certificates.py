"""What whoever was handed a file of people does once it is needed no more: certifies that it is destroyed."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.intake.proofs import media_type_of
from app.portals.shared.asking import execute, execute_with_file
from app.portals.shared.certificates import METHODS
from app.portals.supplier.forms import CertificateForm
from app.portals.supplier.room import blueprint, now, reading
from app.queries.certificates import CertificatesPage, get_own_certificates
from app.security.audience import audience
from workflows.campaign.data_protection.certificates import CertifyDestruction
from workflows.campaign.keeping import KeptFile
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/certificates")
@audience(Role.SUPPLIER)
def certificates(code: str) -> str:
    """The files that were handed over, and the form or what was certified."""
    return _show(_page(code))


@blueprint.post("/campaigns/<code>/certificates/<uuid:certificate_id>")
@audience(Role.SUPPLIER)
def certify_destruction(code: str, certificate_id: UUID) -> ResponseReturnValue:
    """Take one certificate."""
    page = _page(code)
    if all(line.id != certificate_id for line in page.lines):
        abort(404)
    form = CertificateForm()
    if not form.validate_on_submit():
        return _show(page, form), 422
    upload = form.file.data
    media_type = media_type_of(upload.stream) if upload else ""

    def command(file: KeptFile | None) -> CertifyDestruction:
        return CertifyDestruction(
            subject_id=page.campaign_id, certificate_id=certificate_id, file=file, media_type=media_type, **form.certified()
        )

    refusal = execute_with_file(upload, command) if upload else execute(command(None))
    if refusal:
        form.form_errors = [say_refusal(refusal)]
        return _show(_page(code), form), status_of(refusal)
    flash(_("The destruction is certified. Thank you."), "done")
    return redirect(url_for("supplier.certificates", code=code), 303)


def _page(code: str) -> CertificatesPage:
    with reading() as session:
        return get_own_certificates(session, code, now=now())


def _show(page: CertificatesPage, form: CertificateForm | None = None) -> str:
    form = form or CertificateForm(formdata=None, data={"destroyed_on": page.today})
    return render_template("supplier/certificates.html", page=page, form=form, methods=METHODS)
