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
from app.portals.shared.counts import CountsForm, counted, of_segments
from app.portals.supplier.room import blueprint, now, reading
from app.queries.counts import CountsPage, get_counts_page
from app.queries.terms_sheets import get_sheet
from app.security.audience import audience
from workflows.campaign.counts.counting import GiveCounts
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


@blueprint.get("/lists/<uuid:list_id>/terms")
@audience(Role.SUPPLIER)
def terms(list_id: UUID) -> str:
    """What was agreed about one list, as its sheet says it."""
    with reading() as session:
        page = get_sheet(session, list_id)
    words = catalogue(i18n.language())
    write = Typography(i18n.language(), page.content.head.currency)
    return render_template(
        "supplier/terms.html", page=page, doc=page.content, t=words.text, label=words.label, labels=words.labels, write=write
    )


def _page(list_id: UUID) -> CountsPage:
    with reading() as session:
        page = get_counts_page(session, list_id, now=now())
        session.expunge_all()
        return page


def _segments(page: CountsPage) -> list[str]:
    return [row.segment for row in page.content.rows]


def _show(page: CountsPage, form: CountsForm | None = None) -> str:
    segments = _segments(page)
    given = page.given
    before = dict[str, Any]()
    if given and page.is_answered:
        before = {**counted(segments, given.available), "held_until_on": given.held_until_on, "remark": given.remark}
    words = catalogue(i18n.language())
    return render_template(
        "supplier/negotiation.html",
        page=page,
        doc=page.content,
        given_rows=[{"segment": code, "available": count} for code, count in sorted(given.available.items())] if given else [],
        form=form or of_segments(CountsForm, segments)(formdata=None, data=before),
        labels=words.labels,
    )
