"""Opening a follow-up of a campaign that was mailed: list by list what may be written to again, and by when it has to be."""

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app import i18n
from app.errors import say_refusal, status_of
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, needed
from app.portals.manager.opening import CODE
from app.portals.manager.rooms import Here, campaign_of, closed_by, execute, room, sentences, show
from app.portals.shared.fields import AmountField, ChecksField, DayField
from app.portals.shared.kin_words import kin_words
from app.queries.follow_up import FollowUpList, get_follow_up
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.opening import OpenFollowUp
from workflows.campaign.follow_up.sources import NOBODY_LEFT, REUSE_ENDED, SINGLE_USE, USED_ALREADY
from workflows.engine.refusals import NotFound, NotYourMove, Overtaken, Refused
from workflows.parties.roles import Role

WHY_NOT: dict[str, LazyString] = {
    SINGLE_USE: _l("lent for one use: no second one was agreed with its owner"),
    REUSE_ENDED: _l("its owner agreed to a second use until %(until_on)s"),
    USED_ALREADY: _l("used again already, by %(campaign)s: a second use is one"),
    NOBODY_LEFT: _l("nobody is left to write to"),
}


class FollowUpForm(Form):
    """A follow-up: its code, its day, its budget, and which lists it writes to."""

    campaign_code = StringField(_l("Code"), [InputRequired(), CODE], description=_l("Short and yours alone, such as 27PR."))
    title = StringField(_l("Title"), [InputRequired(), Length(max=120)])
    drop_on = DayField(_l("Drop date"), [InputRequired()])
    envelope_amount = AmountField(_l("Envelope, without VAT"), [InputRequired(), NumberRange(min=1)])
    lists = ChecksField(_l("Lists to write to again"), [InputRequired(_l("Choose one list at least."))])


@room("follow_up")
def fill(here: Here) -> dict[str, Any]:
    """What the page shows; the form is there while one may be opened."""
    page = get_follow_up(CampaignFacts(here.session, here.campaign), here.head.today)
    allowed = [one for one in page.lists if one.is_allowed]
    move = here.head.moves.get("open_follow_up")
    form = None
    if move is not None and move.is_open and allowed:
        form = here.form(
            FollowUpForm,
            "follow_up",
            title=_("Follow-up: %(title)s", title=here.campaign.title),
            lists=[one.code for one in allowed],
        )
        form["lists"].choices = [SelectChoice(one.code, f"{one.code} · {one.name} ({i18n.number(one.available)})") for one in allowed]
    return {
        "page": page,
        "kin": kin_words(page.kin),
        "rows": [_row(one) for one in page.lists],
        "form": form,
        "is_mailed": move is not None,
        "blockers": closed_by(move, here.campaign.code),
    }


def _row(one: FollowUpList) -> dict[str, Any]:
    params = {name: i18n.day(value) if name.endswith("_on") else value for name, value in one.params.items()}
    return {
        "code": one.code,
        "name": one.name,
        "owner": one.owner or _("the house"),
        "mailed": one.mailed,
        "left_out": one.left_out,
        "seconds": one.seconds,
        "available": one.available if one.is_allowed else None,
        "cpm": one.cpm if one.is_allowed and not one.is_house else None,
        "until_on": one.until_on,
        "state": "agreed" if one.is_allowed else "refused",
        "state_word": _("may be used") if one.is_allowed else _("may not"),
        "why": str(WHY_NOT[one.why_not]) % params if one.why_not else "",
    }


@blueprint.get("/campaigns/<code>/follow-up")
@audience(Role.PROJECT_MANAGER)
def follow_up(code: str) -> Response:
    """What a follow-up may be opened with."""
    return show("follow_up", code)


@blueprint.post("/campaigns/<code>/follow-up")
@audience(Role.PROJECT_MANAGER)
def open_follow_up(code: str) -> AnyResponse:
    """Open a follow-up, and go on to its plan."""
    form = FollowUpForm.received("follow_up")
    # Which lists there are, and which may be had, is the campaign's to say.
    form["lists"].validate_choice = False
    if not form.validate():
        return show("follow_up", code, {form.key: form}, 422)
    asked = OpenFollowUp(
        subject_id=campaign_of(code).id,
        seen_version=form.version,
        campaign_code=form.campaign_code.data,
        title=form.title.data,
        drop_on=needed(form.drop_on.data),
        envelope_amount=needed(form.envelope_amount.data),
        lists=tuple(form["lists"].data),
    )
    try:
        execute(asked)
    except (NotFound, NotYourMove):
        raise
    except Overtaken as refusal:
        flash(say_refusal(refusal), "stop")
        form.overtaken = True
        return show("follow_up", code, {form.key: form}, status_of(refusal))
    except Refused as refusal:
        form.refuse(*sentences(refusal))
        return show("follow_up", code, {form.key: form}, status_of(refusal))
    flash(_("The follow-up %(code)s is open.", code=asked.campaign_code), "done")
    return redirect(url_for("manager.plan", code=asked.campaign_code), 303)
