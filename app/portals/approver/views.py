"""The approver's pages: what waits, one budget, and the answers to it. Each answer is one command; the stage decides."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import i18n
from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.approver import words
from app.portals.approver.changes import changes
from app.portals.approver.forms import AcceptForm, AskForm, RefuseForm
from app.portals.shared.asking import execute
from app.portals.shared.bases import doubt_words, stated_rows
from app.portals.shared.budget_words import DECISIONS, bar, warning_words
from app.portals.shared.comments import conversation
from app.portals.shared.downloads import show_file
from app.portals.shared.kin_words import kin_words
from app.portals.shared.margin_words import margin_words
from app.portals.shared.proposal_words import billing_told
from app.portals.shared.signing_words import condition_words, signing_words
from app.queries import budget as queries
from app.queries.budget_decisions import list_made, list_waiting
from app.queries.budget_pdf import get_budget_pdf
from app.queries.cancellation import list_waiting_cancellations
from app.queries.overrun import list_waiting_overruns
from app.queries.talk import count_comments
from app.queries.terms_sheets import get_sheet_pdf
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.budget.asking import AskAboutBudget
from workflows.campaign.stages.budget import ApproveBudget, EndorseBudget, RefuseBudget, RefuseBudgetToPlan
from workflows.engine.refusals import ConditionsUnmet, Refused
from workflows.parties.roles import Role

blueprint = Blueprint("approver", __name__, url_prefix="/approver")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The forms on the page, one for each kind of answer."""

    accept: AcceptForm
    refuse: RefuseForm
    ask: AskForm


@blueprint.get("/")
@audience(Role.BUDGET_APPROVER)
def home() -> str:
    """Budgets, overruns and cancellations that wait, then decisions made."""
    actor, now = current_actor(), jalon().clock.now()
    with jalon().database.reading(actor) as session:
        waiting = list_waiting(session, actor, now=now)
        made = list_made(session, actor)
        overruns = list_waiting_overruns(session, actor, now=now)
        cancellations = list_waiting_cancellations(session, actor)
        said = count_comments(session, [one.task_id for one in waiting if one.task_id])
    return render_template(
        "approver/home.html",
        waiting=waiting,
        said=said,
        overruns=overruns,
        cancellations=cancellations,
        made=made,
        decisions=DECISIONS,
    )


@blueprint.get("/campaigns/<code>/budget")
@blueprint.get("/campaigns/<code>/budget/<int:number>")
@audience(Role.BUDGET_APPROVER)
def budget(code: str, number: int | None = None) -> str:
    """One budget: the newest, or an earlier one as it was."""
    page = _page(code, number)
    return _show(page, _fresh(page))


@blueprint.post("/campaigns/<code>/budget/approve")
@audience(Role.BUDGET_APPROVER)
def approve_budget(code: str) -> ResponseReturnValue:
    """Accept the budget as it was shown."""
    return _accept(
        code,
        ApproveBudget,
        _("Approved. The orders go to the suppliers; if they still wait for something, the project manager sees to it."),
        _("Approved under conditions. The orders go out once the project manager has met them."),
    )


@blueprint.post("/campaigns/<code>/budget/endorse")
@audience(Role.BUDGET_APPROVER)
def endorse_budget(code: str) -> ResponseReturnValue:
    """Support the budget as it was shown."""
    done = _("Your support is kept with the budget. It waits for whoever approves it.")
    return _accept(code, EndorseBudget, done, done)


@blueprint.post("/campaigns/<code>/budget/refuse")
@audience(Role.BUDGET_APPROVER)
def refuse_budget(code: str) -> ResponseReturnValue:
    """Send the budget back, to negotiation or to the plan, with the reason."""
    page, form = _page(code), RefuseForm(prefix="refuse")
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), refuse=form)), 422
    answer = RefuseBudgetToPlan if form.back_to.data == "plan" else RefuseBudget
    command = answer(subject_id=page.campaign_id, seen_version=form.seen_version.data, reason=form.reason.data)
    refusal = execute(command)
    if refusal:
        return _refused(code, refusal, refuse=form)
    flash(_("Refused. Your reason was handed to whoever prepares the next version."), "done")
    return redirect(url_for("approver.home"), 303)


@blueprint.post("/campaigns/<code>/budget/ask")
@audience(Role.BUDGET_APPROVER)
def ask_about_budget(code: str) -> ResponseReturnValue:
    """Ask the project managers something; the budget goes on waiting."""
    page, form = _page(code), AskForm(prefix="ask")
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), ask=form)), 422
    command = AskAboutBudget(subject_id=page.campaign_id, seen_version=form.seen_version.data, words=form.words.data)
    refusal = execute(command)
    if refusal:
        return _refused(code, refusal, ask=form)
    flash(_("Your question is on its way to the project managers. You get an e-mail with the answer."), "done")
    return redirect(url_for("approver.budget", code=code, _anchor="questions"), 303)


