"""The campaigns, one line each, by view, by filters and by words. Opening one is another room.

A view of one's own is an address: it holds its filters and its name, so that a bookmark opens it and a colleague can be sent it.
"""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField

from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import clock_now, reading
from app.portals.manager.words import drop_words, health_words
from app.portals.shared.kept_text import NUL, KeptTextForm
from app.portals.shared.words import STAGES, state_word
from app.queries.campaigns import VIEWS, CampaignLine, list_campaigns
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.states import TEN_STAGES
from workflows.parties.roles import Role

VIEW_WORDS = {"under_way": _l("Under way"), "late": _l("Behind"), "closed": _l("Closed"), "all": _l("All")}
HEALTH = ("on_time", "at_risk", "late", "on_hold")
LONGEST_NAME = 80


class FilterForm(KeptTextForm):
    """What to look for within a view, and what to call it; sent by GET, so that the address can be kept."""

    class Meta:
        csrf = False

    view = HiddenField()
    stage = SelectField(_l("Stage"), validate_choice=False)
    health = SelectField(_l("Health"), validate_choice=False)
    q = StringField(_l("Words in its code or title"))
    name = StringField(_l("Name of this view"))

    def __init__(self, view: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.view.data = view
        self.stage.choices = [SelectChoice("", _l("All stages")), *(SelectChoice(stage, STAGES[stage]) for stage in TEN_STAGES)]
        self.health.choices = [SelectChoice("", _l("Any")), *(SelectChoice(one, state_word(one).word) for one in HEALTH)]
        self.words = str(self.q.data or "").strip()
        self.called = str(self.name.data or "").replace(NUL, "").strip()[:LONGEST_NAME]

    @property
    def is_filtered(self) -> bool:
        """Whether the view is narrowed down, or has a name."""
        return bool(self.stage.data or self.health.data or self.called)

    @property
    def told(self) -> str:
        """The filters that were chosen, as they follow a number of campaigns."""
        chosen = [STAGES.get(self.stage.data or ""), state_word(self.health.data).word if self.health.data in HEALTH else None]
        return "".join(f" · {word}" for word in chosen if word)

    def lets(self, line: CampaignLine) -> bool:
        """Whether a campaign is among those looked for."""
        return self.stage.data in (None, "", line.state) and self.health.data in (None, "", line.schedule.health)


@blueprint.get("/campaigns")
@audience(Role.PROJECT_MANAGER)
def campaigns() -> str:
    """All campaigns of one's advertisers."""
    view = request.args.get("view", "under_way")
    form = FilterForm(view if view in VIEWS else "under_way", formdata=request.args)
    view = str(form.view.data)
    # Words alone look through everything; within a view of one's own they narrow it down.
    everywhere = form.words and not form.is_filtered
    with reading() as session:
        lines = list_campaigns(session, current_actor(), now=clock_now(), view="all" if everywhere else view, words=form.words)
    return render_template(
        "manager/campaigns.html",
        lines=[
            {"line": line, "health": health_words(line.schedule), "drop": drop_words(line.schedule)} for line in lines if form.lets(line)
        ],
        view=view,
        views=VIEW_WORDS,
        words=form.words,
        form=form,
        several_advertisers=len({line.advertiser_name for line in lines}) > 1,
    )
