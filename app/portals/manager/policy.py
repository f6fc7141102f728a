"""The policy that a campaign follows, and what would change under the newest one. Not for changing a policy: administration does."""

from typing import Any

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import ReasonForm
from app.portals.manager.rooms import Here, act, campaign_of, room, show
from app.portals.shared.policy_words import difference_words
from app.queries.policy import get_policy, list_policies
from app.security.audience import audience
from workflows.campaign.any_stage.repinning import FollowPolicy
from workflows.parties.roles import Role


class FollowForm(ReasonForm):
    """Follow the very version that was compared."""

    policy_number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    policy_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])


@room("policy")
def fill(here: Here) -> dict[str, Any]:
    """What the room shows: the version that the campaign follows, and the newest beside it."""
    advertiser_id = here.campaign.advertiser_id
    followed = get_policy(here.session, advertiser_id, here.campaign.policy_number)
    newest = list_policies(here.session, advertiser_id)[0]
    state = here.head.moves.get("follow_policy")
    form = None
    if newest.number != followed.number and state is not None and state.is_open:
        form = here.form(FollowForm, "follow", policy_number=newest.number, policy_sha256=newest.sha256)
    return {"followed": followed, "newest": newest, "differences": difference_words(followed.body, newest.body), "form": form}


@blueprint.get("/campaigns/<code>/policy")
@audience(Role.PROJECT_MANAGER)
def policy(code: str) -> Response:
    """The policy of one campaign."""
    return show("policy", code)


@blueprint.post("/campaigns/<code>/policy")
@audience(Role.PROJECT_MANAGER)
def follow_policy(code: str) -> AnyResponse:
    """Let the campaign follow the newest version."""
    campaign = campaign_of(code)
    form = FollowForm.received("follow")
    return act("policy", code, form, form.asking(FollowPolicy, campaign.id), done=_("The campaign follows the newest policy."))