@blueprint.get("/campaigns/<code>/budget/<int:number>.pdf")
@audience(Role.BUDGET_APPROVER)
def budget_pdf(code: str, number: int) -> ResponseReturnValue:
    """The budget file as it is printed."""
    with jalon().database.reading(current_actor()) as session:
        pdf = get_budget_pdf(session, code, number, locale=i18n.language())
    if pdf is None:
        abort(404)
    return show_file(pdf.content, pdf.name)


@blueprint.get("/campaigns/<code>/terms/<uuid:document_id>.pdf")
@audience(Role.BUDGET_APPROVER)
def terms_pdf(code: str, document_id: UUID) -> ResponseReturnValue:
    """What was agreed about one list, as it is printed."""
    with jalon().database.reading(current_actor()) as session:
        pdf = get_sheet_pdf(session, code, document_id, locale=i18n.language())
    return show_file(pdf.content, pdf.name)


def _accept(code: str, answer: type[ApproveBudget] | type[EndorseBudget], done: str, bound: str) -> ResponseReturnValue:
    """Sign what was shown. `done` and `bound` say what happened where no signature, and where one, sets conditions."""
    page = _page(code)
    form = _accepting(page, AcceptForm(prefix="accept"))
    if not form.validate_on_submit():
        return _show(page, replace(_fresh(page), accept=form)), 422
    command = answer(
        subject_id=page.campaign_id,
        seen_version=form.seen_version.data,
        budget_sha256=form.budget_sha256.data,
        cap_amount=form.cap_amount.data,
        excluded_lists=tuple(form.excluded_lists.data or ()),
        comment=form.comment.data or "",
    )
    refusal = execute(command)
    if refusal:
        return _refused(code, refusal, accept=form)
    earlier = page.signing.conditions if page.signing else None
    flash(bound if form.sets_conditions or earlier else done, "done")
    return redirect(url_for("approver.home"), 303)


def _refused(code: str, refusal: Refused, **sent: AcceptForm | RefuseForm | AskForm) -> ResponseReturnValue:
    """The page as it stands now, with the words that were typed and the reason why they were not taken."""
    page = _page(code)
    answers = replace(_fresh(page), **sent)
    for form in sent.values():
        form.seen_again(page.campaign_version)
    answers.accept.budget_sha256.data = page.sha256
    unmet = words.reasons(page, refusal.unmet) if isinstance(refusal, ConditionsUnmet) else []
    return _show(page, answers, refusal=say_refusal(refusal), unmet=unmet), status_of(refusal)


def _page(code: str, number: int | None = None) -> queries.BudgetPage:
    actor, now = current_actor(), jalon().clock.now()
    with jalon().database.reading(actor) as session:
        return queries.get_budget(session, code, actor, now=now, number=number)


def _fresh(page: queries.BudgetPage) -> Answers:
    seen = {"seen_version": page.campaign_version}
    return Answers(
        accept=_accepting(page, AcceptForm(None, prefix="accept", data={"budget_sha256": page.sha256, **seen})),
        refuse=RefuseForm(None, prefix="refuse", data={"back_to": "negotiation", **seen}),
        ask=AskForm(None, prefix="ask", data=seen),
    )


def _accepting(page: queries.BudgetPage, form: AcceptForm) -> AcceptForm:
    """The form with the budget's lists to choose from."""
    form.excluded_lists.choices = [SelectChoice(code, words.list_choice(page, code)) for code in page.lists]
    return form


def _show(page: queries.BudgetPage, answers: Answers, *, refusal: str = "", unmet: list[Any] | None = None) -> str:
    before = page.previous_body
    return render_template(
        "approver/budget.html",
        page=page,
        talk=conversation(page.talk) if page.talk else None,
        accept=answers.accept,
        refuse=answers.refuse,
        ask=answers.ask,
        refusal=refusal,
        unmet=unmet or [],
        asked=request.method == "POST",
        bar=bar(page.parts),
        warnings=[*warning_words(page.warnings, page.windows), *doubt_words(page.bases)],
        margin=margin_words(page.margin, page.currency),
        bases=stated_rows(page.bases),
        kin=kin_words(page.kin),
        changes=changes(before, page.body, page.names) if before else [],
        closed={name: words.reasons(page, reasons) for name, reasons in page.closed.items() if reasons},
        decisions=DECISIONS,
        billing_told=billing_told,
        scenarios=words.SCENARIOS,
        signing=signing_words(page.signing, page.names) if page.signing else [],
        bound=partial(condition_words, names=page.names),
        line_title=words.line_title,
    )
