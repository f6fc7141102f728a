"""Substitutes for somebody who is away and arranged none: under their right and limit, named with them in every entry. Never oneself."""

from uuid import UUID

from flask import flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.parties import refuse_own_role
from app.portals.administration.room import administrator, blueprint, change, oneself, page, reading
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.once import Answer
from app.portals.shared.words import ROLES
from app.queries.people import PersonLine, get_person
from app.security.audience import audience
from app.substitution import STOOD_IN_FOR, arrange, end_for, list_absences, list_substitutes
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day


class SubstituteForm(KeptTextForm):
    """Who stands in, in which role, and when."""

    role = SelectField(_l("Role"), [InputRequired()])
    substitute = SelectField(_l("Who stands in"), [InputRequired()])
    from_on = DayField(_l("First day"), [InputRequired(_l("Write the first day."))])
    to_on = DayField(_l("Last day"), [InputRequired(_l("Write the last day."))])


@blueprint.get("/people/<uuid:person_id>/absences")
@audience(Role.ADMINISTRATOR)
def absences(person_id: UUID) -> AnyResponse:
    """Somebody's absences to come, and who stands in."""
    return _show(person_id, SubstituteForm())


@blueprint.post("/people/<uuid:person_id>/absences")
@audience(Role.ADMINISTRATOR)
def arrange_substitute(person_id: UUID) -> AnyResponse:
    """Let somebody stand in for somebody else."""
    form = SubstituteForm()
    _offer(person_id, form)
    if not form.validate():
        return _show(person_id, form, 422)
    now = jalon().clock.now()
    substitute_id, from_on, to_on = UUID(form.substitute.data), form.from_on.data, form.to_on.data
    assert from_on is not None, "the form was validated"
    assert to_on is not None, "the form was validated"

    def let_stand_in(session: Session, advertiser_id: UUID) -> Answer:
        get_person(session, advertiser_id, person_id)
        arrange(
            session,
            absent_id=person_id,
            substitute_id=substitute_id,
            advertiser_id=advertiser_id,
            role=Role(form.role.data),
            from_on=from_on,
            to_on=to_on,
            by=oneself(),
            now=now,
            today=local_day(now),
        )
        return {}

    try:
        refuse_own_role(administrator(), substitute_id)
        change("substitute arranged", let_stand_in)
    except NotFound:
        raise
    except Refused as refusal:
        form.form_errors.append(say_refusal(refusal))
        return _show(person_id, form, status_of(refusal))
    flash(_("It is arranged; it counts from its first day to its last."), "done")
    return redirect(url_for("administration.absences", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/absences/<uuid:substitution_id>/end")
@audience(Role.ADMINISTRATOR)
def end_substitute(person_id: UUID, substitution_id: UUID) -> AnyResponse:
    """Let somebody stand in no more."""

    def let_go(session: Session, advertiser_id: UUID) -> Answer:
        end_for(session, substitution_id, advertiser_id=advertiser_id, absent_id=person_id)
        return {}

    change("substitute ended", let_go)
    flash(_("It is ended; what was done under it stays done."), "done")
    return redirect(url_for("administration.absences", person_id=person_id), 303)


def _offer(person_id: UUID, form: SubstituteForm) -> PersonLine:
    """The person, with whom and what the form lets be chosen: their roles that are stood in for, everybody on the staff but the asker."""
    with reading() as (session, advertiser_id):
        person = get_person(session, advertiser_id, person_id)
        staff = list_substitutes(session, person_id, (advertiser_id,))
    held = {one.role for one in person.roles}
    form.role.choices = [SelectChoice(role.value, ROLES[role]) for role in STOOD_IN_FOR if role.value in held]
    form.substitute.choices = [SelectChoice(str(one), name) for one, name in staff if one != administrator().person_id]
    return person


def _show(person_id: UUID, form: SubstituteForm, status: int = 200) -> AnyResponse:
    person = _offer(person_id, form)
    with reading() as (session, advertiser_id):
        found = list_absences(session, person_id, today=local_day(jalon().clock.now()), advertiser_id=advertiser_id)
    return make_response(page("administration/absences.html", person=person, form=form, absences=found), status)
