"""The sample mail piece that the owner of a list is asked to approve: it looks, and approves exactly that version, or says why not."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.portals.shared.asking import execute
from app.portals.supplier.forms import ApproveSampleForm, RefuseSampleForm
from app.portals.supplier.room import blueprint, now, reading
from app.queries.bases import get_basis
from app.queries.samples import SamplesPage, get_samples_page
from app.security.audience import audience
from workflows.campaign.samples.showing import RefuseSample
from workflows.campaign.stages.negotiation import RecordConsent
from workflows.parties.roles import Role


@blueprint.get("/lists/<uuid:list_id>/sample")
@audience(Role.SUPPLIER)
def samples(list_id: UUID) -> str:
    """What is shown, and the two answers."""
    return _show(_page(list_id))


@blueprint.post("/lists/<uuid:list_id>/sample/approve")
@audience(Role.SUPPLIER)
def approve_sample(list_id: UUID) -> ResponseReturnValue:
    """Consent to the samples that were shown."""
    page, form = _page(list_id), ApproveSampleForm(prefix="approve")
    if not form.validate_on_submit():
        return _show(page, approve=form), 422
    refusal = execute(RecordConsent(subject_id=page.campaign_id, list_id=list_id, samples=dict(form.samples.seen)))
    if refusal:
        return _show(_page(list_id), approve=form, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("The mail piece for %(list)s is approved. Thank you.", list=page.list_name), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.post("/lists/<uuid:list_id>/sample/refuse")
@audience(Role.SUPPLIER)
def refuse_sample(list_id: UUID) -> ResponseReturnValue:
    """Say why the owner does not agree."""
    page, form = _page(list_id), RefuseSampleForm(prefix="refuse")
    if not form.validate_on_submit():
        return _show(page, refuse=form), 422
    seen = dict(form.samples.seen)
    refusal = execute(RefuseSample(subject_id=page.campaign_id, list_id=list_id, samples=seen, reason=form.reason.data))
    if refusal:
        return _show(_page(list_id), refuse=form, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("The advertiser has your answer. If the mail piece changes, you are asked again."), "done")
    return redirect(url_for("supplier.home"), 303)


def _page(list_id: UUID) -> SamplesPage:
    with reading() as session:
        return get_samples_page(session, list_id, now=now())


def _show(page: SamplesPage, approve: ApproveSampleForm | None = None, refuse: RefuseSampleForm | None = None, *, refusal: str = "") -> str:
    approve = approve or ApproveSampleForm(prefix="approve", formdata=None)
    refuse = refuse or RefuseSampleForm(prefix="refuse", formdata=None)
    for form in (approve, refuse):
        form.samples.shows(page.pieces)
    with reading() as session:
        lacks_basis = get_basis(session, page.list_id).is_lacking
    return render_template("supplier/samples.html", page=page, lacks_basis=lacks_basis, approve=approve, refuse=refuse, refusal=refusal)
