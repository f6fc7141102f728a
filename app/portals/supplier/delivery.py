"""Handing in a file for a list, and what was found in it."""

from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.intake.rows import decode
from app.portals.shared.asking import execute_with_file
from app.portals.supplier.forms import DeliverForm, deliver_form
from app.portals.supplier.report import report_on
from app.portals.supplier.room import blueprint, now, reading
from app.queries.supplier_work import DeliveryPage, get_delivery, get_file
from app.security.audience import audience
from workflows.delivery.process import DeliverFile
from workflows.parties.roles import Role


@blueprint.get("/lists/<uuid:list_id>/delivery")
@audience(Role.SUPPLIER)
def delivery(list_id: UUID) -> str:
    """What has come of a list, and the form for the next file."""
    page = _page(list_id)
    return _show(page, deliver_form(page.segments, None, data={"tranche": page.next_tranche, "file_version": page.next_version}))


@blueprint.post("/lists/<uuid:list_id>/delivery")
@audience(Role.SUPPLIER)
def deliver_list(list_id: UUID) -> ResponseReturnValue:
    """Take a file and its note, and show how its check goes."""
    page = _page(list_id)
    form = deliver_form(page.segments)
    if not form.validate_on_submit():
        return _show(page, form), 422
    layout = form.layout.data.read() if form.layout.data else b""
    refusal = execute_with_file(
        form.file.data,
        lambda kept: DeliverFile(
            subject_id=list_id,
            tranche=form.tranche.data,
            file_version=form.file_version.data,
            file=kept,
            layout=decode(layout),
            declared_count=_whole(form.declared_count.data),
            declared_sha256=(form.declared_sha256.data or "").strip().lower(),
            declared_encoding=form.declared_encoding.data or "",
            extracted_on=form.extracted_on.data,
            owner_seed_count=_whole(form.owner_seed_count.data),
            criteria=form.criteria.data or "",
            declared_segments=form.declared_segments() or None,
        ),
    )
    if refusal:
        return _show(_page(list_id), form, refusal=say_refusal(refusal)), status_of(refusal)
    came = next(file for file in _page(list_id).files if (file.tranche, file.file_version) == (form.tranche.data, form.file_version.data))
    flash(_("%(name)s has arrived.", name=came.name), "done")
    return redirect(url_for("supplier.delivered", file_id=came.id), 303)


@blueprint.get("/deliveries/<uuid:file_id>")
@audience(Role.SUPPLIER)
def delivered(file_id: UUID) -> str:
    """One file and what was found in it; asked for again while it is being read."""
    with reading() as session:
        file = get_file(session, file_id)
    template = "supplier/delivered_report.html" if request.headers.get("HX-Request") else "supplier/delivered.html"
    return render_template(template, file=file, report=report_on(file))


def _page(list_id: UUID) -> DeliveryPage:
    with reading() as session:
        return get_delivery(session, list_id, now=now())


def _show(page: DeliveryPage, form: DeliverForm, *, refusal: str = "") -> str:
    return render_template("supplier/delivery.html", page=page, form=form, refusal=refusal)


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
