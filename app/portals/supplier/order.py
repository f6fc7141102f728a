"""One order as it was issued, and the answers to it: accepted, refused, or a change proposed."""

from dataclasses import dataclass, replace
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
from app.portals.shared.proposal_words import proposal_rows
from app.portals.supplier.forms import AcceptOrderForm, DeclineOrderForm, ProposeForm
from app.portals.supplier.room import blueprint, now, reading
from app.queries.bases import get_basis
from app.queries.supplier import OrderPage, get_order
from app.security.audience import audience
from workflows.campaign.values import RATES
from workflows.engine.refusals import Refused
from workflows.order.process import AcknowledgeOrder, DeclineOrder
from workflows.order.proposing import ProposeChange
from workflows.parties.roles import Role
from workflows.trade.billing import in_order

TERM_FIELDS = (
    *("cpm", "selection_cpm", "run_charge_cpm", "min_billing_rate", "billing_basis"),
    *("min_invoice_amount", "technical_fee"),
)
"""Fields of a proposal for the terms of a list, as they stand one after the other."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The forms on the page, one for each kind of answer."""

    accept: AcceptOrderForm
    decline: DeclineOrderForm
    propose: ProposeForm


@blueprint.get("/orders/<uuid:order_id>")
@audience(Role.SUPPLIER)
def order(order_id: UUID) -> str:
    """The order, with its content exactly as it is on paper."""
    page = order_page(order_id)
    return _show(page, _fresh(page))


@blueprint.post("/orders/<uuid:order_id>/acknowledge")
@audience(Role.SUPPLIER)
def acknowledge_order(order_id: UUID) -> ResponseReturnValue:
    """Accept the order that was shown."""
    page, form = order_page(order_id), AcceptOrderForm(prefix="accept")
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), accept=form)), 422
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
    page, form = order_page(order_id), DeclineOrderForm(prefix="decline")
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), decline=form)), 422
    refusal = execute(DeclineOrder(subject_id=order_id, seen_version=form.seen_version.data, reason=form.reason.data))
    if refusal:
        return _refused(order_id, refusal, decline=form)
    flash(_("Your refusal of order %(number)s was handed over, with its reason.", number=page.order.number), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.post("/orders/<uuid:order_id>/propose")
@audience(Role.SUPPLIER)
def propose_change(order_id: UUID) -> ResponseReturnValue:
    """Propose a change to the order."""
    page, form = order_page(order_id), ProposeForm(prefix="propose")
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), propose=form)), 422
    refusal = execute(
        ProposeChange(
            subject_id=order_id,
            seen_version=form.seen_version.data,
            quantity=None if form.quantity.data is None else int(form.quantity.data),
            deliver_on=form.deliver_on.data,
            words=form.words.data or "",
            **{name: form[name].data for name in RATES},
            billing_basis=form.billing_basis.data or None,
            unbilled_reasons=_unbilled(page, form),
        )
    )
    if refusal:
        return _refused(order_id, refusal, propose=form)
    flash(_("Your proposal for order %(number)s was handed over.", number=page.order.number), "done")
    return redirect(url_for("supplier.home"), 303)


def _unbilled(page: OrderPage, form: ProposeForm) -> tuple[str, ...] | None:
    """What the supplier proposes never to bill, where the boxes are not ticked as they were when the order was shown."""
    ticked = in_order(form.unbilled_reasons.data or ())
    return None if ticked == in_order(_ordered_unbilled(page)) else ticked


def _ordered_unbilled(page: OrderPage) -> tuple[str, ...]:
    return page.content.list_terms.unbilled_reasons if page.content.list_terms else ()


def _refused(order_id: UUID, refusal: Refused, **sent: Any) -> ResponseReturnValue:
    """The order as it stands now, with the words that were typed and why they were not taken."""
    page = order_page(order_id)
    answers = replace(_fresh(page), **sent)
    for form in sent.values():
        form.seen_again(page.version)
    answers.accept.content_sha256.data = page.content_sha256
    return _show(page, answers, refusal=say_refusal(refusal)), status_of(refusal)


def order_page(order_id: UUID) -> OrderPage:
    """The order as it stands, read by itself.

    :raises NotFound: when it is not this supplier's.
    """
    with reading() as session:
        return get_order(session, order_id, now=now())


def _fresh(page: OrderPage) -> Answers:
    seen = {"seen_version": page.version}
    return Answers(
        accept=AcceptOrderForm(None, prefix="accept", data={"content_sha256": page.content_sha256, **seen}),
        decline=DeclineOrderForm(None, prefix="decline", data=seen),
        propose=ProposeForm(None, prefix="propose", data={"unbilled_reasons": _ordered_unbilled(page), **seen}),
    )


def _lacks_basis(page: OrderPage) -> bool:
    """Whether the legal basis of the list ordered is still to be stated, beside what was agreed about it."""
    if page.list_id is None:
        return False
    with reading() as session:
        return get_basis(session, page.list_id).is_lacking


def _show(page: OrderPage, answers: Answers, *, refusal: str = "") -> str:
    words = catalogue(i18n.language())
    return render_template(
        "supplier/order.html",
        page=page,
        doc=page.content,
        accept=answers.accept,
        decline=answers.decline,
        propose=answers.propose,
        terms_fields=TERM_FIELDS,
        lacks_basis=_lacks_basis(page),
        proposed=list(proposal_rows(page.proposal, page.order.currency)) if page.proposal else [],
        refusal=refusal,
        asked=request.method == "POST",
        t=words.text,
        label=words.label,
        labels=words.labels,
        write=Typography(i18n.language(), page.order.currency),
    )
