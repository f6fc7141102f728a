"""What the auditor's pages share: the blueprint, who reads, and the campaign that is read. Nothing here writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint
from sqlmodel import Session

from app.jalon import jalon
from app.portals import PORTALS
from app.queries.campaign import find_campaign
from app.security.sessions import current_actor
from workflows.campaign.model import Campaign
from workflows.parties.actor import Actor

blueprint = Blueprint("auditor", __name__, url_prefix="/auditor")

READERS = next(portal.roles for portal in PORTALS if portal.name == "auditor")


def reader() -> Actor:
    """Who asks, with no more than the rights of a reader: what they may do elsewhere opens nothing here."""
    return current_actor().only(*READERS)


@contextmanager
def reading() -> Iterator[Session]:
    """Read as the auditor who asks: campaigns of other advertisers do not exist."""
    with jalon().database.reading(reader()) as session:
        yield session


@contextmanager
def reading_campaign(code: str) -> Iterator[tuple[Session, Campaign]]:
    """Read one campaign.

    :raises NotFound: when there is none with that code, or it is not this auditor's to read.
    """
    with reading() as session:
        yield session, find_campaign(session, code)
