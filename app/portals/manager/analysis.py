"""The results' room: figures with their intervals, tests with their verdicts in words, lessons, publication and the end."""

from collections.abc import Iterable
from typing import Any

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app import i18n
from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.forms import Form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.manager.words import label
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.words import STAGES
from app.queries.documents import list_documents
from app.queries.results import Figures, ResultsPage, get_results
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.results.judging import Judgement
from workflows.campaign.stages.analysis import RecordLesson
from workflows.parties.roles import Role
from workflows.trade.sampling import Interval, Verdict

TITLES = {
    "by_list": _l("By list"),
    "by_message": _l("By message"),
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
    page = get_results(CampaignFacts(here.session, here.campaign))
    several = len({test.channel for test in page.tests}) > 1
    return {
        "page": page,
        "tables": [{"name": name, "title": title, "rows": _rows(name, page)} for name, title in TITLES.items()],
        "tests": [{"where": _where(test, several), "sentence": verdict(test), "state": _state(test)} for test in page.tests],
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("results_report",)),
        "form": here.form(LessonForm, "lesson") if here.head.is_open("record_lesson") else None,
        "publish": move_view(here, "publish_results") if page.published_at is None else None,
        "close": move_view(here, "close_campaign"),
    }


def _rows(name: str, page: ResultsPage) -> list[dict[str, Any]]:
    """A table's rows; one channel alone makes no table."""
    figures = page.tables[name]
    if name != "by_channel":
        return [_row(one, one.key) for one in figures]
    return [_row(one, label("channel", one.key)) for one in figures] if len(figures) > 1 else []


def _row(figures: Figures, key: str) -> dict[str, Any]:
    return {
        **vars(figures),
        "key": key,
        "response_between": _between(figures.response_interval, 2),
        "undeliverable_between": _between(figures.undeliverable_interval, 1),
    }


def _between(interval: Interval | None, decimals: int) -> str:
    return f"{i18n.percent(interval.low, decimals)} – {i18n.percent(interval.high, decimals)}" if interval else ""


def verdict(test: Judgement) -> str:
    """What may be said of a test, in words: who wins, that nothing sets them apart, or that it cannot be told and what was missing."""
    rates = _(
        "%(a)s %(a_rate)s, %(b)s %(b_rate)s",
        a=test.control,
        a_rate=i18n.percent(test.control_sample.rate, 2),
        b=test.variant,
        b_rate=i18n.percent(test.variant_sample.rate, 2),
    )
    return str(_("%(verdict)s (%(rates)s)", verdict=_said(test), rates=rates))


def _said(test: Judgement) -> str:
    if test.verdict is Verdict.INCONCLUSIVE:
        return str(_("Cannot conclude: %(reasons)s", reasons=i18n.clauses(_reasons(test))))
    winner = {Verdict.A_WINS: test.control, Verdict.B_WINS: test.variant}.get(test.verdict)
    return str(_("%(message)s wins", message=winner) if winner else _("No difference that matters"))


def _reasons(test: Judgement) -> Iterable[str]:
    """What kept a verdict away: responses, where only they were too few, and what each side lacked in pieces."""
    if test.reach.too_few:
        least, most = i18n.number(test.reach.least_responses), i18n.number(int(test.reach.responses or 0))
        yield _("a verdict takes %(least)s responses on each side, and the smaller one counts on %(n)s", least=least, n=most)
    for message, lacking in zip((test.control, test.variant), test.reach.missing, strict=True):
        if lacking:
            yield ngettext(
                "one piece of %(message)s was missing",
                "%(n)s pieces of %(message)s were missing",
                lacking,
                n=i18n.number(lacking),
                message=message,
            )


def _state(test: Judgement) -> str:
    return {Verdict.INCONCLUSIVE: "waiting", Verdict.NO_DIFFERENCE: "done"}.get(test.verdict, "passed")


def _where(test: Judgement, several_channels: bool) -> str:
    place = test.place or _("All together")
    return f"{place} · {label('channel', test.channel)}" if several_channels else place


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
