"""Codes of campaigns that are in use: a play never goes into somebody's campaign."""

from sqlmodel import select

from app.database import Database
from workflows.campaign.model import Campaign
from workflows.parties.actor import SYSTEM


class CampaignExists(RuntimeError):
    """The database already holds a campaign of this code."""


def refuse_existing(database: Database, code: str) -> None:
    """Refuse a code that is in use.

    :raises CampaignExists: when it is.
    """
    with database.reading(SYSTEM) as session:
        if session.exec(select(Campaign.id).where(Campaign.code == code)).first() is not None:
            raise CampaignExists(code)
