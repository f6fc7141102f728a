"""One order as it was issued, and the two answers to it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import i18n
from app.documents.catalogue import catalogue
from app.documents.typography import Typography
from app.errors import say_refusal, status_of
from app.portals.shared.asking import execute
from app.portals.supplier.forms import AcceptOrderForm, DeclineOrderForm
from app.portals.supplier.room import blueprint, now, reading
from app.queries.supplier import OrderPage, get_order
from app.security.audience import audience
from workflows.engine.refusals import Refused
from workflows.order.process import AcknowledgeOrder, DeclineOrder
from workflows.parties.roles import Role


@blueprint.get("/orders/<uuid:order_id>")
@audience(Role.SUPPLIER)
def order(order_id: UUID) -> str:
    """The order, with its content exactly as it is on paper."""
    page = _page(order_id)
    return _show(page, _accept_form(page), _decline_form(page))


@blueprint.post("/orders/<uuid:order_id>/acknowledge")
@audience(Role.SUPPLIER)
def acknowledge_order(order_id: UUID) -> ResponseReturnValue:
    """Accept the order that was shown."""
    page, form = _page(order_id), AcceptOrderForm(prefix="accept")
    if not form.validate_on_submit():
        return _show(page, form, _decline_form(page)), 422
    refusal = execute(
        AcknowledgeOrder(
            subject_id=order_id,
            seen_version=form.seen_version.data,
            content_sha256=form.content_sha256.data,
            comment=form.comment.data or "",
        )
    )
    if refusal:
        return _refused(order_id, refusal, accept=form)
    flash(_("Order %(number)s is accepted. Thank you.", number=page.order.number), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.post("/orders/<uuid:order_id>/decline")
@audience(Role.SUPPLIER)
def decline_order(order_id: UUID) -> ResponseReturnValue:
    """Refuse the order, with the reason."""
    page, form = _page(order_id), DeclineOrderForm(prefix="decline")
    if not form.validate_on_submit():
        return _show(page, _accept_form(page), form), 422
    refusal = execute(DeclineOrder(subject_id=order_id, seen_version=form.seen_version.data, reason=form.reason.data))
    if refusal:
        return _refused(order_id, refusal, decline=form)
    flash(_("Your refusal of order %(number)s was handed over, with its reason.", number=page.order.number), "done")
    return redirect(url_for("supplier.home"), 303)


def _refused(order_id: UUID, refusal: Refused, *, accept: Any = None, decline: Any = None) -> ResponseReturnValue:
    """The order as it stands now, with the words that were typed and why they were not taken."""
    page = _page(order_id)
    accept, decline = accept or _accept_form(page), decline or _decline_form(page)
    for form in (accept, decline):
        form.seen_version.raw_data, form.seen_version.data = None, page.version
    accept.content_sha256.data = page.content_sha256
    return _show(page, accept, decline, refusal=say_refusal(refusal)), status_of(refusal)


def _page(order_id: UUID) -> OrderPage:
    with reading() as session:
        return get_order(session, order_id, now=now())


def _accept_form(page: OrderPage) -> AcceptOrderForm:
    return AcceptOrderForm(None, prefix="accept", data={"content_sha256": page.content_sha256, "seen_version": page.version})


def _decline_form(page: OrderPage) -> DeclineOrderForm:
    return DeclineOrderForm(None, prefix="decline", data={"seen_version": page.version})


def _show(page: OrderPage, accept: AcceptOrderForm, decline: DeclineOrderForm, *, refusal: str = "") -> str:
    words = catalogue(i18n.language())
    return render_template(
        "supplier/order.html",
        page=page,
        doc=page.content,
        accept=accept,
        decline=decline,
        refusal=refusal,
        asked=request.method == "POST",
        t=words.text,
        label=words.label,
        labels=words.labels,
        write=Typography(i18n.language(), page.order.currency),
    )
