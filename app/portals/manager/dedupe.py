"""The dedupe's room: what each list lost and to what, which lists share their people, and the decision about the report."""

from typing import Any, Self

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.comparison_words import feature_word, level_word, reason_word, verdict_word
from app.portals.manager.forms import Form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.queries.dedupe import get_dedupe
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.dedupe.comparing import ComparePair
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

RUN_STATES = {"requested": "running", "done": "checked", "approved": "passed", "void": "superseded"}


@room("dedupe")
def fill(here: Here) -> dict[str, Any]:
    """What the dedupe's room shows."""
    page = get_dedupe(CampaignFacts(here.session, here.campaign))
    comparing = page.is_done and here.campaign.state in ("dedupe", "lots")
    return {
        "page": page,
        "run_states": RUN_STATES,
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("dedupe_brief", "dedupe_report", "net_statement")),
        "approve": move_view(here, "approve_dedupe"),
        "compare": here.form(CompareForm, "compare").among(page.sources) if comparing else None,
        "feature_word": feature_word,
        "level_word": level_word,
        "verdict_word": verdict_word,
        "reason_word": reason_word,
        "redo": move_view(here, "redo_dedupe") if here.campaign.state == "dedupe" else None,
    }


class CompareForm(Form):
    """Two records, each by the code of its list and its id."""

    left_source = SelectField(_l("List of the first record"), validators=[InputRequired()], validate_choice=False)
    left_id = StringField(_l("Its id"), [InputRequired(_l("Write the id of the record.")), Length(max=200)])
    right_source = SelectField(_l("List of the second record"), validators=[InputRequired()], validate_choice=False)
    right_id = StringField(_l("Its id"), [InputRequired(_l("Write the id of the record.")), Length(max=200)])

    def among(self, sources: tuple[str, ...]) -> Self:
        """The form with these lists to choose from."""
        choices = [SelectChoice(source, source) for source in sources]
        self.left_source.choices = self.right_source.choices = choices
        return self


@blueprint.post("/campaigns/<code>/dedupe/compare")
@audience(Role.PROJECT_MANAGER)
def compare(code: str) -> AnyResponse:
    """Ask why two records were taken for one person or not."""
    campaign_id = campaign_of(code).id
    form = CompareForm.received("compare").among(())

    def command() -> ComparePair:
        return ComparePair(
            subject_id=campaign_id,
            left_source=form.left_source.data or "",
            left_id=form.left_id.data.strip(),
            right_source=form.right_source.data or "",
            right_id=form.right_id.data.strip(),
        )

    return act("dedupe", code, form, command, done=_("The comparison comes here by itself."), key="compare")


@blueprint.get("/campaigns/<code>/dedupe")
@audience(Role.PROJECT_MANAGER)
def dedupe(code: str) -> Response:
    """The dedupe's room."""
    return show("dedupe", code)
