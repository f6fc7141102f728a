"""The responses' room: files of what came back, what became of their rows, and what is still to be expected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import i18n
from app.errors import say_refusal, status_of
from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.forms import UploadForm, uploaded
from app.portals.manager.moves import move_view
from app.portals.manager.response_curve import draw
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.shared.asking import execute
from app.portals.shared.credit_words import ATTRIBUTIONS
from app.portals.shared.objections import counts_words, reason_rows, send_objections
from app.portals.shared.returned_form import ReturnedFileForm
from app.portals.shared.returned_words import KINDS, batch_view, contact_words
from app.portals.shared.words import label
from app.queries.objections import list_objections
from app.queries.responses import ResponsesPage, get_responses
from app.security.audience import audience
from workflows.campaign.contacted.bringing import RESPONSES
from workflows.campaign.data_protection.objections import TakeObjections
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile
from workflows.campaign.results.curves import ChannelCurve
from workflows.campaign.stages.responses import ImportBatch
from workflows.parties.roles import Role

ANSWERS = {
    "don": _l("gift"),
    "promesse": _l("promise, in a call"),
    "information": _l("wants to know more"),
    "adresse": _l("new address"),
    "opposition": _l("objection"),
}
"""What was answered; another answer is named as it was written."""
REASONS = {
    "amount_not_a_number": _l("the amount is no number"),
    "date_unreadable": _l("the date cannot be read"),
    "date_before_drop": _l("the date is before the drop"),
    "date_too_late": _l("the date is far ahead of the day on which the file was read"),
    "control_address": _l("a control address"),
    "of_other_campaign": _l("the code or number is another campaign's: bring the file there too"),
    "counted_elsewhere": _l("another campaign counted the same row already"),
}


class ImportForm(ReturnedFileForm, UploadForm):
    """A file of what came back."""

    kind = RadioField(
        _l("What is in it?"), [InputRequired()], choices=[SelectChoice(kind, word) for kind, word in KINDS.items()], default=RESPONSES
    )


@room("responses")
def fill(here: Here) -> dict[str, Any]:
    """What the responses' room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page = get_responses(facts, now=here.now)
    most = max((week.responses for week in page.weeks), default=0)
    return {
        "page": page,
        "batches": [batch_view(batch) for batch in page.batches],
        **contact_words(page.contacts),
        "attributions": [
            {"word": word, "rows": page.by_attribution[name]} for name, word in ATTRIBUTIONS.items() if name in page.by_attribution
        ],
        "reasons": [{"word": REASONS.get(one.reason, one.reason), "rows": one.rows} for one in page.set_aside],
        "weeks": [{"week": week, "share": week.responses / most if most else 0} for week in page.weeks],
        "jobs": jobs(here),
        "objections": list_objections(facts),
        "counts_words": counts_words,
        "hand_over": move_view(here, "hand_over_objections"),
        "form": _import_form(here, page),
        "close": _close(here, page),
        "kinds": [{"word": ANSWERS.get(kind, kind) or _("not said"), "rows": rows} for kind, rows in page.by_kind],
        "returned": reason_rows(dict(page.by_return_reason)),
        "drawing": draw(page),
        "curve_words": _curve_words(page),
        "curve_rows": _curve_rows(page),
    }


def _close(here: Here, page: ResponsesPage) -> dict[str, Any] | None:
    """The way on, which asks for a reason only while many answers are still to come."""
    view = move_view(here, "close_responses")
    return {**view, "fields": ()} if view and page.may_close else view


def _curve_words(page: ResponsesPage) -> str:
    """What the drawing shows, in sentences."""
    said = [_("On day %(day)s after the drop %(n)s answers are credited.", day=page.days, n=i18n.number(page.attributed))]
    if page.expected is not None:
        said.append(
            _(
                "By now %(share)s of the answers are in, by %(curve)s; the plan expected %(n)s in the end.",
                share=i18n.percent(page.share),
                curve=_curve_used(page.curves),
                n=i18n.number(page.expected),
            )
        )
    if page.forecast:
        final, low, high = (i18n.number(one, 0) for one in (page.forecast.final, page.forecast.low, page.forecast.high))
        said.append(_("The forecast is %(final)s, four times in five between %(low)s and %(high)s.", final=final, low=low, high=high))
    return " ".join(said)


def _curve_used(curves: Sequence[ChannelCurve]) -> str:
    """Where the curve comes from; channel by channel where they have several."""
    said = {one.channel: _curve_of(one) for one in curves if one.answers}
    if not said:
        return str(_("the usual curve"))
    if len(curves) == 1:
        return next(iter(said.values()))
    parts = (f"{said.get(one.channel) or _('the usual curve')} ({label('channel', one.channel)})" for one in curves)
    return ", ".join(parts)


def _curve_of(one: ChannelCurve) -> str:
    return str(
        ngettext(
            "the curve of one earlier campaign, %(answers)s answers",
            "the curve of %(num)s earlier campaigns, %(answers)s answers",
            one.campaigns,
            answers=i18n.number(one.answers),
        )
    )


def _curve_rows(page: ResponsesPage) -> list[dict[str, Any]]:
    """The curve's figures at the end of each week, and of today."""
    expected = {one.day: one for one in page.to_come}
    last = max(page.longest, len(page.so_far) - 1)
    rows = []
    for day in sorted({*range(7, last + 1, 7), page.days}):
        there = expected.get(day)
        forecast = there.forecast if there else None
        rows.append(
            {
                "day": day,
                "so_far": page.so_far[day] if day < len(page.so_far) else None,
                "planned": round(there.planned) if there else None,
                "forecast": round(forecast.final) if forecast else None,
                "low": round(forecast.low) if forecast else None,
                "high": round(forecast.high) if forecast else None,
            }
        )
    return rows


def _import_form(here: Here, page: ResponsesPage) -> ImportForm | None:
    """The form for a file; it offers the kinds that come back of what was sent."""
    if not here.head.is_open("import_batch"):
        return None
    form = here.form(ImportForm, "import")
    assert isinstance(form, ImportForm), "one form has one key"
    form.offer(page.kinds)
    return form


@blueprint.get("/campaigns/<code>/responses")
@audience(Role.PROJECT_MANAGER)
def responses(code: str) -> Response:
    """The responses' room."""
    return show("responses", code)


@blueprint.post("/campaigns/<code>/responses/import")
@audience(Role.PROJECT_MANAGER)
def import_batch(code: str) -> AnyResponse:
    """Import a file; a row that came before counts once."""
    campaign_id = campaign_of(code).id
    form = ImportForm.received("import")

    def command(kept: KeptFile) -> ImportBatch:
        return ImportBatch(subject_id=campaign_id, kind=form.kind.data, file=kept)

    return act("responses", code, form, command, done=_("The file is in: it is being read."), key="import", upload=uploaded(form.file))


@blueprint.post("/campaigns/<code>/responses/objections/<uuid:file_id>")
@audience(Role.PROJECT_MANAGER)
def take_objections(code: str, file_id: UUID) -> AnyResponse:
    """The house's file, or one to bring to a supplier by other means. What is taken is on record before a byte leaves."""
    refusal = execute(TakeObjections(subject_id=campaign_of(code).id, file_id=file_id))
    if refusal:
        flash(say_refusal(refusal), "stop")
        return show("responses", code, status=status_of(refusal))
    return send_objections(file_id, code)
