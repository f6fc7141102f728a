"""One's own absences: who stands in, in which role, from when to when. For whoever moves campaigns."""

import logging
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.errors import say_refusal
from app.jalon import jalon
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.once import Answer, act_once
from app.portals.shared.words import ROLES
from app.security.audience import audience
from app.security.sessions import current_actor
from app.substitution import STOOD_IN_FOR, arrange, end, list_absences, list_substitutes
from workflows.engine.refusals import Refused
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

log = logging.getLogger(__name__)

blueprint = Blueprint("absences", __name__, url_prefix="/absences")


class AbsenceForm(KeptTextForm):
    """Who stands in, in which role, and when."""

    role = SelectField(_l("Role"), [InputRequired()])
    substitute = SelectField(_l("Who stands in for you"), [InputRequired()])
    from_on = DayField(_l("First day"), [InputRequired(_l("Write the first day."))])
    to_on = DayField(_l("Last day"), [InputRequired(_l("Write the last day."))])


@blueprint.get("/")
@audience(*STOOD_IN_FOR)
def absences() -> Response:
    """One's absences to come, and whom one stands in for."""
    return _page(_form())


@blueprint.post("/")
@audience(*STOOD_IN_FOR)
def arrange_absence() -> AnyResponse:
    """Let somebody stand in."""
    form = _form()
    if not form.validate():
        return _page(form, 422)
    actor = _oneself()
    advertiser_id, _colon, role = form.role.data.partition(":")
    now = jalon().clock.now()
    from_on, to_on = form.from_on.data, form.to_on.data
    by = actor.person_id
    assert by is not None, "people are absent"
    assert from_on is not None, "the form was validated"
    assert to_on is not None, "the form was validated"

    def let_stand_in(session: Session) -> Answer:
        arrange(
            session,
            absent_id=by,
            substitute_id=UUID(form.substitute.data),
            advertiser_id=UUID(advertiser_id),
            role=Role(role),
            from_on=from_on,
            to_on=to_on,
            by=by,
            now=now,
            today=local_day(now),
        )
        return {}

    try:
        act_once(jalon().database, by, UUID(advertiser_id), let_stand_in)
    except Refused as refusal:
        form.form_errors.append(say_refusal(refusal))
        return _page(form, 409)
    log.info("absence arranged by=%s", by)
    flash(_("It is arranged; it counts from its first day to its last."), "done")
    return redirect(url_for("absences.absences"), 303)


@blueprint.post("/<uuid:substitution_id>/end")
@audience(*STOOD_IN_FOR)
def end_absence(substitution_id: UUID) -> AnyResponse:
    """Let somebody stand in no more."""
    actor = _oneself()
    by = actor.person_id
    assert by is not None, "people are absent"

    def let_go(session: Session) -> Answer:
        end(session, substitution_id, person_id=by)
        return {}

    act_once(jalon().database, by, actor.staff_advertiser_ids[0], let_go)
    log.info("absence ended by=%s", by)
    flash(_("It is ended; what was done under it stays done."), "done")
    return redirect(url_for("absences.absences"), 303)


def _oneself() -> Actor:
    """Who is signed in by password: a link in an e-mail hands on no role."""
    if current_user.by_link:
        abort(403)
    return current_actor()


def _form() -> AbsenceForm:
    actor = _oneself()
    own = [grant for grant in actor.grants if grant.role in STOOD_IN_FOR and grant.stands_in_for is None]
    advertisers = current_user.advertisers
    several = len({grant.advertiser_id for grant in own}) > 1
    form = AbsenceForm()
    form.role.choices = [
        SelectChoice(
            f"{grant.advertiser_id}:{grant.role}",
            f"{ROLES[grant.role]} · {advertisers[grant.advertiser_id]}" if several else str(ROLES[grant.role]),
        )
        for grant in own
    ]
    assert actor.person_id is not None, "people are absent"
    with jalon().database.reading(actor) as session:
        people = list_substitutes(session, actor.person_id, tuple({grant.advertiser_id for grant in own}))
    form.substitute.choices = [SelectChoice(str(person_id), name) for person_id, name in people]
    return form


def _page(form: AbsenceForm, status: int = 200) -> Response:
    person_id: Any = _oneself().person_id
    now = jalon().clock.now()
    with jalon().database.reading(SYSTEM) as session:
        found = list_absences(session, person_id, today=local_day(now))
    return make_response(render_template("shared/absences.html", form=form, absences=found), status)
