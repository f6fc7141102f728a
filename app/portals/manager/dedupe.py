"""The dedupe's room: what each list lost and to what, which lists share their people, questions about records, and the decision."""

from typing import Any, Self

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app import i18n
from app.portals.manager.blueprint import blueprint
from app.portals.manager.campaign import jobs
from app.portals.manager.comparison_words import decision_word, feature_word, level_word, reason_word, verdict_word
from app.portals.manager.forms import Form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.shared.words import label
from app.queries.dedupe import get_dedupe, rule_costs
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.dedupe.comparing import ComparePair, LookUpRecord
from workflows.campaign.dedupe.settings import DedupeSettings
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.parties.roles import Role
from workflows.trade.dedupe_rules import ALLOCATIONS, LEVELS
from workflows.trade.lot_codes import LotRole

RUN_STATES = {"requested": "running", "done": "checked", "approved": "passed", "void": "superseded"}


@room("dedupe")
def fill(here: Here) -> dict[str, Any]:
    """What the dedupe's room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    page = get_dedupe(facts)
    comparing = page.is_done and here.campaign.state in ("dedupe", "lots")
    return {
        "page": page,
        "run_states": RUN_STATES,
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id, kinds=("dedupe_brief", "dedupe_report", "net_statement")),
        "approve": move_view(here, "approve_dedupe"),
        "compare": here.form(CompareForm, "compare").among(page.sources) if comparing else None,
        "look_up": here.form(LookUpForm, "look_up").among(page.files) if comparing else None,
        "decision_word": decision_word,
        "feature_word": feature_word,
        "level_word": level_word,
        "verdict_word": verdict_word,
        "reason_word": reason_word,
        "redo": redo_view(here, facts) if here.campaign.state == "dedupe" else None,
    }


def redo_view(here: Here, facts: CampaignFacts) -> dict[str, Any] | None:
    """Having the dedupe done again: the rules with what the last run says that each would cost, as they are chosen now."""
    settings = DedupeSettings.of(facts)
    chosen = {"allocation": settings.allocation, "level": settings.level, "protected": list(settings.protected)}
    view = move_view(here, "redo_dedupe", **chosen)
    if view:
        form, costs = view["form"], {rule: i18n.money(cost) for rule, cost in rule_costs(facts.run).items()}
        words = {rule: label("allocation", rule, capital=True) for rule in ALLOCATIONS}
        form.allocation.choices = [SelectChoice(rule, f"{word} — {costs[rule]}" if rule in costs else word) for rule, word in words.items()]
        form.level.choices = [SelectChoice(level, label("level", level)) for level in LEVELS]
        tests = {line.list_code for line in facts.live_lines if line.role == LotRole.TEST}
        form.protected.choices = [SelectChoice(row.code, _list_word(row, row.code in tests)) for row in facts.live_lists]
    return view


def _list_word(row: CampaignList, is_tested: bool) -> str:
    return f"{row.code} — {row.name} ({label('role', LotRole.TEST)})" if is_tested else f"{row.code} — {row.name}"


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


class LookUpForm(Form):
    """One record, by the code of its list and its id."""

    source = SelectField(_l("List"), validators=[InputRequired()], validate_choice=False)
    record_id = StringField(_l("Its id"), [InputRequired(_l("Write the id of the record.")), Length(max=200)])

    def among(self, lists: tuple[str, ...]) -> Self:
        """The form with these lists to choose from."""
        self.source.choices = [SelectChoice(code, code) for code in lists]
        return self


@blueprint.post("/campaigns/<code>/dedupe/look-up")
@audience(Role.PROJECT_MANAGER)
def look_up(code: str) -> AnyResponse:
    """Ask why a record was kept or lost."""
    campaign_id = campaign_of(code).id
    form = LookUpForm.received("look_up").among(())

    def command() -> LookUpRecord:
        return LookUpRecord(subject_id=campaign_id, source=form.source.data or "", record_id=form.record_id.data.strip())

    return act("dedupe", code, form, command, done=_("What became of the record comes here by itself."), key="look_up")


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
