"""In the retroplanning's room: how the drop was moved, and moving it, in two steps: which day, then what that changes and why."""

from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app import i18n
from app.errors import say_refusal
from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm
from app.portals.manager.rooms import Here, act, campaign_of, closed_by
from app.portals.manager.words import document_word, shorten
from app.portals.shared.budget_words import warning_words
from app.portals.shared.fields import DayField
from app.queries.drop_moves import DropMovePreview, get_drop_history, preview_drop_move
from app.security.audience import audience
from workflows.campaign.any_stage.moving_drop import MoveDrop
from workflows.campaign.facts import CampaignFacts
from workflows.engine.refusals import Refused
from workflows.parties.roles import Role


class DropDayForm(Form):
    """Which day to look at; nothing is asked yet."""

    drop_on = DayField(_l("New day of the drop"), [InputRequired(_l("Choose a day."))])


class MoveDropForm(ReasonForm):
    """The day that was looked at, and why."""

    drop_on = DayField(_l("New day of the drop"), [InputRequired()], widget=HiddenInput())


def drop_views(here: Here, facts: CampaignFacts, expected_on: date | None) -> dict[str, Any]:
    """What the room shows of it: the days, the moves so far, and the form of the step that is due; none once the mail is posted."""
    views: dict[str, Any] = {"drop": get_drop_history(facts), "day_form": None, "move_form": None, "preview": None, "drop_closed": None}
    state = here.head.moves.get("move_drop")
    if state is None or not state.allowed or facts.deposits:
        return views
    if state.blockers:
        return {**views, "drop_closed": closed_by(state, here.campaign.code)}
    sent, asked = here.sent.get("drop"), request.args.get("to-drop_on")
    form = DropDayForm.fresh("to", drop_on=sent.drop_on.data) if sent else DropDayForm(formdata=request.args, prefix="to")
    views["day_form"] = form
    if not sent and (asked is None or not form.validate()):
        return views
    day: date | None = form.drop_on.data
    try:
        preview = preview_drop_move(facts, day, today=here.head.today, expected_on=expected_on) if day else None
    except Refused as refusal:
        if sent is None:
            form.drop_on.errors = [say_refusal(refusal)]
        preview = None
    if preview is None and sent is None:
        return views
    return {
        **views,
        "preview": preview,
        "changes": preview_words(preview) if preview else [],
        "cautions": caution_words(preview, facts) if preview else [],
        "move_form": here.form(MoveDropForm, "drop", drop_on=day),
    }


def preview_words(preview: DropMovePreview) -> list[str]:
    """What follows when the drop is moved, one sentence each."""
    words = []
    if preview.budget == "waiting":
        words.append(_("The budget that waits is made anew with this day; it is approved anew, signatures and questions so far fall."))
    if preview.orders:
        words.append(
            ngettext(
                "%(num)s order goes out again, its days changed and nothing else; its supplier is told and accepts it again.",
                "%(num)s orders go out again, their days changed and nothing else; their suppliers are told and accept them again.",
                len(preview.orders),
            )
        )
    if preview.lists:
        words.append(
            _(
                "Owners clear the new mailing window by accepting: %(lists)s. Until they do, files are not merged and nothing is mailed.",
                lists=shorten(list(preview.lists)),
            )
        )
    if preview.later_orders:
        words.append(_("Orders that are out go out again with the new days, together with those that are still to go out."))
    if preview.budget == "approved":
        words.append(_("The approval of the budget stands: none of its amounts depends on the day."))
    if preview.papers:
        words.append(_("Issued anew with the new days: %(papers)s.", papers=", ".join(document_word(kind) for kind in preview.papers)))
    if preview.orders_mailing_again:
        words.append(_("The order to send is out of date: send it again, so that whoever sends knows the day."))
    words.append(_("Address files end on %(day)s.", day=i18n.day(preview.purge_on)))
    words.append(_("The retroplanning is counted anew for the steps ahead; the days first promised are kept."))
    return words


def caution_words(preview: DropMovePreview, facts: CampaignFacts) -> list[str]:
    """What speaks against the day; nothing of it forbids it."""
    words = list(warning_words(preview.warnings, facts.campaign.policy.no_drop_windows))
    if preview.is_outrun:
        words.append(_("At the present pace the mail is expected to drop later than that."))
    if preview.other_sends.press:
        words.append(
            _(
                "On that day the caps count earlier sends that the dedupe left out (%(campaigns)s): run it again before the mailing.",
                campaigns=shorten(list(preview.other_sends.press)),
            )
        )
    elif preview.other_sends.ease:
        words.append(
            _(
                "On that day the caps no longer count earlier sends (%(campaigns)s): run the dedupe again to write to whom they held back.",
                campaigns=shorten(list(preview.other_sends.ease)),
            )
        )
    if preview.recounts_barred:
        words.append(_("Whom the lots’ channels leave alone is counted again for that day. If lots have any, make them again."))
    return words


@blueprint.post("/campaigns/<code>/schedule/drop")
@audience(Role.PROJECT_MANAGER)
def move_drop(code: str) -> AnyResponse:
    """Move the drop to the day that was looked at."""
    form = MoveDropForm.received("drop")
    asking = form.asking(MoveDrop, campaign_of(code).id)
    day = i18n.day(form.drop_on.data) if form.drop_on.data else ""
    return act("schedule", code, form, asking, done=_("The drop is planned for %(day)s.", day=day), key="drop")
