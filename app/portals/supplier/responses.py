"""Bringing what came back: answers and undelivered mail, as files."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.portals.shared.asking import execute_with_file
from app.portals.supplier.forms import ReturnForm
from app.portals.supplier.room import blueprint, now, reading
from app.queries.supplier_work import ResponsesPage, get_returns
from app.security.audience import audience
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


def _page(code: str) -> ResponsesPage:
    with reading() as session:
        return get_returns(session, code, now=now())


def _show(page: ResponsesPage, form: ReturnForm, *, refusal: str = "") -> str:
    return render_template("supplier/responses.html", page=page, form=form, refusal=refusal)
