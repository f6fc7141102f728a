"""What administration's pages share: the blueprint, the advertiser that is administered, and the way in for a change."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from flask import render_template as render
from sqlmodel import Session

from app.jalon import jalon
from app.portals.shared.once import Answer, act_once
from app.queries.people import list_advertisers
from app.security.sessions import current_actor
from workflows.engine.refusals import NotFound
from workflows.parties.actor import Actor
from workflows.parties.roles import Role

log = logging.getLogger(__name__)

blueprint = Blueprint("administration", __name__, url_prefix="/administration")


def administrator() -> Actor:
    """Who asks, with no more than an administrator's rights."""
    return current_actor().only(Role.ADMINISTRATOR)


def oneself() -> UUID:
    """The id of who asks."""
    person_id = administrator().person_id
    assert person_id is not None, "administrators are people"
    return person_id


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


def change(act: str, write: Callable[[Session, UUID], Answer]) -> Answer:
    """Change the parties of the advertiser, on the machine's authority: somebody who is new is nobody's to see yet.

    Whoever comes here administers this advertiser; what is written names the advertiser everywhere. A form that is sent twice acts once.
    """
    advertiser_id = advertiser()
    answer = act_once(jalon().database, oneself(), advertiser_id, lambda session: write(session, advertiser_id))
    log.info("administration %s advertiser=%s by=%s", act, advertiser_id, oneself())
    return answer


def page(template: str, **values: Any) -> str:
    """A page with the choice of advertisers around it."""
    return render(template, administered=administered(), advertiser_id=advertiser(), **values)
