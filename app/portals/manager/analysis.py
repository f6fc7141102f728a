"""The results' room: figures with their intervals, tests with their verdicts in words, lessons, publication and the end."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.forms import Form
from app.portals.manager.margin_form import margin_form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, reading, room, show
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.result_files import results_file
from app.portals.shared.result_words import results_words
from app.portals.shared.words import STAGES
from app.queries.campaign import find_campaign
from app.queries.documents import list_documents
from app.queries.results import get_results
from app.security.audience import audience
from workflows.campaign.exchanges.exchanging import exchanged_lists
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.analysis import RecordLesson
from workflows.parties.roles import Role


class LessonForm(Form):
    """What the next plan should know."""

    words = TextAreaField(_l("What was learned"), [InputRequired(_l("Write the lesson in words.")), Length(max=LONGEST_WORDS)])
    about = SelectField(
        _l("About"),
        choices=[SelectChoice("", _l("the whole campaign")), *(SelectChoice(stage, word) for stage, word in STAGES.items())],
        default="",
    )


@room("analysis")
def fill(here: Here) -> dict[str, Any]:
    """What the results' room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page = get_results(facts)
    return {
        **results_words(page, here.head.currency),
        "margin_form": margin_form(here),
        "exchanges": bool(exchanged_lists(facts)),
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("results_report",)),
        "form": here.form(LessonForm, "lesson") if here.head.is_open("record_lesson") else None,
        "publish": move_view(here, "publish_results") if page.published_at is None else None,
        "close": move_view(here, "close_campaign"),
    }


@blueprint.get("/campaigns/<code>/analysis")
@audience(Role.PROJECT_MANAGER)
def analysis(code: str) -> Response:
    """The results' room."""
    return show("analysis", code)


@blueprint.get("/campaigns/<code>/analysis/results.xlsx")
@audience(Role.PROJECT_MANAGER)
def results_workbook(code: str) -> Response:
    """The figures, to go on reckoning with."""
    with reading() as session:
        return results_file(session, find_campaign(session, code))


@blueprint.post("/campaigns/<code>/analysis/lesson")
@audience(Role.PROJECT_MANAGER)
def record_lesson(code: str) -> AnyResponse:
    """Write down a lesson."""
    campaign_id = campaign_of(code).id
    form = LessonForm.received("lesson")

    def command() -> RecordLesson:
        return RecordLesson(subject_id=campaign_id, words=form.words.data, about=form.about.data)

    return act("analysis", code, form, command, done=_("The lesson is written down."), key="lessons")
