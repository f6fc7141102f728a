"""Legal bases in the negotiation's room: what is stated of each list, what speaks against it, and stating it for whoever has not."""

from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form
from app.portals.manager.rooms import Here, act, reading
from app.portals.shared.bases import BasisForm, HouseBasisForm, before, doubt_words, said_in, stated_words
from app.portals.shared.kept_text import LONGEST_WORDS
from app.queries.bases import BasisLine, list_basis_lines
from app.queries.campaign import find_campaign
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.terms.stating import StateBasis
from workflows.parties.roles import Role


class RecordBasisForm(BasisForm, Form):
    """What the supplier of a list told by other means."""

    comment = TextAreaField(_l("Who said it, when and how"), [Optional(), Length(max=LONGEST_WORDS)], default="")


class RecordHouseBasisForm(HouseBasisForm, Form):
    """What the house says of its own list."""

    comment = TextAreaField(_l("A word with it"), [Optional(), Length(max=LONGEST_WORDS)], default="")


def bases_view(here: Here, facts: CampaignFacts) -> dict[str, Any]:
    """What the negotiation's room shows of legal bases: what speaks against them, and each list with its form."""
    lines = list_basis_lines(facts)
    may_state = here.head.is_open("state_basis")
    return {
        "doubts": doubt_words(lines),
        "lists": {
            line.list_code: {
                "line": line,
                "words": stated_words(line.stated),
                "doubts": doubt_words([line]),
                "form": here.form(_form(line), _key(line.list_code), **before(line.said)) if may_state else None,
            }
            for line in lines
        },
    }


def _form(line: BasisLine) -> type[Form]:
    return RecordHouseBasisForm if line.is_house else RecordBasisForm


def _key(list_code: str) -> str:
    return f"basis-{list_code}"


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/basis")
@audience(Role.PROJECT_MANAGER)
def state_basis(code: str, list_code: str) -> Response:
    """State the legal basis of a list: for its supplier, or of a house list."""
    with reading() as session:
        campaign = find_campaign(session, code)
        lines = list_basis_lines(CampaignFacts(session, campaign))
        campaign_id, line = campaign.id, next((one for one in lines if one.list_code == list_code), None) or abort(404)
    form = _form(line).received(_key(list_code))

    def command() -> StateBasis:
        return StateBasis(
            subject_id=campaign_id, seen_version=form.version, list_id=line.list_id, comment=form.comment.data or "", **said_in(form)
        )

    return act("negotiation", code, form, command, done=_("The legal basis of %(list)s is recorded.", list=list_code), key=_key(list_code))
