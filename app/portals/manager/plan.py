"""The plan's room: lines and what they promise, tables by file, history, who answers for what, suppression files."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, abort, make_response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.portals.manager.blueprint import blueprint
from app.portals.manager.brief_fields import BriefFields
from app.portals.manager.forms import Form
from app.portals.manager.margin_form import margin_form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, reading, room, show
from app.portals.manager.tables import ALL_PARTS, PARTS, TablesUnreadable, read_tables, write_part
from app.portals.shared.asking import file_name
from app.portals.shared.budget_words import warning_words
from app.portals.shared.fields import AmountField
from app.portals.shared.margin_words import margin_words
from app.portals.shared.words import STAGES
from app.queries.brief import brief_of
from app.queries.campaign import find_campaign
from app.queries.plan import PlanPage, get_plan
from app.security.audience import audience
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.rebriefing import FIGURES, ChangeBrief
from workflows.campaign.stages.plan import LoadHistory, RevisePlan
from workflows.campaign.states import TEN_STAGES
from workflows.engine.command import Command
from workflows.parties.roles import Role

NOBODY = ""


class TablesForm(Form):
    """Tables of the plan as CSV files, one or several that belong together."""

    files = MultipleFileField(_l("Files"), [FileRequired(_l("Choose a file."))])


class ResponsibilitiesForm(Form):
    """Who answers for each stage; the choices are the advertiser's people."""


for _stage, _word in STAGES.items():
    setattr(ResponsibilitiesForm, _stage, SelectField(_word))


def fill_people(form: Form, page: PlanPage) -> None:
    """Give each stage's field its choices. Nobody is one only where nobody answers yet: a stage that has its person keeps one."""
    members = {str(member.id): member.name for member in page.members}
    for one in page.answerable:
        holder = {str(one.person_id): one.person_name} if one.person_id else {NOBODY: _("nobody yet")}
        # Whoever answers may have left the advertiser since.
        choices = members if holder.keys() <= members.keys() else {**holder, **members}
        form[one.stage].choices = [SelectChoice(value, name) for value, name in choices.items()]


class EnvelopeForm(Form):
    """What the campaign may spend."""

    envelope_amount = AmountField(_l("Envelope, without VAT"), [InputRequired(), NumberRange(min=1)])


class ChangeBriefForm(BriefFields):
    """What the brief says beside its tables, said anew."""


@room("plan")
def fill(here: Here) -> dict[str, Any]:
    """What the plan's room shows."""
    page = get_plan(CampaignFacts(here.session, here.campaign))
    can_revise = here.head.is_open("revise_plan")
    return {
        "page": page,
        "margin": margin_words(page.margin, here.head.currency),
        "warnings": warning_words(page.warnings, page.windows),
        "can_revise": can_revise,
        "tables": here.form(TablesForm, "tables") if can_revise else None,
        "parts_written": PARTS,
        "responsibilities": _responsibilities(here, page) if here.head.is_open("assign_responsibility") else None,
        "envelope": here.form(EnvelopeForm, "envelope", envelope_amount=here.campaign.envelope_amount) if can_revise else None,
        "brief": _brief(here) if here.head.is_open("change_brief") else None,
        "margin_form": margin_form(here),
        "submit": move_view(here, "submit_plan"),
    }


def _brief(here: Here) -> Form:
    campaign, dedupe = here.campaign, here.campaign.dedupe
    told = {name: getattr(campaign, name) for name in FIGURES}
    form = here.form(
        ChangeBriefForm,
        "brief",
        **told,
        level=dedupe.get("level"),
        allocation=dedupe.get("allocation"),
        suppressions=", ".join(dedupe.get("suppressions", ())),
        multi_buyers=campaign.multi_buyers or None,
    )
    form.offer_rules()
    return form


def _responsibilities(here: Here, page: PlanPage) -> Form:
    known = {one.stage: str(one.person_id or NOBODY) for one in page.answerable}
    form = here.form(ResponsibilitiesForm, "who", **known)
    fill_people(form, page)
    return form


@blueprint.get("/campaigns/<code>/plan")
@audience(Role.PROJECT_MANAGER)
def plan(code: str) -> Response:
    """The plan's room."""
    return show("plan", code)


