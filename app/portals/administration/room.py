"""What administration's pages share: the blueprint, the advertiser that is administered, and the way in for a change."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, current_app, g, request
from flask import render_template as render
from sqlmodel import Session

from app.queries.people import list_advertisers
from app.security.sessions import current_actor
from workflows.engine.refusals import NotFound
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.roles import Role

if TYPE_CHECKING:
    from app.factory import Jalon

log = logging.getLogger(__name__)

blueprint = Blueprint("administration", __name__, url_prefix="/administration")


def jalon() -> "Jalon":
    """The application's rooms."""
    found: Jalon = current_app.extensions["jalon"]
    return found


def administrator() -> Actor:
    """Who asks, with no more than an administrator's rights."""
    actor = current_actor()
    return replace(actor, grants=tuple(grant for grant in actor.grants if grant.role is Role.ADMINISTRATOR))


def administered() -> dict[UUID, str]:
    """The advertisers that the asker administers, by name; read once a request."""
    if "administered" not in g:
        actor = administrator()
        with jalon().database.reading(actor) as session:
            g.administered = list_advertisers(session, actor.staff_advertiser_ids)
    found: dict[UUID, str] = g.administered
    return found


def advertiser() -> UUID:
    """The advertiser that this request is about: the one it names, else the first by name.

    :raises NotFound: when it names one that the asker does not administer.
    """
    named = request.values.get("advertiser")
    found = next((one for one in administered() if named in (None, str(one))), None)
    if found is None:
        raise NotFound(subject="advertiser")
    return found


@blueprint.url_defaults
def keep_advertiser(_endpoint: str, values: dict[str, Any]) -> None:
    """Stay with the advertiser from page to page, where there are several to choose from."""
    if len(g.get("administered", ())) > 1:
        values.setdefault("advertiser", advertiser())


@contextmanager
def reading() -> Iterator[tuple[Session, UUID]]:
    """Read as the administrator who asks."""
    advertiser_id = advertiser()
    with jalon().database.reading(administrator()) as session:
        yield session, advertiser_id


@contextmanager
def changing(act: str) -> Iterator[tuple[Session, UUID]]:
    """Change the parties of the advertiser, on the machine's authority: somebody who is new is nobody's to see yet.

    Whoever comes here administers this advertiser; what is written names the advertiser everywhere.
    """
    advertiser_id = advertiser()
    with jalon().database.writing(SYSTEM) as session:
        yield session, advertiser_id
    log.info("administration %s advertiser=%s by=%s", act, advertiser_id, administrator().person_id)


def page(template: str, **values: Any) -> str:
    """A page with the choice of advertisers around it."""
    return render(template, administered=administered(), advertiser_id=advertiser(), **values)
