"""The budget's room: what was submitted and decided, for its preparer to read. Deciding is the approver's portal's business."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.shared.bases import doubt_words
from app.portals.shared.budget_words import DECISIONS, bar
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.signing_words import condition_words, signing_words
from app.queries.bases import list_basis_lines
from app.queries.budget_versions import list_approvers, list_budgets
from app.queries.documents import list_documents
from app.security.audience import audience
from workflows.campaign.budget.asking import AnswerQuestion
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.processors.holding import without_contract
from workflows.campaign.states import CampaignState
from workflows.parties.roles import Role

BADGES = {"waiting": "waiting", "approved": "passed", "refused": "refused", "superseded": "superseded"}


class AnswerForm(Form):
    """What an approver is told."""

    words = TextAreaField(_l("Your answer"), [InputRequired(_l("Write the answer.")), Length(max=LONGEST_WORDS)])


@room("budget")
def fill(here: Here) -> dict[str, Any]:
    """What the budget's room shows."""
    facts = CampaignFacts(here.session, here.campaign)
    versions = list_budgets(facts)
    names = {row.code: row.name for row in facts.lists}
    asked = [one for version in versions if version.state == "waiting" for one in version.questions if one.answered_at is None]
    papers = {paper.subject_id: paper for paper in reversed(list_documents(here.session, here.campaign.id, kinds=("budget_file",)))}
    return {
        "versions": [
            {
                "version": version,
                "badge": BADGES[version.state],
                "bar": bar(version.parts),
                "paper": papers.get(version.id),
                "signing": signing_words(version.signing, names) if version.signing else [],
            }
            for version in versions
        ],
        "approvers": list_approvers(facts),
        "answers": {one.id: here.form(AnswerForm, f"answer-{one.id.hex}") for one in asked},
        "bound": partial(condition_words, names=names),
        "decision_words": DECISIONS,
        "forward": move_view(here, "approve_budget"),
        "doubts": doubt_words(list_basis_lines(facts)) if here.campaign.state == CampaignState.BUDGET else [],
        "unsigned": [one.name for one in without_contract(facts)] if here.campaign.state == CampaignState.BUDGET else [],
    }


@blueprint.get("/campaigns/<code>/budget")
@audience(Role.PROJECT_MANAGER)
def budget(code: str) -> Response:
    """The budget's room."""
    return show("budget", code)


@blueprint.post("/campaigns/<code>/budget/questions/<uuid:question_id>")
@audience(Role.PROJECT_MANAGER)
def answer_question(code: str, question_id: UUID) -> AnyResponse:
    """Answer what an approver asked."""
    campaign, form = campaign_of(code), AnswerForm.received(f"answer-{question_id.hex}")
    command = form.asking(AnswerQuestion, campaign.id, question_id=question_id)
    return act("budget", code, form, command, done=_("Your answer is on its way to whoever asked."), key="questions")
