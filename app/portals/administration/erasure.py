"""Erasing a person: what would go and what stays, the confirmation, and the register of those who were."""

from uuid import UUID

from flask import flash, make_response, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, Field, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.erasure import Found, erase, find, found_of, list_erasures, refuse_if_known_elsewhere, refuse_short
from app.errors import say_refusal
from app.jalon import jalon
from app.parties import refuse_own_role
from app.portals.administration.room import administered, administrator, advertiser, blueprint, oneself, page, reading
from app.portals.shared import once
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.once import Answer
from app.queries.people import get_person
from app.security.audience import audience
from workflows.engine.refusals import Refused
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role


class ErasureForm(KeptTextForm):
    """The address typed again, so that nobody is erased by a slip, and other spellings to look for."""

    email = EmailField(_l("Their e-mail address, once more"), [InputRequired(_l("Write the e-mail address.")), Length(max=254)])
    also = StringField(
        _l("What else they are called"),
        [Optional(), Length(max=400)],
        description=_l("A maiden name, a nickname, separated by commas. They are looked for in all that is yours and kept nowhere."),
    )

    def validate_also(self, _field: Field) -> None:
        """Remark what is too short to mean somebody."""
        try:
            refuse_short(self.spellings)
        except Refused as refusal:
            raise ValidationError(say_refusal(refusal)) from refusal

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in (self.also.data or "").split(",") if one.strip())


@blueprint.get("/erasures")
@audience(Role.ADMINISTRATOR)
def erasures() -> str:
    """Who was erased, by opaque id, when and by whom."""
    with reading() as (session, advertiser_id):
        entries = list_erasures(session, advertiser_id)
    return page("administration/erasures.html", rows=[{**vars(one), "asked_by": one.asked_by or _("an operator")} for one in entries])


@blueprint.route("/people/<uuid:person_id>/erase", methods=["GET", "POST"])
@audience(Role.ADMINISTRATOR)
def erase_person(person_id: UUID) -> AnyResponse | str:
    """Say what erasing somebody means for them; with their address typed again, do it, in all that the asker administers."""
    form = ErasureForm()
    if form.is_submitted() and (before := _sent_before()) is not None:
        return _say(before)
    with reading() as (session, advertiser_id):
        person = get_person(session, advertiser_id, person_id)
    houses = tuple(administered())
    with jalon().database.reading(SYSTEM) as session:
        # The machine's eyes: whether others know the person decides whether this administrator may.
        try:
            refuse_own_role(administrator(), person_id)
            refuse_if_known_elsewhere(session, person_id, houses)
            refuse_short((person.name,))
        except Refused as refusal:
            flash(say_refusal(refusal), "stop")
            return redirect(url_for("administration.person", person_id=person_id), 303)
        found = found_of(session, find(session, str(person_id)), houses=houses)
    if form.validate_on_submit():
        if form.email.data.strip().lower() == person.email:
            return _say(_erase(person_id, form.spellings, houses))
        form.email.errors = [_("This is not their address: nobody was erased.")]
    return make_response(page("administration/erase.html", person=person, form=form, found=found), 422 if form.errors else 200)


def _sent_before() -> Answer | None:
    """What this very form came to when it was sent before: whoever it erased is nobody any more, and cannot be asked for again."""
    try:
        with jalon().database.writing(SYSTEM) as session:
            once.refuse_repeat(session, oneself())
    except once.SentBefore as before:
        return before.answer
    return None


def _erase(person_id: UUID, also: tuple[str, ...], houses: tuple[UUID, ...]) -> Answer:
    advertiser_id = advertiser()

    def remember(session: Session, found: Found) -> None:
        once.refuse_repeat(session, oneself())
        once.keep(session, oneself(), advertiser_id, {"documents": found.documents, "left": []})

    try:
        done = erase(jalon().door, jalon().settings, person_id, asked_by_id=oneself(), also=also, houses=houses, and_then=remember)
    except once.SentBefore as before:
        return before.answer
    return {"documents": done.documents, "left": list(done.left)}


def _say(answer: Answer) -> AnyResponse:
    if answer["left"]:
        flash(_("The person is erased, but something is left in %(where)s.", where=", ".join(answer["left"])), "stop")
    else:
        said = ngettext("%(num)s document says less", "%(num)s documents say less", answer["documents"])
        flash(_("The person is erased; %(said)s, and every history stays whole.", said=said), "done")
    return redirect(url_for("administration.erasures"), 303)
