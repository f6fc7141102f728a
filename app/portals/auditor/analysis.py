"""The results of a campaign as they were computed and published, with what was learned."""

from flask import Response, render_template

from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head
from app.portals.shared.result_files import results_file
from app.portals.shared.result_words import results_words
from app.portals.shared.returned_words import contact_words
from app.queries.contact_reports import get_contact_reports
from app.queries.results import get_results
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/analysis")
@audience(Role.AUDITOR, Role.DPO)
def analysis(code: str) -> str:
    """Figures with their intervals, tests with their verdicts."""
    with reading_campaign(code) as (session, campaign):
        facts = CampaignFacts(session, campaign)
        words = results_words(get_results(facts), campaign.currency) | contact_words(get_contact_reports(facts))
        head = campaign_head(session, campaign)
    return render_template("auditor/analysis.html", head=head, **words)


@blueprint.get("/campaigns/<code>/analysis/results.xlsx")
@audience(Role.AUDITOR, Role.DPO)
def results_workbook(code: str) -> Response:
    """The figures, to go on reckoning with."""
    with reading_campaign(code) as (session, campaign):
        return results_file(session, campaign)
