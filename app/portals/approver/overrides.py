"""Controls that are passed over: an approver's leave beforehand, and the review afterwards. The process decides whether it counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.approver.views import blueprint
from app.portals.shared.asking import execute
from app.portals.shared.comments import conversation
from app.portals.shared.kept_text import LONGEST_WORDS, KeptTextForm
from app.portals.shared.words import CONTROLS
from app.queries.overrides import OverrideRow, list_grantable, list_waiting_reviews
from app.queries.talk import list_talks
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.any_stage.overriding import GrantOverride, ReviewOverride
from workflows.parties.roles import Role


class ReviewForm(KeptTextForm):
    """Right or not."""

    verdict = RadioField(
        _l("Was it right to go on?"),
        [InputRequired(_l("Say whether it was right."))],
        choices=[SelectChoice("confirmed", _l("Yes")), SelectChoice("contested", _l("No"))],
    )
    comment = TextAreaField(_l("A word with your answer"), [Optional(), Length(max=LONGEST_WORDS)])


@blueprint.get("/overrides")
@audience(Role.BUDGET_APPROVER)
def overrides() -> str:
    """What waits for a review."""
    return _show(_waiting())


@blueprint.post("/overrides/<uuid:override_id>")
@audience(Role.BUDGET_APPROVER)
def review_override(override_id: UUID) -> ResponseReturnValue:
    """Keep a review."""
    rows = _waiting()
    row = next((one for one in rows if one.id == override_id), None) or abort(404)
    form = ReviewForm(prefix=row.id.hex)
    if not form.validate_on_submit():
        return _show(rows, {row.id: form}), 422
    confirmed = form.verdict.data == "confirmed"
    command = ReviewOverride(subject_id=row.campaign_id, override_id=row.id, confirmed=confirmed, comment=form.comment.data or "")
    refusal = execute(command)
    if refusal:
        return _show(_waiting(), refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("Your review is kept with the history."), "done")
    return redirect(url_for("approver.overrides"), 303)


class GrantForm(KeptTextForm):
    """Which control of which campaign may be passed over once, and why."""

    control = SelectField(_l("What may be passed over, once"), [InputRequired(_l("Choose a control."))])
    reason = TextAreaField(_l("Why"), [InputRequired(_l("Write the reason: it is kept with the decision.")), Length(max=LONGEST_WORDS)])


def _grant_form(formdata: Any = None) -> GrantForm | None:
    """The form with what may be granted; None where policy leaves nothing to approvers."""
    with jalon().database.reading(current_actor()) as session:
        found = list_grantable(session, current_actor())
    if not found:
        return None
    form = GrantForm(formdata, prefix="grant")
    form.control.choices = [
        SelectChoice(f"{one.campaign_id}:{one.control}", f"{one.campaign_code} · {CONTROLS.get(one.control, one.control)}") for one in found
    ]
    return form


@blueprint.post("/overrides/grant")
@audience(Role.BUDGET_APPROVER)
def grant_override() -> ResponseReturnValue:
    """Let a control be passed over once."""
    form = _grant_form(request.form)
    if form is None:
        abort(404)
    if not form.validate():
        return _show(_waiting(), grant=form), 422
    campaign_id, _colon, control = form.control.data.partition(":")
    command = GrantOverride(subject_id=UUID(campaign_id), control=control, reason=form.reason.data)
    refusal = execute(command)
    if refusal:
        return _show(_waiting(), refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("It may be passed over once. Whoever does writes why, and that is reviewed."), "done")
    return redirect(url_for("approver.overrides"), 303)


def _waiting() -> list[OverrideRow]:
    with jalon().database.reading(current_actor()) as session:
        return list_waiting_reviews(session, current_actor())


def _show(
    rows: list[OverrideRow], sent: Mapping[UUID, ReviewForm] | None = None, *, grant: GrantForm | None = None, refusal: str = ""
) -> str:
    actor = current_actor()
    with jalon().database.reading(actor) as session:
        talks = list_talks(session, actor, "review_override", {row.campaign_id for row in rows})
    forms = {row.id: ReviewForm(None, prefix=row.id.hex) for row in rows} | dict(sent or {})
    return render_template(
        "approver/overrides.html",
        rows=rows,
        talks={row_id: conversation(talk) for row_id, talk in talks.items()},
        reviews=forms,
        controls=CONTROLS,
        grant=grant or _grant_form(),
        refusal=refusal,
    )
