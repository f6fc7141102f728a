"""Several orders accepted at once, each as it was shown: for a broker who got one for each list. Other answers are given order by order."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.errors import say_refusal
from app.portals.shared.asking import execute
from app.portals.supplier.forms import AcceptOrderForm
from app.portals.supplier.order import order_page
from app.portals.supplier.room import blueprint, now, reading
from app.queries.supplier import OrderPage, list_orders_to_answer
from app.security.audience import audience
from workflows.order.process import AcknowledgeOrder
from workflows.parties.roles import Role


@blueprint.get("/orders/answer")
@audience(Role.SUPPLIER)
def orders_together() -> ResponseReturnValue:
    """What waits for an answer, to be accepted together."""
    pages = _pages()
    return _show(pages) if pages else redirect(url_for("supplier.orders"))


@blueprint.post("/orders/answer")
@audience(Role.SUPPLIER)
def accept_orders() -> ResponseReturnValue:
    """Accept those that were ticked, each in a transaction of its own, and say of each that was not taken why."""
    forms = _ticked()
    if not forms:
        return _show(_pages(), remark=_("Tick the orders that you accept.")), 422
    refused = []
    for order_id, form in forms.items():
        command = AcknowledgeOrder(subject_id=order_id, seen_version=form.seen_version.data, content_sha256=form.content_sha256.data)
        refusal = execute(command, apart=True)
        if refusal:
            refused.append((order_page(order_id), say_refusal(refusal)))
    accepted = len(forms) - len(refused)
    if accepted:
        flash(ngettext("One order is accepted. Thank you.", "%(num)s orders are accepted. Thank you.", accepted), "done")
    return (_show(_pages(), refused), 409) if refused else redirect(url_for("supplier.home"), 303)


def _ticked() -> dict[UUID, AcceptOrderForm]:
    """The orders that were ticked, in the page's order, each with what was shown of it."""
    try:
        forms = {UUID(one): AcceptOrderForm(prefix=one) for one in request.form.getlist("order")}
    except ValueError:
        abort(400)
    return forms if all(form.validate() for form in forms.values()) else abort(400)


def _pages() -> list[OrderPage]:
    with reading() as session:
        return list_orders_to_answer(session, now=now())


def _show(pages: list[OrderPage], refused: Sequence[tuple[OrderPage, str]] = (), *, remark: str = "") -> str:
    return render_template("supplier/orders_together.html", pages=pages, refused=refused, remark=remark)
