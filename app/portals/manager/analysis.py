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
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.manager.verdicts import between, test_line, uplift_line, uplift_row
from app.portals.manager.words import label
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.words import STAGES
from app.queries.documents import list_documents
from app.queries.results import Figures, ResultsPage, get_results
from app.security.audience import audience
from workflows.campaign.exchanges.exchanging import exchanged_lists
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.analysis import RecordLesson
from workflows.parties.roles import Role

TITLES = {
    "by_list": _l("By list"),
    "by_message": _l("By message"),
    "by_tag": _l("By tag"),
    "by_channel": _l("By channel"),
    "by_segment": _l("By segment"),
    "by_lot": _l("By lot"),
}


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
    several = len({test.channel for test in page.tests}) > 1
    return {
        "page": page,
        "exchanges": bool(exchanged_lists(facts)),
        "tables": [{"name": name, "title": title, "rows": _rows(name, page)} for name, title in TITLES.items()],
        "tests": [test_line(test, several_channels=several) for test in page.tests],
        "uplifts": [uplift_line(one) for one in page.uplifts],
        "uplift_rows": [uplift_row(one, here.head.currency) for one in page.uplifts],
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("results_report",)),
        "form": here.form(LessonForm, "lesson") if here.head.is_open("record_lesson") else None,
        "publish": move_view(here, "publish_results") if page.published_at is None else None,
        "close": move_view(here, "close_campaign"),
    }


def _rows(name: str, page: ResultsPage) -> list[dict[str, Any]]:
    """A table's rows; what does not tell one piece from another makes no table: one channel alone, or tags that every piece has."""
    figures = page.tables[name]
    mailed = page.total.mailed if page.total else 0
    if (name == "by_channel" and len(figures) < 2) or (name == "by_tag" and all(one.mailed == mailed for one in figures)):
        return []
    return [_row(one, label("channel", one.key) if name == "by_channel" else one.key) for one in figures]


def _row(figures: Figures, key: str) -> dict[str, Any]:
    return {
        **vars(figures),
        "key": key,
        "response_between": between(figures.response_interval, 2),
        "undeliverable_between": between(figures.undeliverable_interval, 1),
    }


@blueprint.get("/campaigns/<code>/analysis")
@audience(Role.PROJECT_MANAGER)
def analysis(code: str) -> Response:
    """The results' room."""
    return show("analysis", code)


@blueprint.post("/campaigns/<code>/analysis/lesson")
@audience(Role.PROJECT_MANAGER)
def record_lesson(code: str) -> AnyResponse:
    """Write down a lesson."""
    campaign_id = campaign_of(code).id
    form = LessonForm.received("lesson")

    def command() -> RecordLesson:
        return RecordLesson(subject_id=campaign_id, words=form.words.data, about=form.about.data)

    return act("analysis", code, form, command, done=_("The lesson is written down."), key="lessons")
