"""The approver's page for an overrun: what was approved, what is forecast and why, what is committed, the answers. The stage decides."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import DecimalField, HiddenField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.approver import words
from app.portals.approver.forms import AnswerForm, ReasonForm
from app.portals.approver.views import blueprint
from app.portals.shared.asking import execute
from app.portals.shared.budget_words import DECISIONS
from app.portals.shared.comments import conversation
from app.portals.shared.overrun_words import difference_rows, tolerance_words
from app.portals.shared.signing_words import signing_words
from app.queries.overrun import OverrunPage, get_overrun
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.budget.overrun import ApproveOverrun, EndorseOverrun, RefuseOverrun
from workflows.engine.refusals import ConditionsUnmet
from workflows.parties.roles import Role


class AcceptForm(AnswerForm):
    """Accept or support the forecast with this hash and this amount."""

    overrun_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    forecast_amount = DecimalField(places=2, widget=HiddenInput(), validators=[InputRequired()])


@blueprint.get("/campaigns/<code>/overrun")
@audience(Role.BUDGET_APPROVER)
def overrun(code: str) -> str:
    """The newest overrun of the budget, as it stands."""
    page = _page(code)
    return _show(page, _accepting(page), _refusing(page))


@blueprint.post("/campaigns/<code>/overrun/approve")
@audience(Role.BUDGET_APPROVER)
def approve_overrun(code: str) -> ResponseReturnValue:
    """Accept what is forecast."""
    return _accept(code, ApproveOverrun, _("Approved. The project manager can order the mailing."))


@blueprint.post("/campaigns/<code>/overrun/endorse")
@audience(Role.BUDGET_APPROVER)
def endorse_overrun(code: str) -> ResponseReturnValue:
    """Support what is forecast."""
    return _accept(code, EndorseOverrun, _("Your support is kept with the overrun. It waits for whoever approves it."))


@blueprint.post("/campaigns/<code>/overrun/refuse")
@audience(Role.BUDGET_APPROVER)
def refuse_overrun(code: str) -> ResponseReturnValue:
    """Let the mailing not be ordered at that cost."""
    page, form = _page(code), ReasonForm(prefix="refuse")
    if not form.validate_on_submit():
        return _show(page, _accepting(page), form), 422
    command = RefuseOverrun(subject_id=page.campaign_id, seen_version=form.seen_version.data, reason=form.reason.data)
    return _answer(code, command, _refused(page), refuse=form)


def _refused(page: OverrunPage) -> str:
    if page.overrun.invoice:
        return str(_("Refused. The invoice is to be decided anew; your reason is shown to the project manager."))
    return str(_("Refused. The mailing stays closed; your reason is shown to the project manager."))


def _accept(code: str, answer: type[ApproveOverrun] | type[EndorseOverrun], done: str) -> ResponseReturnValue:
    page, form = _page(code), AcceptForm(prefix="accept")
    if not form.validate_on_submit():
        return _show(page, form, _refusing(page)), 422
    command = answer(
        subject_id=page.campaign_id,
        seen_version=form.seen_version.data,
        overrun_sha256=form.overrun_sha256.data,
        forecast_amount=form.forecast_amount.data,
        comment=form.comment.data or "",
    )
    return _answer(code, command, done, accept=form)


def _answer(
    code: str,
    command: ApproveOverrun | EndorseOverrun | RefuseOverrun,
    done: str,
    *,
    accept: AcceptForm | None = None,
    refuse: ReasonForm | None = None,
) -> ResponseReturnValue:
    """Carry an answer out; else the page as it stands now, with the words that were typed and the reason why they were not taken."""
    refusal = execute(command)
    if refusal is None:
        flash(done, "done")
        return redirect(url_for("approver.home"), 303)
    page = _page(code)
    fresh = _accepting(page)
    if accept is not None:
        fresh.comment.data = accept.comment.data
    again = _refusing(page)
    if refuse is not None:
        again.reason.data = refuse.reason.data
    unmet = words.reasons(page, refusal.unmet) if isinstance(refusal, ConditionsUnmet) else []
    return _show(page, fresh, again, refusal=say_refusal(refusal), unmet=unmet), status_of(refusal)


def _page(code: str) -> OverrunPage:
    rooms = jalon()
    with rooms.database.reading(current_actor()) as session:
        return get_overrun(session, code, current_actor(), now=rooms.clock.now())


def _accepting(page: OverrunPage) -> AcceptForm:
    shown = {"overrun_sha256": page.overrun.sha256, "forecast_amount": page.overrun.forecast_amount}
    return AcceptForm(None, prefix="accept", data={**shown, "seen_version": page.campaign_version})


def _refusing(page: OverrunPage) -> ReasonForm:
    return ReasonForm(None, prefix="refuse", data={"seen_version": page.campaign_version})


def _show(page: OverrunPage, accept: AcceptForm, refuse: ReasonForm, *, refusal: str = "", unmet: list[Any] | None = None) -> str:
    return render_template(
        "approver/overrun.html",
        page=page,
        accept=accept,
        refuse=refuse,
        refusal=refusal,
        unmet=unmet or [],
        asked=request.method == "POST",
        talk=conversation(page.talk) if page.talk else None,
        rows=difference_rows(page.overrun, page.names),
        tolerance=tolerance_words(page.overrun),
        signing=signing_words(page.signing, page.names) if page.signing else [],
        closed={name: words.reasons(page, reasons) for name, reasons in page.closed.items() if reasons},
        decisions=DECISIONS,
    )