@blueprint.post("/campaigns/<code>/plan/tables")
@audience(Role.PROJECT_MANAGER)
def plan_tables(code: str) -> AnyResponse:
    """Read tables and put each in the place of what was there, all or none; a file with faults changes nothing."""
    campaign_id = campaign_of(code).id
    form = TablesForm.received("tables")
    if not form.validate():
        return show("plan", code, {form.key: form}, 422)
    try:
        rows = read_tables((file_name(storage), storage.read()) for storage in form.files.data)
    except TablesUnreadable as faults:
        form.refuse(*faults.sentences)
        return show("plan", code, {form.key: form}, 422)
    done = " ".join(
        ngettext("%(table)s: one line read.", "%(table)s: %(num)s lines read.", len(of), table=ALL_PARTS[name].label)
        for name, of in rows.items()
    )
    return act("plan", code, form, partial(_table_commands, campaign_id, form, rows), done=done, key="tables")


def _table_commands(campaign_id: UUID, form: TablesForm, rows: dict[str, tuple[Any, ...]]) -> list[Command]:
    replaced: dict[str, Any] = {name: of for name, of in rows.items() if name in PARTS}
    commands: list[Command] = []
    if replaced:
        commands.append(RevisePlan(subject_id=campaign_id, seen_version=form.version, **replaced))
    if "history" in rows:
        commands.append(LoadHistory(subject_id=campaign_id, rows=rows["history"]))
    return commands


@blueprint.post("/campaigns/<code>/plan/envelope")
@audience(Role.PROJECT_MANAGER)
def plan_envelope(code: str) -> AnyResponse:
    """Change what the campaign may spend; approvers see it beside the budget."""
    campaign_id = campaign_of(code).id
    form = EnvelopeForm.received("envelope")
    return act("plan", code, form, form.asking(RevisePlan, campaign_id), done=_("The envelope is changed."))


@blueprint.post("/campaigns/<code>/plan/brief")
@audience(Role.PROJECT_MANAGER)
def plan_brief(code: str) -> AnyResponse:
    """Change what the campaign is to reach and how its lists are to share people."""
    campaign_id = campaign_of(code).id
    form = ChangeBriefForm.received("brief")
    form.offer_rules()
    command = partial(_change_brief, campaign_id, form)
    return act("plan", code, form, command, done=_("The brief is changed."))


def _change_brief(campaign_id: UUID, form: ChangeBriefForm) -> Command:
    dedupe = form.said_of_dedupe()
    suppressions = tuple(dedupe.pop("suppressions"))
    return ChangeBrief(subject_id=campaign_id, seen_version=form.version, suppressions=suppressions, **dedupe, **form.said())


@blueprint.get("/campaigns/<code>/plan/<part>.csv")
@audience(Role.PROJECT_MANAGER)
def plan_file(code: str, part: str) -> Response:
    """A table of the plan as a file, to be changed and sent back."""
    chosen = ALL_PARTS.get(part) or abort(404)
    with reading() as session:
        brief = brief_of(CampaignFacts(session, find_campaign(session, code)))
    answer = make_response(write_part(chosen, brief))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{part}.csv"'
    return answer


@blueprint.post("/campaigns/<code>/plan/responsibilities")
@audience(Role.PROJECT_MANAGER)
def plan_responsibilities(code: str) -> AnyResponse:
    """Give stages to people: only those that changed are written, all or none."""
    form = ResponsibilitiesForm.received("who")
    with reading() as session:
        campaign = find_campaign(session, code)
        page = get_plan(CampaignFacts(session, campaign))
        campaign_id = campaign.id
    fill_people(form, page)
    known = {one.stage: str(one.person_id or NOBODY) for one in page.answerable}
    if not form.validate():
        return show("plan", code, {form.key: form}, 422)
    changed = [
        AssignResponsibility(subject_id=campaign_id, stage=str(stage), person_id=UUID(form[str(stage)].data))
        for stage in TEN_STAGES
        if form[str(stage)].data and form[str(stage)].data != known[str(stage)]
    ]
    return act("plan", code, form, lambda: changed, done=_("Who answers for what is written down."), key="who")
