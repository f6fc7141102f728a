"""What suppliers invoiced and credited in a campaign: what was due, what differed, who decided and why, and each file as it came."""

from flask import render_template

from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head, steps_about
from app.portals.shared.claim_words import STATES as CLAIMS
from app.portals.shared.invoice_words import STATES, finding_words, order_words
from app.portals.shared.objections import reason_rows
from app.queries.claims import list_claims
from app.queries.history import get_history
from app.queries.invoices import get_invoices
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/invoices")
@audience(Role.AUDITOR, Role.DPO)
def invoices(code: str) -> str:
    """Every order and how its invoice stands; every invoice and credit note, the newest first."""
    now = jalon().clock.now()
    with reading_campaign(code) as (session, campaign):
        page = get_invoices(CampaignFacts(session, campaign), now=now)
        claims = list_claims(session, campaign.id)
        history = get_history(session, campaign)
        head, today = campaign_head(session, campaign), campaign.today(now)
    return render_template(
        "auditor/invoices.html",
        head=head,
        page=page,
        orders=[order_words(one, head.currency, today) for one in page.orders],
        invoices=[{"invoice": one, "steps": steps_about(code, history, one.id, one.seq)} for one in page.invoices],
        claims=[{"claim": one, "counts": reason_rows(one.counts), "steps": steps_about(code, history, one.id, one.seq)} for one in claims],
        claim_badges=CLAIMS,
        badges=STATES,
        finding_words=finding_words,
    )
