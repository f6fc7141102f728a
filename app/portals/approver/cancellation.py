"""The approver's page for a cancellation: what it costs, why it is asked for, and the two answers. The stage decides whether they count."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import DecimalField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.approver.forms import AnswerForm, ReasonForm
from app.portals.approver.views import blueprint
from app.portals.shared.asking import execute
from app.portals.shared.comments import conversation
from app.queries.cancellation import CancellationPage, get_cancellation
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.any_stage.cancelling import ApproveCancellation, RefuseCancellation
from workflows.engine.command import Command
from workflows.parties.roles import Role


class ApproveForm(AnswerForm):
    """End the campaign at the cost that was shown."""

    owed_amount = DecimalField(places=2, widget=HiddenInput(), validators=[InputRequired()])


@blueprint.get("/campaigns/<code>/cancellation")
@audience(Role.BUDGET_APPROVER)
def cancellation(code: str) -> str:
    """A cancellation as it stands."""
    page = _page(code)
    return _show(page, _approving(page), _refusing(page))


@blueprint.post("/campaigns/<code>/cancellation/approve")
@audience(Role.BUDGET_APPROVER)
def approve_cancellation(code: str) -> ResponseReturnValue:
    """End the campaign."""
    page, form = _page(code), ApproveForm(prefix="approve")
    if not form.validate_on_submit():
        return _show(page, form, _refusing(page)), 422
    command = ApproveCancellation(
        subject_id=page.campaign_id, seen_version=form.seen_version.data, owed_amount=form.owed_amount.data, comment=form.comment.data or ""
    )
    return _answer(code, command, _("The campaign is cancelled. Its suppliers are told."), approve=form)


@blueprint.post("/campaigns/<code>/cancellation/refuse")
@audience(Role.BUDGET_APPROVER)
def refuse_cancellation(code: str) -> ResponseReturnValue:
    """Let the campaign go on."""
    page, form = _page(code), ReasonForm(prefix="refuse")
    if not form.validate_on_submit():
        return _show(page, _approving(page), form), 422
    command = RefuseCancellation(subject_id=page.campaign_id, seen_version=form.seen_version.data, reason=form.reason.data)
    return _answer(code, command, _("The campaign goes on. Your reason was kept with the decision."), refuse=form)


def _answer(
    code: str, command: Command, done: str, *, approve: ApproveForm | None = None, refuse: ReasonForm | None = None
) -> ResponseReturnValue:
    """Carry an answer out; else the page as it stands now, with the words that were typed and the reason why they were not taken."""
    refusal = execute(command)
    if refusal is None:
        flash(done, "done")
        return redirect(url_for("approver.home"), 303)
    page = _page(code)
    fresh, again = _approving(page), _refusing(page)
    if approve is not None:
        fresh.comment.data = approve.comment.data
    if refuse is not None:
        again.reason.data = refuse.reason.data
    return _show(page, fresh, again, refusal=say_refusal(refusal)), status_of(refusal)


def _page(code: str) -> CancellationPage:
    rooms = jalon()
    with rooms.database.reading(current_actor()) as session:
        return get_cancellation(session, code, current_actor(), now=rooms.clock.now())


def _approving(page: CancellationPage) -> ApproveForm:
    data = {"owed_amount": page.owed_amount, "seen_version": page.campaign_version}
    return ApproveForm(None, prefix="approve", data=data)


def _refusing(page: CancellationPage) -> ReasonForm:
    return ReasonForm(None, prefix="refuse", data={"seen_version": page.campaign_version})


def _show(page: CancellationPage, approve: ApproveForm, refuse: ReasonForm, *, refusal: str = "") -> str:
    return render_template(
        "approver/cancellation.html",
        page=page,
        approve=approve,
        refuse=refuse,
        refusal=refusal,
        asked=request.method == "POST",
        talk=conversation(page.talk) if page.talk else None,
    )
