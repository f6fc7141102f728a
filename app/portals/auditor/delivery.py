"""The files of a campaign as they came in, list by list: hashes, what their checks found, who decided. Nobody opens them."""

from flask import render_template

from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head, steps_about
from app.portals.shared.findings import file_words, suppression_words
from app.queries.deliveries import get_deliveries
from app.queries.history import get_history
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/delivery")
@audience(Role.AUDITOR, Role.DPO)
def delivery(code: str) -> str:
    """Every version of every file, the newest first, and the suppression files."""
    with reading_campaign(code) as (session, campaign):
        page = get_deliveries(CampaignFacts(session, campaign))
        history = get_history(session, campaign)
        head = campaign_head(session, campaign)
    lists = [
        {"path": path, "files": [{**file_words(file), "steps": steps_about(code, history, file.id)} for file in path.files]}
        for path in page.lists
    ]
    suppressions = [suppression_words(row) for row in page.suppressions]
    return render_template("auditor/delivery.html", head=head, page=page, lists=lists, suppressions=suppressions)
