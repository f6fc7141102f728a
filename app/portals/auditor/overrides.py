"""The controls that were passed over in a campaign, each with its reason and what a reviewer said of it."""

from flask import render_template

from app.portals.auditor.room import blueprint, reader, reading_campaign
from app.portals.auditor.words import campaign_head
from app.portals.shared.words import CONTROLS
from app.queries.overrides import list_overrides
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/overrides")
@audience(Role.AUDITOR, Role.DPO)
def overrides(code: str) -> str:
    """All of them, the newest first."""
    with reading_campaign(code) as (session, campaign):
        rows = list_overrides(session, code, reader())
        head = campaign_head(session, campaign)
    waiting = sum(not row.review for row in rows)
    return render_template("auditor/overrides.html", head=head, rows=rows, waiting=waiting, controls=CONTROLS)
