"""The exchange ledger as it stands: what each partner let the house use and got in return, over all campaigns."""

from flask import render_template

from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head
from app.portals.shared.exchange_words import BASES, DIRECTIONS
from app.queries.exchanges import get_exchanges
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/exchanges")
@audience(Role.AUDITOR, Role.DPO)
def exchanges(code: str) -> str:
    """The partners of this campaign first."""
    with reading_campaign(code) as (session, campaign):
        page = get_exchanges(CampaignFacts(session, campaign), now=jalon().clock.now())
        head = campaign_head(session, campaign)
    return render_template("auditor/exchanges.html", head=head, page=page, directions=DIRECTIONS, bases=BASES)
