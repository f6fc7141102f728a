"""The campaigns, one line each, by view and by words. Opening one is another room."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import clock_now, reading
from app.portals.manager.words import drop_words, health_words
from app.queries.campaigns import VIEWS, list_campaigns
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

VIEW_WORDS = {"under_way": _l("Under way"), "late": _l("Behind"), "closed": _l("Closed"), "all": _l("All")}


@blueprint.get("/campaigns")
@audience(Role.PROJECT_MANAGER)
def campaigns() -> str:
    """All campaigns of one's advertisers."""
    view = request.args.get("view", "under_way")
    view = view if view in VIEWS else "under_way"
    words = request.args.get("q", "").strip()
    with reading() as session:
        lines = list_campaigns(session, current_actor(), now=clock_now(), view="all" if words else view, words=words)
    return render_template(
        "manager/campaigns.html",
        lines=[{"line": line, "health": health_words(line.schedule), "drop": drop_words(line.schedule)} for line in lines],
        view=view,
        views=VIEW_WORDS,
        words=words,
        several_advertisers=len({line.advertiser_name for line in lines}) > 1,
    )
