"""What the supplier of a list is asked before anything is ordered, how many addresses there are; and what was agreed about it then."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import i18n
from app.documents.catalogue import catalogue
from app.documents.typography import Typography
from app.errors import say_refusal, status_of
from app.portals.shared.asking import execute
from app.portals.shared.bases import BasisForm, before, said_in, stated_words
from app.portals.shared.counts import CountsForm, counted, of_segments
from app.portals.supplier.room import blueprint, now, reading
from app.queries.bases import SupplierBasis, get_basis
from app.queries.counts import CountsPage, get_counts_page
from app.queries.terms_sheets import get_sheet, has_sheet
from app.security.audience import audience
from workflows.campaign.counts.counting import GiveCounts
from workflows.campaign.terms.stating import StateBasis
from workflows.parties.roles import Role


@blueprint.get("/lists/<uuid:list_id>/counts")
@audience(Role.SUPPLIER)
def negotiation(list_id: UUID) -> str:
    """What is to be counted, and the form or what was answered."""
    return _show(_page(list_id))


@blueprint.post("/lists/<uuid:list_id>/counts")
@audience(Role.SUPPLIER)
def give_counts(list_id: UUID) -> ResponseReturnValue:
    """Take the counts of one list."""
    page = _page(list_id)
    form = of_segments(CountsForm, _segments(page))()
    if not form.validate_on_submit():
        return _show(page, form), 422
    refusal = execute(GiveCounts(subject_id=page.campaign_id, list_id=list_id, **form.given()))
    if refusal:
        form.form_errors = [say_refusal(refusal)]
        return _show(_page(list_id), form), status_of(refusal)
    flash(_("Your counts of %(list)s were handed over. Thank you.", list=page.content.list_name), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.get("/lists/<uuid:list_id>/basis")
@audience(Role.SUPPLIER)
def basis(list_id: UUID) -> str:
    """On what basis the addresses of one list may be used, where neither counts nor terms are at hand: what is stated, and the form."""
    return _show_basis(list_id)


@blueprint.post("/lists/<uuid:list_id>/basis")
@audience(Role.SUPPLIER)
def state_basis(list_id: UUID) -> ResponseReturnValue:
    """Take the legal basis of one list; what is amiss is said beside its terms where it has some, else on its own page."""
    with reading() as session:
        about, is_agreed = get_basis(session, list_id), has_sheet(session, list_id)
    form, show = BasisForm(), _show_terms if is_agreed else _show_basis
    if not form.validate_on_submit():
        return show(list_id, form), 422
    refusal = execute(StateBasis(subject_id=about.campaign_id, list_id=list_id, **said_in(form)))
    if refusal:
        form.form_errors = [say_refusal(refusal)]
        return show(list_id, form), status_of(refusal)
    flash(_("The legal basis of %(list)s is stated. Thank you.", list=about.list_name), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.get("/lists/<uuid:list_id>/terms")
@audience(Role.SUPPLIER)
def terms(list_id: UUID) -> str:
    """What was agreed about one list, as its sheet says it."""
    return _show_terms(list_id)


def _show_terms(list_id: UUID, stating: BasisForm | None = None) -> str:
    with reading() as session:
        page, about = get_sheet(session, list_id), get_basis(session, list_id)
    words = catalogue(i18n.language())
    write = Typography(i18n.language(), page.content.head.currency)
    return render_template(
        "supplier/terms.html",
        page=page,
        doc=page.content,
        basis=_basis_view(about, stating),
        t=words.text,
        label=words.label,
        labels=words.labels,
        write=write,
    )


def _show_basis(list_id: UUID, stating: BasisForm | None = None) -> str:
    with reading() as session:
        about = get_basis(session, list_id)
    return render_template("supplier/state_basis.html", about=about, basis=_basis_view(about, stating))


def _basis_view(about: SupplierBasis, stating: BasisForm | None) -> dict[str, Any]:
    """The legal basis as its supplier's pages show it: what is stated, and the form as long as it may be."""
    form = stating or BasisForm(formdata=None, data=before(about.said))
    return {"stated": about.stated, "words": stated_words(about.stated), "form": form if about.is_open else None}


def _page(list_id: UUID) -> CountsPage:
    with reading() as session:
        page = get_counts_page(session, list_id, now=now())
        session.expunge_all()
        return page


def _segments(page: CountsPage) -> list[str]:
    return [row.segment for row in page.content.rows]


def _show(page: CountsPage, form: CountsForm | None = None) -> str:
    with reading() as session:
        about = get_basis(session, page.list_id)
    segments = _segments(page)
    given = page.given
    counts = dict[str, Any]()
    if given and page.is_answered:
        counts = {**counted(segments, given.available), "held_until_on": given.held_until_on, "remark": given.remark}
    words = catalogue(i18n.language())
    return render_template(
        "supplier/negotiation.html",
        page=page,
        doc=page.content,
        given_rows=[{"segment": code, "available": count} for code, count in sorted(given.available.items())] if given else [],
        form=form or of_segments(CountsForm, segments)(formdata=None, data=counts),
        basis=_basis_view(about, None),
        labels=words.labels,
    )
