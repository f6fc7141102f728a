"""The figures of a campaign as a file to be saved. Not for the report, which is a document and issued."""

from flask import Response
from sqlmodel import Session

from app import i18n
from app.documents.results_workbook import results_workbook
from app.portals.shared.downloads import safe_name, save_file
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.engine.refusals import NotFound


def results_file(session: Session, campaign: Campaign) -> Response:
    """The workbook of the figures that are kept.

    :raises NotFound: before there are any.
    """
    result = CampaignFacts(session, campaign).result
    if result is None:
        raise NotFound(subject="results")
    content = results_workbook(result.body, f"{campaign.code} · {campaign.title}", campaign.currency, i18n.language())
    return save_file(content, f"{safe_name(campaign.code)}_results.xlsx")
