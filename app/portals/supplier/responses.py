"""Bringing what came back, as files; and taking the file of those who are not to be written to again."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.intake.returned import NEEDED
from app.portals.shared.asking import execute, execute_with_file
from app.portals.shared.objections import counts_words, send_objections
from app.portals.shared.returned_words import batch_view
from app.portals.supplier.forms import RETURNED, ReturnForm
from app.portals.supplier.room import blueprint, reading
from app.queries.supplier_work import ResponsesPage, get_returns
from app.security.audience import audience
from workflows.campaign.data_protection.objections import TakeObjections
from workflows.campaign.stages.responses import ImportBatch
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/responses")
@audience(Role.SUPPLIER)
def responses(code: str) -> str:
    """The form for a file that came back."""
    return _show(_page(code), ReturnForm(None))


@blueprint.post("/campaigns/<code>/responses")
@audience(Role.SUPPLIER)
def import_responses(code: str) -> ResponseReturnValue:
    """Take one file."""
    page, form = _page(code), ReturnForm()
    if not form.validate_on_submit():
        return _show(page, form), 422
    refusal = execute_with_file(form.file.data, lambda kept: ImportBatch(subject_id=page.campaign_id, kind=form.kind.data, file=kept))
    if refusal:
        return _show(page, form, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("%(name)s has arrived. A line that came before counts once.", name=form.file.data.filename), "done")
    return redirect(url_for("supplier.responses", code=code), 303)


@blueprint.post("/campaigns/<code>/objections/<uuid:file_id>")
@audience(Role.SUPPLIER)
def take_objections(code: str, file_id: UUID) -> ResponseReturnValue:
    """The file of this supplier's own people. The move comes first: what is taken is on record before a byte leaves."""
    page = _page(code)
    refusal = execute(TakeObjections(subject_id=page.campaign_id, file_id=file_id))
    if refusal:
        return _show(page, ReturnForm(None), refusal=say_refusal(refusal)), status_of(refusal)
    return send_objections(file_id, code)


def _page(code: str) -> ResponsesPage:
    with reading() as session:
        return get_returns(session, code)


def _show(page: ResponsesPage, form: ReturnForm, *, refusal: str = "") -> str:
    form.offer(page.kinds)
    batches = [batch_view(batch) for batch in page.batches]
    titles = {RETURNED[kind]: NEEDED[kind] for kind in page.kinds}
    return render_template(
        "supplier/responses.html", page=page, form=form, refusal=refusal, counts_words=counts_words, batches=batches, titles=titles
    )
