"""What the supplier's pages share: the blueprint, and who asks. Not for pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Blueprint
from sqlmodel import Session

from app.jalon import jalon
from app.security.sessions import current_actor

blueprint = Blueprint("supplier", __name__, url_prefix="/supplier")


def now() -> datetime:
    """The present, where a campaign has none of its own."""
    return jalon().clock.now()


@contextmanager
def reading() -> Iterator[Session]:
    """Read as the person who asks: the rows of other suppliers do not exist."""
    with jalon().database.reading(current_actor()) as session:
        yield session
