"""What was posted of a campaign: slip by slip with its scan, lot by lot what was handed over and mailed, and what was left unsent."""

from flask import render_template, url_for

from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head
from app.portals.shared.lot_words import lot_view
from app.portals.shared.mailing_words import version_views
from app.portals.shared.sending_words import sending_words
from app.portals.shared.tracking_words import tracking_versions
from app.queries.mailing import get_mailing
from app.queries.send import get_send
from app.queries.tracking import list_trackings
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/send")
@audience(Role.AUDITOR, Role.DPO)
def send(code: str) -> str:
    """Deposits, the first one first."""
    with reading_campaign(code) as (session, campaign):
        facts = CampaignFacts(session, campaign)
        page, mailing = get_send(facts), get_mailing(facts)
        trackings = tracking_versions(list_trackings(facts))
        head = campaign_head(session, campaign)
    return render_template(
        "auditor/send.html",
        head=head,
        page=page,
        words=sending_words(page.ways),
        lots=[lot_view(lot) | {"missing": page.missing.get(lot.code)} for lot in page.lots],
        versions=version_views(mailing.versions),
        trackings=trackings,
        entry=lambda seq: url_for("auditor.entry", code=code, seq=seq),
    )
