"""What the supplier's pages share: the blueprint, and who asks. Not for pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Blueprint
from sqlmodel import Session

from app.jalon import jalon
from app.security.sessions import current_actor
from workflows.parties.actor import Actor
from workflows.parties.roles import Role

blueprint = Blueprint("supplier", __name__, url_prefix="/supplier")


def now() -> datetime:
    """The present, where a campaign has none of its own."""
    return jalon().clock.now()


def contact() -> Actor:
    """Who asks, with no more than a contact's rights: whoever is staff somewhere sees here what is addressed to their supplier alone."""
    return current_actor().only(Role.SUPPLIER)


@contextmanager
def reading() -> Iterator[Session]:
    """Read as the person who asks: the rows of other suppliers do not exist."""
    with jalon().database.reading(contact()) as session:
        yield session
